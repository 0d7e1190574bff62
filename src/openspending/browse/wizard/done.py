"""An import for good: how far it is, and what came of it."""

from __future__ import annotations

from openspending.browse.signedin.visit import Answer, Visit
from openspending.browse.wizard.writing import PENDING, page


async def done_page(visit: Visit) -> Answer:
    """Progress, or the links to what is there now, or what went wrong."""
    job = await visit.client.ask(f"/v1/jobs/{visit.at('job')}")
    waits = job["state"] in PENDING
    return page(visit, "done.html", job=job, waits=waits, result=job["result"] or {})
