"""Tables written into the descriptor itself: `data` as an array of arrays (header first) or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

import pyarrow as pa

from openspending.etl.header import match
from openspending.etl.rawtable import TEXT, RawTable
from openspending.fdp.package import Resource
from openspending.fdp.problems import Problem, problem, rejected
from openspending.speaking.said import said


def read_inline(resource: Resource, table: RawTable, needed: Container[str] | None) -> list[Problem]:
    """Add the rows of `resource.data` to `table`, the first data row numbered 2. Raises PackageRejected when the data
    are no table."""
    header, rows = inline_rows(resource)
    columns = match(header, resource.schema, "data", needed)
    problems = list(columns.problems)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            code = "missing-cell" if len(row) < len(header) else "extra-cell"
            problems.append(_misfit(code, resource, number, len(row), len(header)))
    fitted = [[*row, *([None] * len(header))][: len(header)] for row in rows]
    cells = [[as_text(row[at]) for row in fitted] for at in range(len(header))]
    found = [None if at is None else pa.chunked_array([pa.array(cells[at], TEXT)]) for at in columns.positions]
    table.add(0, pa.arange(2, len(rows) + 2), found)
    return problems


def as_text(value: Any) -> str | None:
    """A JSON value as it would stand in a CSV cell; None stays None. Numbers keep the digits they were written with."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _misfit(code: str, resource: Resource, row: int, found: int, wanted: int) -> Problem:
    return problem(code, file="data", resource=resource.name, row=row, found=found, wanted=wanted)


def inline_rows(resource: Resource) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of inline data of either form. Raises PackageRejected when the data are no table."""
    data = resource.data
    if isinstance(data, list) and data:
        if all(isinstance(row, list) for row in data):
            if not resource.dialect.header:
                return [one.name for one in resource.schema.fields], data
            return [as_text(cell) or "" for cell in data[0]], data[1:]
        if all(isinstance(row, dict) for row in data):
            keys = list(dict.fromkeys(key for row in data for key in row))
            return keys, [[row.get(key) for key in keys] for row in data]
    detail = said("The inline data are neither a list of rows nor a list of objects")
    raise rejected(problem("source-error", resource=resource.name, file="data", detail=detail))
