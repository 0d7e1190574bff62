"""How an operation of the Write API is described."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.parameters import Described
from openspending.read_api.openapi.responses import headed, refused
from openspending.read_api.openapi.shapes import Json, named
from openspending.read_api.openapi.writeexamples import ANSWERS, REQUESTS

_PATH: Final = {
    "owner": parameters.PATH["owner"],
    "name": Described("The name of a dataset.", "suginami-2013"),
    "upload": Described("The id of an upload.", "8f14e45fceea467a9f2c3b1d5e6a7b8c"),
    "draft": Described("The id of a draft.", "0cc175b9c0f1b6a831c399e269772661"),
    "number": Described("The number of a part.", "1", {"type": "integer", "minimum": 1}),
    "job": Described("The id of a job.", "06612f67aff2ce8151b2f3b92a7e21"),
    "filename": Described("The name of a file.", "marked.xlsx"),
    "account": Described("The name of an account, or its id.", "anna"),
}
KEY: Final = Described(
    "Makes the request safe to repeat: within a day the same key with the same request gets the same answer.",
    "7f9c2ba4-e88f-4c2b-8d2e-3a6f1c9b5d10",
)
MATCH: Final = Described(
    "The revision that this follows: its number, its hash, or `*`. If it is not the newest, 412.", '"3"'
)
FILE: Final = "file"  # instead of a schema: bytes
_JSON: Final = "application/json"


def operation(
    id_: str,
    tag: str,
    summary: str,
    says: str,
    answer: tuple[str, str],
    refusals: Collection[int],
    *,
    path: str,
    queries: Mapping[str, Described] | None = None,
    body: str = "",
    headers: Mapping[str, Described] | None = None,
) -> Json:
    """An operation: `answer` are its status and schema, `body` the schema of what is sent."""
    status, schema = answer
    within = [name for name in _PATH if f"{{{name}}}" in path]
    headers = headers or {}
    found: Json = {
        "operationId": id_,
        "tags": [tag],
        "summary": summary,
        "description": says,
        "parameters": [
            *(_PATH[name].documented(name, "path", None) for name in within),
            *(one.documented(name, "query", None) for name, one in (queries or {}).items()),
            *(one.documented(name, "header", None) for name, one in headers.items()),
        ],
    }
    if body:
        content = {"schema": named(body), "example": REQUESTS[id_]}
        found["requestBody"] = {"description": f"{summary}.", "required": True, "content": {_JSON: content}}
    answered = _answer(id_, summary, schema, located=status in {"201", "202"})
    further = {400, 401, 503, *refusals, *({409, 422} if headers else ()), *({412} if "If-Match" in headers else ())}
    return {**found, "responses": {status: answered, **dict(refused(further))}}


def _answer(id_: str, summary: str, schema: str, *, located: bool) -> Json:
    location = {"description": "The address of what was made.", "required": True, "schema": {"type": "string"}}
    found: Json = {"description": f"{summary}: the answer.", "headers": headed(("Cache-Control",))}
    if located:
        found["headers"] = {**found["headers"], "Location": location}
    if schema == FILE:
        found["content"] = {"*/*": {"schema": {}}}
    elif schema:
        example = {"example": ANSWERS[id_]} if id_ in ANSWERS else {}
        found["content"] = {_JSON: {"schema": named(schema), **example}}
    return found
