"""Where the visitor is signed in, and how to end that: a part of `/manage/account`."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from openspending.browse.signedin.visit import Answer, Visit

API: Final = "/v1/identity/sessions"
_HERE: Final = "/manage/account"


async def end(visit: Visit) -> Answer:
    """End one session; who ends their own has to sign in again."""
    await visit.client.change("DELETE", f"{API}/{quote(visit.at('session'), safe='')}")
    return visit.sent_on(_HERE, "ended")


async def end_others(visit: Visit) -> Answer:
    """End all but this one."""
    await visit.client.change("DELETE", API)
    return visit.sent_on(_HERE, "ended")
