"""A job as JSON: what it was asked, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.problems import told_problem
from openspending.jobs import Job
from openspending.speaking import ENGLISH
from openspending.speaking.kept import again
from openspending.speaking.said import in_language
from openspending.write_api.answers import moment
from openspending.write_api.asking import dataset_path
from openspending.write_api.markedfiles import MarkedFile


def described(job: Job, marked: Sequence[MarkedFile] = (), language: str = ENGLISH) -> dict[str, Any]:
    """The job, told in a language, whoever asked for it in which; with the files of its `marked` copy, if it has any.
    Of what it says while it runs, only sentences without words of their own are told."""
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
        "progress": {
            "done": job.progress.done,
            "total": job.progress.total,
            "stage": in_language(job.progress.stage, language),
        },
        "result": _told(again(job.result, job.said, "/result"), language),
        "error": again(job.error, job.said, "/error"),
        "problems": _told(again(list(job.problems), job.said, "/problems"), language),
        "marked": [
            {"name": one.name, "bytes": one.size, "url": f"{path}/marked/{quote(one.name, safe='')}"} for one in marked
        ],
        "links": links | ({"dataset": dataset_path(job.owner, job.name)} if job.name else {}),
    }


def _told(value: Any, language: str) -> Any:
    """The tree with all problems in it told in a language."""
    if isinstance(value, list):
        return [_told(one, language) for one in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("code") in CATALOGUE and {"severity", "message", "fix"} <= value.keys():
        return told_problem(value, language)
    return {name: _told(one, language) for name, one in value.items()}
