"""One organisation: its members and their roles, and invitations into it."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import ROLES, Answer, Visit
from openspending.client import ApiError
from openspending.errors import NotFound

_DAY: Final = 86_400  # seconds


async def organisation_page(visit: Visit) -> Answer:
    """Who is in it, and a form to invite."""
    return await _page(visit)


async def change_member(visit: Visit) -> Answer:
    """Take an account in, or give a member another role."""
    account = visit.field("account").strip()
    if not account:
        return await _page(visit, 422, faults={"account": _("Name an account.")})
    try:
        await visit.client.change("PUT", _member(visit, account), {"role": visit.field("role")})
    except NotFound as error:
        return await _page(visit, 422, faults={"account": str(error)})
    except ApiError as error:
        return await _page(visit, error.status, problem=error.detail)
    return visit.sent_on(_here(visit), "member")


async def asking_to_remove(visit: Visit) -> Answer:
    """The page that asks whether to take a member out."""
    name, account = visit.at("organisation"), visit.at("account")
    members = (await visit.client.ask(f"{_path(visit)}/members"))["data"]
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
        return await _page(visit, error.status, problem=error.detail)
    mine = account == visit.me["name"]
    return visit.sent_on("/manage/account" if mine else _here(visit), "unmember")


async def invite(visit: Visit) -> Answer:
    """Make an invitation. The answer shows its link, this once."""
    wanted = {"email": visit.field("email").strip() or None, "role": visit.field("role")}
    try:
        made = await visit.client.change("POST", f"{_path(visit)}/invitations", wanted)
    except ApiError as error:
        wrong = {pointer.lstrip("/"): said for pointer, said in faults(error.errors).items()}
        return await _page(visit, error.status, problem=error.detail, faults=wrong)
    return await _page(visit, 201, made={**made, "days": int(made["expires_in"]) // _DAY})


def _path(visit: Visit) -> str:
    return f"/v1/organisations/{quote(visit.at('organisation'), safe='')}"


def _member(visit: Visit, account: str) -> str:
    return f"{_path(visit)}/members/{quote(account, safe='')}"


def _here(visit: Visit) -> str:
    return f"/manage/account/organisations/{quote(visit.at('organisation'), safe='@+')}"


async def _page(visit: Visit, status: int = 200, **words: Any) -> Answer:
    found, members = await asyncio.gather(visit.client.ask(_path(visit)), visit.client.ask(f"{_path(visit)}/members"))
    admin = visit.has_role("admin", str(found["name"]))
    typed = {"account": visit.field("account"), "email": visit.field("email"), "role": visit.field("role", "viewer")}
    shown = {"organisation": found, "members": members["data"], "roles": ROLES, "admin": admin, "typed": typed}
    return visit.page("organisation.html", status, **{**shown, "made": None, **words})
