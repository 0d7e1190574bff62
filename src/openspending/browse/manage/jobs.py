"""`/manage/jobs`: what was asked for and takes its time, how far it is, what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from openspending.browse.manage.listing import PENDING, owners_of
from openspending.browse.manage.nextstep import needs
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path, share_done
from openspending.client import ApiError
from openspending.errors import NotFound

STATES: Final = ("queued", "running", "done", "failed", "cancelled")
SHOWN: Final = 200  # problems of a job
_PAGE: Final = "50"
_FINISHING: Final = 25  # tenths of a second that a page waits for a job, which most need less than
_MOVED: Final = {"publish", "hide", "describe", "rename"}


async def jobs_page(visit: Visit) -> Answer:
    """The jobs that the visitor may see, the newest first."""
    asked = {name: visit.asked(name).strip()[:200] for name in ("owner", "name", "state", "cursor")}
    if asked["state"] not in STATES:
        asked["state"] = ""
    found = await visit.client.ask("/v1/jobs", {"pagesize": _PAGE, **{key: one for key, one in asked.items() if one}})
    cursor = parse_qs(urlsplit(found["next"] or "").query).get("cursor", [""])[0]
    narrowed = any(asked[name] for name in ("state", "cursor"))
    return visit.page(
        "jobs.html",
        jobs=[_with_share(one) for one in found["data"]],
        waiting=[] if narrowed else [_with_share(one) for one in _waiting(found["data"])],
        asked=asked,
        states=STATES,
        owners=owners_of(visit),
        following=cursor,
        pending=any(one["state"] in PENDING for one in found["data"]),
    )


async def job_page(visit: Visit) -> Answer:
    """One job: its progress, what it said, what is wrong and how to mend it."""
    return await _told(visit)


async def cancel(visit: Visit) -> Answer:
    """Stop the job."""
    return await _changed(visit, "cancel", "cancelled")


async def retry(visit: Visit) -> Answer:
    """Try the job again."""
    return await _changed(visit, "retry", "retried")


async def after(visit: Visit, job: Mapping[str, Any]) -> Answer:
    """Where to go from a form that began a job: back to the dataset where it is done at once, else to the job."""
    from_here = f"/manage/jobs/{job['id']}"
    for _ in range(_FINISHING):
        if job["state"] not in PENDING:
            break
        await asyncio.sleep(0.1)
        job = await visit.client.ask(f"/v1/jobs/{job['id']}")
    if job["state"] == "done" and job["kind"] in _MOVED:
        return visit.sent_on(f"/manage/{job['result']['dataset']}", str(job["kind"]))
    if job["state"] == "done" and job["kind"] == "withdraw":
        return visit.sent_on("/manage", "withdraw")
    return visit.sent_on(from_here)


async def _changed(visit: Visit, verb: str, done: str) -> Answer:
    job = visit.at("job")
    try:
        await visit.client.change("POST", f"/v1/jobs/{job}/{verb}", {})
    except ApiError as error:
        return await _told(visit, error)
    return visit.sent_on(f"/manage/jobs/{job}", done)


async def _told(visit: Visit, error: ApiError | None = None) -> Answer:
    path = f"/v1/jobs/{visit.at('job')}"
    job, log = await asyncio.gather(visit.client.ask(path), visit.client.ask(f"{path}/log"))
    problems = job["problems"]
    return visit.page(
        "job.html",
        200 if error is None else error.status,
        problem="" if error is None else error.detail,
        job=_with_share(job),
        problems=problems[:SHOWN],
        more=max(0, len(problems) - SHOWN),
        log=log["data"],
        pending=job["state"] in PENDING,
        there=await _is_there(visit, job),
    )


def _waiting(jobs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of jobs, the newest first, that wait for somebody: a later one of the same dataset has settled others."""
    last: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in jobs:
        last.setdefault((str(one["owner"]), str(one["name"] or one["id"])), one)
    return [one for one in last.values() if needs(one)]


def _with_share(job: Mapping[str, Any]) -> dict[str, Any]:
    return {**job, "share": share_done(job)}


async def _is_there(visit: Visit, job: Mapping[str, Any]) -> bool:
    """Whether there is a page on which the job's dataset is managed."""
    owner, name = str(job["owner"]), str(job["name"])
    if not name or not visit.role_on(owner, name):
        return False
    try:
        await visit.client.ask(api_path(owner, name))
    except (NotFound, ApiError):
        return False
    return True
