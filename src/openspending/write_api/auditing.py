"""Every accepted write leaves an event in the audit log; whoever administers a dataset reads its events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response, route

from openspending.database.engine import now
from openspending.datastore import audit
from openspending.datastore.audit import Event
from openspending.errors import BadQuery
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, request_id
from openspending.write_api.answers import answered
from openspending.write_api.asking import DATASET, GET, Name, Owner, asked, dataset_path, page_of, written
from openspending.write_api.entering import OWN_DOOR, enter
from openspending.write_api.service import Injected, Writing

LISTED: Final = ("since", "until", "pagesize", "cursor")
DAYS: Final = timedelta(days=90)  # that are looked at unless it is said otherwise
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def told(writing: Writing, request: AnyRequest, action: str, owner: str, name: str = "", **details: Any) -> None:
    """Record that the actor of the request did `action`. Raises StoreError."""
    actor = actor_of(request)
    event = Event(
        at=now(),
        account=actor.account or "",
        token=actor.token,
        action=action,
        owner=owner,
        name=name,
        request=request_id(request.scope),
        detail=details,
    )
    audit.record(writing.store.private, event)


@route(f"{DATASET}/audit", http_method=GET, sync_to_thread=True, opt=OWN_DOOR)
def audit_log(request: AnyRequest, writing: Injected, owner: Owner, name: Name) -> Response[bytes]:
    """Who did what with a dataset, in order."""
    values = asked(request, LISTED)
    enter(request, writing, "administer", owner, name)
    page, since, until = page_of(values), _day(values, "since"), _day(values, "until")
    place = page.place(1)
    after = _moment(place[0]) if place else None
    first = max(since or (now() - DAYS).date(), after.date() if after else date.min)
    events = audit.events(writing.store.private, owner=owner, name=name, since=first, until=until)
    found = list(islice(_after(events, after), page.size + 1))
    shown = found[: page.size]
    following = {**values, "cursor": written(shown[-1].at.isoformat())} if len(found) > page.size else None
    path = f"{dataset_path(owner, name)}/audit"
    return answered(
        {
            "data": [one.to_dict() for one in shown],
            "returned": len(shown),
            "next": f"{path}?{urlencode(following)}" if following else None,
        }
    )


def _after(events: Iterator[Event], moment: datetime | None) -> Iterator[Event]:
    return (one for one in events if moment is None or one.at > moment)


def _day(values: dict[str, str], name: str) -> date | None:
    """A parameter that is a day. Raises BadQuery."""
    text = values.get(name, "").strip()
    try:
        if not text or _DAY.fullmatch(text):
            return date.fromisoformat(text) if text else None
    except ValueError:
        pass
    raise BadQuery(said("“{text}” is no day; write YYYY-MM-DD.", text=text[:40]), parameter=name)


def _moment(text: str) -> datetime:
    """The time in a cursor. Raises BadQuery."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - a time without a zone is none of ours
    if found.tzinfo is None:
        raise BadQuery(said("This cursor is none of ours; take it from “next”."), parameter="cursor")
    return found


HANDLERS: Final = (audit_log,)
