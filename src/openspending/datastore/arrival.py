"""The note of a dataset that came from elsewhere: its revisions up to that moment are told of by another changelog, and
their manifests may name a former address."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound


@dataclass(frozen=True, slots=True)
class Arrival:
    """The dataset came to this place with its revisions 1 to `revision`; `former` are its earlier addresses,
    `owner/name`, the oldest first. One that was made here came with none."""

    revision: int = 0
    former: tuple[str, ...] = ()


def read_arrival(objects: ObjectStore, owner: str, name: str) -> Arrival:
    """How the dataset came to this place."""
    return arrival_in(objects.get, owner, name)


def arrival_in(read: Callable[[str], bytes], owner: str, name: str) -> Arrival:
    """… where `read` gives the object of a key, or raises NotFound."""
    key = layout.arrival_key(owner, name)
    try:
        found = json.loads(read(key))
        return Arrival(int(found["revision"]), tuple(map(str, found["former"])))
    except NotFound:
        return Arrival()
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(f"{key} cannot be read: {error!r}") from error


def write_arrival(arrival: Arrival) -> bytes:
    """The object of the note."""
    return (json.dumps(asdict(arrival), indent=1) + "\n").encode()
