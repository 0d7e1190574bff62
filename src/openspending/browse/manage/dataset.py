"""`/manage/{owner}/{name}`: one dataset, what can be done with it, its revisions, its jobs and how much it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from openspending.browse.manage.listing import MOVES, PENDING
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path, manage_path, page_path, share_done
from openspending.client import ApiError
from openspending.errors import NotFound

DAYS: Final = 30  # that usage is told of
HISTORY: Final = 20  # revisions that are told of
_JOBS: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset that the visitor has to do with. `told` is what the API says of it, `may` their role there."""

    owner: str
    name: str
    title: str
    visibility: str
    may: str
    told: Mapping[str, Any]

    @property
    def href(self) -> str:
        """Where it is managed."""
        return manage_path(self.owner, self.name)

    @property
    def page(self) -> str:
        """Its own page."""
        return page_path(self.owner, self.name)


@dataclass(frozen=True, slots=True)
class Day:
    """How much a dataset was asked for on a day; `height` of the highest bar is 100."""

    day: str
    calls: int
    rows: int
    height: int


async def find(visit: Visit) -> Found:
    """The dataset of the address. Raises NotFound also for those who only may look at it: what they can do is on its
    own page."""
    owner, name = visit.at("owner"), visit.at("name")
    may = visit.role_on(owner, name) if "@" not in name else ""
    told = await visit.client.ask(api_path(owner, name))
    if not may:
        raise NotFound(f"{owner}/{name} is not yours to manage.")
    return Found(owner, name, str(told.get("title") or name), str(told["visibility"]), may, told)


async def dataset_page(visit: Visit) -> Answer:
    """The page of the dataset."""
    found = await find(visit)
    revisions, jobs, days = await asyncio.gather(_revisions(visit, found), _jobs(visit, found), _usage(visit, found))
    return visit.page(
        "dataset.html",
        found=found,
        moving=any(one["kind"] in MOVES and one["state"] in PENDING for one in jobs),
        revisions=revisions[:HISTORY],
        more=max(0, len(revisions) - HISTORY),
        jobs=[{**one, "share": share_done(one)} for one in jobs[:_JOBS]],
        days=days,
        calls=sum(one.calls for one in days),
        pending=any(one["state"] in PENDING for one in jobs),
        tab="",
    )


async def _revisions(visit: Visit, found: Found) -> list[Mapping[str, Any]]:
    """All of them, the newest first; none while they cannot be read."""
    try:
        return list((await visit.client.ask(api_path(found.owner, found.name, "revisions")))["data"])
    except (NotFound, ApiError):
        return []


async def _jobs(visit: Visit, found: Found) -> list[Mapping[str, Any]]:
    wanted = {"owner": found.owner, "name": found.name, "pagesize": "50"}
    return list((await visit.client.ask("/v1/jobs", wanted))["data"])


async def _usage(visit: Visit, found: Found) -> list[Day]:
    """A bar for each day; none of a private dataset, whose requests are counted under no name."""
    if found.visibility != "public":
        return []
    wanted = {"dataset": f"{found.owner}/{found.name}", "by": "day", "format": "json"}
    try:
        told = await visit.client.ask("/v1/usage", wanted)
    except ApiError:
        return []
    by_day = {str(one["day"])[:10]: one for one in told["data"]}
    last = date.fromisoformat(str(told["meta"]["to"])[:10])
    most = max([1, *(int(one["calls"]) for one in by_day.values())])
    shown = [(last - timedelta(days=before)).isoformat() for before in range(DAYS - 1, -1, -1)]
    return [_day(one, by_day.get(one, {}), most) for one in shown]


def _day(day: str, told: Mapping[str, Any], most: int) -> Day:
    calls = int(told.get("calls", 0))
    return Day(day, calls, int(told.get("rows", 0)), -(-calls * 100 // most))
