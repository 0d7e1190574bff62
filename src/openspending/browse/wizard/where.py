"""Which page of a draft is next, and the page that waits for it."""

from __future__ import annotations

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.writing import STEPS, Draft, draft_of, page, tried, write


async def draft_page(visit: Visit) -> Answer:
    """Go where the draft goes on; wait where it is being tried."""
    draft = await draft_of(visit)
    if draft.waits:
        return page(visit, "waiting.html", draft=draft, job=draft.job)
    if draft.outcome == "failed":
        return page(visit, "stopped.html", draft=draft, job=draft.job)
    if draft.result is None:  # what was found is forgotten after a month, or was never looked for
        return page(visit, "again.html", draft=draft)
    return visit.sent_on(next_page(draft))


async def try_again(visit: Visit) -> Answer:
    """Try the draft as it is."""
    draft = await draft_of(visit)
    if visit.field("anew"):
        draft = await write(visit, draft, answers={})
    return after(visit, await tried(visit, draft, "again"))


def next_page(draft: Draft) -> str:
    """The address of the page that comes next: questions before all else, then what is wrong; the next file
    of a dataset that leaves nothing to decide goes straight to what would change."""
    if draft.outcome == "questions":
        return f"{draft.href}/columns"
    if draft.known and draft.outcome == "planned" and draft.notes.get("step") in ("begin", "again"):
        return f"{draft.href}/publish"
    came_from = draft.notes.get("step", "")
    if came_from == "begin":
        return f"{draft.href}/{'result' if draft.outcome == 'rejected' else 'columns'}"
    if came_from == "again" or came_from not in STEPS:
        return f"{draft.href}/{'result' if draft.outcome == 'rejected' else 'columns'}"
    following = STEPS[min(STEPS.index(came_from) + 1, len(STEPS) - 1)]
    return f"{draft.href}/{'result' if following == 'publish' and draft.outcome == 'rejected' else following}"


def after(visit: Visit, draft: Draft) -> Answer:
    """Where to go from a form: on, or to the page that waits."""
    if draft.waits or draft.outcome == "failed":
        return visit.sent_on(draft.href)
    return visit.sent_on(next_page(draft))
