"""The local fact database: a fact file as DuckDB answers from it fastest. A cache, which may be deleted at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from openspending.fdp.sqltext import identifier, literal

# Above this many distinct values a column stays text: its dictionary would outweigh what it saves.
_DICTIONARY: Final = 250_000


def copy_facts(database: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """Table `facts` from a fact file, its text columns as sorted dictionaries (ENUM).

    Grouping on dictionary codes is 2–3 times faster than on text (1 M facts: by function and label 2.1 ms against
    5.6 ms, by supplier 9.5 ms against 29 ms), and the codes sort as their texts do.
    """
    source = f"read_parquet({literal(str(parquet))})"
    described = database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    texts = [name for name, type_, *_ in described if type_ == "VARCHAR" and name != "_rid"]
    counts: tuple[int, ...] = ()
    if texts:
        distinct = ", ".join(f"approx_count_distinct({identifier(name)})" for name in texts)
        counts = database.execute(f"SELECT {distinct} FROM {source}").fetchone() or ()
    dictionaries = {name for name, count in zip(texts, counts, strict=True) if 0 < count <= _DICTIONARY}
    for name in dictionaries:
        database.execute(
            f"CREATE TYPE {identifier('text of ' + name)} AS ENUM (SELECT DISTINCT {identifier(name)} FROM {source} "
            f"WHERE {identifier(name)} IS NOT NULL ORDER BY 1)"
        )
    columns = ", ".join(_column(name, coded=name in dictionaries) for name, *_ in described)
    database.execute(f"CREATE TABLE facts AS SELECT {columns} FROM {source}")


def _column(name: str, *, coded: bool) -> str:
    column = identifier(name)
    return f"CAST({column} AS {identifier('text of ' + name)}) AS {column}" if coded else column
