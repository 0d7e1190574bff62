"""Publishing, hiding and deleting a package for clients that want to know at once how it ended.

It is done by the jobs of the Write API, which outlive this process; the request waits for its end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from litestar.concurrency import sync_to_thread

from openspending.actor import Actor
from openspending.conductor.service import Conductor
from openspending.datastore import homes
from openspending.datastore.homes import Home
from openspending.datastore.permissions import Action, may
from openspending.errors import BadQuery, Forbidden
from openspending.jobs import Job
from openspending.jobs.job import FINISHED
from openspending.web import AnyRequest, actor_of
from openspending.write_api.auditing import told
from openspending.write_api.submitting import author_of, submit

PATIENCE: Final = 20.0  # seconds that a request waits for its job


def dataset_of(package: str) -> tuple[str, str]:
    """Owner and name in the id of a package. Raises BadQuery for what is none."""
    owner, colon, name = package.partition(":")
    if not (owner and colon and name):
        raise BadQuery(f"“{package[:100]}” is no id of a package: owner:name.", parameter="id")
    return owner, name


def require(actor: Actor, action: Action, owner: str, name: str) -> None:
    """Raise Forbidden unless the actor may, whether there is such a dataset or not: nobody learns which there are."""
    if not may(actor, action, owner, name):
        raise Forbidden(f"You may not {action} {owner[:100]}:{name[:100]}.")


def home_of(conductor: Conductor, owner: str, name: str) -> Home | None:
    """Where the dataset lives; None where there is none, or none any more."""
    found = homes.find(conductor.writing.store, owner, name)
    return None if found is None or found.visibility == "withdrawn" else found


def begun(
    conductor: Conductor,
    request: AnyRequest,
    kind: str,
    owner: str,
    name: str,
    payload: Mapping[str, Any] | None = None,
) -> Job:
    """A job of this kind, asked for by the actor of the request. The audit log is told."""
    said = {**(payload or {}), "author": author_of(actor_of(request)), "expected": None}
    job = submit(conductor.writing, request, kind, said, owner, name)
    told(conductor.writing, request, kind, owner, name, job=job.id)
    return job


async def ended(conductor: Conductor, job: Job) -> Job:
    """The job at its end or, if that takes long, as it is by then. No thread is kept waiting."""
    deadline, pause = time.monotonic() + PATIENCE, 0.02
    while job.state not in FINISHED and time.monotonic() < deadline:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.5)
        job = await sync_to_thread(conductor.writing.jobs.get, job.id)
    return job
