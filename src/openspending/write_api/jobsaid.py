"""A job as JSON: what it was asked, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from openspending.jobs import Job
from openspending.write_api.answers import moment
from openspending.write_api.asking import dataset_path
from openspending.write_api.markedfiles import MarkedFile


def described(job: Job, marked: Sequence[MarkedFile] = ()) -> dict[str, Any]:
    """The job; with the files of its `marked` copy, if it has any."""
    path = f"/v1/jobs/{job.id}"
    links = {"self": path, "log": f"{path}/log"}
    links |= {"cancel": f"{path}/cancel"} if job.state in ("queued", "running") else {}
    links |= {"retry": f"{path}/retry"} if job.state in ("failed", "cancelled") else {}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "owner": job.owner,
        "name": job.name,
        "account": job.account,
        "created": moment(job.created),
        "started": moment(job.started),
        "finished": moment(job.finished),
        "attempts": job.attempts,
        "progress": {"done": job.progress.done, "total": job.progress.total, "stage": job.progress.stage},
        "result": job.result,
        "error": job.error,
        "problems": list(job.problems),
        "marked": [
            {"name": one.name, "bytes": one.size, "url": f"{path}/marked/{quote(one.name, safe='')}"} for one in marked
        ],
        "links": links | ({"dataset": dataset_path(job.owner, job.name)} if job.name else {}),
    }
