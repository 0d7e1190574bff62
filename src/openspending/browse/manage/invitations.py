"""Invitations into an organisation: made, sent again by a new link, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from openspending.browse.manage.organisations import api_of, href_of, page
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.visitors import base
from openspending.client import ApiError

_DAY: Final = 86_400  # seconds


async def invite(visit: Visit) -> Answer:
    """Make an invitation. The answer shows its link, this once."""
    wanted = {"email": visit.field("email").strip() or None, "role": visit.field("role")}
    try:
        made = await visit.client.change("POST", f"{api_of(visit)}/invitations", wanted)
    except ApiError as error:
        wrong = {pointer.lstrip("/"): said for pointer, said in faults(error.errors).items()}
        return await page(visit, error.status, problem=error.detail, faults=wrong)
    visit.form = ()
    return await _made(visit, made)


async def renew(visit: Visit) -> Answer:
    """Make a new link for an invitation, in place of the one before. The answer shows it, this once."""
    return await _made(visit, await visit.client.change("POST", f"{_invitation(visit)}/link", {}))


async def withdraw(visit: Visit) -> Answer:
    """Withdraw an invitation."""
    await visit.client.change("DELETE", _invitation(visit))
    return visit.sent_on(href_of(visit), "uninvited")


async def _made(visit: Visit, made: Mapping[str, Any]) -> Answer:
    """The page with the link, which is of the address by which the visitor knows this OpenSpending: the API that was
    asked may know another."""
    link = f"{base(visit.request)}/sign-in#{urlsplit(str(made['link'])).fragment}"
    return await page(visit, 201, made={**made, "link": link, "days": int(made["expires_in"]) // _DAY})


def _invitation(visit: Visit) -> str:
    return f"{api_of(visit)}/invitations/{quote(visit.at('invitation'), safe='')}"
