"""What the jobs of the Write API have in common: how they tell their progress, and how they give up."""

from __future__ import annotations

from openspending.errors import Conflict
from openspending.etl.sourcefile import Progress
from openspending.jobs import GiveUp, Running


def progress_of(running: Running) -> Progress:
    """Tells the job's record, and adds a line to its log for each new stage. Raises Cancelled when it is to stop."""
    said = ""

    def progress(done: int, total: int, stage: str) -> None:
        nonlocal said
        if stage and stage != said:
            said = stage
            running.say(stage)
        running.progress(done, total or None, stage)

    return progress


def stale(conflict: Conflict) -> GiveUp:
    """The end of a job that was to follow a revision which is no longer the newest."""
    said = f"What this was to follow has changed: {conflict}"
    told = {
        "code": "precondition-failed",
        "severity": "error",
        "title": "What you build on has changed",
        "message": said,
        "fix": "Look at the current revision; ask again, with its number in If-Match, if yours should follow it.",
        "current": conflict.current,
    }
    return GiveUp(said, [told])


def lost(conflict: Conflict, expected: int | None) -> bool:
    """Whether a conflict is for good: the revision that was to be followed is not the newest. All others end: the
    dataset is being moved, or somebody else committed, whose revision ours may follow."""
    return expected is not None and conflict.current is not None and conflict.current != expected
