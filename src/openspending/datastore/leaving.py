"""The steps of a move that was begun: seal, copy, switch, leave, tell, clear. Each may be made again at any time.

The dataset is at the new place from the moment that its first revision is there, which is copied last, and at the old
one until its first revision is gone, which goes first; nobody sees a part of it. Before each write it is asked whether
somebody else has finished the move meanwhile: then all is done, and what was done since must not be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from openspending.datastore import changelog, layout, registry, revisions, transfers
from openspending.datastore.arrival import Arrival, read_arrival, write_arrival
from openspending.datastore.changelog import Entry
from openspending.datastore.homes import look
from openspending.datastore.journal import DONE, TAKEN, Claim, Ended, Journal, Move
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.places import Place
from openspending.datastore.seals import Seal, write_seal
from openspending.datastore.store import DataStore
from openspending.datastore.tombstones import Forwarding, Tombstone, read_tombstone, write
from openspending.errors import NotFound, StoreError
from openspending.speaking.said import said


class _Overtaken(Exception):
    """Somebody else has finished the move."""


def run(store: DataStore, journal: Journal, move: Move) -> None:
    """Make all steps of the move. Raises StoreError; what was not done then is done by the next call."""
    going = _Going(store, journal, move)
    try:
        journal.end(move.number, going.ended())
    except _Overtaken:
        return


@dataclass(frozen=True, slots=True)
class _Going:
    """A move under way."""

    store: DataStore
    journal: Journal
    move: Move

    @property
    def here(self) -> Place:
        """Where the dataset was."""
        return Place(self._objects(self.move.home), self.journal.owner, self.journal.name)

    @property
    def there(self) -> Place | None:
        """Where it is to be; None when it is withdrawn."""
        if self.move.action == "withdraw":
            return None
        if self.move.action == "rename":
            return Place(self._objects(self.move.home), *_address(self.move.to))
        return replace(self.here, objects=self._objects(self.move.to))

    def ended(self) -> Ended:
        """Make all steps: how it ended. Raises NotFound only for what is missing indeed."""
        try:
            return self._all_steps()
        except NotFound:
            if self.here.is_home():
                raise
        # Somebody else, who makes the same steps, has gone on to those that delete what was to be read here.
        self._check()
        return self._all_steps()

    def _all_steps(self) -> Ended:
        if self.move.action == "rename" and not self._has_taken_name():
            return Ended(TAKEN, 0)
        newest = self._seal()
        if self.here.is_home():
            revisions.tell(self.here.objects, self.here.revision(newest))  # its publisher may have been interrupted
            if self.there is None:
                self._bury(newest)
            else:
                self._copy(newest, self.there)
            self._leave()
        self._announce(newest)
        self._clear(newest)
        return Ended(DONE, newest)

    def _has_taken_name(self) -> bool:
        """Take the new address; whether it is ours now."""
        owner, name = _address(self.move.to)
        mine, journal = Claim(self.move.home, self.move.event), Journal(self.store.private, owner, name)
        claim = journal.claimed()
        if claim is None:
            if look(self.store, owner, name) is not None:
                return False
            claim = journal.claim(mine)
        return claim == mine

    def _seal(self) -> int:
        """End the history here, and return the number of the last revision, which is the one to be moved."""
        here, seal = self.here, Seal(self.move.event, self.move.to, self.move.at, self.move.by)
        while True:
            end = revisions.end(here.objects, here.owner, here.name)
            if end.revision is None:
                return here.sealed_by(seal.event)
            number = end.revision.number
            if end.seal is not None and end.seal.event == seal.event:
                return number
            if end.seal is not None:
                raise StoreError(
                    said(
                        "{number} in {root} is the seal of another move.",
                        number=here.manifest(number + 1),
                        root=here.objects.root,
                    )
                )
            try:
                self._put(here, here.manifest(number + 1), write_seal(seal), create=True)
            except AlreadyExists:
                continue

    def _copy(self, newest: int, there: Place) -> None:
        """Make the new place the dataset's home: all that belongs to it, and at the very end the first revision."""
        here = self.here
        has, present = set(here.paths()), there.sizes()
        wanted = here.contents(newest, has, derived=self.move.action != "rename")
        for path in wanted:
            if path.endswith(".json") or path not in present or here.size(path) != present[path]:
                self._carry(here, path, there)
        self._put(there, layout.arrival_key(there.owner, there.name), write_arrival(self._arrival(newest)))
        for number in range(newest, 1, -1):
            self._carry(here, layout.revision_path(number), there)
        if not there.is_home():
            self._unseal(there, newest + 1)
            missing = {*wanted, *map(layout.revision_path, range(2, newest + 1))} - set(there.paths())
            if missing:
                raise StoreError(
                    said(
                        "Not all of {owner}/{name} has come to {root}; move it again.",
                        owner=here.owner,
                        name=here.name,
                        root=there.objects.root,
                    )
                )
            self._carry(here, layout.revision_path(1), there)
        self._check()
        revisions.point(there.objects, there.revision(newest))

    def _arrival(self, newest: int) -> Arrival:
        here = self.here
        former = read_arrival(here.objects, here.owner, here.name).former
        if self.move.action == "rename":
            former = (*former, f"{here.owner}/{here.name}")
        return Arrival(newest, former)

    def _unseal(self, there: Place, number: int) -> None:
        """Let commits in again where the dataset comes back to: remove the seal with which it left."""
        if there.is_sealed(number):
            self._delete(there, there.manifest(number))

    def _bury(self, newest: int) -> None:
        last = self.here.revision(newest)
        stone = Tombstone(self.move.reason, self.move.at, self.move.by, newest, last.hash)
        self._put_once(self.here, layout.tombstone_key(last.owner, last.name), write(stone))

    def _leave(self) -> None:
        """See that nobody finds the dataset here any more, neither by its pointer nor by its first revision."""
        here = self.here
        if self.move.action == "rename":
            forwarding = Forwarding(*_address(self.move.to))
            self._put_once(here, layout.forwarding_key(here.owner, here.name), write(forwarding))
        for key in (layout.descriptor_key(here.owner, here.name), here.manifest(1)):
            self._delete(here, key)

    def _announce(self, newest: int) -> None:
        """Tell the changelogs of the stores that the move concerns, and bring their registries up to date."""
        here, there = self.here, self.there
        entry = self._entry(newest)
        stores = {self.move.home: replace(entry, gone=True)}
        if there is not None and there.objects is not here.objects:
            stores[self.move.to] = entry
        for store, told in stores.items():
            position = self.move.public if store == "public" else self.move.private
            self._check()
            changelog.tell(self._objects(store), replace(told, position=position + 1))
            registry.update(self._objects(store))

    def _entry(self, newest: int) -> Entry:
        """What is told of the move, by its newest revision or what the tombstone says of that."""
        here, there, move = self.here, self.there, self.move
        if there is None:
            stone = read_tombstone(here.objects, here.owner, here.name)
            hash_, message = stone.hash if stone else "", move.reason
        else:
            last = there.revision(newest)
            hash_, message = last.hash, last.message
        return Entry(
            position=0,
            at=move.at,
            action=move.action,
            owner=here.owner,
            dataset=here.name,
            revision=newest,
            hash=hash_,
            message=message,
            author=move.by,
            event=move.event,
            to=move.to if move.action == "rename" else "",
        )

    def _clear(self, newest: int) -> None:
        """Delete what is left here but the seal and what tells of the move; of a withdrawn dataset in both stores."""
        self._empty(self.here, lambda number: number > newest)
        if self.there is None:
            other = self.store.private if self.move.home == "public" else self.store.public
            elsewhere = replace(self.here, objects=other)
            self._empty(elsewhere, elsewhere.is_sealed)

    def _empty(self, place: Place, is_seal: Callable[[int], bool]) -> None:
        for path in place.paths():
            number = layout.revision_number(path)
            kept = path in {layout.TOMBSTONE, layout.FORWARDING} or (number is not None and is_seal(number))
            if not kept:
                self._delete(place, place.key(path))

    def _delete(self, place: Place, key: str) -> None:
        self._write(lambda: place.objects.delete(key))

    def _carry(self, here: Place, path: str, there: Place) -> None:
        self._write(lambda: transfers.copy(here.objects, here.key(path), there.objects, there.key(path)))

    def _put_once(self, place: Place, key: str, data: bytes) -> None:
        try:
            self._put(place, key, data, create=True)
        except AlreadyExists:
            return

    def _put(self, place: Place, key: str, data: bytes, *, create: bool = False) -> None:
        self._write(lambda: place.objects.put(key, data, create=create))

    def _write(self, make: Callable[[], None]) -> None:
        self._check()
        make()

    def _check(self) -> None:
        if self.journal.has_ended(self.move.number):
            raise _Overtaken

    def _objects(self, name: str) -> ObjectStore:
        return self.store.public if name == "public" else self.store.private


def _address(text: str) -> tuple[str, str]:
    owner, _, name = text.partition("/")
    return owner, name
