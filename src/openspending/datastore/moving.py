"""To publish, hide, withdraw and rename a dataset: it goes from one place to another, whole (docs/osep/010).

A move is noted in the journal, takes the next revision's number by a seal, and then makes its steps (`leaving`). All of
them may be made again: whoever is killed at any moment is finished by the next who asks for the same, by the id of the
event or by wanting the same. Of two that want different things one is told Conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openspending.datastore import changelog, layout
from openspending.datastore.homes import look, renamed, settled
from openspending.datastore.journal import TAKEN, Journal, Move
from openspending.datastore.leaving import run
from openspending.datastore.manifest import timestamp
from openspending.datastore.revisions import latest
from openspending.datastore.store import DataStore
from openspending.datastore.tombstones import Forwarding, Tombstone
from openspending.errors import BadQuery, Conflict, NotFound
from openspending.speaking.said import said

_WORDS: Final = {
    "publish": said("published"),
    "hide": said("hidden"),
    "withdraw": said("withdrawn"),
    "rename": said("renamed"),
}


class Taken(Conflict):
    """The new address of a dataset is, or was, another one's: asking again does not help."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The dataset is at `owner`/`name` now, or was, with its revisions 1 to `revision`. `moved` is False where there
    was nothing to do: it was there already."""

    action: str
    owner: str
    name: str
    revision: int
    moved: bool


def publish(store: DataStore, owner: str, name: str, *, event: str, by: str, at: datetime) -> Moved:
    """Show the dataset to everybody: it goes from the private store into the public one.

    All of these raise NotFound, Withdrawn, Renamed, Conflict while it is in another move, and StoreError; then the same
    again finishes it. `event` is an id: what has it already is done.
    """
    return _move(store, owner, name, _Wish("publish", "public", event, by, at))


def hide(store: DataStore, owner: str, name: str, *, event: str, by: str, at: datetime) -> Moved:
    """Take the dataset back to where only its owner's people see it. Raises as `publish` does."""
    return _move(store, owner, name, _Wish("hide", "private", event, by, at))


def withdraw(store: DataStore, owner: str, name: str, *, reason: str, event: str, by: str, at: datetime) -> Moved:
    """Delete the dataset for good. Where it was a tombstone stays, which says why; its name stays taken. Raises as
    `publish` does."""
    return _move(store, owner, name, _Wish("withdraw", "withdrawn", event, by, at, reason))


def rename(store: DataStore, owner: str, name: str, to: tuple[str, str], *, event: str, by: str, at: datetime) -> Moved:
    """Give the dataset the address `to`, owner and name; the old one leads there. What was derived is to be made again.

    Raises as `publish` does, Taken when the new address is or was anybody's, BadQuery when it breaks the rules.
    """
    layout.dataset_prefix(*to)
    if to == (owner, name):
        raise BadQuery(said("{owner}/{name} is its address already.", owner=owner, name=name))
    return _move(store, owner, name, _Wish("rename", "/".join(to), event, by, at))


@dataclass(frozen=True, slots=True)
class _Wish:
    action: str
    to: str
    event: str
    by: str
    at: datetime
    reason: str = ""


def _move(store: DataStore, owner: str, name: str, wish: _Wish) -> Moved:
    """Do what is wished, after what was begun before. Each round ends a move, or finds that another one was begun."""
    if not wish.event:
        raise ValueError("a move without an id")
    journal = _journal(store, owner, name)
    while True:
        last = journal.last()
        if last and not journal.has_ended(last):
            _resume(store, journal, journal.move(last), wish)
            continue
        done = _done(journal, last, wish)
        if done is not None:
            return done
        home = _where(store, owner, name, wish)
        if isinstance(home, Moved):
            journal.note_idle(wish.event, home.revision)
            return home
        move = Move(
            number=last + 1,
            event=wish.event,
            action=wish.action,
            home=home,
            to=wish.to,
            at=timestamp(wish.at),
            by=wish.by,
            reason=wish.reason,
            public=changelog.end(store.public),
            private=changelog.end(store.private),
        )
        if journal.begin(move):
            run(store, journal, move)


def _journal(store: DataStore, owner: str, name: str) -> Journal:
    try:
        layout.dataset_prefix(owner, name)
    except BadQuery as error:
        raise _absent(owner, name) from error
    return Journal(store.private, owner, name)


def _resume(store: DataStore, journal: Journal, begun: Move, wish: _Wish) -> None:
    """Finish what was begun, if it is the same as is wished. Raises Conflict."""
    if begun.event != wish.event and begun.goal != (wish.action, wish.to):
        raise Conflict(
            said(
                "{owner}/{name} is being {words}, since {at}. When that is done, look where it is, and try again.",
                owner=journal.owner,
                name=journal.name,
                words=_WORDS[begun.action],
                at=begun.at,
            )
        )
    run(store, journal, begun)


def _done(journal: Journal, last: int, wish: _Wish) -> Moved | None:
    """What the event did when it came before. Raises Conflict when it could not."""
    place = _address(wish.to) if wish.action == "rename" else (journal.owner, journal.name)
    for number in range(last, 0, -1):
        if journal.move(number).event == wish.event:
            ended = journal.ended(number)
            assert ended is not None
            if ended.outcome == TAKEN:
                raise Taken(said("There is, or was, a dataset {to}; choose another name.", to=wish.to))
            return Moved(wish.action, *place, ended.revision, moved=True)
    idle = journal.idle(wish.event)
    return None if idle is None else Moved(wish.action, *place, idle.revision, moved=False)


def _where(store: DataStore, owner: str, name: str, wish: _Wish) -> str | Moved:
    """The store that the dataset is in; or, where all is as wished, what there is. Raises NotFound, Withdrawn,
    Renamed."""
    found = look(store, owner, name)
    if found is None:
        raise _absent(owner, name)
    if isinstance(found.left, Tombstone) and wish.action == "withdraw":
        return Moved(wish.action, owner, name, found.left.revision, moved=False)
    if isinstance(found.left, Forwarding) and wish.action == "rename":
        to = found.left
        if f"{to.owner}/{to.name}" != wish.to:
            raise renamed(owner, name, to)
        return Moved(wish.action, to.owner, to.name, 0, moved=False)
    home = settled(owner, name, found)
    assert home is not None
    if home.visibility == wish.to:
        newest = latest(home.objects, owner, name)
        return Moved(wish.action, owner, name, newest.number if newest else 0, moved=False)
    return home.visibility


def _address(text: str) -> tuple[str, str]:
    owner, _, name = text.partition("/")
    return owner, name


def _absent(owner: str, name: str) -> NotFound:
    return NotFound(said("There is no dataset {owner}/{name}.", owner=owner[:100], name=name[:100]))
