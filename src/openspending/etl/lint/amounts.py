"""Columns of amounts that hold nothing but zeros or one amount, and rows where far more was spent than approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.lint.subject import Subject
from openspending.etl.table import Found
from openspending.fdp.denormalise import FromField
from openspending.fdp.model import Measure
from openspending.fdp.problems import Problem, problem

_ROWS: Final = 10  # with the same amount, before it is odd
_RARE: Final = 100  # one row in so many may be overspent; where more are, that is how this budget works
_KNOWN: Final = 50  # texts of a column that has only one amount: it may be written in several ways


def check_amounts(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """All of it for one table of facts."""
    if subject.branch is None or subject.table.loaded.rows < 2:
        return
    for column in subject.amounts:
        yield from _one_amount(connection, subject, column)
    if subject.few:
        yield from _overspent(connection, subject)


def _one_amount(connection: duckdb.DuckDBPyConnection, subject: Subject, column: Column) -> Iterator[Problem]:
    known = subject.table.loaded.distinct.get(column.position)
    if known is None or len(known) > _KNOWN:
        return
    value = subject.value(column)
    rows, least, most = connection.execute(
        f"SELECT count({value}), min({value}), max({value}) FROM {subject.table.relation}"
    ).fetchall()[0]
    table, name = subject.table, column.field.name
    if rows and least == most == 0:
        file = ", ".join(table.loaded.parts)
        yield problem("fiscal/only-zeros", file=file, resource=table.resource.name, field=name, count=rows)
    elif rows >= _ROWS and least == most:
        file = ", ".join(table.loaded.parts)
        yield problem(
            "fiscal/same-amount", file=file, resource=table.resource.name, field=name, value=least, count=rows
        )


def _overspent(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Rows in which the executed amount is more than twice the approved one."""
    phases = _phases(subject)
    if "approved" not in phases or "executed" not in phases:
        return
    (approved, plan), (executed, spent) = phases["approved"], phases["executed"]
    table, name = subject.table, executed.field.name
    # compared, not summed or shown: products of long decimals would not fit
    a = f"CAST({subject.value(approved)} AS DOUBLE) * {plan.factor.normalize():f}"
    b = f"CAST({subject.value(executed)} AS DOUBLE) * {spent.factor.normalize():f}"
    condition = f"coalesce({a} > 0 AND {b} > 2 * {a}, FALSE)"
    first = subject.first(connection, executed, condition)
    if first is None or first.count * _RARE > table.loaded.rows > _RARE:
        return

    def described(place: Found) -> Problem:
        return table.problem("fiscal/overspent", place, field=name, approved=approved.field.name)

    yield described(first)
    table.list_cells(executed, condition, described)


def _phases(subject: Subject) -> dict[str, tuple[Column, Measure]]:
    """The columns of measures that are one phase each."""
    found: dict[str, tuple[Column, Measure]] = {}
    columns = {one.field.name: one for one in subject.amounts}
    for measure, origin in subject.branch.measures if subject.branch is not None else ():
        if isinstance(origin, FromField) and measure.phase and origin.field.name in columns:
            found.setdefault(measure.phase.lower(), (columns[origin.field.name], measure))
    return found
