"""Each format read back by a library that had no part in writing it, as rows of Python values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import python_calamine
from pyarrow import ipc

from openspending.analytics.exports.table import Column

Rows = list[dict[str, Any]]


def from_text(text: str, column: Column) -> Any:
    """A value that a text format wrote."""
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "decimal": Decimal,
        "float": float,
        "boolean": {"true": True, "false": False}.__getitem__,
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
    }
    return readers.get(column.kind, str)(text)


def csv_rows(data: bytes, columns: list[Column], _: Path) -> Rows:
    """By Python's csv module; null and the empty text are one to it, see `normal`."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    assert header == [one.name for one in columns]
    return [
        {one.name: from_text(cell, one) if cell else None for one, cell in zip(columns, row, strict=True)}
        for row in rows
    ]


def json_rows(data: bytes, columns: list[Column], _: Path) -> Rows:
    return [_typed(one, columns) for one in json.loads(data)["data"]]


def jsonl_rows(data: bytes, columns: list[Column], _: Path) -> Rows:
    return [_typed(json.loads(one), columns) for one in data.decode().split("\n") if one]


def _typed(row: Mapping[str, Any], columns: list[Column]) -> dict[str, Any]:
    assert list(row) == [one.name for one in columns]
    return {
        one.name: from_text(row[one.name], one) if isinstance(row[one.name], str) else row[one.name] for one in columns
    }


def parquet_rows(data: bytes, _: list[Column], folder: Path) -> Rows:
    """By DuckDB's own reader; Arrow wrote it."""
    path = folder / "table.parquet"
    path.write_bytes(data)
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [one[0] for one in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def arrow_rows(data: bytes, _: list[Column], __: Path) -> Rows:
    with ipc.open_stream(data) as reader:
        return list(reader.read_all().to_pylist())


def xlsx_rows(data: bytes, columns: list[Column], _: Path) -> Rows:
    """By calamine; openpyxl made the frame. Every number is a float there, as in every spreadsheet: its shortest form
    has the digits that were written, up to 15 of them."""
    header, *rows = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name("data").to_python()
    assert header == [one.name for one in columns]
    return [{one.name: _cell(cell, one) for one, cell in zip(columns, row, strict=True)} for row in rows]


def _cell(cell: Any, column: Column) -> Any:
    if cell == "":  # calamine's empty cell
        return None
    if isinstance(cell, float) and column.kind in {"integer", "decimal"}:
        return from_text(f"{Decimal(repr(cell)):f}".removesuffix(".0"), column)
    # calamine undoes the escapes of the format (ECMA-376, ST_Xstring) but for two characters
    unescaped = cell.replace("_xFFFE_", "\ufffe").replace("_xFFFF_", "\uffff") if isinstance(cell, str) else cell
    return from_text(unescaped, column) if isinstance(unescaped, str) else unescaped


READERS: dict[str, Callable[[bytes, list[Column], Path], Rows]] = {
    "csv": csv_rows,
    "json": json_rows,
    "jsonl": jsonl_rows,
    "parquet": parquet_rows,
    "arrow": arrow_rows,
    "xlsx": xlsx_rows,
}


def normal(rows: Rows, format_name: str) -> Rows:
    """`rows` as a format can tell them apart: to CSV's and sheets' readers the empty text is no value."""
    if format_name not in {"csv", "xlsx"}:
        return rows
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]
