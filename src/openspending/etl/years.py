"""Date columns that hold nothing but years: common in published packages, and certain in meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import duckdb

from openspending.etl.columns import dated
from openspending.etl.keys import Table
from openspending.etl.probes import Probe, answers
from openspending.fdp.denormalise import Plan
from openspending.fdp.problems import Report, problem
from openspending.fdp.sqltext import full_match
from openspending.fdp.values import Reading

_Ask = Callable[[str], str]
_YEAR: Final = r"\d{4}"


def years(
    connection: duckdb.DuckDBPyConnection, made: Plan, tables: Mapping[str, Table], report: Report
) -> dict[tuple[str, str], str]:
    """The (resource, field) places of date attributes whose cells are all four-digit years or missing, in every table
    they are read from; each with the type "integer". A warning for each goes to `report`."""
    found: dict[tuple[str, str], str] = {}
    for _, places in dated(made):
        samples = [_only_years(connection, tables[resource], name) for resource, name in places if resource in tables]
        if not samples or None in samples:
            continue
        for (resource, name), sample in zip(places, samples, strict=True):
            if (resource, name) not in found:
                report.add(problem("fiscal/date-is-year", resource=resource, field=name, value=sample))
            found[resource, name] = "integer"
    return found


def _only_years(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> str | None:
    """One of the years in a column that holds nothing else, or None."""
    column = next(one for one in table.columns if one.field.name == name)
    if column.field.format not in ("default", "any", "%Y"):
        return None
    only, sample = answers(connection, table.loaded, [Probe(column, ask) for ask in _asks(column.reading)])
    return sample if only else None


def _asks(read: Reading) -> list[_Ask]:
    return [
        lambda name: f"bool_and({full_match(read.text(name), _YEAR)})",
        lambda name: f"min({read.text(name)})",
    ]
