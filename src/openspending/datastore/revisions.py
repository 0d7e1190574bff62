"""Revisions: how they are read, and the commit that makes one (OSEP-1: ObjectStore).

Order of a commit: source files, then the create-only put of `r{n}.datapackage.json`, which *is* the commit; then what
follows from it: newest descriptor, changelog entry, registry. A reader sees the old revision or the new one, and
whoever publishes the same content again finishes what an interrupted commit left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from openspending.datastore import changelog, layout, registry
from openspending.datastore.arrival import read_arrival
from openspending.datastore.manifest import Damaged, Heading, Revision, read_manifest, same_content, write_manifest
from openspending.datastore.numbering import last_number
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.seals import Left, Seal, read_seal
from openspending.datastore.sources import Source, locate, store_files
from openspending.errors import Conflict, NotFound
from openspending.speaking.said import said

__all__ = ["Committed", "Revision", "commit", "history", "latest", "read"]


@dataclass(frozen=True, slots=True)
class Committed:
    """The revision that now has the content. `created` is False when it was there before."""

    revision: Revision
    created: bool


def latest(store: ObjectStore, owner: str, name: str) -> Revision | None:
    """The revision with the highest number, None when there is no such dataset. Two requests, as a rule.

    The newest descriptor is where the search begins, not the truth: a commit may not have come to it yet.
    """
    return end(store, owner, name).revision


@dataclass(frozen=True, slots=True)
class End:
    """Where a dataset's history ends: the newest revision, and the seal after it if the dataset is going elsewhere."""

    revision: Revision | None
    seal: Seal | None = None


def end(store: ObjectStore, owner: str, name: str) -> End:
    """The end of the dataset's history in this place; one without a revision when there is no such dataset."""
    pointed = _pointed(store, owner, name)
    known = pointed.number if pointed else 0
    number = last_number(lambda n: store.exists(layout.revision_key(owner, name, n)), known)
    if number == known:
        return End(pointed)
    found = _read(store, owner, name, layout.revision_key(owner, name, number))
    if not isinstance(found, Seal):
        return End(found)
    return End(pointed if number - 1 == known else read(store, owner, name, number - 1), found)


def read(store: ObjectStore, owner: str, name: str, number: int) -> Revision:
    """Revision `number`. Raises NotFound, also for a seal, and Damaged when its manifest cannot be read."""
    found = _read(store, owner, name, layout.revision_key(owner, name, number))
    if isinstance(found, Seal):
        raise NotFound(said("There is no revision {number} of {owner}/{name}.", number=number, owner=owner, name=name))
    return found


def history(store: ObjectStore, owner: str, name: str) -> list[Revision]:
    """All revisions, the oldest first; [] when there is no such dataset."""
    newest = latest(store, owner, name)
    if newest is None:
        return []
    return [*(read(store, owner, name, number) for number in range(1, newest.number)), newest]


def commit(  # noqa: PLR0913 - what a manifest says of itself has this many parts
    store: ObjectStore,
    owner: str,
    name: str,
    descriptor: Mapping[str, Any],
    files: Mapping[str, Source],
    *,
    message: str,
    author: str,
    now: datetime,
    expected: int | None = None,
    problems: Sequence[dict[str, Any]] = (),
    controls: Sequence[dict[str, Any]] = (),
) -> Committed:
    """Make the package the newest revision of `owner`/`name`, unless the newest has that content already.

    `files` are by the descriptor's paths. `expected` is the number that the caller takes for the newest (0: none yet).
    Raises Conflict, with the current number, when that is wrong or when another commit came first; BadQuery for names
    that break the rules of `layout`; StoreError. Nothing but unused files is left by a commit that did not happen.
    """
    current = _current(store, owner, name, expected)
    located = locate(descriptor, files)
    store_files(store, owner, name, located.files)
    if current is not None:
        tell(store, current)  # its publisher may have been interrupted before
        if same_content(current.descriptor, located.descriptor):
            _finish(store, current)
            return Committed(current, created=False)
    heading = Heading(
        owner=owner,
        name=name,
        number=current.number + 1 if current else 1,
        created=now,
        author=author,
        message=message,
        previous=current.hash if current else None,
        changelog=changelog.end(store),
        declared=located.declared,
        problems=list(problems),
        controls=list(controls),
    )
    return _create(store, located.descriptor, heading, expected)


