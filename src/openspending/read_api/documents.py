"""Answers of `/v1` that are one JSON document, whatever Accept says: a receipt, a fact, a place in a file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from litestar import Response

from openspending.analytics.exports.formats import FORMATS
from openspending.analytics.livecubes import Opened
from openspending.read_api.api import Api
from openspending.read_api.asked import Address, asked
from openspending.read_api.described import canonical_url
from openspending.read_api.respond import Question, unchanged
from openspending.read_api.resultcache import Kept
from openspending.web import AnyRequest, exact_json, note

Making = Callable[[Question, Opened], Mapping[str, Any]]


def document(
    request: AnyRequest, api: Api, where: Address, parameters: Collection[str], make: Making
) -> Response[bytes]:
    """The answer to a request about one dataset: 304, or from the cache, or made by `make` from the opened revision."""
    revision = api.cubes.revision(where.owner, where.name, where.version)
    found = asked(request, parameters)
    found.settle()
    question = Question(request, where, revision, found, FORMATS["json"])
    note(request.scope, format="json", rows=1)
    ready = unchanged(question)
    if ready is not None:
        return ready
    kept = api.cache.get(question.key)
    if kept is None:
        body = exact_json(make(question, api.cubes.opened(revision)))
        kept = Kept(body, 1, canonical_url(question, found.values))
        api.cache.put(question.key, kept)
    return Response(kept.body, media_type="application/json", headers=question.headers())
