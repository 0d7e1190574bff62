"""The facts as a database of DuckDB: amounts are decimals, as in the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import duckdb

from openspending.analytics.downloads.contents import Facts
from openspending.fdp.sqltext import literal

_STORAGE: Final = "v1.0.0"  # the oldest form that promises to stay readable; any DuckDB since June 2024 opens it


def write(facts: Facts, target: Path) -> None:
    """Write the database with the tables `facts`, `columns` and `about`."""
    # several threads would fill row groups in part only: twice the size, in twice the processor time
    limits = {"memory_limit": "500MB", "threads": "1", "temp_directory": str(target.parent / "spill")}
    with duckdb.connect(config={**limits, "autoinstall_known_extensions": False}) as connection:
        connection.execute(f"ATTACH {literal(str(target))} AS target (STORAGE_VERSION {literal(_STORAGE)})")
        connection.execute("USE target")
        connection.execute(f"CREATE TABLE facts AS SELECT * FROM read_parquet({literal(str(facts.path))})")
        _write_texts(
            connection, "columns", ("name", "type", "title", "meaning", "currency", "unit"), facts.column_rows()
        )
        _write_texts(connection, "about", ("key", "value"), facts.lines())
        connection.execute("USE memory")
        connection.execute("DETACH target")


def _write_texts(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[str],
    rows: Iterable[Sequence[str | None]],
) -> None:
    """A small table of texts, by one statement: one for each row would take longer than all else in small files."""
    connection.execute(f"CREATE TABLE {table} ({', '.join(f'{one} VARCHAR' for one in names)})")
    values = list(rows)
    places = f"({', '.join('?' * len(names))})"
    connection.execute(
        f"INSERT INTO {table} VALUES {', '.join([places] * len(values))}", [one for row in values for one in row]
    )
