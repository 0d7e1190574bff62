"""Columns that are the sum of others, by exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import pytest

from openspending.etl.modelling.wide_totals import TotalColumn, total_columns

Rows = Sequence[Sequence[str]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def sums(
    connection: duckdb.DuckDBPyConnection, rows: Rows, groups: Sequence[Sequence[int]] = ()
) -> dict[int, TotalColumn]:
    width = len(rows[0])
    columns = ", ".join(f"f{at} VARCHAR" for at in range(width))
    connection.execute(f"CREATE TABLE wide (_file INTEGER, _row INTEGER, {columns})")
    marks = ", ".join("?" * (width + 2))
    connection.executemany(f"INSERT INTO wide VALUES ({marks})", [[1, at, *row] for at, row in enumerate(rows)])
    amounts = {at: f"nullif(f{at}, '')::DECIMAL(38, 6)" for at in range(width)}
    return {one.position: one for one in total_columns(connection, "wide", amounts, groups)}


def test_a_total_of_all_others_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    found = sums(connection, [["1.1", "2.2", "3.3", "6.6"], ["1", "", "5", "6"], ["-4", "7", "1", "4"]])
    assert found[3].parts == (0, 1, 2)
    assert (found[3].certain, found[3].rows) == (True, 3)


def test_parts_of_parts_are_found(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[a + b + c, a + b, a, b, c] for a, b, c in ((1, 2, 4), (9, 7, 3), (5, 1, 8), (2, 2, 6))]
    found = sums(connection, [[str(one) for one in row] for row in rows])
    assert (found[0].parts, found[1].parts) == ((1, 4), (2, 3))


def test_a_difference_of_a_cent_counts(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[str(at), str(at * 3), f"{at * 4}.01"] for at in range(1, 6)]
    assert sums(connection, rows) == {}


def test_rounded_parts_are_told_from_exact_ones(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [["1000.4", "2000.4", "3000.9"], ["5000.2", "100.1", "5100.3"], ["700.3", "800.4", "1500.6"]]
    found = sums(connection, [*rows, ["910.1", "820.2", "1730.3"]])
    assert found[2].rounded


def test_a_few_rows_that_differ_make_it_uncertain(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[str(at), str(at + 7), str(2 * at + 7)] for at in range(1, 100)]
    found = sums(connection, [*rows, ["1", "1", "3"]])
    assert (found[2].differing, found[2].certain) == (1, False)


def test_columns_that_repeat_another_are_no_totals(connection: duckdb.DuckDBPyConnection) -> None:
    assert sums(connection, [[str(at), str(at), "0"] for at in range(1, 9)]) == {}


def test_a_total_of_many_columns_is_found_beside_them(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[at * (month + 3) + month for month in range(20)] for at in range(1, 9)]
    found = sums(connection, [[str(sum(row)), *map(str, row)] for row in rows])
    assert found[0].parts == tuple(range(1, 21))


def test_totals_of_each_year_are_found_by_their_groups(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [[at * at + 1 + month for month in range(14)] for at in range(1, 9)]
    wide = [[*row, *(row[year] + row[year + 7] for year in range(7))] for row in rows]
    groups = [(year, year + 7, year + 14) for year in range(7)]
    found = sums(connection, [[str(one) for one in row] for row in wide], groups)
    assert all(found[year + 14].parts == (year, year + 7) for year in range(7))


def test_two_columns_hold_no_total(connection: duckdb.DuckDBPyConnection) -> None:
    assert sums(connection, [["1", "1"], ["2", "2"], ["3", "3"]]) == {}
