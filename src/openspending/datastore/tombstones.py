"""What stays at an address that a dataset has left: a tombstone where it was withdrawn, else where to find it.

Both stand in the store that had the dataset. What was never public leaves nothing in the public one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The dataset was withdrawn for `reason`; `at` is RFC 3339, `by` whoever did it. `revision` and `hash` are those of
    its newest revision."""

    reason: str
    at: str
    by: str
    revision: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The dataset is `owner`/`name` now."""

    owner: str
    name: str


def read_tombstone(objects: ObjectStore, owner: str, name: str) -> Tombstone | None:
    """The tombstone of the address, if it has one."""
    key = layout.tombstone_key(owner, name)
    found = _read(objects.get, key)
    try:
        return None if found is None else Tombstone(**found)
    except TypeError as error:
        raise Damaged(f"{key} in {objects.root} is not a tombstone: {error!r}") from error


def read_forwarding(objects: ObjectStore, owner: str, name: str) -> Forwarding | None:
    """The forwarding of the address, if it has one."""
    return forwarding_in(objects.get, owner, name)


def forwarding_in(read: Callable[[str], bytes], owner: str, name: str) -> Forwarding | None:
    """… where `read` gives the object of a key, or raises NotFound."""
    key = layout.forwarding_key(owner, name)
    found = _read(read, key)
    try:
        return None if found is None else Forwarding(**found)
    except TypeError as error:
        raise Damaged(f"{key} is not a forwarding: {error!r}") from error


def write(note: Tombstone | Forwarding) -> bytes:
    """The object of either."""
    return (json.dumps(asdict(note), ensure_ascii=False, indent=1) + "\n").encode()


def _read(read: Callable[[str], bytes], key: str) -> dict[str, Any] | None:
    try:
        found = json.loads(read(key))
    except NotFound:
        return None
    except ValueError as error:
        raise Damaged(f"{key} cannot be read: {error!r}") from error
    return found if isinstance(found, dict) else {}
