"""Examines the two stores: says for each thing that must hold there that it does, or how to mend it.

Probes are put under names that nobody else has, and deleted, whatever happens.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from openspending.datastore import openchecks, s3checks
from openspending.datastore.addresses import S3Access, folder_of
from openspending.datastore.findings import Check, Finding, Wrong, examine
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.s3checks import BYTES, INIT, Place


def examine_stores(public_url: str, private_url: str, s3: S3Access) -> Iterator[Finding]:
    """What is right and wrong with the public store and the private one. Raises BadSettings for addresses or keys that
    cannot be."""
    for url, other, public in ((public_url, private_url, True), (private_url, public_url, False)):
        scheme = urlsplit(url).scheme
        if scheme == "file":
            yield from examine(url, _Folder(url), FOLDER)
        elif scheme == "s3":
            if s3.access_key is None:
                remedy = "Set OS_ACCESS_KEY_ID and OS_SECRET_ACCESS_KEY."
                yield Finding(url, "keys", right=False, said="There are none: only reading works.", remedy=remedy)
                continue
            place = Place.at(url, other if urlsplit(other).scheme == "s3" else url, s3, public=public)
            yield from examine(url, place, _checks(public=public))


def _checks(*, public: bool) -> tuple[Check[Place], ...]:
    clock = (s3checks.CLOCK,) if public else ()  # both are on one server
    strangers = openchecks.READABLE if public else openchecks.CLOSED
    return (s3checks.THERE, *clock, *s3checks.KEYS, strangers, *openchecks.BROWSERS)


@dataclass(frozen=True, slots=True)
class _Folder:
    url: str


def _is_there(folder: _Folder) -> None:
    if not folder_of(folder.url).is_dir():
        raise Wrong("There is no such folder.", INIT)


def _keeps(folder: _Folder) -> None:
    objects, key = ObjectStore.open(folder.url), f"doctor-{secrets.token_hex(8)}.csv"
    try:
        objects.put(key, BYTES, create=True)
        if objects.get(key) != BYTES:
            raise Wrong("A file came back with other bytes.")
        try:
            objects.put(key, b"other", create=True)
        except AlreadyExists:
            return
        raise Wrong("A file that should only be created was replaced: the file system cannot make hard links.")
    finally:
        objects.delete(key)


FOLDER: Final = (
    Check("folder", "It is there.", _is_there, stops=True),
    Check(
        "put, get, create-only, delete",
        "This process may.",
        _keeps,
        lambda one: f"Make {folder_of(one.url)} writable for this process.",
    ),
)
