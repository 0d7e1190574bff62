"""Columns of cells given in a test, as profiles, and what a proposed field makes of their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from openspending.etl.modelling.fitting import field_of, reading_of
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.profiling import profile
from openspending.etl.modelling.writing import writing
from openspending.etl.modelling.written import Writing
from openspending.fdp.spaces import BLANKS

Cells = Sequence[str | None]


def loaded(connection: duckdb.DuckDBPyConnection, *columns: Cells, files: Sequence[int] | None = None) -> str:
    """A relation of these columns, as a loaded resource is one."""
    rows = len(columns[0])
    table = pa.table(
        {
            "_file": pa.array(files or [0] * rows, pa.int32()),
            "_row": pa.array(range(1, rows + 1), pa.int64()),
            **{f"f{number}": pa.array(cells, pa.string()) for number, cells in enumerate(columns)},
        }
    )
    connection.register("cells_of_test", table)
    return "cells_of_test"


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of one database for all tests, for opening one takes longer than what they ask."""
    cursor = _database().cursor()
    try:
        yield cursor
    finally:
        cursor.close()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def profiled(cells: Cells, label: str = "column") -> Profile:
    with engine() as connection:
        return profile(connection, loaded(connection, cells), [label])[0]


def written(*cells: str | None, label: str = "column") -> Writing:
    return writing(profiled(cells, label))


def numeric(one: Writing) -> Writing | None:
    """The reading as numbers, whichever kind is proposed."""
    return one if one.kind == "number" else one.number


def numbers_read(cells: Cells, props: Mapping[str, Any]) -> list[Decimal | None]:
    """The cells as the declared field reads them: trimmed, replaced, then by the check's own reading."""
    field, gate = field_of("column", props), reading_of("column", props)
    texts = [one.strip(BLANKS) if one is not None and field.trim else one for one in cells]
    texts = [field.replace.get(one, one) if one is not None else None for one in texts]
    with engine() as connection:
        found = connection.execute(
            f"SELECT {gate.value('text', (26, 12))}"
            " FROM (SELECT unnest($texts) AS text, unnest($order) AS n) ORDER BY n",
            {"texts": texts, "order": list(range(len(texts)))},
        ).fetchall()
    return [value for (value,) in found]
