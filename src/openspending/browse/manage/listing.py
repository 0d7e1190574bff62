"""`/manage`: the datasets of the visitor and of their organisations, each with its state and its last job."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.manage.nextstep import NextStep, next_step
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.signedin.words import api_path, manage_path, page_path, share_done
from openspending.client import ApiError, Client
from openspending.errors import NotFound

PAGE: Final = 50
FILTERS: Final = ("all", "public", "private", "waiting")
MOVES: Final = ("publish", "hide", "withdraw", "rename")
PENDING: Final = ("queued", "running")
_MOST: Final = "10000"  # datasets of one answer
_JOBS: Final = "500"  # … and jobs: the newest


@dataclass(slots=True)
class Line:
    """A dataset in the list. `state` is public, private, moving, withdrawn, or none: nothing was imported yet; `job` is
    its last one, `share` how many percent of it are done; `may` the visitor's role."""

    owner: str
    name: str
    title: str
    state: str
    revision: int | None
    changed: str
    job: Mapping[str, Any] | None
    share: int | None
    may: str
    facts: int | None = None

    @property
    def there(self) -> bool:
        """Whether there is a dataset to be looked at."""
        return self.state in {"public", "private"} or (self.state == "moving" and self.revision is not None)

    @property
    def href(self) -> str:
        """Where it is managed."""
        return manage_path(self.owner, self.name)

    @property
    def page(self) -> str:
        """Its own page."""
        return page_path(self.owner, self.name)

    @property
    def next(self) -> NextStep | None:
        """What to do with it next."""
        return next_step(self.state, self.job, self.href, publishes=self.may in {"publisher", "admin"})

    @property
    def waiting(self) -> bool:
        """Whether it waits for somebody."""
        return self.next is not None and self.next.waits


async def datasets_page(visit: Visit) -> Answer:
    """The list, narrowed to what is asked for, fifty at a time."""
    owners = owners_of(visit)
    asked = visit.asked("owner")
    chosen = asked if asked in owners or visit.me.get("administrator") else ""
    lines, drafts = await asyncio.gather(_lines(visit, [chosen] if chosen else owners), visit.client.ask("/v1/drafts"))
    only, text = visit.asked("show"), visit.asked("q").strip()[:200]
    only = only if only in FILTERS else "all"
    wanted = [one for one in lines if _is(one, only) and _has(one, text)]
    number = _number(visit.asked("page"), len(wanted))
    part = wanted[(number - 1) * PAGE : number * PAGE]
    await asyncio.gather(*(_count(visit.client, one) for one in part))
    return visit.page(
        "datasets.html",
        lines=part,
        total=len(wanted),
        every=len(lines),
        waiting=sum(one.waiting for one in lines),
        drafts=len(drafts["data"]),
        imports=any(visit.has_role("editor", one) for one in owners),
        owners=owners,
        owner=chosen,
        only=only,
        text=text,
        previous=number - 1 if number > 1 else None,
        following=number + 1 if number * PAGE < len(wanted) else None,
        pending=any(one.job and one.job["state"] in PENDING for one in part),
    )


def owners_of(visit: Visit) -> list[str]:
    """The owners with datasets that the visitor may have to do with: their own name first."""
    own = str(visit.me["name"])
    shared = {dataset.partition("/")[0] for dataset in visit.me["grants"]}
    return [own, *sorted({*visit.me["roles"], *shared} - {own})]


async def _lines(visit: Visit, owners: Iterable[str]) -> list[Line]:
    """The datasets of these owners that are the visitor's to manage: what waits for somebody, then the last changed."""
    found = await asyncio.gather(*(_of_owner(visit, one) for one in owners))
    return sorted((line for part in found for line in part), key=lambda one: (one.waiting, one.changed), reverse=True)


async def _of_owner(visit: Visit, owner: str) -> list[Line]:
    wanted = {"owner": owner, "visibility": "all", "pagesize": _MOST}
    listed, jobs = await asyncio.gather(
        visit.client.ask("/v1/datasets", wanted), visit.client.ask("/v1/jobs", {"owner": owner, "pagesize": _JOBS})
    )
    last: dict[str, list[Mapping[str, Any]]] = {}
    for job in jobs["data"]:
        if job["name"] and job["kind"] in {"import", "describe", *MOVES} and not _only_looked(job):
            last.setdefault(str(job["name"]), []).append(job)
    lines = [_line(visit, one, last.pop(one["name"], [])) for one in listed["data"]]
    lines += [one for name, told in last.items() if (one := _unlisted(visit, owner, name, told)) is not None]
    return [one for one in lines if one.may]


def _only_looked(job: Mapping[str, Any]) -> bool:
    """Whether it was an import that was to store nothing: to see what is in a file is no news of a dataset."""
    return bool(job["result"]) and job["result"].get("outcome") in {"planned", "rejected"}


def _line(visit: Visit, one: Mapping[str, Any], jobs: list[Mapping[str, Any]]) -> Line:
    moving = any(job["kind"] in MOVES and job["state"] in PENDING for job in jobs)
    return Line(
        owner=one["owner"],
        name=one["name"],
        title=one["title"] or one["name"],
        state="moving" if moving else one["visibility"],
        revision=one["revision"],
        changed=str(one["created"]),
        job=jobs[0] if jobs else None,
        share=share_done(jobs[0]) if jobs else None,
        may=visit.role_on(one["owner"], one["name"]),
    )


def _unlisted(visit: Visit, owner: str, name: str, jobs: list[Mapping[str, Any]]) -> Line | None:
    """What is no dataset: it was withdrawn, or its first import has made none yet. None for what has another name."""
    done = next((job["kind"] for job in jobs if job["state"] == "done" and job["kind"] in MOVES), "")
    if done == "rename":
        return None
    job = jobs[0]
    state = "withdrawn" if done == "withdraw" else "none"
    changed = str(job["finished"] or job["created"])
    return Line(owner, name, name, state, None, changed, job, share_done(job), visit.role_on(owner, name))


async def _count(client: Client, line: Line) -> None:
    """Tell how many lines the dataset has, as soon as they are derived."""
    if line.there:
        try:
            facts = (await client.ask(api_path(line.owner, line.name)))["facts"]
            line.facts = facts["count"] if facts else None
        except (NotFound, ApiError, KeyError, TypeError):
            line.facts = None


def _is(line: Line, only: str) -> bool:
    return only in {"all", line.state} or (only == "waiting" and line.waiting)


def _has(line: Line, text: str) -> bool:
    return text.casefold() in f"{line.title} {line.owner}/{line.name}".casefold()


def _number(text: str, count: int) -> int:
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return min(max(wanted, 1), max(1, -(-count // PAGE)))
