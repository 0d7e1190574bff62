"""How a job is doing, in the words that old clients know."""

from __future__ import annotations

from typing import Any, Final

from openspending.jobs import Job

_MOST_PROBLEMS: Final = 50
_STAGES: Final = (  # by how the stage of a job begins
    ("fetching", "loading-datapackage"),
    ("reading", "loading-resource"),
    ("checking", "validating-datapackage"),
    ("deriving", "loading-data"),
    ("storing", "saving-metadata"),
)


def status_of(job: Job) -> dict[str, Any]:
    """Status and progress, from 0 to 1, of an import; the reason where it failed."""
    if job.state == "done":
        return {"status": "done", "progress": 1}
    if job.state in ("failed", "cancelled"):
        return {"status": "fail", "progress": 0, "error": _reason(job)}
    if job.state == "queued":
        return {"status": "queued", "progress": 0}
    done, total = job.progress.done, job.progress.total
    return {"status": _stage(job.progress.stage), "progress": round(min(done / total, 1), 3) if total else 0}


def _stage(said: str) -> str:
    if not said:
        return "initializing"
    return next((word for begin, word in _STAGES if said.startswith(begin)), "loading-data")


def _reason(job: Job) -> str:
    """The error, and each problem in a line of its own."""
    lines = [job.error or "The job was cancelled."]
    lines += [str(one.get("message", "")) for one in job.problems[:_MOST_PROBLEMS]]
    return "\n".join(line for line in lines if line)
