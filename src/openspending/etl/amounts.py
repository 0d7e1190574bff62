"""The amounts of a resource: how many digits they need, so that nothing is ever rounded, and odd whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import duckdb

from openspending.etl.columns import Column, fields_of
from openspending.etl.probes import Answers, Probe
from openspending.etl.table import Found, Table
from openspending.fdp.denormalise import Plan
from openspending.fdp.problems import Problem, problem
from openspending.fdp.values import Decimals

MOST_DIGITS: Final = 38  # of a DECIMAL


Sizes = dict[str, tuple[Probe, Probe]]  # by field name: the questions for digits left and right of the point


def sizes_of(columns: Sequence[Column]) -> Sizes:
    """How to ask for the digits that the valid cells of each number column need."""
    return {one.field.name: (_digits(one), _scale(one)) for one in columns if one.reading.type == "number"}


def needed_digits(sizes: Sizes, found: Answers) -> dict[str, Decimals]:
    """By field name: the digits left and right of the point that its amounts need."""
    return {name: (found[digits] or 0, found[scale] or 0) for name, (digits, scale) in sizes.items()}


def check_amounts(
    connection: duckdb.DuckDBPyConnection, table: Table, needed: dict[str, Decimals], factors: dict[str, Decimal]
) -> list[Problem]:
    """Errors for amounts so long that a sum of them could not be exact; a warning for decimals in whole numbers.

    `factors` are those of the measures, by field name.
    """
    problems = []
    for column in table.columns:
        size = needed.get(column.field.name)
        if size is None:
            continue
        digits = sum(size) + len(str(table.loaded.rows)) + _factor_digits(factors.get(column.field.name, Decimal(1)))
        if digits > MOST_DIGITS:
            problems.append(_too_long(connection, table, column, digits))
        if column.field.type == "integer" and column.amount and size[1] > 0:
            odd = f"{column.reading.valid(column.sql)} AND {column.reading.scale(column.sql)} > 0"
            found = table.first(connection, column, odd)
            described = partial(table.problem, "fiscal/integer-with-decimals", field=column.field.name)
            problems += [described(one) for one in found]
            table.list_cells(column, odd, described)
    return problems


def check_measures(
    made: Plan, tables: Mapping[str, Table], needed: Mapping[tuple[str, str], Decimals]
) -> list[Problem]:
    """Errors for measures whose columns, each of which fits, are together too long for exact sums.

    A measure has one column in the fact table, also where it is made from several columns, tables, or both. `needed`
    are the digits of each, by (resource, field).
    """
    facts = sum(tables[one.resource.name].loaded.rows * max(len(one.unpivot), 1) for one in made.branches)
    problems = []
    for at, (measure, _) in enumerate(made.branches[0].measures):
        places = [(one.resource.name, field.name) for one in made.branches for field in fields_of(one, at)]
        sizes = [needed.get(place, (0, 0)) for place in places]
        left, right = (max((size[side] for size in sizes), default=0) for side in (0, 1))
        digits = left + right + len(str(facts)) + _factor_digits(measure.factor)
        if digits > MOST_DIGITS:
            fields = ", ".join(dict.fromkeys(name for _, name in places))
            problems.append(problem("fiscal/amounts-too-long", field=fields, digits=digits, left=left, right=right))
    return problems


def _digits(column: Column) -> Probe:
    read = column.reading
    return Probe(column, lambda name: f"max({read.digits(name)}) FILTER (WHERE {read.valid(name)})")


def _scale(column: Column) -> Probe:
    read = column.reading
    return Probe(column, lambda name: f"max({read.scale(name)}) FILTER (WHERE {read.valid(name)})")


def _factor_digits(factor: Decimal) -> int:
    """How many digits a product may have more than the amount."""
    _, digits, exponent = factor.as_tuple()
    return 0 if factor == 1 else max(len(digits), len(digits) + int(exponent), -int(exponent))


def _too_long(connection: duckdb.DuckDBPyConnection, table: Table, column: Column, digits: int) -> Problem:
    """The problem, shown at the amount with the most digits."""
    read, name = column.reading, column.sql
    place = connection.execute(
        f"SELECT _file, _row, {name}, 1 FROM {table.relation} WHERE {read.valid(name)}"
        f" ORDER BY {read.digits(name)} + {read.scale(name)} DESC NULLS LAST, _file, _row LIMIT 1"
    ).fetchall()[0]
    return table.problem("fiscal/amount-too-long", Found(*place), field=column.field.name, digits=digits)
