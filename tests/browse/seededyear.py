"""Two years of a ministry's budget: a clean package, and next year's workbook with twelve faults of twelve kinds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font

SHEET: Final = "Budget"
HEADER: Final = ("Year", "Ministry", "Code", "Line", "Approved on", "Phase", "Direction", "Amount (EUR)")
FIRST: Final = 5  # the row of the first line
MINISTRIES: Final = ("Health", "Education", "Transport", "Justice", "Culture", "Environment")
LINES: Final = ("Salaries", "Goods and services", "Transfers", "Buildings", "Vehicles", "Interest")
REVENUE: Final = ("Income tax", "Value added tax", "Customs", "Fees")
_NEEDED: Final = {"required": True}
FIELDS: Final[list[dict[str, Any]]] = [
    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year",
     "constraints": {**_NEEDED, "minimum": 2000, "maximum": 2040}},
    {"name": "Ministry", "type": "string", "columnType": "administrative-classification:generic:level1:code",
     "constraints": _NEEDED},
    {"name": "Code", "type": "string", "columnType": "economic-classification:generic:level1:code",
     "constraints": _NEEDED},
    {"name": "Line", "type": "string", "columnType": "economic-classification:generic:level1:label"},
    {"name": "Approved on", "type": "date", "columnType": "date:generic"},
    {"name": "Phase", "type": "string", "columnType": "phase:id", "constraints": {"enum": ["approved", "executed"]}},
    {"name": "Direction", "type": "string", "columnType": "direction",
     "constraints": {"enum": ["expenditure", "revenue"]}},
    {"name": "Amount (EUR)", "type": "number", "columnType": "value", "currency": "EUR", "constraints": {"minimum": 0}},
]  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with next year's workbook, where, the code of what is found, and whether it must be mended before
    anything is published. Others are put right by a step that is told, or only looked at (`by_hand`)."""

    what: str
    cell: str
    code: str
    mend: bool = True

    @property
    def by_hand(self) -> bool:
        """Whether only a person knows what is right."""
        return self.code in ("primary-key", "fiscal/unit-block")


FAULTS: Final = (
    Fault("a byte order mark in the header", "A4", "incorrect-label", mend=False),
    Fault("a date in another style", "E8", "type-error"),
    Fault("a row with a subtotal", "11", "fiscal/rows-left-out", mend=False),
    Fault("a blank code", "C12", "constraint-error"),
    Fault("a key that an earlier row has", "15", "primary-key", mend=False),
    Fault("a block of amounts times a thousand", "H19", "fiscal/unit-block", mend=False),
    Fault("a phase that does not exist", "F27", "constraint-error"),
    Fault("a year that cannot be", "A29", "constraint-error"),
    Fault("cells merged over several rows", "B32", "constraint-error"),
    Fault("an amount with dots and a comma, as text", "H40", "fiscal/cells-replaced", mend=False),
    Fault("revenue below zero", "H46", "constraint-error"),
    Fault("notes below the table", "47", "fiscal/rows-left-out", mend=False),
)


def clean_rows(year: int) -> list[list[Any]]:
    """The lines of a year: 36 of expenditure, 4 of revenue."""
    rows: list[list[Any]] = []
    for at, ministry in enumerate(MINISTRIES):
        for number, line in enumerate(LINES):
            amount = Decimal(120_000_00 + at * 31_700_37 + number * 8_911_13 + (year - 2024) * 1_203_11) / 100
            code = f"{at + 1:02}.{number + 1}"
            rows.append([year, ministry, code, line, date(year - 1, 12, 15), "approved", "expenditure", amount])
    for number, line in enumerate(REVENUE):
        amount = Decimal(900_000_00 + number * 77_123_45 + (year - 2024) * 4_321_00) / 100
        rows.append([year, "Treasury", f"90.{number + 1}", line, date(year - 1, 12, 15), "approved", "revenue", amount])
    return rows


def faulty_rows(year: int) -> list[list[Any]]:
    """The same with the faults; the subtotal, the copy and the notes are rows of their own."""
    rows = clean_rows(year)
    total = sum((row[7] for row in rows[:6]), Decimal(0))
    rows[33][7] = f"{rows[33][7]:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    rows[3][4] = f"15/12/{year - 1}"
    rows[6][2] = None
    rows.insert(6, [None, "Total Health", *[None] * 5, total])
    rows.insert(10, list(rows[9]))
    for row in rows[14:20]:
        row[7] *= 1000
    rows[22][5] = "aproved"
    rows[24][0] = year + 36
    for row in rows[27:29]:
        row[1] = None
    rows[41][7] = -rows[41][7]
    return [*rows, ["Source: Treasury"], ["* provisional"]]


def write_book(path: Path, rows: Sequence[Sequence[Any]], *, faulty: bool = False) -> Path:
    """The workbook: a banner, the header in row 4, the lines."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title, sheet["A1"], sheet["A2"] = SHEET, "Ministry of Finance", "Budget, in EUR"
    for column, label in enumerate(HEADER, start=1):
        sheet.cell(4, column, f"\ufeff{label}" if faulty and column == 1 else label).font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    if faulty:
        sheet.merge_cells("B31:B33")
    book.save(path)
    return path


def write_package(folder: Path, year: int) -> Path:
    """The clean year as a package that says what its columns mean, and what must be so."""
    folder.mkdir()
    write_book(folder / "budget.xlsx", clean_rows(year))
    budget = {
        "name": "budget", "path": "budget.xlsx", "format": "xlsx",
        "dialect": {"sheetName": SHEET, "headerRows": [4]},
        "schema": {"fields": FIELDS, "primaryKey": ["Year", "Code"]},
    }  # fmt: skip
    descriptor = json.dumps({"name": "national-budget", "title": "National budget", "resources": [budget]})
    (folder / "datapackage.json").write_text(descriptor, encoding="utf-8")
    return folder
