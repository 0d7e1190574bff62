"""Where a dataset lives: whole in one of the two stores, where its first revision is; or what is left of it.

Order of looking: the public store's first revision, tombstone and forwarding, then the private store's. A public
dataset costs one request. The private store is asked only for actors who may know what is in it, so that for all others
a private dataset is not even slower than none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from openspending.actor import Actor
from openspending.datastore import layout, permissions
from openspending.datastore.fenced import Fenced
from openspending.datastore.journal import Journal
from openspending.datastore.objects import ObjectStore
from openspending.datastore.permissions import Action, Visibility
from openspending.datastore.store import DataStore
from openspending.datastore.tombstones import Forwarding, Tombstone, read_forwarding, read_tombstone
from openspending.errors import BadQuery, Conflict, NotFound, Renamed, Withdrawn
from openspending.speaking.said import said

MOST_NAMES: Final = 20  # of one dataset, one after the other; more is a circle


@dataclass(frozen=True, slots=True)
class Home:
    """Where the dataset `owner`/`name` lives. `objects` is the one store that has all of it; of a withdrawn one, that
    has its tombstone."""

    owner: str
    name: str
    visibility: Visibility
    objects: ObjectStore


@dataclass(frozen=True, slots=True)
class Found:
    """What is at an address: `home` and, where the dataset is no longer there, what it `left`."""

    home: Home
    left: Tombstone | Forwarding | None = None


def look(store: DataStore, owner: str, name: str, *, private: bool = True) -> Found | None:
    """What is at the address in the public store, or else, with `private`, in the private one. Raises BadQuery for
    names that break the rules."""
    found = _in(store.public, owner, name, "public")
    if found is None and private:
        # one that was published between the two looks is in the public store by now
        found = _in(store.private, owner, name, "private") or _in(store.public, owner, name, "public")
    return found


def find(store: DataStore, owner: str, name: str) -> Home | None:
    """The home of the dataset; None where there is none, also where it has another address now or the names break the
    rules. Asks nobody's permission: for jobs and operators."""
    try:
        found = look(store, owner, name)
    except BadQuery:
        return None
    return None if found is None or isinstance(found.left, Forwarding) else found.home


def open_home(store: DataStore, actor: Actor, action: Action, owner: str, name: str) -> Home:
    """The home of a dataset with which `actor` may do `action`: what every route asks.

    Raises NotFound where there is nothing that the actor may read, Withdrawn (with the reason) and Renamed (with the
    address of now) where that is what became of it; Unauthorised and Forbidden where only `action` is not allowed.
    """
    found = _known(store, actor, action, owner, name)
    if found is None:
        raise _absent(owner, name)
    if isinstance(found.left, Tombstone):
        raise withdrawn(owner, name, found.left)
    if isinstance(found.left, Forwarding):
        raise _renamed(store, actor, action, (owner, name), found.left)
    permissions.require(actor, action, owner, name, found.home.visibility)
    return found.home


def place(store: DataStore, owner: str, name: str, visibility: Literal["private", "public"] = "private") -> Home:
    """The home of the dataset for whoever writes to it: for a commit, for derived files. Asks nobody's permission.

    Where there is no such dataset, the store that `visibility` names is home to a new one, whose first commit takes the
    name. Its `objects` let nothing of the dataset in once it is moved (see `fenced`), and raise Conflict then.
    Raises Conflict while the dataset is being moved, Withdrawn, Renamed, and BadQuery for names that break the rules.
    """
    journal = Journal(store.private, owner, name)
    moves = journal.last()
    if moves and not journal.has_ended(moves):
        move = journal.move(moves)
        raise Conflict(
            said(
                "{owner}/{name} is in a move, which began at {at}: {action} → {to}. Try again.",
                owner=owner,
                name=name,
                at=move.at,
                action=move.action,
                to=move.to,
            )
        )
    home = settled(owner, name, look(store, owner, name))
    if home is None:
        home = Home(owner, name, visibility, store.public if visibility == "public" else store.private)
    return replace(home, objects=Fenced(home.objects, home.visibility, journal, moves))


def settled(owner: str, name: str, found: Found | None) -> Home | None:
    """The home that was found. Raises Withdrawn and Renamed where the dataset is no longer there."""
    if found is None:
        return None
    if isinstance(found.left, Tombstone):
        raise withdrawn(owner, name, found.left)
    if isinstance(found.left, Forwarding):
        raise renamed(owner, name, found.left)
    return found.home


def withdrawn(owner: str, name: str, stone: Tombstone) -> Withdrawn:
    """The error that says what the tombstone says."""
    stated = said(
        "{owner}/{name} was withdrawn on {at}: {reason}", owner=owner, name=name, at=stone.at[:10], reason=stone.reason
    )
    return Withdrawn(stated, stone.reason, stone.at)


def renamed(owner: str, name: str, to: Forwarding) -> Renamed:
    """The error that says what the forwarding says."""
    return Renamed(
        said("{owner}/{name} is now {owner2}/{name2}.", owner=owner, name=name, owner2=to.owner, name2=to.name),
        to.owner,
        to.name,
    )


def _known(store: DataStore, actor: Actor, action: Action, owner: str, name: str) -> Found | None:
    """What is at the address, as far as the actor may know of it."""
    reads, does = (permissions.may(actor, one, owner, name, "private") for one in ("read", action))
    try:
        return look(store, owner, name, private=reads or (does and action != "read"))
    except BadQuery:
        return None


def _in(objects: ObjectStore, owner: str, name: str, visibility: Visibility) -> Found | None:
    if objects.exists(layout.revision_key(owner, name, 1)):
        return Found(Home(owner, name, visibility, objects))
    stone = read_tombstone(objects, owner, name)
    if stone is not None:
        return Found(Home(owner, name, "withdrawn", objects), stone)
    forwarding = read_forwarding(objects, owner, name)
    return None if forwarding is None else Found(Home(owner, name, visibility, objects), forwarding)


def _renamed(
    store: DataStore, actor: Actor, action: Action, old: tuple[str, str], to: Forwarding
) -> Renamed | NotFound:
    """Where the dataset is now, by its last name; or, where that is not for the actor, the same as of none."""
    for _ in range(MOST_NAMES):
        found = _known(store, actor, action, to.owner, to.name)
        if found is None:
            break
        if not isinstance(found.left, Forwarding):
            return renamed(*old, to)
        to = found.left
    return _absent(*old)


def _absent(owner: str, name: str) -> NotFound:
    return NotFound(said("There is no dataset {owner}/{name}.", owner=owner[:100], name=name[:100]))
