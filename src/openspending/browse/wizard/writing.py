"""A draft of an import, as the APIs have it, and the dry import that tries it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.rendering import html
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.measures import labels
from openspending.browse.wizard.subjects import left_aside
from openspending.errors import NotFound
from openspending.web import CLOSED

STEPS: Final = ("files", "columns", "result", "about", "publish")
PENDING: Final = ("queued", "running")
_WAITING: Final = 25  # tenths of a second that a form waits for what it has started


@dataclass(slots=True)
class Draft:
    """An import that somebody writes. `job` is the dry import that tried it last, `seen` the last one that came as far
    as the tables; either may have been forgotten by the APIs, or never been."""

    told: Mapping[str, Any]
    job: Mapping[str, Any] | None = None
    seen: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.told["id"])

    @property
    def href(self) -> str:
        """The address of its pages."""
        return f"/import/{self.id}"

    @property
    def aside(self) -> Mapping[str, str]:
        """What was answered, but is asked no more, or cannot be said any more: the last try left it aside."""
        left: Mapping[str, str] = {} if self.result is None else self.result.get("aside", {})
        return {one: value for one, value in left.items() if self.told["answers"].get(one) == value}

    @property
    def answers(self) -> Mapping[str, str]:
        """What was answered so far, and counts."""
        return {one: value for one, value in self.told["answers"].items() if one not in self.aside}

    @property
    def notes(self) -> Mapping[str, str]:
        """What these pages keep of it."""
        notes: Mapping[str, str] = self.told["notes"]
        return notes

    @property
    def result(self) -> Mapping[str, Any] | None:
        """What the last try found that came as far as the tables."""
        return None if self.seen is None else self.seen["result"]

    @property
    def outcome(self) -> str:
        """What became of the last try: `questions`, `rejected`, `planned`; `failed`; "" for none yet."""
        if self.job is None or self.job["state"] in PENDING:
            return ""
        return str(self.job["result"]["outcome"]) if self.job["state"] == "done" else "failed"

    @property
    def waits(self) -> bool:
        """Whether it is being tried."""
        return self.job is not None and self.job["state"] in PENDING

    @property
    def known(self) -> bool:
        """Whether the dataset exists, and its next file leaves nothing to decide: what is new of it is only shown."""
        result = self.result
        if result is None or result["outcome"] != "planned" or result["plan"]["published"] is None:
            return False
        return not self.answers

    @property
    def drift(self) -> Sequence[Mapping[str, Any]]:
        """The tables whose columns are not those of the last revision."""
        return [one for one in (self.result or {}).get("drift", ()) if one["state"] != "same"]


async def draft_of(visit: Visit) -> Draft:
    """The draft of the address, with what was found. Raises NotFound."""
    return await with_jobs(visit, await visit.client.ask(f"/v1/drafts/{visit.at('draft')}"))


async def with_jobs(visit: Visit, told: Mapping[str, Any]) -> Draft:
    """The draft with its tries, as far as they are still known."""
    notes = told["notes"]
    job = await _job(visit, notes.get("job", ""))
    tabled = job is not None and job["state"] == "done"
    return Draft(told, job, job if tabled else await _job(visit, notes.get("seen", "")))


async def _job(visit: Visit, id_: str) -> Mapping[str, Any] | None:
    if not id_:
        return None
    try:
        return await visit.client.ask(f"/v1/jobs/{id_}")
    except NotFound:
        return None


async def write(visit: Visit, draft: Draft, **changed: Any) -> Draft:
    """The draft with these members changed."""
    told = await visit.client.change("PATCH", f"/v1/drafts/{draft.id}", changed)
    return Draft(told, draft.job, draft.seen)


async def tried(visit: Visit, draft: Draft, step: str) -> Draft:
    """Try the draft as it is now; `step` is where the visitor comes from. It waits a little, for most are quick.

    Raises ApiError for what cannot even be asked.
    """
    job = await visit.client.change("POST", "/v1/imports", {**request_of(draft), "dry": True})
    notes = {**draft.notes, "job": job["id"], "step": step}
    if draft.seen is not None:
        notes["seen"] = str(draft.seen["id"])
    written = await write(visit, draft, notes=notes, answers=dict(draft.answers))
    for _ in range(_WAITING):
        if job["state"] not in PENDING:
            break
        await asyncio.sleep(0.1)
        job = await visit.client.ask(f"/v1/jobs/{job['id']}")
    written.job = job
    if job["state"] == "done":
        written.seen = job
    return written


def request_of(draft: Draft) -> dict[str, Any]:
    """The import that a draft asks for."""
    names = ("owner", "name", "files", "answers", "properties", "controls", "add")
    told = {**draft.told, "answers": dict(draft.answers)}
    return {name: told[name] for name in names if told[name]}


def page(visit: Visit, template: str, status: int = 200, **words: Any) -> Answer:
    """A page of the wizard."""
    shared = {"known": True, "csrf": visit.csrf, "me": visit.me, "problem": ""}
    faults = defaultdict(str, words.pop("faults", {}))
    answer = html(visit.request, f"import/{template}", status, **{**shared, "faults": faults, **words})
    answer.set_header("Cache-Control", CLOSED)
    answer.cookies.extend(visit.cookies)
    return answer


def step_page(visit: Visit, draft: Draft, step: str, status: int = 200, **words: Any) -> Answer:
    """The page of a step, with the way through all of them."""
    called = {} if draft.result is None else labels(draft.result)
    shared = {
        "draft": draft,
        "step": step,
        "reached": reached(draft),
        "aside": left_aside(draft.aside),
        "called": called,
    }
    return page(visit, f"{step}.html", status, **shared, **words)


def reached(draft: Draft) -> Sequence[str]:
    """The steps that can be looked at now."""
    if draft.result is None:
        return ()
    if draft.outcome in ("questions", "failed"):
        return STEPS[:2]
    return STEPS[:4] if draft.outcome == "rejected" else STEPS
