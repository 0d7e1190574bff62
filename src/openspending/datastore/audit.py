"""The audit log: who did what to which dataset, when, and in which request. One object for each event, never changed.

It is in the private store, in a folder for each day, so that what is old can be moved away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import AlreadyExists, ObjectStore

OPERATOR: Final = "operator"  # the account of who works on the stores themselves


@dataclass(frozen=True, slots=True)
class Event:
    """At `at` (aware of its zone) the `account`, with the `token` of that id, did `action` to the dataset
    `owner`/`name`, or to the owner where `name` is "". `request` is the id of the request or job; `detail` is JSON-able
    and holds no secret."""

    at: datetime
    account: str
    token: str
    action: str
    owner: str
    name: str
    request: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The event as it is stored and shown; `at` is RFC 3339 in UTC."""
        return {**asdict(self), "at": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")}


def record(objects: ObjectStore, event: Event) -> None:
    """Put the event into the log, in the private store `objects`; the same event again is there already."""
    told = event.to_dict()
    data = json.dumps(told, ensure_ascii=False, indent=1).encode()
    at = event.at.astimezone(UTC)
    id_ = hashlib.sha256(data).hexdigest()[:16]
    try:
        objects.put(layout.audit_key(f"{at:%Y-%m-%d}", f"{at:%H%M%S.%f}", id_), data, create=True)
    except AlreadyExists:
        return


def events(
    objects: ObjectStore,
    *,
    owner: str | None = None,
    name: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Event]:
    """The events of an owner, of a dataset, or all; from the day `since` to the end of the day `until`, in their order.

    Raises Damaged for what is none.
    """
    first, last = f"{since or date.min}", f"{until or date.max}"
    keys = (key for key in objects.list(layout.AUDIT) if first <= layout.audit_day(key) <= last)
    for key in sorted(keys):
        event = _read(objects, key)
        if owner in {None, event.owner} and name in {None, event.name}:
            yield event


def _read(objects: ObjectStore, key: str) -> Event:
    try:
        found = json.loads(objects.get(key))
        return Event(**{**found, "at": datetime.fromisoformat(found["at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(f"{key} in {objects.root} is not an event: {error!r}") from error
