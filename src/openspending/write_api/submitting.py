"""Submitting jobs for the actor of a request: not too many, and once for each Idempotency-Key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openspending.actor import Actor
from openspending.errors import TooOften
from openspending.jobs import Job
from openspending.speaking.said import said
from openspending.web import AnyRequest, actor_of
from openspending.write_api.permitted import WORK
from openspending.write_api.service import Writing


def submit(writing: Writing, request: AnyRequest, kind: str, payload: Mapping[str, Any], owner: str, name: str) -> Job:
    """The job. Raises TooOften when the owner has too many that wait."""
    actor = actor_of(request)
    waiting = writing.jobs.listed(
        states=("queued", "running"), kinds=tuple(WORK), owners=[owner], limit=writing.limits.waiting
    )
    if len(waiting) >= writing.limits.waiting:
        raise TooOften(
            said("{owner} has {count} jobs that wait; ask again when some are done.", owner=owner, count=len(waiting)),
            60,
        )
    given = request.headers.get("idempotency-key")
    key = None if given is None else f"{actor.account}:{given.strip().strip(chr(34))}"
    return writing.jobs.submit(kind, payload, account=actor.account, owner=owner, name=name, key=key)


def author_of(actor: Actor) -> str:
    """Who a revision says that it is by: a name for people, never an address to write to."""
    return actor.name if actor.name and "@" not in actor.name else str(actor.account)
