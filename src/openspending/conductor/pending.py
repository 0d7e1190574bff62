"""Packages that are being loaded for the first time, or could not be: their owners see them in lists, not loaded."""

from __future__ import annotations

from typing import Any, Final

from openspending.actor import Actor
from openspending.conductor.loading import STAGED
from openspending.conductor.service import Conductor
from openspending.datastore.permissions import may
from openspending.jobs import Job

_UNFINISHED: Final = ("queued", "running", "failed")
_MOST: Final = 200  # jobs that are looked at


def pending(conductor: Conductor, actor: Actor, address: str) -> list[dict[str, Any]]:
    """The documents of those that the actor may import into. Their `origin_url` is one by which their status may be
    asked without a token, as clients do."""
    owners = sorted({*actor.roles, *(one.partition("/")[0] for one in actor.grants)})
    jobs = conductor.writing.jobs.listed(kinds=("import",), owners=owners, limit=_MOST)
    newest: dict[tuple[str, str], Job] = {}
    for job in jobs:
        newest.setdefault((job.owner, job.name), job)
    wanted = [one for one in newest.values() if one.state in _UNFINISHED and STAGED in one.payload]
    found = (_document(conductor, one, address) for one in wanted if may(actor, "import", one.owner, one.name))
    return [one for one in found if one is not None]


def _document(conductor: Conductor, job: Job, address: str) -> dict[str, Any] | None:
    """The document; None where the files were deleted, and so the package is not wanted any more."""
    place = conductor.staged.find(job.owner, job.name)
    if place is None:
        return None
    return {
        "id": f"{job.owner}:{job.name}",
        "model": {},
        "package": {"name": job.name, "title": job.name, "owner": job.owner, "private": True, "resources": []},
        "origin_url": conductor.staged.url(address, place, str(job.payload[STAGED]["descriptor"])),
        "loaded": False,
        "last_update": int(job.created.timestamp()),
    }
