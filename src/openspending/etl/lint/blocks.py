"""Rows in between that are in another unit than all others of their column: a part that was pasted in thousands.

It is also looked for where other cells cannot be read, so that all of a file is told at once. Sizes are compared as
binary numbers: nothing is summed or shown from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.lint.subject import Subject
from openspending.etl.table import Found
from openspending.fdp.problems import Problem

_FEWEST: Final = 4  # rows of a block
_ENOUGH: Final = 20  # rows of a table of which something can be said
_GAP: Final = 10  # times that the smallest of a block is larger than the largest other
_TIMES: Final = (1_000, 1_000_000)


def check_blocks(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """A run of rows, neither the first nor the last ones, whose amounts are far above all others, and among them when
    divided by a thousand. In a sorted list the largest ones stand at an end."""
    if subject.branch is None or not subject.few:
        return
    for column in subject.amounts:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE lint_sizes AS {_sizes(subject, column)}")
        for low, top in _gaps(connection):
            block = _block(connection, low, top)
            if block is not None:
                yield from _told(connection, subject, column, *block)
        connection.execute("DROP TABLE lint_sizes")


def _sizes(subject: Subject, column: Column) -> str:
    """SQL of (_file, _row, a, n): the size of each amount that is one, and its number in the order of the file."""
    value = f"abs(CAST(TRY({subject.value(column)}) AS DOUBLE))"
    return (
        f"SELECT _file, _row, a, row_number() OVER (ORDER BY _file, _row) AS n"
        f" FROM (SELECT _file, _row, {value} AS a FROM {subject.table.relation}) WHERE a > 0"
    )


def _gaps(connection: duckdb.DuckDBPyConnection) -> list[tuple[float, float]]:
    """Where sizes leap: the smallest above and the largest below, of leaps with a few rows above them."""
    return connection.execute(
        "WITH s AS (SELECT a, lag(a) OVER w AS below, row_number() OVER w AS k, count(*) OVER () AS c FROM lint_sizes"
        " WINDOW w AS (ORDER BY a)) SELECT a, below FROM s"
        f" WHERE c >= {_ENOUGH} AND a > {_GAP} * below AND c - k + 1 BETWEEN {_FEWEST} AND c / 2"
    ).fetchall()


def _block(connection: duckdb.DuckDBPyConnection, low: float, top: float) -> tuple[int, int, int] | None:
    """The first and the last number of the rows above a leap, if they are one run in between, and how many times too
    large they are."""
    first, last, count, largest = connection.execute(
        "SELECT min(n), max(n), count(*), max(a) FROM lint_sizes WHERE a >= ?", [low]
    ).fetchall()[0]
    total, least = connection.execute("SELECT count(*), min(a) FROM lint_sizes").fetchall()[0]
    if last - first + 1 != count or first == 1 or last == total:
        return None
    times = next((one for one in _TIMES if low / one >= least and largest / one <= top), None)
    return None if times is None else (first, last, times)


def _told(
    connection: duckdb.DuckDBPyConnection, subject: Subject, column: Column, first: int, last: int, times: int
) -> Iterator[Problem]:
    condition = f"(_file, _row) IN (SELECT (_file, _row) FROM lint_sizes WHERE n BETWEEN {first} AND {last})"
    rows = connection.execute(f"SELECT _file, _row FROM lint_sizes WHERE n BETWEEN {first} AND {last}").fetchall()
    end = max(row for _file, row in rows)

    def described(place: Found) -> Problem:
        name = column.field.name
        return subject.table.problem("fiscal/unit-block", place, field=name, times=times, last=end)

    yield from (described(one) for one in subject.table.first(connection, column, condition))
    subject.table.list_cells(column, f"(_file, _row) IN ({', '.join(map(str, rows))})", described)
