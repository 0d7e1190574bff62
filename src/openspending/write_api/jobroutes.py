"""Routes of jobs (docs/api/jobs.md): which there are, how far they are, what they said; cancel and try again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Response, post, route
from litestar.params import PathParameter, RawBody
from litestar.response import Stream

from openspending.actor import Actor
from openspending.asking import read_body
from openspending.datastore.objects import CONTENT_TYPES
from openspending.datastore.permissions import may
from openspending.errors import BadQuery, NotFound
from openspending.jobs import Job
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, speak
from openspending.write_api.answers import PRIVATE, answered, moment
from openspending.write_api.asking import GET, JobId, asked, page_of, whole, written
from openspending.write_api.auditing import told
from openspending.write_api.jobsaid import described
from openspending.write_api.markedfiles import marked_files
from openspending.write_api.permitted import require_changing, require_known, sees_job
from openspending.write_api.service import Injected, Writing

STATES: Final = ("queued", "running", "done", "failed", "cancelled")
LISTED: Final = ("owner", "name", "state", "kind", "pagesize", "cursor")
_MOST_LINES: Final = 1000
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]")

FileName = Annotated[str, PathParameter(description="The name of a file.")]


@route("/jobs", http_method=GET, sync_to_thread=True)
def list_jobs(request: AnyRequest, writing: Injected) -> Response[bytes]:
    """Jobs, the newest first: one's own, and those on datasets that one may import into."""
    values, actor = asked(request, LISTED), actor_of(request)
    require_known(actor)
    page, state = page_of(values), values.get("state", "").strip()
    if state and state not in STATES:
        raise BadQuery(said("“{state}” is no state of a job.", state=state[:40]), STATES, "state")
    place = page.place(1)
    wanted: dict[str, Any] = {
        "states": [state] if state else [],
        "kinds": [values["kind"]] if values.get("kind") else [],
        "name": values.get("name") or None,
        "before": place[0] if place else None,
        "limit": page.size + 1,
    }
    found = _visible(writing, actor, values.get("owner") or None, wanted)
    shown = [one for one in found[: page.size] if sees_job(actor, one)]
    following = written(found[page.size - 1].id) if len(found) > page.size else None
    link = None if following is None else "/v1/jobs?" + urlencode({**values, "cursor": following})
    language = speak(request.scope)
    data = [described(one, language=language) for one in shown]
    return answered({"data": data, "returned": len(shown), "next": link}, language=language)


def _visible(writing: Writing, actor: Actor, owner: str | None, wanted: dict[str, Any]) -> list[Job]:
    """Jobs that the actor may see, the newest first: its own, its owners', those of datasets shared with it."""
    listed = writing.jobs.listed
    if actor.administrator:
        return listed(**wanted, owners=None if owner is None else [owner])
    owners = [one for one in actor.roles if may(actor, "import", one, "") or actor.scopes is not None]
    found = [*listed(**wanted, account=actor.account, owners=None if owner is None else [owner])]
    found += listed(**wanted, owners=[one for one in owners if owner in (None, one)])
    for dataset in actor.grants:
        holder, _, name = dataset.partition("/")
        if owner in (None, holder) and wanted["name"] in (None, name):
            found += listed(**{**wanted, "name": name}, owners=[holder])
    unique = {one.id: one for one in found}
    return sorted(unique.values(), key=lambda one: one.id, reverse=True)[: wanted["limit"]]


@route("/jobs/{job:str}", http_method=GET, sync_to_thread=True)
def show_job(request: AnyRequest, writing: Injected, job: JobId) -> Response[bytes]:
    """A job: its state, its progress, its result or its problems."""
    asked(request)
    found = seen(request, writing, job)
    language = speak(request.scope)
    marked = marked_files(writing, found.id) if _refused(found) else []
    return answered(described(found, marked, language), language=language)


def _refused(job: Job) -> bool:
    """Whether a job is an import that found something wrong."""
    tried = job.state == "done" and (job.result or {}).get("outcome") == "rejected"
    return job.kind == "import" and (job.state == "failed" or tried)


@route("/jobs/{job:str}/log", http_method=GET, sync_to_thread=True)
def job_log(request: AnyRequest, writing: Injected, job: JobId) -> Response[bytes]:
    """What a job said, without the first `after` lines."""
    values = asked(request, ("after",))
    found = seen(request, writing, job)
    after = whole(values, "after", 0, 999_999_999)
    lines = writing.jobs.log(found.id, after)[:_MOST_LINES]
    stated = [{"at": moment(one.at), "attempt": one.attempt, "text": one.text} for one in lines]
    return answered({"data": stated, "after": after + len(stated), "state": found.state})


@route("/jobs/{job:str}/marked/{filename:str}", http_method=GET, sync_to_thread=True)
def marked_file(request: AnyRequest, writing: Injected, job: JobId, filename: FileName) -> Stream:
    """A file of the marked copy of what an import refused."""
    asked(request)
    found = seen(request, writing, job)
    for one in marked_files(writing, found.id):
        if one.name == filename:
            kind = CONTENT_TYPES.get("." + one.name.rpartition(".")[2].lower(), "application/octet-stream")
            headers = {
                **PRIVATE,
                "Content-Type": kind,
                "Content-Length": str(one.size),
                "Content-Disposition": f'attachment; filename="{_PLAIN.sub("_", one.name)}"',
                "X-Content-Type-Options": "nosniff",
            }
            return Stream(_chunks(writing, request, one.key), headers=headers)
    raise NotFound(said("There is no such file, or it has expired."))


def _chunks(writing: Writing, request: AnyRequest, key: str) -> Iterator[bytes]:
    if request.method != "HEAD":
        yield from writing.store.private.stream(key)


@post("/jobs/{job:str}/cancel", status_code=200, sync_to_thread=True)
def cancel_job(request: AnyRequest, writing: Injected, job: JobId, body: RawBody) -> Response[bytes]:
    """Stop a job. What waits is cancelled at once; what runs stops at its next step. What is finished stays."""
    return _changed(request, writing, job, body, "cancel-job", writing.jobs.cancel)


@post("/jobs/{job:str}/retry", status_code=202, sync_to_thread=True)
def retry_job(request: AnyRequest, writing: Injected, job: JobId, body: RawBody) -> Response[bytes]:
    """Try a job again that failed or was cancelled."""
    return _changed(request, writing, job, body, "retry-job", writing.jobs.retry, 202)


def _changed(
    request: AnyRequest,
    writing: Writing,
    job: str,
    data: bytes,
    action: str,
    change: Callable[[str], Job],
    status: int = 200,
) -> Response[bytes]:
    asked(request)
    found = seen(request, writing, job)
    body = read_body(data)
    body.only()
    body.settle()

    require_changing(actor_of(request), found)

    def work() -> Response[bytes]:
        changed = change(found.id)
        told(writing, request, action, found.owner, found.name, job=found.id)
        return answered(described(changed), status, {"Location": f"/v1/jobs/{found.id}"} if status == 202 else {})

    return writing.repeats.once(request, data, work)


def seen(request: AnyRequest, writing: Writing, job: str) -> Job:
    """The job, if the actor may see it. Raises Unauthorised for nobody, NotFound."""
    actor = actor_of(request)
    require_known(actor)
    found = writing.jobs.get(job)
    if not sees_job(actor, found):
        raise NotFound(said("There is no job {job}.", job=job[:60]))
    return found


HANDLERS: Final = (list_jobs, show_job, job_log, marked_file, cancel_job, retry_job)
