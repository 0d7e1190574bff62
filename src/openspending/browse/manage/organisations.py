"""One organisation: its members and their roles, and who was invited."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.visit import ROLES, Answer, Visit
from openspending.client import ApiError
from openspending.errors import NotFound


async def organisation_page(visit: Visit) -> Answer:
    """Who is in it, and a form to invite."""
    return await page(visit)


async def change_member(visit: Visit) -> Answer:
    """Take an account in, or give a member another role."""
    account = visit.field("account").strip()
    if not account:
        return await page(visit, 422, faults={"account": _("Name an account.")})
    try:
        await visit.client.change("PUT", _member(visit, account), {"role": visit.field("role")})
    except NotFound as error:
        return await page(visit, 422, faults={"account": str(error)})
    except ApiError as error:
        return await page(visit, error.status, problem=error.detail)
    return visit.sent_on(href_of(visit), "member")


async def asking_to_remove(visit: Visit) -> Answer:
    """The page that asks whether to take a member out."""
    name, account = visit.at("organisation"), visit.at("account")
    members = (await visit.client.ask(f"{api_of(visit)}/members"))["data"]
    found = next((one for one in members if one["name"] == account), None)
    if found is None:
        raise NotFound(_("There is no such member."))
    return visit.page("unmember.html", organisation=name, member=found)


async def remove_member(visit: Visit) -> Answer:
    """Take a member out."""
    account = visit.at("account")
    try:
        await visit.client.change("DELETE", _member(visit, account))
    except ApiError as error:
        return await page(visit, error.status, problem=error.detail)
    mine = account == visit.me["name"]
    return visit.sent_on("/manage/account" if mine else href_of(visit), "unmember")


def api_of(visit: Visit) -> str:
    """The organisation of the address, in the API."""
    return f"/v1/organisations/{quote(visit.at('organisation'), safe='')}"


def _member(visit: Visit, account: str) -> str:
    return f"{api_of(visit)}/members/{quote(account, safe='')}"


def href_of(visit: Visit) -> str:
    """Its page."""
    return f"/manage/account/organisations/{quote(visit.at('organisation'), safe='@+')}"


async def page(visit: Visit, status: int = 200, **words: Any) -> Answer:
    """The page of the organisation, with what was made or is wrong."""
    found, members = await asyncio.gather(visit.client.ask(api_of(visit)), visit.client.ask(f"{api_of(visit)}/members"))
    admin = visit.has_role("admin", str(found["name"]))
    invited = (await visit.client.ask(f"{api_of(visit)}/invitations"))["data"] if admin else []
    typed = {"account": visit.field("account"), "email": visit.field("email"), "role": visit.field("role", "viewer")}
    shown = {
        "organisation": found,
        "members": members["data"],
        "roles": ROLES,
        "admin": admin,
        "invited": invited,
        "typed": typed,
    }
    return visit.page("organisation.html", status, **{**shown, "made": None, **words})
