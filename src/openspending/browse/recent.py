"""What happened lately to public datasets, the last first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.languages import later
from openspending.browse.locales import date
from openspending.browse.words import text
from openspending.client import ApiError, Client
from openspending.errors import NotFound, StoreError

SHOWN: Final = 6
SAID: Final[Mapping[str, str]] = {
    "commit": later("revision %(revision)s"),
    "publish": later("published"),
    "hide": later("hidden"),
    "withdraw": later("withdrawn"),
    "rename": later("renamed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened; `href` is empty where the dataset is no longer there."""

    dataset: str
    what: str
    message: str
    date: str
    href: str


async def recent(client: Client) -> tuple[Change, ...]:
    """The last entries of the changelog."""
    try:
        total = int((await client.ask("/v1/changelog", {"pagesize": "1"}))["total"])
        answer = await client.ask("/v1/changelog", {"after": str(max(0, total - SHOWN)), "pagesize": str(SHOWN)})
    except (ApiError, NotFound, StoreError):
        return ()
    return tuple(_change(one) for one in reversed(answer["data"]))


def _change(one: Mapping[str, Any]) -> Change:
    owner, name = text(one.get("owner"), 100), text(one.get("dataset"), 100)
    action = text(one.get("action"))
    version = f"@{one['revision']}" if action == "commit" and one.get("revision") else ""
    said = SAID.get(action)
    return Change(
        f"{owner}/{name}",
        _(said) % {"revision": one.get("revision")} if said else action,
        text(one.get("message"), 200),
        date(text(one.get("at"), 30)),
        "" if one.get("gone") else f"/{quote(owner, safe='@+')}/{quote(name)}{version}",
    )
