"""Blocks of rows that stand in a table twice. Two equal rows are two facts; many in the same order are a copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from openspending.etl.lint.subject import Subject
from openspending.etl.table import Found
from openspending.fdp.problems import Problem

_RUN: Final = 3  # rows at least


def check_repeats(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """The longest block that repeats an earlier one, with the number of rows in all such blocks."""
    if subject.branch is None or not subject.amounts or not subject.few:
        return
    table = subject.table
    query = _query(subject)
    blocks = connection.execute(
        f"{query} SELECT arg_min(_file, n), min(_row), count(*) AS size, arg_min(first, n), sum(size) OVER ()"
        " FROM copied GROUP BY off, run ORDER BY size DESC, 1, 2 LIMIT 1"
    ).fetchall()
    for part, row, size, first, count in blocks:

        def described(place: Found, size: int = size, first: int = first) -> Problem:
            return table.problem("fiscal/repeated-block", place, size=size, first=first)

        yield described(Found(part, row, None, int(count)))
        listed = f"{query} SELECT _file, _row, NULL::VARCHAR, count(*) OVER () FROM copied"
        table.list_all([], listed, described)


def _query(subject: Subject) -> str:
    """SQL of the rows `copied`, each in a run of at least _RUN that stand in the same order further up, `off` rows
    before. A run must differ in its rows and hold money."""
    table = subject.table
    cells = ", ".join(one.sql for one in table.columns)
    money = " OR ".join(f"coalesce({subject.value(one)} <> 0, FALSE)" for one in subject.amounts)
    order = "OVER (ORDER BY n)"
    return (
        "WITH numbered AS (SELECT _file, _row, row_number() OVER (ORDER BY _file, _row) AS n,"
        f" hash({cells}) AS h, ({money}) AS m FROM {table.relation}),"
        f" keyed AS (SELECT *, lead(h) {order} AS h2, lead(h, 2) {order} AS h3,"
        f" m AND lead(m) {order} AND lead(m, 2) {order} AS ms FROM numbered),"
        " starts AS (SELECT *, first_value(n) OVER w AS n1, first_value(_row) OVER w AS row1 FROM keyed"
        " WHERE h3 IS NOT NULL AND ms AND h <> h2 AND h2 <> h3 AND h <> h3"
        " WINDOW w AS (PARTITION BY h, h2, h3 ORDER BY n)),"
        f" hits AS (SELECT DISTINCT n + k AS n, n - n1 AS off, row1 + k AS first FROM starts, range({_RUN}) AS r(k)"
        f" WHERE n - n1 >= {_RUN}),"
        " copied AS (SELECT DISTINCT ON (n, off) _file, _row, n, off, first,"
        " n - row_number() OVER (PARTITION BY off ORDER BY n) AS run"
        " FROM (SELECT n, off, min(first) AS first FROM hits GROUP BY n, off) JOIN numbered USING (n))"
    )
