"""The OpenAPI document: the framework knows which paths there are, the tables here say what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from openspending.analytics.exports.formats import FORMATS
from openspending.read_api.openapi import (
    babbageoperations,
    comparisonschemas,
    conductoroperations,
    conductorschemas,
    datasetschemas,
    feedoperations,
    identityoperations,
    identityschemas,
    lineageschemas,
    queryschemas,
    responses,
    resultschemas,
    searchoperations,
    searchschemas,
    serveroperations,
    viewoperations,
    webhookoperations,
    writeoperations,
)
from openspending.read_api.openapi.examples import EXAMPLES
from openspending.read_api.openapi.operations import OPERATIONS, Operation
from openspending.read_api.openapi.shapes import Json, named

TAGS: Final = {
    "datasets": "What there is: datasets, their revisions, models and files, and what was committed.",
    "queries": "What facts come to. All answers name their revision; with its number in the path they never change.",
    "search": "Find datasets and lines by words, with exact totals; also as feeds.",
    "views": "What charts show, under short addresses.",
    "receipts": "What an answer stated, and where each fact is from, to be checked by anyone.",
    "sql": "Ask the public datasets in SQL.",
    "usage": "How much is asked for.",
    "problems": "What the `type` of a problem means.",
    "babbage": "The API that clients of the old OpenSpending know.",
    "files": "The stored files themselves.",
    "identity": "Who one is: accounts, tokens, organisations.",
    "uploads": "Send files, before they are imported.",
    "jobs": "Import files; see what was asked for, how far it is and what came of it.",
    "managing": "Publish, hide, withdraw, rename, describe and share datasets.",
    "webhooks": "Be told of what happens to datasets.",
    "conductor": "What clients of the old OpenSpending write with.",
    "server": "About this server.",
}
DESCRIPTION: Final = (
    "Public money as exact, linkable open data. `/v1` answers exactly, with its revision and its rows; `/api/3` speaks "
    "the language of babbage. Every GET may be asked as HEAD. Results come in all formats that a path's parameter "
    "`format` lists; each is also at the path with that extension, such as `…/aggregate.csv`, which this document "
    "leaves out. What is said to people is told in the language of the parameter `lang` or of `Accept-Language` (en, "
    "es), "
    "which any operation of `/v1` takes. All other unknown parameters are refused. The examples are of the demo "
    "packages."
)
KNOWN: Final[Mapping[tuple[str, str], Operation]] = {
    **OPERATIONS,
    **searchoperations.OPERATIONS,
    **babbageoperations.OPERATIONS,
}
WHOLE: Final[Json] = {**serveroperations.PATHS, **feedoperations.PATHS, **searchoperations.PATHS}
# operations that change something, or that are for those who may: described whole, by method and path
FURTHER: Final[Mapping[tuple[str, str], Json]] = {
    **identityoperations.OPERATIONS,
    **viewoperations.OPERATIONS,
    **webhookoperations.OPERATIONS,
    **writeoperations.OPERATIONS,
    **conductoroperations.OPERATIONS,
}
_EXTENSION: Final = re.compile(rf"\.({'|'.join(FORMATS)})$")
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer that is known already.",
    "required": False,
    "schema": {"type": "string", "examples": ['"0123456789abcdef0123456789abcdef"']},
}


def completed(found: Mapping[str, Any]) -> Json:
    """The whole document, from the one that the framework made of the routes."""
    paths: Json = {}
    for path, methods in found["paths"].items():
        if not _EXTENSION.search(path) or ("get", path) in FURTHER:
            address = _address(path)
            paths[address] = {
                method: _operation(method, address, made) for method, made in methods.items() if method != "head"
            }
    info = {**found["info"], "description": DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}}
    return {
        "openapi": "3.1.1",
        "info": info,
        "servers": [{"url": "/", "description": "The server that this document is from."}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": _schemas(), "headers": responses.COMPONENTS},
    }


def _address(path: str) -> str:
    """The path as it answers: those of `/api/3` end in a slash, to which all others of them are sent."""
    slashed = path.startswith("/api/3") and not path.endswith("/package")
    return f"{path}/" if slashed else path


def _schemas() -> Json:
    tables = (
        resultschemas,
        comparisonschemas,
        lineageschemas,
        datasetschemas,
        queryschemas,
        searchschemas,
        babbageoperations,
        identityschemas,
        viewoperations,
        webhookoperations,
        writeoperations,
        conductorschemas,
    )
    return {name: schema for table in tables for name, schema in sorted(table.SCHEMAS.items())}


def _operation(method: str, path: str, made: Json) -> Json:
    """One operation; as the framework made it when nobody described it."""
    if path in WHOLE:
        return dict(WHOLE[path])
    if (method, path) in FURTHER:
        return dict(FURTHER[method, path])
    known = KNOWN.get((method, path))
    if known is None:
        return made
    body = {"requestBody": _body(known, made)} if known.body is not None else {}
    return {
        "operationId": known.id,
        "tags": [known.tag],
        "summary": known.summary,
        "description": known.says or made["description"],
        "parameters": _parameters(known, path),
        **body,
        "responses": _responses(known),
    }


def _parameters(known: Operation, path: str) -> list[Json]:
    """Of the path, the query and the header."""
    within = re.findall(r"\{(\w+)\}", path)
    found = [known.path[one].documented(one, "path", known.example.get(one)) for one in within]
    if known.body is None:
        found += [known.table[one].documented(one, "query", known.example.get(one)) for one in known.queries]
    return [*found, _IF_NONE_MATCH] if known.validated else found


def _body(known: Operation, made: Json) -> Json:
    """The body of a query: SQL may come as text too."""
    schema = queryschemas.query_schema(known.queries, known.formats)
    content: Json = {"application/json": {"schema": schema, "example": dict(known.body or {})}}
    if "requestBody" in made:
        content = {**made["requestBody"]["content"], **content}
    return {"description": "The query.", "required": True, "content": content}


def _responses(known: Operation) -> Json:
    headers = (
        (*responses.OF_A_REVISION, *(("Vary",) if known.formats != ("json",) else ())) if known.of_revision else ()
    )
    headers = (*headers, *known.headers)
    example = EXAMPLES.get(known.id)
    answer = responses.answers(f"{known.summary}: the answer.", named(known.schema), known.formats, headers, example)
    answer["content"] |= {kind: {"schema": dict(schema)} for kind, schema in known.others.items()}
    if known.tag == "babbage":
        return {"200": answer, **babbageoperations.refusals(known.statuses)}
    found = {"200": answer}
    if known.validated:
        found["304"] = responses.unchanged(headers)
    return found | dict(responses.refused(known.statuses))
