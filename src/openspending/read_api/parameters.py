"""The query parameters of `/api/3`: read as the original did, and described for the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from litestar.openapi.spec import Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.types import Scope

from openspending.errors import BadQuery
from openspending.speaking.said import said

_CALLBACK: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_.$]{0,99}")

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "drilldown": "What to group by: refs of dimensions or attributes, joined by “|”.",
    "aggregates": "What to compute: refs such as `amount.sum` or `_count`, joined by “|”. All of the model by default.",
    "fields": "What to list: refs of dimensions, attributes or measures, joined by “,”. Everything by default.",
    "cut": "Which facts: `ref:value`, joined by “|” (and). A value is a date, a number, a text or a quoted text; "
    "several values of one kind joined by “;” (or).",
    "order": "Sort keys: `ref`, `ref:asc` or `ref:desc`, joined by “,”.",
    "page": "Number of the page, from 1.",
    "pagesize": "Rows on a page: 100 by default, 10000 at most; 0 asks for counts and summary alone.",
    "format": "`csv` in any letter case answers CSV; everything else is JSON.",
    "callback": "Name of a JavaScript function to wrap the JSON answer in (JSONP).",
}


def first_values(scope: Scope) -> dict[str, str]:
    """The query parameters of a request. When one is repeated only its first occurrence counts, as in babbage."""
    values: dict[str, str] = {}
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        values.setdefault(name, value)
    return values


def callback_of(values: Mapping[str, str]) -> str | None:
    """The name of the JSONP function, if one is asked for. Raises BadQuery when it is not a plain dotted name."""
    name = values.get("callback") or None
    if name is not None and not _CALLBACK.fullmatch(name):
        raise BadQuery(said("Invalid callback: a name may have letters, digits, “_”, “.” and “$”"))
    return name


def documented(*names: str) -> type[Operation]:
    """An OpenAPI operation that has the query parameters `names`, besides those of the path."""

    @dataclass
    class Documented(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *(_described(one) for one in (*names, "callback"))]

    return Documented


def _described(name: str) -> Parameter:
    return Parameter(
        name=name, param_in="query", description=DESCRIPTIONS[name], schema=Schema(type=OpenAPIType.STRING)
    )
