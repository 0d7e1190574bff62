"""What a request to the webhooks asks: its parameters and its JSON body, all of it known or refused at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from openspending.asking import Body, query_of, read_body
from openspending.datastore import layout
from openspending.errors import BadQueries, BadQuery
from openspending.fetch import Unreachable
from openspending.speaking.said import said
from openspending.web import AnyRequest
from openspending.webhooks.sending import Sender
from openspending.webhooks.webhook import EVENTS

LARGEST: Final = 20_000  # bytes of a body
PARAMETERS: Final = ("owner", "pagesize", "cursor")
PAGE: Final = ("pagesize", "cursor")
MEMBERS: Final = ("owner", "dataset", "url", "events")
_CURSOR: Final = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook as somebody wants it."""

    owner: str
    name: str
    url: str
    events: tuple[str, ...]


def parameters(request: AnyRequest, allowed: Collection[str] = ()) -> dict[str, str]:
    """The parameters of the query. Raises BadQueries for those that are not `allowed`, repeated or unreadable."""
    values, wrong = query_of(request, allowed)
    if "cursor" in values and not _CURSOR.fullmatch(values["cursor"]):
        wrong.append(BadQuery(said("This cursor is none of ours; take it from “next”."), parameter="cursor"))
    size = values.setdefault("pagesize", "100")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", size) or int(size) > 1000:
        wrong.append(
            BadQuery(said("“{size}” is no whole number from 1 to 1000.", size=size[:40]), parameter="pagesize")
        )
    if wrong:
        raise BadQueries(wrong)
    return values


def wanted(data: bytes, sender: Sender) -> Wanted:
    """The webhook that a body describes. Raises BadQueries, TooLarge."""
    body = read_body(data, LARGEST)
    body.only(*MEMBERS)
    asked = Wanted(
        owner=_owner(body),
        name=_dataset(body),
        url=_url(body, sender),
        events=_events(body),
    )
    body.settle()
    return asked


def _owner(body: Body) -> str:
    owner = body.text("owner")
    if owner:
        body.checked("owner", layout.check_owner, owner)
    return owner


def _dataset(body: Body) -> str:
    """The name of a dataset; "" for all of the owner's."""
    name = body.text("dataset", otherwise="")
    if name:
        body.checked("dataset", layout.check_name, name)
    return name


def _url(body: Body, sender: Sender) -> str:
    url = body.text("url")
    try:
        if url:
            sender.check(url)
    except Unreachable as error:
        body.blame("url", said("Nothing can be sent to this URL: {error}.", error=error))
    return url


def _events(body: Body) -> tuple[str, ...]:
    """The events; () for all."""
    value = body.members.get("events", [])
    if not isinstance(value, list) or any(one not in EVENTS for one in value):
        body.blame("events", said("“events” must be a list of: {events}.", events=", ".join(EVENTS)), EVENTS)
        return ()
    return tuple(dict.fromkeys(value))
