"""Webhooks: addresses that are told of what happens to a dataset, or to all of its owner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.manage.dataset import Found, find
from openspending.browse.signedin.acting import faults
from openspending.browse.signedin.visit import Answer, Visit
from openspending.client import ApiError
from openspending.errors import NotFound

EVENTS: Final = ("commit", "publish", "hide", "withdraw", "rename")
_DELIVERIES: Final = "30"


async def hooks_page(visit: Visit) -> Answer:
    """The webhooks that hear of the dataset, and a form for another."""
    return await _page(visit, await find(visit))


async def hook(visit: Visit) -> Answer:
    """Make a webhook. The answer shows its secret, which is shown nowhere else."""
    found = await find(visit)
    wanted: dict[str, Any] = {"owner": found.owner, "url": visit.field("url").strip(), "events": visit.fields("events")}
    if visit.field("about") != "owner":
        wanted["dataset"] = found.name
    try:
        made = await visit.client.change("POST", "/v1/webhooks", wanted)
    except ApiError as error:
        return await _page(visit, found, error.status, problem=error.detail, faults=faults(error.errors))
    return await _page(visit, found, 201, made=made)


async def hook_page(visit: Visit) -> Answer:
    """One webhook, and what it was told."""
    return await _one(visit)


async def ping(visit: Visit) -> Answer:
    """Send a test message."""
    try:
        await visit.client.change("POST", f"{_path(visit)}/test")
    except ApiError as error:
        return await _one(visit, error)
    return visit.sent_on(_here(await find(visit), visit), "pinged")


async def asking_to_unhook(visit: Visit) -> Answer:
    """The page that asks whether to delete the webhook."""
    found = await find(visit)
    return visit.page("unhook.html", found=found, hook=await visit.client.ask(_path(visit)), tab="webhooks")


async def unhook(visit: Visit) -> Answer:
    """Delete the webhook."""
    found = await find(visit)
    await visit.client.change("DELETE", _path(visit))
    return visit.sent_on(f"{found.href}/webhooks", "unhooked")


def _path(visit: Visit) -> str:
    return f"/v1/webhooks/{quote(visit.at('hook'), safe='')}"


def _here(found: Found, visit: Visit) -> str:
    return f"{found.href}/webhooks/{quote(visit.at('hook'), safe='')}"


def _hears(found: Found, one: Mapping[str, Any]) -> bool:
    return one["dataset"] in {None, found.name}


async def _page(visit: Visit, found: Found, status: int = 200, **words: Any) -> Answer:
    listed = (await visit.client.ask("/v1/webhooks", {"owner": found.owner, "pagesize": "1000"}))["data"]
    typed = {
        "url": visit.field("url"),
        "about": visit.field("about", "dataset"),
        "events": visit.fields("events"),
    }
    return visit.page(
        "hooks.html",
        status,
        found=found,
        hooks=[one for one in listed if _hears(found, one)],
        events=EVENTS,
        typed=typed,
        wide=visit.has_role("admin", found.owner),
        tab="webhooks",
        **{"made": None, **words},
    )


async def _one(visit: Visit, error: ApiError | None = None) -> Answer:
    found, hook, told = await asyncio.gather(
        find(visit),
        visit.client.ask(_path(visit)),
        visit.client.ask(f"{_path(visit)}/deliveries", {"pagesize": _DELIVERIES}),
    )
    if hook["owner"] != found.owner or not _hears(found, hook):
        raise NotFound("There is no such webhook here.")
    status, problem = (200, "") if error is None else (error.status, error.detail)
    words = {"found": found, "hook": hook, "here_": _here(found, visit), "tab": "webhooks"}
    return visit.page("hook.html", status, deliveries=told["data"], problem=problem, **words)
