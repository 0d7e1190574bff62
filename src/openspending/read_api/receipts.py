"""`…/receipt`: what an aggregate answer states, in a form that `openspending verify` checks (docs/receipts.md)."""

from __future__ import annotations

from typing import Any

from litestar import Response, route

from openspending.analytics.guards import guard
from openspending.analytics.guards.roles import roles_of
from openspending.analytics.livecubes import Opened
from openspending.analytics.proving.receiptform import PARAMETERS
from openspending.analytics.proving.receipts import receipt
from openspending.read_api import aggregate
from openspending.read_api.addressing import DATASET, GET, Injected, Name, Owner
from openspending.read_api.asked import address
from openspending.read_api.described import canonical_url
from openspending.read_api.documents import document
from openspending.read_api.respond import Question
from openspending.web import AnyRequest


@route(f"{DATASET}/receipt", http_method=GET, sync_to_thread=True, opt={"endpoint": "receipt"})
def receipt_of_aggregate(request: AnyRequest, api: Injected, owner: Owner, name: Name) -> Response[bytes]:
    """What the aggregate with the same parameters states, and of which facts, to be checked by anyone at any time."""
    return document(request, api, address(owner, name), PARAMETERS, _made)


def _made(question: Question, opened: Opened) -> dict[str, Any]:
    """The receipt. Raises as the aggregate does: what that refuses has none."""
    asked = aggregate.asked_of(question.asked, opened, whole=False)
    cells = guard.counting(opened.cube, asked.query)
    guard.judged(asked.query, roles_of(opened.stored), opened.cube.model, allow_mixed=asked.mixed, cells=cells)
    return receipt(opened, asked.query, asked.parameters) | {"url": canonical_url(question, asked.parameters)}
