"""All semantic checks, one after the other. They see tables whose cells are all valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from openspending.etl.limits import SHOWN
from openspending.etl.lint.amounts import check_amounts
from openspending.etl.lint.blocks import check_blocks
from openspending.etl.lint.currencies import check_currencies
from openspending.etl.lint.labels import check_labels
from openspending.etl.lint.levels import check_levels
from openspending.etl.lint.members import check_members
from openspending.etl.lint.periods import check_years
from openspending.etl.lint.repeats import check_repeats
from openspending.etl.lint.series import check_series
from openspending.etl.lint.subject import Place, Subject, subjects
from openspending.etl.table import Table
from openspending.fdp.denormalise import Plan
from openspending.fdp.model import Model
from openspending.fdp.problems import Problem
from openspending.fdp.values import Decimals


def lint(
    connection: duckdb.DuckDBPyConnection,
    made: Plan,
    model: Model,
    tables: Mapping[str, Table],
    decimals: Mapping[Place, Decimals],
) -> list[Problem]:
    """Warnings about what looks wrong, at most SHOWN of a kind; `decimals` are the digits of each number field.

    Of tables with more than `subject.MANY` rows only what the dictionaries of their columns tell is checked: names,
    codes, years, and columns with a single amount.
    """
    found = subjects(made, model, tables, decimals)
    return _bounded(
        [*_of_tables(connection, found), *check_years(connection, made, found), *check_currencies(connection, found)]
    )


def lint_beside(
    connection: duckdb.DuckDBPyConnection,
    made: Plan,
    model: Model,
    tables: Mapping[str, Table],
    decimals: Mapping[Place, Decimals],
) -> list[Problem]:
    """What can also be said of tables some of whose cells are wrong, so that all of a file is told at once."""
    return [problem for one in subjects(made, model, tables, decimals) for problem in check_blocks(connection, one)]


def _of_tables(connection: duckdb.DuckDBPyConnection, found: Sequence[Subject]) -> Iterator[Problem]:
    for one in found:
        yield from check_members(connection, one)
        yield from check_labels(connection, one)
        yield from check_levels(connection, one)
        yield from check_repeats(connection, one)
        yield from check_series(connection, one)
        yield from check_blocks(connection, one)
        yield from check_amounts(connection, one)


def _bounded(problems: Sequence[Problem]) -> list[Problem]:
    """The first SHOWN problems of each kind."""
    counts: dict[str, int] = {}
    kept = []
    for one in problems:
        counts[one.code] = counts.get(one.code, 0) + 1
        if counts[one.code] <= SHOWN:
            kept.append(one)
    return kept
