"""With whom a dataset is shared, beside the people of its owner."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.manage.dataset import Found, find
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import ROLES, Answer, Visit
from openspending.browse.signedin.words import api_path
from openspending.client import ApiError
from openspending.errors import NotFound


async def people_page(visit: Visit) -> Answer:
    """Who they are, and a form to share with another."""
    return await _page(visit, await find(visit))


async def share(visit: Visit) -> Answer:
    """Share with an account, or give it another role."""
    found = await find(visit)
    account, role = visit.field("account").strip(), visit.field("role")
    if not account:
        return await _page(visit, found, 422, faults={"account": _("Name an account.")})
    try:
        await visit.client.change("PUT", _of(found, account), {"role": role})
    except NotFound as error:
        return await _page(visit, found, 422, faults={"account": str(error)})
    except ApiError as error:
        wrong = {"role": faults(error.errors).get("/role", "")}
        return await _page(visit, found, error.status, problem=error.detail, faults=wrong)
    return visit.sent_on(f"{found.href}/people", "shared")


async def asking_to_unshare(visit: Visit) -> Answer:
    """The page that asks whether to share with somebody no more."""
    found = await find(visit)
    return visit.page("unshare.html", found=found, account=visit.at("account"), tab="people")


async def unshare(visit: Visit) -> Answer:
    """Share with somebody no more."""
    found = await find(visit)
    await visit.client.change("DELETE", _of(found, visit.at("account")))
    return visit.sent_on(f"{found.href}/people", "unshared")


def _of(found: Found, account: str) -> str:
    return api_path(found.owner, found.name, f"collaborators/{quote(account, safe='')}")


async def _page(visit: Visit, found: Found, status: int = 200, **words: Any) -> Answer:
    listed = (await visit.client.ask(api_path(found.owner, found.name, "collaborators")))["data"]
    typed = {"account": visit.field("account"), "role": visit.field("role", "viewer")}
    return visit.page(
        "people.html", status, found=found, people=listed, roles=ROLES, typed=typed, tab="people", **words
    )
