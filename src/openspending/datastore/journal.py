"""The moves of each dataset, in their order, and who took its name first: notes in the private store.

All of them are made by create-only puts. Move n+1 is begun only when n has ended, so that a dataset is in one move at a
time; and whoever writes to a dataset sees by the number of its moves whether it was moved since.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.numbering import last_number
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.errors import NotFound

DONE: Final = "done"
TAKEN: Final = "taken"  # the new name was not free; nothing was moved


@dataclass(frozen=True, slots=True)
class Move:
    """Move `number` of a dataset, as it was begun. `action` is publish, hide, withdraw or rename; it leads from the
    store `home`, “public” or “private”, `to` one of them, “withdrawn”, or an address `owner/name`. `event` tells it
    from all others; `at` is RFC 3339. `public` and `private` were the last positions of the changelogs."""

    number: int
    event: str
    action: str
    home: str
    to: str
    at: str
    by: str
    reason: str
    public: int
    private: int

    @property
    def goal(self) -> tuple[str, str]:
        """What it is to achieve; who wants the same may finish it."""
        return self.action, self.to


@dataclass(frozen=True, slots=True)
class Ended:
    """How a move ended: `outcome` is DONE or TAKEN; `revision` is the newest that was moved."""

    outcome: str
    revision: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The name was taken for a dataset of the store `to`, by the move `event` or, where that is "", by a commit."""

    to: str
    event: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The notes on `owner`/`name` in the store `private`."""

    private: ObjectStore
    owner: str
    name: str

    def last(self) -> int:
        """The number of the last move; 0 when there was none, which takes one request."""
        return last_number(self.has)

    def has(self, number: int) -> bool:
        """Whether there is a move `number`."""
        return self.private.exists(layout.move_key(self.owner, self.name, number))

    def move(self, number: int) -> Move:
        """The move `number`. Raises NotFound."""
        return Move(**self._read(layout.move_key(self.owner, self.name, number)))

    def begin(self, move: Move) -> bool:
        """Note the beginning of a move; False when another one has its number."""
        return self._create(layout.move_key(self.owner, self.name, move.number), asdict(move))

    def ended(self, number: int) -> Ended | None:
        """How the move `number` ended; None when it has not."""
        try:
            return Ended(**self._read(layout.moved_key(self.owner, self.name, number)))
        except NotFound:
            return None

    def has_ended(self, number: int) -> bool:
        """Whether the move `number` has ended."""
        return self.private.exists(layout.moved_key(self.owner, self.name, number))

    def end(self, number: int, ended: Ended) -> None:
        """Note the end of a move; of several who finish it the first is believed."""
        self._create(layout.moved_key(self.owner, self.name, number), asdict(ended))

    def idle(self, event: str) -> Ended | None:
        """What was there when there was nothing to do for an event; None when it has not been so."""
        try:
            return Ended(**self._read(layout.idle_key(self.owner, self.name, event)))
        except NotFound:
            return None

    def note_idle(self, event: str, revision: int) -> None:
        """Note that there is nothing to do for an event. When it comes again, there may be."""
        self._create(layout.idle_key(self.owner, self.name, event), asdict(Ended(DONE, revision)))

    def claim(self, wanted: Claim) -> Claim:
        """Take the name, or learn who has: the claim that now holds."""
        key = layout.claim_key(self.owner, self.name)
        return wanted if self._create(key, asdict(wanted)) else Claim(**self._read(key))

    def claimed(self) -> Claim | None:
        """The claim on the name, if there is one. Datasets made before there were claims have none."""
        try:
            return Claim(**self._read(layout.claim_key(self.owner, self.name)))
        except NotFound:
            return None

    def _create(self, key: str, note: dict[str, Any]) -> bool:
        try:
            self.private.put(key, (json.dumps(note, ensure_ascii=False, indent=1) + "\n").encode(), create=True)
        except AlreadyExists:
            return False
        return True

    def _read(self, key: str) -> dict[str, Any]:
        try:
            found = json.loads(self.private.get(key))
        except ValueError as error:
            raise Damaged(f"{key} in {self.private.root} cannot be read: {error!r}") from error
        if not isinstance(found, dict):
            raise Damaged(f"{key} in {self.private.root} cannot be read.")
        return found
