"""`/v1/sql` in the OpenAPI document: its parameters and its bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from openspending.analytics.exports.formats import FORMATS

PARAMETERS: Final[Mapping[str, str]] = {
    "query": 'One SELECT in DuckDB\'s SQL. A dataset is `owner.name`, or `owner."name@3"` for a revision.',
    "format": f"One of {', '.join(FORMATS)}; an extension of the path or the header Accept says it too.",
    "numbers": "How JSON writes decimals: `string`, with all their digits, unless `float` is said.",
    "bom": "`1`: CSV begins with a byte order mark, as some spreadsheets want.",
    "safe": "`1`: cells of CSV that a spreadsheet could take for formulas begin with an apostrophe.",
}
_TEXT: Final = Schema(type=OpenAPIType.STRING)


def _parameters(*without: str) -> list[Parameter]:
    return [
        Parameter(name=name, param_in="query", description=said, schema=_TEXT, required=name == "query")
        for name, said in PARAMETERS.items()
        if name not in without
    ]


@dataclass
class Written(Operation):
    """SQL in the address."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), *_parameters()]


@dataclass
class Posted(Operation):
    """SQL in the body."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or []), *_parameters("query")]
        properties: dict[str, Reference | Schema] = {
            name: Schema(type=OpenAPIType.STRING, description=said) for name, said in PARAMETERS.items()
        }
        json = Schema(type=OpenAPIType.OBJECT, properties=properties, required=["query"], additional_properties=False)
        self.request_body = RequestBody(
            content={
                "application/json": OpenAPIMediaType(schema=json),
                "application/sql": OpenAPIMediaType(schema=_TEXT),
                "text/plain": OpenAPIMediaType(schema=_TEXT),
            },
            required=True,
        )
