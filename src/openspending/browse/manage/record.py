"""The audit log of a dataset: who did what with it, in order."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from openspending.browse.manage.dataset import Found, find
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.client import ApiError
from openspending.errors import NotFound

PAGE: Final = "100"


async def record_page(visit: Visit) -> Answer:
    """The events from a day to a day, a hundred at a time."""
    found = await find(visit)
    asked = {name: visit.asked(name).strip()[:200] for name in ("since", "until", "cursor")}
    wanted = {"pagesize": PAGE, **{name: value for name, value in asked.items() if value}}
    words: dict[str, Any] = {"found": found, "asked": asked, "tab": "audit"}
    try:
        words["names"] = await _names(visit, found)
        told = await visit.client.ask(api_path(found.owner, found.name, "audit"), wanted)
    except ApiError as error:
        if not error.errors:
            raise
        wrong = faults(error.errors)
        return visit.page("record.html", error.status, events=[], following="", faults=wrong, **words)
    cursor = parse_qs(urlsplit(told["next"] or "").query).get("cursor", [""])[0]
    return visit.page("record.html", events=told["data"], following=cursor, **words)


async def _names(visit: Visit, found: Found) -> dict[str, str]:
    """The names of accounts that are known here: of members of the owner, and of those with whom it is shared."""
    people = list((await visit.client.ask(api_path(found.owner, found.name, "collaborators")))["data"])
    with suppress(NotFound):  # the owner is an account, not an organisation
        path = f"/v1/organisations/{quote(found.owner, safe='')}/members"
        people += (await visit.client.ask(path))["data"]
    return {str(visit.me["account"]): str(visit.me["name"]), **{one["account"]: one["name"] for one in people}}
