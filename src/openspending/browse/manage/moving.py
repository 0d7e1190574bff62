"""Publishing, hiding, withdrawing and renaming a dataset: each is a page that says what will happen, and asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.manage import jobs
from openspending.browse.manage.dataset import Found, find
from openspending.browse.manage.listing import owners_of
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.client import ApiError

NEEDED: Final = {"publish": "publisher", "hide": "publisher", "withdraw": "admin", "rename": "admin"}


async def move_page(visit: Visit) -> Answer:
    """The page that asks whether to do it."""
    return _asking(visit, await find(visit))


async def move(visit: Visit) -> Answer:
    """Do it, by a job; or the page again, with what is wrong and what was typed."""
    found = await find(visit)
    kind = _kind(visit)
    wrong = _checked(visit, found, kind)
    if wrong:
        return _asking(visit, found, 422, faults=wrong)
    try:
        job = await visit.client.change("POST", api_path(found.owner, found.name, kind), _wanted(visit, kind))
    except ApiError as error:
        return _asking(visit, found, error.status, problem=error.detail, faults=faults(error.errors))
    return await jobs.after(visit, job)


def _kind(visit: Visit) -> str:
    return visit.request.scope["path"].rstrip("/").rpartition("/")[2]


def _checked(visit: Visit, found: Found, kind: str) -> dict[str, str]:
    """What is missing from the form, by JSON pointers as the API's own."""
    wrong = {}
    if kind == "withdraw":
        if not visit.field("reason").strip():
            wrong["/reason"] = _("Say why. Whoever asks for the dataset will read it.")
        if visit.field("typed").strip() != f"{found.owner}/{found.name}":
            wrong["typed"] = _("Type the address of the dataset, to be sure that it is this one.")
    if kind == "rename" and (visit.field("owner"), visit.field("name")) == (found.owner, found.name):
        wrong["/name"] = _("That is the address which it has.")
    return wrong


def _wanted(visit: Visit, kind: str) -> Mapping[str, Any]:
    if kind == "withdraw":
        return {"reason": visit.field("reason").strip()}
    if kind == "rename":
        return {"owner": visit.field("owner").strip(), "name": visit.field("name").strip()}
    return {}


def _asking(visit: Visit, found: Found, status: int = 200, **words: Any) -> Answer:
    kind = _kind(visit)
    return visit.page(
        "move.html",
        status,
        found=found,
        kind=kind,
        allowed=visit.has_role(NEEDED[kind], found.owner, found.name),
        facts=(found.told.get("facts") or {}).get("count"),
        owners=[one for one in owners_of(visit) if visit.has_role("admin", one)],
        typed={
            "reason": visit.field("reason"),
            "typed": visit.field("typed"),
            "owner": visit.field("owner", found.owner),
            "name": visit.field("name", found.name),
        },
        **words,
    )
