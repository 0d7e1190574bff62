"""Which revision a version names: a number, a day, or the hash of a manifest."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from openspending.datastore import revisions
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import BadQuery, NotFound
from openspending.speaking.said import said

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH: Final = re.compile(r"sha256:[0-9a-f]{8,64}")


def resolve(store: ObjectStore, owner: str, name: str, version: str | None = None) -> Revision:
    """The revision of `owner`/`name` that `version` names; without one the newest.

    “12” is a number; “2026-03-31” the newest that was made up to the end of that day (UTC); “sha256:” with at least 8
    digits the one whose manifest has that hash. Raises NotFound, and BadQuery for what is no version at all.
    """
    newest = _newest(store, owner, name)
    if version is None:
        return newest
    if _NUMBER.fullmatch(version):
        number = int(version)
        if number > newest.number:
            raise NotFound(
                said(
                    "{owner}/{name} has no revision {number}; the newest is {number2}.",
                    owner=owner,
                    name=name,
                    number=number,
                    number2=newest.number,
                )
            )
        return newest if number == newest.number else revisions.read(store, owner, name, number)
    if _HASH.fullmatch(version):
        return _by_hash(store, newest, version)
    return _by_day(store, newest, version)


def _newest(store: ObjectStore, owner: str, name: str) -> Revision:
    try:
        newest = revisions.latest(store, owner, name)
    except BadQuery:  # a name that no dataset can have
        newest = None
    if newest is None:
        raise NotFound(said("There is no dataset {owner}/{name}.", owner=owner[:100], name=name[:100]))
    return newest


def _by_hash(store: ObjectStore, newest: Revision, version: str) -> Revision:
    """Revisions name the hash of the one before, so that each manifest is read once."""
    found = [one for one in _backwards(store, newest) if one.hash.startswith(version)]
    if not found:
        raise NotFound(
            said(
                "No revision of {owner}/{name} has the hash {version}.",
                owner=newest.owner,
                name=newest.name,
                version=version,
            )
        )
    if len(found) > 1:
        numbers = [str(one.number) for one in found]
        raise BadQuery(
            said("Several revisions have hashes that begin with {version}; write more digits.", version=version),
            numbers,
        )
    return found[0]


def _by_day(store: ObjectStore, newest: Revision, version: str) -> Revision:
    try:
        day = date.fromisoformat(version) if _DAY.fullmatch(version) else None
    except ValueError:
        day = None
    if day is None:
        raise BadQuery(
            said(
                "“{version}” is no version: write the number of a revision (3), a day (2026-03-31) or a hash "
                "(sha256: and at least 8 digits).",
                version=version[:80],
            )
        )
    for revision in _backwards(store, newest):
        if revision.created.date() <= day:
            return revision
    raise NotFound(
        said("{owner}/{name} had no revision yet on {version}.", owner=newest.owner, name=newest.name, version=version)
    )


def _backwards(store: ObjectStore, newest: Revision) -> list[Revision]:
    """All revisions, the newest first."""
    older = (revisions.read(store, newest.owner, newest.name, n) for n in range(newest.number - 1, 0, -1))
    return [newest, *older]
