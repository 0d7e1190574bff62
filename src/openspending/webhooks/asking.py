"""What a request to the webhooks asks: its parameters and its JSON body, all of it known or refused at once."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import parse_qsl

from openspending.datastore import layout
from openspending.errors import BadQueries, BadQuery, TooLarge
from openspending.fdp import strictjson
from openspending.fetch import Unreachable
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


@dataclass(slots=True)
class _Collected:
    """What is wrong, to be told all at once."""

    wrong: list[BadQuery] = field(default_factory=list)

    def blame(self, where: str, message: str, choices: Collection[str] = ()) -> None:
        self.wrong.append(BadQuery(message, tuple(choices), where))

    def settle(self) -> None:
        if self.wrong:
            raise BadQueries(self.wrong)


def parameters(request: AnyRequest, allowed: Collection[str] = ()) -> dict[str, str]:
    """The parameters of the query. Raises BadQueries for those that are not `allowed`, repeated or unreadable."""
    values: dict[str, str] = {}
    found = _Collected()
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name not in allowed:
            known = ", ".join(allowed) or "none"
            found.blame(name[:40], f"There is no parameter “{name[:40]}” here; there are: {known}.", allowed)
        elif name in values:
            found.blame(name, f"The parameter “{name}” is given more than once.")
        else:
            values[name] = value
    if "cursor" in values and not _CURSOR.fullmatch(values["cursor"]):
        found.blame("cursor", "This cursor is none of ours; take it from “next”.")
    size = values.setdefault("pagesize", "100")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", size) or int(size) > 1000:
        found.blame("pagesize", f"“{size[:40]}” is no whole number from 1 to 1000.")
    found.settle()
    return values


def wanted(data: bytes, sender: Sender) -> Wanted:
    """The webhook that a body describes. Raises BadQueries, TooLarge."""
    if len(data) > LARGEST:
        raise TooLarge(f"The body has {len(data)} bytes; at most {LARGEST} are read.")
    body, problems = strictjson.parse(data)
    if problems or not isinstance(body, dict):
        reasons = "; ".join(one.message for one in problems) or "The body is no JSON object."
        raise BadQuery(reasons, parameter="/")
    found = _Collected()
    for name in body.keys() - set(MEMBERS):
        near = get_close_matches(name, MEMBERS, n=3)
        found.blame(f"/{name[:100]}", f"There is no member “{name[:40]}” here.", near or MEMBERS)
    asked = Wanted(
        owner=_named(body, "owner", found),
        name=_named(body, "dataset", found),
        url=_url(body, found, sender),
        events=_events(body, found),
    )
    found.settle()
    return asked


def _named(body: dict[str, Any], member: str, found: _Collected) -> str:
    """The owner, or the dataset, which may be left out."""
    value = body.get(member)
    if value is None and member == "dataset":
        return ""
    if not isinstance(value, str):
        found.blame(f"/{member}", f"“{member}” must be a text." if member in body else f"“{member}” is missing.")
        return ""
    try:
        (layout.check_owner if member == "owner" else layout.check_name)(value)
    except BadQuery as error:
        found.blame(f"/{member}", str(error))
    return value


def _url(body: dict[str, Any], found: _Collected, sender: Sender) -> str:
    value = body.get("url")
    if not isinstance(value, str):
        found.blame("/url", "“url” must be a text." if "url" in body else "“url” is missing.")
        return ""
    try:
        sender.check(value)
    except Unreachable as error:
        found.blame("/url", f"Nothing can be sent to this URL: {error}.")
    return value


def _events(body: dict[str, Any], found: _Collected) -> tuple[str, ...]:
    """The events; () for all."""
    value = body.get("events", [])
    if not isinstance(value, list) or any(one not in EVENTS for one in value):
        found.blame("/events", f"“events” must be a list of: {', '.join(EVENTS)}.", EVENTS)
        return ()
    return tuple(dict.fromkeys(value))
