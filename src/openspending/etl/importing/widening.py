"""Years, phases or funds in columns become rows of one amount, where that is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb

from openspending.etl.importing.answers import Answers
from openspending.etl.importing.columnsmade import MONEY
from openspending.etl.importing.tablemade import Making
from openspending.etl.modelling.fitting import reading_of
from openspending.etl.modelling.rowtable import row_table, summing
from openspending.etl.modelling.wide import propose_wide
from openspending.etl.modelling.wide_totals import TotalColumn, total_columns


def widen(connection: duckdb.DuckDBPyConnection, table: Making, answers: Answers) -> None:
    """Ask whether columns are to become rows, and declare it. Raises WrongAnswer."""
    columns = table.modelled.columns
    amounts = {one.profile.position: 100 for one in columns if one.measure}
    if len(amounts) < 2:
        return
    labels = table.modelled.table.labels
    headings = [one.heading for one in columns]
    profiles = [one.profile for one in columns]
    found = propose_wide(labels, headings, amounts, profiles, _totals(connection, table))
    if found is None:
        return
    file, sheet = table.modelled.table.file, table.modelled.table.sheet
    choice = answers.answer(replace(found.proposal, file=file, sheet=sheet))
    if choice.effect:
        _apply(table, choice.effect)


def _totals(connection: duckdb.DuckDBPyConnection, table: Making) -> list[TotalColumn]:
    """Which columns of amounts are sums of others."""
    modelled = table.modelled
    amounts = {one.profile.position: reading_of(one.label, table.fields[one.label]) for one in modelled.measures}
    relation, labels = modelled.relation, modelled.table.labels
    with row_table(connection, relation, labels, amounts, ()) as rows, summing(rows) as summed:
        return total_columns(connection, summed.name.strip('"'), {one: f"v{one}" for one in summed.summed})


def _apply(table: Making, effect: Mapping[str, Any]) -> None:
    for label, properties in effect.get("fields", {}).items():
        field = table.fields[label]
        field.pop("columnType", None)
        field["type"] = "number"
        field |= properties
    for label in effect.get("notAmounts", ()):
        for name in ("columnType", *MONEY):
            table.fields[label].pop(name, None)
    if effect.get("fields") or not table.dated:
        table.extra_fields += [dict(one) for one in effect.get("extraFields", ())]
