"""The route of imports (docs/api/imports.md): what is asked is checked at once, and done by a job."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from litestar import Response, post
from litestar.params import RawBody

from openspending.actor import Actor
from openspending.asking import Body, read_body
from openspending.datastore import homes, permissions, revisions
from openspending.datastore.homes import Home
from openspending.errors import BadQuery, NotFound, Renamed, Withdrawn
from openspending.jobs import Job
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of, speak, wanted_language
from openspending.write_api.answers import accepted
from openspending.write_api.asking import asked
from openspending.write_api.auditing import told
from openspending.write_api.importwish import Import, read_import
from openspending.write_api.jobsaid import described
from openspending.write_api.permitted import require_known, sees_upload
from openspending.write_api.preconditions import expected
from openspending.write_api.service import Injected, Writing
from openspending.write_api.submitting import author_of, submit


@post("/imports", status_code=202, sync_to_thread=True)
def start_import(request: AnyRequest, writing: Injected, body: RawBody) -> Response[bytes]:
    """Import files into a dataset, as a job: its result is a revision, a list of questions, or a list of problems."""
    asked(request)
    require_known(actor_of(request))
    return writing.repeats.once(request, body, lambda: _started(request, writing, body))


def _started(request: AnyRequest, writing: Writing, data: bytes) -> Response[bytes]:
    body, actor = read_body(data), actor_of(request)
    owner, name, wanted = read_import(body)
    body.settle()
    home = home_for_import(writing, actor, owner, name)
    if wanted.publish and (home is None or home.visibility == "private"):
        permissions.require(actor, "publish", owner, name)
    _check_uploads(writing, actor, owner, wanted, body)
    body.settle()
    writing.quota.check(owner)
    newest = None if home is None else revisions.latest(home.objects, owner, name)
    asker = {"author": author_of(actor), "language": wanted_language(request.scope)}
    payload = {**wanted.payload(), **asker, "expected": expected(request, newest)}
    writing.uploads.needed(wanted.uploads)
    job = submit(writing, request, "import", payload, owner, name)
    told(writing, request, "import", owner, name, job=job.id, files=_files(wanted), publish=wanted.publish)
    return answer_with(request, job)


def answer_with(request: AnyRequest, job: Job) -> Response[bytes]:
    """202, with the job."""
    return accepted(request, described(job, language=speak(request.scope)), f"/v1/jobs/{job.id}")


def home_for_import(writing: Writing, actor: Actor, owner: str, name: str) -> Home | None:
    """Where the dataset lives that the actor may import into; None where there is none yet.

    Raises NotFound, Forbidden, Withdrawn; BadQuery where it has another address now.
    """
    try:
        return homes.open_home(writing.store, actor, "import", owner, name)
    except Renamed as error:
        now = f"{error.owner}/{error.name}"
        raise BadQuery(
            said("{owner}/{name} is now {now}.", owner=owner, name=name, now=now), (now,), "/name"
        ) from error
    except Withdrawn:
        raise
    except NotFound:
        if permissions.may(actor, "import", owner, name):
            return None
        raise


def _check_uploads(writing: Writing, actor: Actor, owner: str, wanted: Import, body: Body) -> None:
    """Note uploads that are not there, not complete, or somebody else's."""
    for number, one in enumerate(wanted.files):
        if one.upload is None:
            continue
        reason = _unusable(writing, actor, owner, one.upload)
        if reason:
            body.wrong.append(BadQuery(reason, (), f"/files/{number}/upload"))


def _unusable(writing: Writing, actor: Actor, owner: str, upload: str) -> str:
    try:
        found = writing.uploads.get(upload)
    except NotFound as error:
        return str(error)
    if not sees_upload(actor, found.owner, found.account):
        return "There is no such upload, or it has expired."
    if found.owner != owner:
        return f"The upload belongs to {found.owner}, not to {owner}."
    return "" if found.state == "complete" else "The upload is not complete."


def _files(wanted: Import) -> list[str]:
    """What the audit log is told of the files: no query of a URL, which may hold a secret."""
    return [one.upload or urlsplit(one.url or "")._replace(query="", fragment="").geturl() for one in wanted.files]


HANDLERS: Final = (start_import,)
