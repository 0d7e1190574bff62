"""The changelog (OSEP-6's feed): what was committed, in one order, for all who follow.

Entry n is the object `changelog/n.json`, made by a create-only put: positions have no gaps and entries never change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged, Revision, timestamp
from openspending.datastore.numbering import last_number
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.errors import NotFound


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `position` counts from 1; `at` is RFC 3339 in UTC; `action` is "commit"; `hash` is the manifest's."""

    position: int
    at: str
    action: str
    owner: str
    dataset: str
    revision: int
    hash: str
    message: str
    author: str

    @property
    def subject(self) -> tuple[str, str, str, int]:
        """What the event is about; there is one entry for each."""
        return self.action, self.owner, self.dataset, self.revision


def append(store: ObjectStore, revision: Revision) -> int:
    """The position of the entry that tells of `revision`: of the one that is there, or of a new one at the end.

    Every position after `revision.changelog` is looked at on the way. An entry of the same revision can lie nowhere
    else, since it is made after the revision; so there is never a second one, whoever runs this, and how often.
    Only where a dataset was copied from another store, whose changelog was longer, the search begins at the start.
    """
    wanted = Entry(
        position=revision.changelog + 1,
        at=timestamp(revision.created),
        action="commit",
        owner=revision.owner,
        dataset=revision.name,
        revision=revision.number,
        hash=revision.hash,
        message=revision.message,
        author=revision.author,
    )
    if revision.changelog and not store.exists(layout.changelog_key(revision.changelog)):
        wanted = replace(wanted, position=1)
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
    data = json.dumps(asdict(entry), ensure_ascii=False, indent=2).encode()
    try:
        objects.put(layout.changelog_key(entry.position), data, create=True)
    except AlreadyExists:
        return None
    return entry
