"""The operations of `/api/3`, of files and of the server itself, whose answers are not those of `/v1`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.read_api.openapi import parameters
from openspending.read_api.openapi.operations import Operation
from openspending.read_api.openapi.shapes import Json, keyed, listed, maybe, named, record, text, whole

_CUBE: Final = {"name": "demo:suginami-2013"}
_WHERE: Final = frozenset({308, 400, 404, 410})
_ROW: Final = keyed({"type": ["string", "number", "boolean", "null"]}, "Values by ref, numbers exact.")
_CELL: Final = listed(
    record("A cut.", {"ref": text("What was cut."), "operator": text("How."), "value": listed({}, "To what.")}),
    "The cuts.",
)
_ECHO: Final[Json] = {
    "status": text("`ok`."),
    "order": listed(listed({"type": "string"}, "Ref and direction."), "What was sorted by."),
    "page": whole("Number of the page."),
    "page_size": whole("Rows on a page."),
}


def _old(
    id_: str,
    summary: str,
    schema: str,
    example: Mapping[str, str],
    queries: tuple[str, ...] = (),
    statuses: frozenset[int] = _WHERE,
) -> Operation:
    """An operation of `/api/3`."""
    return Operation(
        id_,
        "babbage",
        summary,
        schema,
        example,
        (*queries, "callback"),
        statuses,
        table=parameters.BABBAGE,
        path=parameters.BABBAGE_PATH,
        headers=("OpenSpending-Warning",) if schema == "BabbageAggregate" else (),
        formats=("json", "csv") if schema == "BabbageAggregate" else ("json",),
        others={"application/javascript": {"type": "string"}} if schema == "BabbagePackage" else {},
    )


OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    ("get", "/api/3/"): _old("babbageBegin", "Where the list of cubes is", "BabbageApi", {}, (), frozenset({400})),
    ("get", "/api/3/cubes/"): _old("babbageCubes", "List cubes", "BabbageCubes", {}, (), frozenset({400})),
    ("get", "/api/3/cubes/{name}/model/"): _old("babbageModel", "The model of a cube", "BabbageModel", _CUBE),
    ("get", "/api/3/cubes/{name}/aggregate/"): _old(
        "babbageAggregate",
        "Sum facts",
        "BabbageAggregate",
        {**_CUBE, "drilldown": "category.label", "order": "amount.sum:desc", "pagesize": "2"},
        ("drilldown", "cut", "aggregates", "order", "page", "pagesize", "format"),
    ),
    ("get", "/api/3/cubes/{name}/facts/"): _old(
        "babbageFacts",
        "List facts",
        "BabbageFacts",
        {**_CUBE, "fields": "category.label,amount", "pagesize": "1"},
        ("fields", "cut", "order", "page", "pagesize"),
    ),
    ("get", "/api/3/cubes/{name}/members/{ref}/"): _old(
        "babbageMembers",
        "List the members of a dimension",
        "BabbageMembers",
        {**_CUBE, "ref": "category.label", "pagesize": "2"},
        ("cut", "order", "page", "pagesize"),
    ),
    ("get", "/api/3/info/{name}/package"): _old("babbagePackage", "The stored descriptor", "BabbagePackage", _CUBE),
}

SCHEMAS: Final[Json] = {
    "BabbageApi": record(
        "What this API is.",
        {
            "status": text("`ok`."),
            "api": text("`babbage`."),
            "message": text("What it is."),
            "cubes_index_url": text("Where the list of cubes is."),
            "version": text("The version of this program."),
        },
    ),
    "BabbageCubes": record(
        "The cubes.", {"status": text("`ok`."), "data": listed(record("A cube.", {"name": text("Its name.")}), "All.")}
    ),
    "BabbageModel": record(
        "A model.",
        {"status": text("`ok`."), "name": text("The cube."), "model": {"type": "object", "description": "Its model."}},
    ),
    "BabbageAggregate": record(
        "Sums of facts.",
        {
            **_ECHO,
            "total_cell_count": whole("How many cells on all pages."),
            "cells": listed(_ROW, "The cells of the page."),
            "summary": _ROW,
            "cell": _CELL,
            "aggregates": listed({"type": "string"}, "What was computed."),
            "attributes": listed({"type": "string"}, "What was grouped by."),
        },
    ),
    "BabbageFacts": record(
        "Facts.",
        {
            **_ECHO,
            "total_fact_count": whole("How many on all pages."),
            "data": listed(_ROW, "The facts of the page."),
            "cell": maybe(text("The parameter `cut`.")),
            "fields": listed({"type": "string"}, "What was listed."),
        },
    ),
    "BabbageMembers": record(
        "Members.",
        {
            **_ECHO,
            "total_member_count": whole("How many on all pages."),
            "data": listed(_ROW, "The members of the page."),
            "cell": _CELL,
            "fields": listed({"type": "string"}, "What was listed."),
        },
    ),
    "BabbagePackage": {
        **record("The descriptor of the package, as it is stored.", {"__origin_url": text("Where it is stored.")}),
        "additionalProperties": True,
    },
    "BabbageRefusal": record(
        "Why there is no answer.",
        {
            "status": text("`error`."),
            "message": text("What happened."),
            "context": {"type": "object", "description": "Of what."},
        },
    ),
}


def refusals(statuses: frozenset[int]) -> dict[str, Any]:
    """The answers of `/api/3` that are no answers."""
    said = {
        308: "The cube has another name; Location has the same question to it.",
        400: "A parameter cannot be read, or names what is not there.",
        404: "There is no such cube.",
        410: "The cube was withdrawn.",
    }
    content = {"application/json": {"schema": named("BabbageRefusal")}}
    return {str(one): {"description": said[one], "content": content} for one in sorted(statuses)}
