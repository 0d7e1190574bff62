"""How the files are read: which table, which rows are its header, which encoding; and what is left out."""

from __future__ import annotations

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.answers import answered, of_reading
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import draft_of, step_page, tried, write


async def files_page(visit: Visit) -> Answer:
    """What was found in the files."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    return step_page(visit, draft, "files", result=draft.result, decisions=of_reading(draft.result))


async def read_otherwise(visit: Visit) -> Answer:
    """Read them as the form says."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    answers = answered(list(visit.form), draft.result, draft.answers)
    if answers == dict(draft.answers) and draft.outcome not in ("", "failed"):
        return visit.sent_on(f"{draft.href}/columns")
    return after(visit, await tried(visit, await write(visit, draft, answers=answers), "files"))
