"""Date columns that hold nothing but years: common in published packages, and certain in meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb

from openspending.etl.columns import dated
from openspending.etl.probes import Probe, answers
from openspending.etl.table import Table
from openspending.fdp.denormalise import Plan
from openspending.fdp.problems import Report, problem
from openspending.fdp.sqltext import full_match

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
    read = column.reading
    only = Probe(column, lambda name: f"bool_and({full_match(read.text(name), _YEAR)})")
    sample = Probe(column, lambda name: f"min({read.text(name)})")
    found = answers(connection, table.loaded, [only, sample])
    return found[sample] if found[only] else None
