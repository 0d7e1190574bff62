"""Facts that sum up others are found in tables of any size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.guards.layers import Facts, nested

ROWS = 210_000  # more than are looked at one by one


def dimension(column: str) -> dict[str, Any]:
    return {"key_attribute": column, "attributes": {column: {"column": column, "type": "string"}}}


SPEC = {
    "fact_table": "facts",
    "dimensions": {one: dimension(one) for one in ("chapter", "article", "code")},
    "measures": {"amount": {"column": "amount"}},
}


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """`lines`: articles of ten chapters, each fact of one cent or more."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE lines AS SELECT 'a.csv' AS _file, printf('%02d', i % 10 + 1) AS chapter, "
            "printf('%02d.%d', i % 10 + 1, i % 70) AS article, CAST((i % 997 + 1) * 0.01 AS DECIMAL(18, 2)) AS amount "
            f"FROM range({ROWS}) t(i)"
        )
        yield connection


def found(database: duckdb.DuckDBPyConnection, table: str) -> Any:
    return nested(Facts(database, table, from_spec(SPEC)))


def test_a_large_table_without_totals_has_one_level(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("CREATE TABLE facts AS SELECT *, article AS code FROM lines")

    assert found(database, "facts") == ([], [])


def test_chapters_above_articles_are_found_in_a_large_table(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(
        "CREATE TABLE facts AS SELECT *, 'x' AS code FROM lines UNION ALL "
        "SELECT 'a.csv', chapter, NULL, sum(amount), 'x' FROM lines GROUP BY chapter"
    )

    ((levels,), suspects) = found(database, "facts")

    assert [(one.name, one.facts) for one in levels.layers] == [("top level", 10), ("lowest level", ROWS)]
    assert suspects == []


def test_codes_above_codes_are_found_in_a_large_table(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(
        "CREATE TABLE facts AS SELECT _file, 'x' AS chapter, 'y' AS article, amount, article AS code FROM lines "
        "UNION ALL SELECT 'a.csv', 'x', 'y', sum(amount), chapter FROM lines GROUP BY chapter"
    )

    ((levels,), suspects) = found(database, "facts")

    assert (levels.ref, len(levels.above), len(levels.parents)) == ("code.code", 10, 70)
    assert levels.tops == levels.above
    assert suspects == []
