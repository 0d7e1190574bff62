"""`/package`: publishing, hiding, deleting, and what viewers show at first; done by jobs that requests wait for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response, post
from litestar.concurrency import sync_to_thread
from litestar.params import RawBody

from openspending.conductor import moving
from openspending.conductor.asking import Asked, answered, asked
from openspending.conductor.identifying import TAKES_PERMISSION, known
from openspending.conductor.service import Conductor, Injected
from openspending.errors import BadQuery
from openspending.jobs import Job
from openspending.web import AnyRequest, to_json
from openspending.write_api.auditing import told

REASON: Final = "It was deleted by its owner."
_PUBLISH: Final = ("true", "false", "toggle")


@dataclass(frozen=True, slots=True)
class Begun:
    """What a request has begun: `body` is the answer if the job succeeds, or at once where no job is needed."""

    asked: Asked
    body: dict[str, Any]
    job: Job | None = None


@post("/package/publish", status_code=200, opt=TAKES_PERMISSION)
async def publish_package(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Show a package to everybody, or hide it; `publish` is true, false or toggle."""
    return await _ended(conductor, await sync_to_thread(_published, request, conductor, body))


def _published(request: AnyRequest, conductor: Conductor, body: bytes) -> Begun:
    found, actor = asked(request, body), known(request)
    owner, name = moving.dataset_of(found.need("id"))
    wanted = found.need("publish").lower()
    if wanted not in _PUBLISH:
        raise BadQuery("“publish” must be true, false or toggle.", _PUBLISH, "publish")
    moving.require(actor, "publish", owner, name)
    home = moving.home_of(conductor, owner, name)
    if home is None:
        return _not_located(found, owner, name)
    is_public = home.visibility == "public"
    publish = not is_public if wanted == "toggle" else wanted == "true"
    kind = "publish" if publish else "hide"
    job = None if publish == is_public else moving.begun(conductor, request, kind, owner, name)
    return Begun(found, {"success": True, "published": publish}, job)


@post("/package/delete", status_code=200, opt=TAKES_PERMISSION)
async def delete_package(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Delete a package, with its files and figures, also if it was only uploaded. Where it was public, a note stays."""
    return await _ended(conductor, await sync_to_thread(_deleted, request, conductor, body))


def _deleted(request: AnyRequest, conductor: Conductor, body: bytes) -> Begun:
    found, actor = asked(request, body), known(request)
    owner, name = moving.dataset_of(found.need("id"))
    moving.require(actor, "administer", owner, name)
    waiting = conductor.staged.clear(owner, name)
    if waiting:
        told(conductor.writing, request, "delete-upload", owner, name, files=waiting)
    if moving.home_of(conductor, owner, name) is None:
        return Begun(found, {"success": waiting > 0})
    job = moving.begun(conductor, request, "withdraw", owner, name, {"reason": REASON})
    return Begun(found, {"success": True}, job)


@post("/package/update_params", status_code=200, opt=TAKES_PERMISSION)
async def update_params(request: AnyRequest, conductor: Injected, body: RawBody) -> Response[bytes]:
    """Keep what viewers show of a package at first: the JSON body, whose `params` is a text."""
    return await _ended(conductor, await sync_to_thread(_described, request, conductor, body))


def _described(request: AnyRequest, conductor: Conductor, body: bytes) -> Begun:
    found, actor = asked(request), known(request)
    owner, name = moving.dataset_of(found.need("id"))
    params = _params(body)
    moving.require(actor, "import", owner, name)
    if moving.home_of(conductor, owner, name) is None:
        return _not_located(found, owner, name)
    said = {
        "patch": to_json({"defaultParams": params}).decode(),
        "message": "Changed what viewers show at first",
    }
    return Begun(found, {"success": True}, moving.begun(conductor, request, "describe", owner, name, said))


def _params(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("params"), str):
        raise BadQuery("The body must be a JSON object with a text “params”.", parameter="/params")
    return found


def _not_located(found: Asked, owner: str, name: str) -> Begun:
    return Begun(found, {"success": False, "error": f"Failed to locate package {owner}:{name}"})


async def _ended(conductor: Conductor, begun: Begun) -> Response[bytes]:
    """The answer once the job has ended: 202 for one that takes longer than anybody waits."""
    if begun.job is None:
        return answered(begun.asked, begun.body)
    job = await moving.ended(conductor, begun.job)
    if job.state in ("failed", "cancelled"):
        return answered(begun.asked, {"success": False, "error": job.error or f"The job was {job.state}."})
    if job.state == "done":
        return answered(begun.asked, begun.body)
    return answered(begun.asked, {**begun.body, "job": f"/v1/jobs/{job.id}"}, 202)


HANDLERS: Final = (publish_package, delete_package, update_params)
