"""What a dataset waits for: the one thing to do next, by its state and its last job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.languages import gettext as _

FAILED: Final = "failed"
ASKING: Final = "questions"  # an import that cannot go on without answers


@dataclass(frozen=True, slots=True)
class NextStep:
    """`words` lead to `href`; `waits` says that nothing goes on before it is done."""

    words: str
    href: str
    waits: bool = False


def needs(job: Mapping[str, Any] | None) -> str:
    """Why a job waits for somebody: it failed, or it has questions; "" where it waits for nobody."""
    if job is None:
        return ""
    if job["state"] == FAILED:
        return FAILED
    asking = job["state"] == "done" and job["result"] and job["result"].get("outcome") == ASKING
    return ASKING if asking else ""


def next_step(state: str, job: Mapping[str, Any] | None, href: str, *, publishes: bool) -> NextStep | None:
    """What to do next with a dataset that is managed at `href`; None where nothing has to be. `publishes` says whether
    the visitor may."""
    why = needs(job)
    if job is not None and why and state != "withdrawn":
        words = _("See what went wrong") if why == FAILED else _("Answer its questions")
        return NextStep(words, f"/manage/jobs/{job['id']}", waits=True)
    if state == "private" and publishes:
        return NextStep(_("Publish"), f"{href}/publish")
    return None
