"""`/package`: loading what was uploaded, and how that is going."""

from __future__ import annotations

from typing import Final

from litestar import HttpMethod, Response, post, route
from litestar.datastructures import Cookie
from litestar.params import RawBody

from openspending.conductor import loading, moving
from openspending.conductor.addresses import Named, named
from openspending.conductor.asking import answered, asked
from openspending.conductor.datastoreroutes import check_quota
from openspending.conductor.identifying import TAKES_PERMISSION, known
from openspending.conductor.service import Conductor, Injected
from openspending.conductor.statuses import status_of
from openspending.datastore.permissions import may
from openspending.errors import BadQuery, NotFound, Unauthorised
from openspending.jobs import Job
from openspending.web import AnyRequest, actor_of
from openspending.write_api.auditing import told
from openspending.write_api.submitting import author_of, submit

GET: Final = (HttpMethod.GET, HttpMethod.HEAD)
COOKIE: Final = "os_package_job"
STATUS: Final = "/package/status"


@post("/package/upload", status_code=200, opt=TAKES_PERMISSION, sync_to_thread=True)
def load_package(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Load a package whose files were uploaded here; `datapackage` is the URL of its descriptor."""
    found, actor = asked(request, body), known(request)
    package = named(conductor.staged, conductor.address(request), found.need("datapackage"))
    owner, name = package.owner, package.name
    moving.require(actor, "import", owner, name)
    place = conductor.staged.find(owner, name)
    if place is None or package.folder not in ("", place.folder) or not _is_there(conductor, place.key(package.path)):
        raise BadQuery(f"There is no “{package.path[:100]}” of {owner}:{name}; upload it first.", (), "datapackage")
    check_quota(conductor, owner)
    wanted = loading.payload(place.prefix, package.path, author_of(actor))
    job = submit(conductor.writing, request, "import", wanted, owner, name)
    told(conductor.writing, request, "import", owner, name, job=job.id, files=[package.path], publish=False)
    answer = answered(found, {"progress": 0, "status": "queued"})
    answer.set_cookie(_proof(job, secure=conductor.address(request).startswith("https://")))
    return answer


def _is_there(conductor: Conductor, key: str) -> bool:
    return conductor.writing.store.private.exists(key)


def _proof(job: Job, *, secure: bool) -> Cookie:
    """What the client may ask for the status with: clients of the original send no token there."""
    return Cookie(
        key=COOKIE,
        value=job.id,
        path=STATUS,
        max_age=24 * 3600,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


@route("/package/status", http_method=GET, opt=TAKES_PERMISSION, sync_to_thread=True)
def package_status(request: AnyRequest, conductor: Injected) -> Response[bytes]:
    """How far the loading of a package is; for its owner, and for whoever has its upload URL."""
    found = asked(request)
    try:
        package = named(conductor.staged, conductor.address(request), found.need("datapackage"))
    except NotFound:
        package = Named("", "", "", "")
    jobs = conductor.writing.jobs.listed(kinds=("import",), owners=[package.owner], name=package.name, limit=1)
    _require_seeing(request, conductor, package, jobs)
    if not jobs:
        raise _unknown()
    return answered(found, status_of(jobs[0]))


def _require_seeing(request: AnyRequest, conductor: Conductor, package: Named, jobs: list[Job]) -> None:
    """Raise unless the asker may know of the package; what is said does not depend on whether it is there."""
    actor = actor_of(request)
    if may(actor, "import", package.owner, package.name):
        return
    if jobs and request.cookies.get(COOKIE) == jobs[0].id:
        return
    if package.folder:
        place = conductor.staged.find(package.owner, package.name)
        if place is not None and package.is_in(place):
            return
    if not actor.known:
        raise Unauthorised("Send a permission token, or ask by the upload_url of the descriptor.")
    raise _unknown()


def _unknown() -> NotFound:
    return NotFound("Nothing is known of such a package.")


@post("/package/run-hooks", status_code=200, opt=TAKES_PERMISSION, sync_to_thread=True)
def run_hooks(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Gone: this server sends nothing to an address that a request names."""
    found = asked(request, body)
    del conductor
    known(request)
    said = (
        "This server sends nothing to an address that a request names. Register a webhook at /v1/webhooks: it is told "
        "of every revision by itself."
    )
    return answered(found, {"success": False, "error": said}, 410)


@route("/package/stats", http_method=GET, opt=TAKES_PERMISSION, sync_to_thread=True)
def package_stats(request: AnyRequest, conductor: Injected) -> Response[bytes]:
    """How many public packages there are, of how many countries, with how many facts."""
    return answered(asked(request), conductor.documents.stats())


HANDLERS: Final = (load_package, package_status, run_hooks, package_stats)