def _current(store: ObjectStore, owner: str, name: str, expected: int | None) -> Revision | None:
    """The revision that the next one follows. Raises Conflict when it is not the expected one, or there can be none."""
    last = end(store, owner, name)
    if last.seal is not None:
        raise _leaving(owner, name, last.seal)
    number = last.revision.number if last.revision else 0
    if expected is not None and expected != number:
        raise _conflict(owner, name, last.revision)
    return last.revision


def _create(store: ObjectStore, descriptor: Mapping[str, Any], heading: Heading, expected: int | None) -> Committed:
    """The commit itself, and what follows from it. Raises Conflict when the number is taken meanwhile."""
    key = layout.revision_key(heading.owner, heading.name, heading.number)
    data = write_manifest(descriptor, heading)
    mine = read_manifest(data, key)
    try:
        store.put(key, data, create=True)
    except AlreadyExists:
        return _outrun(store, mine, expected)
    _finish(store, mine)
    return Committed(mine, created=True)


def _outrun(store: ObjectStore, mine: Revision, expected: int | None) -> Committed:
    """What to say when the number of `mine` is taken. Raises Conflict, unless the winner has the same content."""
    winner = _read(store, mine.owner, mine.name, layout.revision_key(mine.owner, mine.name, mine.number))
    if isinstance(winner, Seal):
        raise _leaving(mine.owner, mine.name, winner)
    if winner.hash == mine.hash:
        # Our own put: its answer was lost on the way, and the client sent it again.
        _finish(store, mine)
        return Committed(mine, created=True)
    newest = latest(store, mine.owner, mine.name)
    if newest is None or expected is not None or not same_content(newest.descriptor, mine.descriptor):
        raise _conflict(mine.owner, mine.name, newest)
    _finish(store, newest)
    return Committed(newest, created=False)


def _conflict(owner: str, name: str, current: Revision | None) -> Conflict:
    if current is None:
        return Conflict(said("{owner}/{name} has no revision yet.", owner=owner, name=name), current=0)
    return Conflict(
        said(
            "The newest revision of {owner}/{name} is now {number}, by {author}; look at it, then publish again if "
            "yours should follow it.",
            owner=owner,
            name=name,
            number=current.number,
            author=current.author,
        ),
        current=current.number,
    )


def _leaving(owner: str, name: str, seal: Seal) -> Conflict:
    return Conflict(
        said(
            "{owner}/{name} is being {words}, since {at}; look where it is then, and try again.",
            owner=owner,
            name=name,
            words=seal.words,
            at=seal.at,
        )
    )


def _finish(store: ObjectStore, revision: Revision) -> None:
    """Do what follows from a commit; each step is skipped where it is done."""
    try:
        point(store, revision)
    except Left:  # the dataset was moved since, and with it the revision
        return
    tell(store, revision)
    registry.update(store)


def tell(store: ObjectStore, revision: Revision) -> None:
    """See that the changelog tells of the commit of `revision`, unless it was made elsewhere."""
    if revision.number > read_arrival(store, revision.owner, revision.name).revision:
        changelog.append(store, revision)


def point(store: ObjectStore, revision: Revision) -> None:
    """Make the newest descriptor the one of `revision`, or of a newer one.

    Writers may overtake each other here, so each looks for a successor after it has written: the last to write
    finds none, or a seal: then whoever moves the dataset sees to the rest.
    """
    owner, name, number = revision.owner, revision.name, revision.number
    pointed = _pointed(store, owner, name)
    if pointed and (pointed.number > number or pointed.hash == revision.hash):
        return
    data = store.get(layout.revision_key(owner, name, number))
    while True:
        store.put(layout.descriptor_key(owner, name), data)
        number += 1
        key = layout.revision_key(owner, name, number)
        if not store.exists(key):
            return
        data = store.get(key)
        if read_seal(data, key) is not None:
            return


def _pointed(store: ObjectStore, owner: str, name: str) -> Revision | None:
    """The revision in the newest descriptor; None when there is none, or none that can be read."""
    try:
        found = _read(store, owner, name, layout.descriptor_key(owner, name))
    except (NotFound, Damaged):
        return None
    return None if isinstance(found, Seal) else found


def _read(store: ObjectStore, owner: str, name: str, key: str) -> Revision | Seal:
    """What the object at `key` is. The address of a revision is where it lies: its manifest may tell an earlier one."""
    data, where = store.get(key), f"{key} in {store.root}"
    found = read_seal(data, where) or read_manifest(data, where)
    return found if isinstance(found, Seal) else replace(found, owner=owner, name=name)
