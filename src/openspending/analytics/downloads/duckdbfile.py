"""The facts as a database of DuckDB: amounts are decimals, as in the facts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from openspending.analytics.downloads.contents import Facts
from openspending.fdp.sqltext import literal

_STORAGE: Final = "v1.0.0"  # the oldest form that promises to stay readable; any DuckDB since June 2024 opens it


def write(facts: Facts, target: Path) -> None:
    """Write the database with the tables `facts`, `columns` and `about`."""
    limits = {"memory_limit": "500MB", "temp_directory": str(target.parent / "spill")}
    with duckdb.connect(config={**limits, "autoinstall_known_extensions": False}) as connection:
        connection.execute(f"ATTACH {literal(str(target))} AS target (STORAGE_VERSION {literal(_STORAGE)})")
        connection.execute("USE target")
        connection.execute(f"CREATE TABLE facts AS SELECT * FROM read_parquet({literal(str(facts.path))})")
        kinds = ", ".join(f"{one} VARCHAR" for one in ("name", "type", "title", "meaning", "currency", "unit"))
        connection.execute(f"CREATE TABLE columns ({kinds})")
        connection.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?)", list(facts.column_rows()))
        connection.execute("CREATE TABLE about (key VARCHAR, value VARCHAR)")
        connection.executemany("INSERT INTO about VALUES (?, ?)", list(facts.lines()))
        connection.execute("USE memory")
        connection.execute("DETACH target")
