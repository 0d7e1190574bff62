"""What would come of it: the first facts and their totals, or everything that is wrong, with its place and a fix."""

from __future__ import annotations

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.findings import PLACES, SHOWN, findings
from openspending.browse.wizard.sending import letting_send, limits
from openspending.browse.wizard.writing import Draft, draft_of, step_page


async def result_page(visit: Visit) -> Answer:
    """The preview, the totals and the problems."""
    draft = await draft_of(visit)
    return await result_shown(visit, draft)


async def result_shown(visit: Visit, draft: Draft, status: int = 200, problem: str = "") -> Answer:
    """The page of a draft that was tried; all others go where they are."""
    if draft.waits or draft.result is None or draft.outcome not in ("planned", "rejected"):
        return visit.sent_on(draft.href)
    result = draft.result
    found = findings(result)
    errors, odd = [one for one in found if one.error], [one for one in found if not one.error and not one.step]
    steps = [one for one in found if one.step and not one.error]
    assert draft.job is not None
    sending = await limits(visit)
    answer = step_page(
        visit,
        draft,
        "result",
        status,
        problem=problem,
        plan=result.get("plan"),
        errors=errors[:SHOWN],
        warnings=odd[:SHOWN],
        steps=steps[:SHOWN],
        more=sum(max(0, len(one) - SHOWN) for one in (errors, odd, steps)),
        most=PLACES,
        several=sum(len(one["files"]) for one in result["tables"]) > 1,
        marked=draft.job["marked"],
        sending=sending,
    )
    return letting_send(answer, str(sending["origin"]))
