"""`/manage/{owner}/{name}`: one dataset, what can be done with it, its revisions, its jobs and how much it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.manage import usage
from openspending.browse.manage.listing import MOVES, PENDING
from openspending.browse.manage.nextstep import needs
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path, manage_path, page_path, share_done
from openspending.client import ApiError
from openspending.errors import NotFound

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
    revisions, jobs, used = await asyncio.gather(_revisions(visit, found), _jobs(visit, found), _usage(visit, found))
    last = next((one for one in jobs if one["kind"] in {"import", "describe", *MOVES}), None)
    moving = any(one["kind"] in MOVES and one["state"] in PENDING for one in jobs)
    return visit.page(
        "dataset.html",
        found=found,
        moving=moving,
        waits=needs(last),
        last=last,
        revisions=revisions[:HISTORY],
        more=max(0, len(revisions) - HISTORY),
        jobs=[{**one, "share": share_done(one)} for one in jobs[:_JOBS]],
        used=used,
        periods=usage.PERIODS,
        period=usage.period(visit),
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


async def _usage(visit: Visit, found: Found) -> usage.Usage | None:
    """None of a private dataset, whose requests are counted under no name."""
    return await usage.of_dataset(visit, f"{found.owner}/{found.name}") if found.visibility == "public" else None
