"""Answers in the document: for each status its media types, schema and headers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from openspending.analytics.exports.formats import FORMATS
from openspending.httpproblems import TYPES
from openspending.read_api.openapi.shapes import Json, named

PROBLEM: Final = "application/problem+json"
_TEXTUAL: Final = frozenset({"csv", "jsonl"})

HEADERS: Final = {
    "ETag": "Changes when the answer does: send it back as If-None-Match, and 304 costs nobody anything.",
    "Cache-Control": "For how long it may be kept; for ever where the address names the number of a revision.",
    "Content-Location": "The address of this answer that names the revision, and never changes.",
    "OpenSpending-Version": "The revision: `owner/name@number`.",
    "Link": "Where the revision is described.",
    "Vary": "Which headers of the request the answer depends on.",
    "Retry-After": "After how many seconds to ask again.",
    "X-Request-ID": "The name of this request, for reports.",
    "Accept-Ranges": "`bytes`: parts can be had.",
    "OpenSpending-Warning": "That a sum mixes what excludes each other.",
    "Content-Range": "Which bytes these are.",
    "Location": "The same question at the new address.",
}
_BESIDE: Final[Mapping[int, tuple[str, ...]]] = {
    HTTPStatus.PERMANENT_REDIRECT: ("Location",),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
}
_ALWAYS: Final = frozenset({"ETag", "Cache-Control", "OpenSpending-Version", "Link", "X-Request-ID", "Retry-After"})
COMPONENTS: Final[Json] = {
    name: {"description": said, "schema": {"type": "string"}, "required": name in _ALWAYS}
    for name, said in HEADERS.items()
}
OF_A_REVISION: Final = ("ETag", "Cache-Control", "Content-Location", "OpenSpending-Version", "Link")


def answers(description: str, schema: Json, formats: Collection[str], headers: Collection[str], example: Any) -> Json:
    """The answer 200: JSON of this `schema`, and the other formats of results."""
    content: Json = {"application/json": {"schema": schema}}
    if example is not None:
        content["application/json"]["example"] = example
    for one in formats:
        if one != "json":
            kind = FORMATS[one]
            binary = {} if one in _TEXTUAL else {"format": "binary"}
            content[kind.media_types[0]] = {"schema": {"type": "string", "description": f"{kind.title}.", **binary}}
    return {"description": description, "headers": headed(headers), "content": content}


def headed(names: Collection[str]) -> Json:
    """The headers of an answer."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-ID")}


def unchanged(headers: Collection[str]) -> Json:
    """The answer 304."""
    return {"description": "The asker has this answer already (If-None-Match).", "headers": headed(headers)}


def refused(statuses: Collection[int]) -> Iterator[tuple[str, Json]]:
    """Answers that are problems, by status: which kinds each may be of."""
    for status in sorted(statuses):
        kinds = {one.name: one.title for one in TYPES.values() if one.status == status}
        said = "; ".join(f"`{name}`: {title}" for name, title in kinds.items())
        headers = _BESIDE.get(status, ())
        content = {PROBLEM: {"schema": named("Problem")}}
        yield str(status), {"description": f"{said}.", "headers": headed(headers), "content": content}


def plain(description: str, media_types: Mapping[str, Json], headers: Collection[str] = ()) -> Json:
    """Any other answer."""
    return {
        "description": description,
        "headers": headed(headers),
        "content": {kind: {"schema": schema} for kind, schema in media_types.items()},
    }
