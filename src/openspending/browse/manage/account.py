"""`/manage/account`: the visitor's name, the tokens of their robots, their organisations."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.manage import sessions
from openspending.browse.signedin.acting import faults, refreshed
from openspending.browse.signedin.visit import Answer, Visit, granted
from openspending.client import ApiError
from openspending.errors import NotFound

ACTIONS: Final = ("read", "import", "publish", "administer")
HERE: Final = "/manage/account"
_DAYS: Final = "90"


async def account_page(visit: Visit) -> Answer:
    """All of it."""
    return await _page(visit)


async def change_account(visit: Visit) -> Answer:
    """Change the title; choose the name, once."""
    wanted = {"title": visit.field("title").strip()}
    if not visit.me["named"] and visit.field("name").strip() not in {"", visit.me["name"]}:
        wanted["name"] = visit.field("name").strip()
    try:
        await visit.client.change("PATCH", "/v1/identity/me", wanted)
    except ApiError as error:
        wrong = _faults(error, {"/title": "title", "/name": "name"}, "name")
        return await _page(visit, error.status, problem=error.detail, faults=wrong)
    await _renew(visit)
    return visit.sent_on(HERE, "saved")


async def make_token(visit: Visit) -> Answer:
    """Make a token for a robot. The answer shows it, this once; the page before asks for another."""
    days = visit.field("days").strip()
    wanted: dict[str, Any] = {"title": visit.field("token").strip(), "scopes": _scopes(visit)}
    if not days.isascii() or not days.isdecimal() or len(days) > 6:
        return await _page(visit, 422, faults={"days": _("Write a whole number of days.")})
    try:
        made = await visit.client.change("POST", "/v1/identity/tokens", {**wanted, "days": int(days)})
    except ApiError as error:
        wrong = _faults(error, {"/title": "token", "/days": "days", "/scopes": "scopes"}, "scopes")
        return await _page(visit, error.status, problem=error.detail, faults=wrong)
    return await _page(visit, 201, made=made)


async def asking_to_revoke(visit: Visit) -> Answer:
    """The page that asks whether to revoke a token."""
    listed = (await visit.client.ask("/v1/identity/tokens"))["data"]
    found = next((one for one in listed if one["id"] == visit.at("token")), None)
    if found is None:
        raise NotFound(_("There is no such token."))
    return visit.page("revoke.html", token=found)


async def revoke(visit: Visit) -> Answer:
    """Revoke a token."""
    await visit.client.change("DELETE", f"/v1/identity/tokens/{quote(visit.at('token'), safe='')}")
    return visit.sent_on(HERE, "revoked")


async def make_organisation(visit: Visit) -> Answer:
    """Make an organisation, whose admin the visitor is from now on."""
    name = visit.field("organisation").strip()
    wanted = {"name": name, "title": visit.field("organisation_title").strip()}
    try:
        await visit.client.change("POST", "/v1/organisations", wanted)
    except ApiError as error:
        wrong = _faults(error, {"/title": "organisation_title"}, "organisation")
        return await _page(visit, error.status, problem=error.detail, faults=wrong)
    await _renew(visit)
    return visit.sent_on(f"{HERE}/organisations/{quote(name, safe='@+')}", "organised")


async def _renew(visit: Visit) -> None:
    """Have a new access token for the browser: the one that it has knows nothing of what was changed."""
    _unused, said = await refreshed(visit.request, visit.client)
    visit.cookies = granted(said) or visit.cookies


def _scopes(visit: Visit) -> list[Mapping[str, Any]] | None:
    """What the token is limited to; None for all that the account may do with datasets."""
    if visit.field("reach") == "all":
        return None
    patterns = [one for one in re.split(r"[\s,;]+", visit.field("datasets")) if one]
    return [{"actions": visit.fields("actions"), "datasets": one} for one in patterns]


def _faults(error: ApiError, fields: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """What is wrong, by the fields of the form; what is about none of them stands beside the one named last."""
    found = {}
    for pointer, said in faults(error.errors).items():
        known = [name for start, name in fields.items() if pointer.startswith(start)]
        found[known[0] if known else otherwise] = said
    return found or {otherwise: error.detail}


async def _page(visit: Visit, status: int = 200, **words: Any) -> Answer:
    names = sorted(set(visit.me["roles"]) - {visit.me["name"]})
    listed, signed_in, *organisations = await asyncio.gather(
        visit.client.ask("/v1/identity/tokens"),
        visit.client.ask(sessions.API),
        *(_organisation(visit, one) for one in names),
    )
    if status == 201:
        visit.form = ()
    typed = {
        "title": visit.field("title", str(visit.me["title"])),
        "name": visit.field("name", str(visit.me["name"])),
        "token": visit.field("token"),
        "days": visit.field("days", _DAYS),
        "reach": visit.field("reach", "some"),
        "actions": visit.fields("actions") or (["read", "import"] if not visit.form else []),
        "datasets": visit.field("datasets", f"{visit.me['name']}/*"),
        "organisation": visit.field("organisation"),
        "organisation_title": visit.field("organisation_title"),
    }
    shown = {
        "tokens": listed["data"],
        "sessions": signed_in["data"],
        "organisations": [one for one in organisations if one],
        "actions": ACTIONS,
    }
    return visit.page("account.html", status, **{**shown, "typed": typed, "made": None, **words})


async def _organisation(visit: Visit, name: str) -> Mapping[str, Any] | None:
    """An organisation with the visitor's role; None for a name that the account itself had before."""
    try:
        found = await visit.client.ask(f"/v1/organisations/{quote(name, safe='')}")
    except NotFound:
        return None
    return {**found, "role": visit.me["roles"][name]}
