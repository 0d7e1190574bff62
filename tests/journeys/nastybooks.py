"""Workbooks with what only workbooks have: formulas, errors, hidden rows, formats, merged cells, dates."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import openpyxl

from tests.journeys.nasty import ENGLISH, Case, Table, budget, truth_of
from tests.journeys.nastyfiles import typed, xlsx

TABLE = budget("en", 34, rows=32)


def _saved(change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"Data": typed(TABLE)})))
    change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _formulas(sheet: Any) -> None:
    for row in range(2, 10):
        sheet.cell(row, 6).value = "=1+2"


def _errors(sheet: Any) -> None:
    sheet.cell(5, 6).value = "#REF!"
    sheet.cell(5, 6).data_type = "e"


def _hidden(sheet: Any) -> None:
    for row in range(5, 9):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["C"].hidden = True


def _numbers_as_text(sheet: Any) -> None:
    for row in range(3, 12, 2):
        sheet.cell(row, 6).value = ENGLISH.write(TABLE.rows[row - 2][1][0])


def _in_thousands(sheet: Any) -> None:
    for row in range(2, 34):
        sheet.cell(row, 6).number_format = "#,##0,"


def _merged() -> bytes:
    """The names of bodies stand once, over all their rows."""
    body = typed(TABLE)
    spans, merged, start = [], [], 2
    for number, row in enumerate(body[1:], 2):
        same = number > 2 and row[2] == body[number - 2][2]
        spans.append([*row[:2], None if same else row[2], *row[3:]])
        if number == len(body) or body[number][2] != row[2]:
            merged.append(f"C{start}:C{number}")
            start = number + 1
    return xlsx({"Data": [body[0], *spans]}, merged={"Data": merged})


def _dated(table: Table) -> bytes:
    dated = replace(table, labels=("Paid on", *table.labels[1:]))
    rows: list[list[Any]] = [typed(dated)[0]]
    for number, row in enumerate(typed(dated)[1:]):
        rows.append([dt.date(2021, 1 + number % 12, 1 + number % 28), *row[1:]])
    return xlsx({"Data": rows})


def books_at_risk() -> Iterator[Case]:
    """All of them."""
    true = truth_of(TABLE)
    yield Case("formulas without values", {"b.xlsx": _saved(_formulas)}, None, asked=True)
    yield Case("errors", {"b.xlsx": _saved(_errors)}, None, asked=True)
    yield Case("hidden rows", {"b.xlsx": _saved(_hidden)}, true, clear=False)
    yield Case("some numbers as text", {"b.xlsx": _saved(_numbers_as_text)}, true, clear=False)
    yield Case("shown in thousands", {"b.xlsx": _saved(_in_thousands)}, true, clear=False)
    yield Case("names merged downwards", {"b.xlsx": _merged()}, truth_of(TABLE, texts=(0, 1, 3, 4)))
    yield Case("dates in a book", {"b.xlsx": _dated(TABLE)}, truth_of(TABLE, texts=(1, 2, 3, 4)))
