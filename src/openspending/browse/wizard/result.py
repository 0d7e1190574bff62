"""What would come of it: the first facts and their totals, or everything that is wrong, with its place and a fix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.sending import letting_send, limits
from openspending.browse.wizard.writing import Draft, draft_of, step_page

SHOWN: Final = 200  # problems


async def result_page(visit: Visit) -> Answer:
    """The preview, the totals and the problems."""
    draft = await draft_of(visit)
    return await result_shown(visit, draft)


async def result_shown(visit: Visit, draft: Draft, status: int = 200, problem: str = "") -> Answer:
    """The page of a draft that was tried; all others go where they are."""
    if draft.waits or draft.result is None or draft.outcome not in ("planned", "rejected"):
        return visit.sent_on(draft.href)
    result = draft.result
    problems = sorted(result["problems"], key=_place)
    assert draft.job is not None
    sending = await limits(visit)
    answer = step_page(
        visit,
        draft,
        "result",
        status,
        problem=problem,
        plan=result.get("plan"),
        errors=[one for one in problems if one["severity"] == "error"][:SHOWN],
        warnings=[one for one in problems if one["severity"] != "error"][:SHOWN],
        more=max(0, len(problems) - SHOWN),
        marked=draft.job["marked"],
        sending=sending,
    )
    return letting_send(answer, str(sending["origin"]))


def _place(problem: Mapping[str, Any]) -> tuple[str, int]:
    """By file and row, so that one can go through the file from top to bottom."""
    return str(problem.get("file") or problem.get("resource") or ""), int(problem.get("row") or 0)
