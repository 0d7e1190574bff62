"""The changelog (OSEP-6's feed): what was committed and moved, in one order, for all who follow.

Entry n is the object `changelog/n.json`, made by a create-only put: positions have no gaps and entries never change.
Each store has its own, which tells of nothing but what was in that store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged, Revision, timestamp
from openspending.datastore.numbering import last_number
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.errors import NotFound

COMMIT: Final = "commit"
_OF_MOVES: Final = ("event", "to", "gone")  # left out where an entry says nothing by them


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `position` counts from 1; `at` is RFC 3339 in UTC; `action` is commit, publish, hide, withdraw or
    rename; `revision` is the newest then, and `hash` its manifest's; `message` is the revision's, or why it was
    withdrawn.

    Entries of a move have the id of its `event`. `gone`: the dataset is no longer at this address in this store; `to`:
    the address `owner/name` that it has instead.
    """

    position: int
    at: str
    action: str
    owner: str
    dataset: str
    revision: int
    hash: str
    message: str
    author: str
    event: str = ""
    to: str = ""
    gone: bool = False

    @property
    def subject(self) -> tuple[object, ...]:
        """What the event is about; there is one entry for each."""
        return (self.event,) if self.event else (self.action, self.owner, self.dataset, self.revision)

    def to_dict(self) -> dict[str, Any]:
        """The entry as it is stored and published."""
        return {name: value for name, value in asdict(self).items() if value or name not in _OF_MOVES}


def append(store: ObjectStore, revision: Revision) -> int:
    """The position of the entry that tells of `revision`: of the one that is there, or of a new one at the end.

    Every position after `revision.changelog` is looked at on the way. An entry of the same revision can lie nowhere
    else, since it is made after the revision; so there is never a second one, whoever runs this, and how often.
    Only where a dataset was copied from another store, whose changelog was longer, the search begins at the start.
    """
    wanted = Entry(
        position=revision.changelog + 1,
        at=timestamp(revision.created),
        action=COMMIT,
        owner=revision.owner,
        dataset=revision.name,
        revision=revision.number,
        hash=revision.hash,
        message=revision.message,
        author=revision.author,
    )
    if revision.changelog and not store.exists(layout.changelog_key(revision.changelog)):
        wanted = replace(wanted, position=1)
    return tell(store, wanted)


def tell(store: ObjectStore, wanted: Entry) -> int:
    """The position of the entry with the subject of `wanted`, which is looked for from its position on, and made at the
    end if it is not there."""
    while True:
        found = _entry(store, wanted.position) or _create(store, wanted)
        if found is not None and found.subject == wanted.subject:
            return found.position
        if found is not None:
            wanted = replace(wanted, position=wanted.position + 1)


def read(store: ObjectStore, after: int = 0) -> Iterator[Entry]:
    """The entries after position `after`, in order, up to the end."""
    position = after + 1
    while (entry := _entry(store, position)) is not None:
        yield entry
        position += 1


def end(store: ObjectStore, known: int = 0) -> int:
    """The position of the last entry, 0 when there is none; `known` is a position that is certain to exist."""
    return last_number(lambda position: store.exists(layout.changelog_key(position)), known)


def _entry(objects: ObjectStore, position: int) -> Entry | None:
    key = layout.changelog_key(position)
    try:
        found: Any = json.loads(objects.get(key))
        return Entry(**found)
    except NotFound:
        return None
    except (ValueError, TypeError) as error:
        raise Damaged(f"{key} in {objects.root} is not a changelog entry: {error!r}") from error


def _create(objects: ObjectStore, entry: Entry) -> Entry | None:
    """`entry` when it was stored, None when somebody else took its position."""
    data = json.dumps(entry.to_dict(), ensure_ascii=False, indent=2).encode()
    try:
        objects.put(layout.changelog_key(entry.position), data, create=True)
    except AlreadyExists:
        return None
    return entry
