"""Keys: rows that repeat a primary key or a unique value, codes without an entry, code lists with double entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import duckdb

from openspending.etl.columns import Column
from openspending.etl.limits import SHOWN
from openspending.etl.table import Found, Table
from openspending.fdp.denormalise import Join
from openspending.fdp.package import ForeignKey
from openspending.fdp.problems import Problem


def check_unique(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Problem]:
    """A warning for rows with the same primary key (two equal rows are two facts), and what breaks `unique`: an error
    in columns that the model uses."""
    problems = []
    key = table.named(table.resource.schema.primary_key)
    found = _repeated(connection, table, key) if key else None
    if found is not None:
        problems.append(table.problem("primary-key", found))
        table.list_all(key, _repeats(table, key), partial(table.problem, "primary-key"))
    for column in table.columns:
        found = _repeated(connection, table, [column]) if column.field.constraints.get("unique") is True else None
        if found is not None:
            code = "unique-error" if column.used else "fiscal/unused-column-value"
            described = partial(table.problem, code, field=column.field.name, wanted="unique")
            problems.append(described(found))
            table.list_all([column], _repeats(table, [column]), described)
    return problems


def check_references(connection: duckdb.DuckDBPyConnection, table: Table, tables: Mapping[str, Table]) -> list[Problem]:
    """A warning for codes that the resource they refer to does not have."""
    problems = []
    for key in table.resource.schema.foreign_keys:
        other = tables.get(key.resource or table.resource.name)
        if other is not None:
            problems += _without_entry(connection, table, other, key)
    return problems


def check_entries(connection: duckdb.DuckDBPyConnection, join: Join, left: Table, right: Table) -> list[Problem]:
    """Errors for codes that are used and have several entries in the code list joined: facts would double."""
    here, there = left.named(join.left), right.named(join.right)
    if not here or len(here) != len(there):
        return []
    keys = ", ".join(_texts("b", there))
    same = " AND ".join(f"{a} = {b}" for a, b in zip(_texts("a", here), _texts("b", there), strict=True))
    entries = f"FROM {right.relation} AS b WHERE EXISTS (FROM {left.relation} AS a WHERE {same})"
    rows = connection.execute(
        f"SELECT min(_file), min(_row), concat_ws(' – ', {keys}), count(*) {entries}"
        f" GROUP BY {keys} HAVING count(*) > 1 ORDER BY 1, 2 LIMIT {SHOWN}"
    ).fetchall()
    described = partial(right.problem, "fiscal/ambiguous-reference", field=", ".join(join.right))
    if rows:
        times = f"count(*) OVER (PARTITION BY {keys})"
        every = f"SELECT _file, _row, concat_ws(' – ', {keys}), {times} AS times {entries} QUALIFY times > 1"
        right.list_all(there, every, described)
    return [described(Found(*row)) for row in rows]


def _repeated(connection: duckdb.DuckDBPyConnection, table: Table, key: Sequence[Column]) -> Found | None:
    """The first row whose key stands in an earlier row too, and how many such rows there are."""
    rows = connection.execute(f"{_repeats(table, key)} ORDER BY 1, 2 LIMIT 1").fetchall()
    return Found(*rows[0]) if rows else None


def _repeats(table: Table, key: Sequence[Column]) -> str:
    """SQL of the rows whose key stands in an earlier row too. Keys with a missing value are not compared."""
    texts = _texts("a", key)
    present = " AND ".join(f"{text} IS NOT NULL" for text in texts)
    return (
        f"WITH doubled AS (SELECT hash({', '.join(texts)}) AS h, count(*) AS n FROM {table.relation} AS a"
        f" WHERE {present} GROUP BY h HAVING n > 1)"
        f" SELECT _file, _row, value, count(*) OVER () FROM (SELECT _file, _row, concat_ws(' – ', {', '.join(texts)})"
        f" AS value, row_number() OVER (PARTITION BY h ORDER BY _file, _row) AS turn"
        f" FROM {table.relation} AS a JOIN doubled ON h = hash({', '.join(texts)}) WHERE {present})"
        " WHERE turn > 1"
    )


def _without_entry(connection: duckdb.DuckDBPyConnection, table: Table, other: Table, key: ForeignKey) -> list[Problem]:
    here, there = table.named(key.fields), other.named(key.reference_fields)
    if not here or len(here) != len(there):
        return []
    mine = _texts("a", here)
    present = " AND ".join(f"{text} IS NOT NULL" for text in mine)
    same = " AND ".join(f"{a} = {b}" for a, b in zip(mine, _texts("b", there), strict=True))
    query = (
        f"SELECT _file, _row, concat_ws(' – ', {', '.join(mine)}), count(*) OVER () FROM {table.relation} AS a"
        f" WHERE {present} AND NOT EXISTS (FROM {other.relation} AS b WHERE {same})"
    )
    described = partial(table.problem, "foreign-key", field=", ".join(key.fields), reference=other.resource.name)
    rows = connection.execute(f"{query} ORDER BY 1, 2 LIMIT 1").fetchall()
    if rows:
        table.list_all(here, query, described)
    return [described(Found(*row)) for row in rows]


def _texts(alias: str, columns: Sequence[Column]) -> list[str]:
    """Keys are compared as texts, missing values being NULL."""
    return [one.reading.text(f"{alias}.{one.sql}") for one in columns]
