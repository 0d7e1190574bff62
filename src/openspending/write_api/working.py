"""What the jobs of the Write API have in common: how they tell their progress, and how they give up."""

from __future__ import annotations

from openspending.errors import Conflict
from openspending.etl.sourcefile import Progress
from openspending.fdp.problems import PackageRejected
from openspending.jobs import GiveUp, Running
from openspending.speaking.said import of_error, said


def progress_of(running: Running) -> Progress:
    """Tells the job's record, and adds a line to its log for each new stage. Raises Cancelled when it is to stop."""
    last = ""

    def progress(done: int, total: int, stage: str) -> None:
        nonlocal last
        if stage and stage != last:
            last = stage
            running.say(stage)
        running.progress(done, total or None, stage)

    return progress


def stale(conflict: Conflict) -> GiveUp:
    """The end of a job that was to follow a revision which is no longer the newest."""
    sentence = said("What this was to follow has changed: {conflict}", conflict=of_error(conflict))
    told = {
        "code": "precondition-failed",
        "severity": "error",
        "title": said("What you build on has changed"),
        "message": sentence,
        "fix": said("Look at the current revision; ask again, with its number in If-Match, if yours should follow it."),
        "current": conflict.current,
    }
    return GiveUp(sentence, [told])


def lost(conflict: Conflict, expected: int | None) -> bool:
    """Whether a conflict is for good: the revision that was to be followed is not the newest. All others end: the
    dataset is being moved, or somebody else committed, whose revision ours may follow."""
    return expected is not None and conflict.current is not None and conflict.current != expected


def rejected_by(refusal: PackageRejected) -> GiveUp:
    """The end of a job whose package has errors."""
    count = len(refusal.report.errors)
    sentence = (
        said("1 error must be mended first; nothing was stored.")
        if count == 1
        else said("{count} errors must be mended first; nothing was stored.", count=count)
    )
    return GiveUp(sentence, refusal.report.to_list())
