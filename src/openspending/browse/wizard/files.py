"""How the files are read: which table, which rows are its header, which encoding; and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openspending.browse.languages import gettext as _
from openspending.browse.languages import later
from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.answers import answered, of_reading
from openspending.browse.wizard.where import after
from openspending.browse.wizard.writing import draft_of, step_page, tried, write

_LEFT: Final[Mapping[str, str]] = {
    "table": later("another table"),
    "banner": later("above the table"),
    "note": later("note"),
    "blank": later("empty rows"),
    "empty column": later("empty column"),
    "other table": later("another table"),
    "repeated header": later("the header again"),
    "column numbers": later("numbers of columns"),
    "cells beyond the header": later("cells beyond the header"),
    "total": later("total"),
    "subtotal": later("subtotal"),
    "heading": later("headings"),
    "other": later("other rows"),
}


def kind_of(left: str) -> str:
    """What was left out, in the language of the page; as the API says it where we have no word for it."""
    return _(_LEFT[left]) if left in _LEFT else left


async def files_page(visit: Visit) -> Answer:
    """What was found in the files."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    decisions = of_reading(draft.result)
    return step_page(visit, draft, "files", result=draft.result, decisions=decisions, kind_of=kind_of)


async def read_otherwise(visit: Visit) -> Answer:
    """Read them as the form says."""
    draft = await draft_of(visit)
    if draft.result is None:
        return visit.sent_on(draft.href)
    answers = answered(list(visit.form), draft.result, draft.answers)
    if answers == dict(draft.answers) and draft.outcome not in ("", "failed"):
        return visit.sent_on(f"{draft.href}/columns")
    return after(visit, await tried(visit, await write(visit, draft, answers=answers), "files"))
