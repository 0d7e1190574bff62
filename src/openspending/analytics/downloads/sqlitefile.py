"""The facts as a database of SQLite, which has no decimals: amounts are text, every digit as in the facts.

Beside each amount that allows it stands `{amount}_scaled`, an INTEGER: the amount × 10^scale, so that sums in SQL are
exact. It is left out where the sum of all amounts, signs aside, may exceed 64 bits. Table `columns` tells the scale.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from openspending.analytics.downloads.contents import Facts
from openspending.analytics.exports.table import Column
from openspending.analytics.exports.texts import as_text
from openspending.fdp.sqltext import identifier

_MOST: Final = 2**63 - 1
_SUMMABLE: Final = 18  # digits of amounts of which a batch never adds up to more than 38
_AFFINITY: Final = {"integer": "INTEGER", "boolean": "INTEGER", "float": "REAL"}


def write(facts: Facts, target: Path) -> None:
    """Write the database with the tables `facts`, `columns` and `about`."""
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        # nobody reads it before it is whole, and a crash starts anew: no journal, no waiting for the disk
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192; BEGIN")
        scaled = _scaled(facts)
        _write_facts(database, facts, scaled)
        _write_columns(database, facts, scaled)
        database.execute("CREATE TABLE about (key TEXT, value TEXT)")
        database.executemany("INSERT INTO about VALUES (?, ?)", facts.lines())
        database.execute("COMMIT")


def _scaled(facts: Facts) -> dict[str, str]:
    """Amount columns that get a companion of integers → its name."""
    taken = {one.name for one in facts.columns}
    found = {}
    for one in facts.columns:
        if one.kind == "decimal" and _fits(facts, one):
            name = f"{one.name}_scaled"
            while name.lower() in {other.lower() for other in taken}:
                name += "_"
            taken.add(name)
            found[one.name] = name
    return found


def _fits(facts: Facts, column: Column) -> bool:
    """Whether integers of 64 bits hold every sum of the column's amounts."""
    total = Decimal(0)
    for batch in facts.batches(column.name):
        (amounts,) = batch.columns
        if amounts.type.precision <= _SUMMABLE:
            part = pc.sum(pc.abs(amounts)).as_py() or 0
        else:  # where Arrow's sum might overflow, as many times the largest
            part = max(abs(one or 0) for one in pc.min_max(amounts).as_py().values()) * len(amounts)
        total += Decimal(part)
    return total.scaleb(facts.scales[column.name]) <= _MOST


def _write_facts(database: sqlite3.Connection, facts: Facts, scaled: dict[str, str]) -> None:
    declared = []
    for one in facts.columns:
        declared.append(f"{identifier(one.name)} {_AFFINITY.get(one.kind, 'TEXT')}")
        if one.name in scaled:
            declared.append(f"{identifier(scaled[one.name])} INTEGER")
    database.execute(f"CREATE TABLE facts ({', '.join(declared)})")
    insert = f"INSERT INTO facts VALUES ({', '.join('?' * len(declared))})"
    for batch in facts.table().batches:
        pairs = zip(facts.columns, batch.columns, strict=True)
        values = [value for pair in pairs for value in _values(*pair, scaled)]
        database.executemany(insert, zip(*values, strict=True))


def _values(column: Column, array: pa.Array, scaled: dict[str, str]) -> Iterator[list[Any]]:
    """A column's values as SQLite keeps them, and those of its companion."""
    if column.kind in _AFFINITY:
        yield array.to_pylist()
        return
    text = as_text(array)
    yield text.to_pylist()
    if column.name in scaled:
        yield pc.replace_substring(text, ".", "").cast(pa.int64()).to_pylist()


def _write_columns(database: sqlite3.Connection, facts: Facts, scaled: dict[str, str]) -> None:
    database.execute(
        "CREATE TABLE columns (name TEXT, type TEXT, title TEXT, meaning TEXT, currency TEXT, unit TEXT, "
        "scaled_column TEXT, scale INTEGER)"
    )
    rows = ((*row, scaled.get(row[0]), facts.scales.get(row[0])) for row in facts.column_rows())
    database.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
