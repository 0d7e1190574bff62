"""Queries in a body (analytics/queryjson.py) as JSON Schemas."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from openspending.read_api.openapi.shapes import Json, named, text, words

_REF: Final = text("A dimension or an attribute.", minLength=1)
_SINGLE: Final = {"type": ["string", "number", "boolean"]}
_VALUE: Final = {"type": ["string", "number", "boolean", "null"], "description": "null is the missing member."}


def _object(description: str, properties: Json, *required: str) -> Json:
    """An object that has nothing else: what is unknown in a query is refused."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _cut(description: str, operators: list[str], value: Json, *required: str) -> Json:
    return _object(description, {"ref": _REF, "op": {"enum": operators}, "value": value}, "ref", *required)


def _joined(word: str, description: str) -> Json:
    parts = {"type": "array", "items": named("Condition"), "minItems": 1}
    return _object(description, {word: {"anyOf": [parts, named("Condition")]}}, word)


_MANY: Final = {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "minItems": 1}]}
_SIDED: Final = ["contains", "prefix", "lt", "le", "gt", "ge"]

SCHEMAS: Final[Json] = {
    "Condition": {
        "description": "Which facts. A list of conditions: all of them hold.",
        "anyOf": [
            _cut(
                "Facts that have one of the values, or with “ne”/“not” none of them.", ["eq", "in", "ne", "not"], _MANY
            ),
            _cut("Text that contains or begins with the value, or what lies on one side of it.", _SIDED, _SINGLE)
            | {"required": ["ref", "op", "value"]},
            _cut(
                "What lies between two values, both included; null for an open end.",
                ["range"],
                {"type": "array", "items": _VALUE, "minItems": 2, "maxItems": 2, "not": {"const": [None, None]}},
                "op",
                "value",
            ),
            _cut(
                "Facts whose member is missing, or with false, is there.", ["null"], {"type": ["boolean", "null"]}, "op"
            ),
            _joined("all", "All of these hold."),
            _joined("any", "One of these holds at least."),
            _joined("not", "These do not hold together."),
        ],
    },
    "Side": {
        "description": "One side of a comparison: as text, as it stands in an address, or as an object.",
        "anyOf": [
            {"type": "string", "minLength": 1},
            _object(
                "Where it is from, what is summed, and which facts.",
                {
                    "dataset": text("`owner/name`, of another dataset."),
                    "version": text("Another revision: a number, a day or a hash."),
                    "measure": text("What is summed."),
                    "cut": {"type": "array", "items": named("Condition"), "description": "Which facts."},
                },
            ),
        ],
    },
    "SortKey": {
        "description": "What to sort by.",
        "anyOf": [
            text("A ref; ascending.", minLength=1),
            _object("A ref with a direction.", {"ref": _REF, "direction": {"enum": ["asc", "desc"]}}, "ref"),
        ],
    },
}

_MEMBERS: Final[Json] = {
    "drilldown": words("What to group by."),
    "aggregates": words("What to compute; the sums of all measures unless it is said. `_count` is always there."),
    "fields": words("What to list; everything unless it is said."),
    "cut": {"type": "array", "items": named("Condition"), "description": "Which facts: all conditions hold."},
    "order": {"type": "array", "items": named("SortKey"), "description": "What to sort by."},
    "allow": {"enum": ["mixed"], "description": "Sums that mix what excludes each other are answered, and stamped."},
    "count": {"enum": ["exact", "none"], "description": "Whether `total` is counted."},
    "left": named("Side", "The left side."),
    "right": named("Side", "The right side."),
    "measure": text("The measure of both sides, where they do not say it."),
    "query": text("One SELECT."),
    "pagesize": {"type": "integer", "minimum": 0, "maximum": 10_000, "description": "Rows on a page of JSON."},
    "cursor": text("Where the page begins: out of `next`, of the same query."),
    "format": {"enum": [], "description": "The format of the answer."},
    "numbers": {"enum": ["string", "float"], "description": "How JSON writes decimals."},
    "bom": {"enum": [True, False, 0, 1], "description": "CSV begins with a byte order mark."},
    "safe": {"enum": [True, False, 0, 1], "description": "Cells of CSV cannot be taken for formulas."},
}


def query_schema(parameters: Collection[str], formats: Collection[str]) -> dict[str, Any]:
    """The schema of a query that has these parameters."""
    members = {name: _MEMBERS[name] for name in parameters}
    if "format" in members:
        members["format"] = {**_MEMBERS["format"], "enum": list(formats)}
    return _object("The parameters of the query, lists as lists.", members)
