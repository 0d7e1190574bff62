"""A ministry's workbook with twelve faults, and where each is; with banner, styles, merged cells, formula, chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Budget 2025"


@dataclass(frozen=True)
class Fault:
    """What the publisher did wrong, the code of what is found, in which column, the cells that are marked, the one with
    the comment, and whether it is an error."""

    what: str
    code: str
    column: str
    cells: tuple[str, ...]
    error: bool = True


HEADER = ("Year", "Ministry", "Code", "Date", "Phase", "Kind", "Amount", "Office")
D = date(2025, 3, 31)
ROWS: Sequence[Sequence[Any]] = (
    (2025, "Health", "01.1", D, "approved", "expenditure", 1200.50, "001"),  # row 6
    (2025, "Health", "01.2", D, "approved", "expenditure", "1,980", "001"),
    (2025, "Health", "01.3", D, "approved", "expenditure", 310, "001"),
    (2025, "Schools", "02.1", D, "approved", "expenditure", "nil so far", "002"),
    (2025, "Schools", "02.2", "31/03/2025", "approved", "expenditure", 77.25, "002"),
    (2025, "Schools", None, D, "approved", "expenditure", 58, "002"),  # row 11
    (2025, "Schools", "02.1", D, "approved", "expenditure", 44, "002"),
    (2025, "Roads", "03.1", D, "aproved", "expenditure", 901, "003"),
    (2025, "Roads", "03.2", D, "approved", "expenditure", 12, "003"),  # B14:B16 are merged
    (2025, None, "03.3", D, "approved", "expenditure", 13, "003"),
    (2025, None, "03.4", D, "approved", "expenditure", 14, "003"),  # row 16
    (2052, "Rivers", "04.1", D, "approved", "expenditure", 5, "004"),
    (2025, "Taxes", "90.1", D, "approved", "revenue", -650, "005"),
    (2025, "Taxes", "90.2", D, "approved", "revenue", 930, "009"),
    (2025, "Total", "99.9", D, "approved", "expenditure", 6000, "005"),  # row 20
    (None, "Source: Ministry of Finance, own figures", "n", None, "approved", "expenditure", None, "005"),
)
FAULTS = (
    Fault("an amount with a comma, written as text", "type-error", "Amount", ("G7",)),
    Fault("a word for an amount", "type-error", "Amount", ("G9",)),
    Fault("a date in another style", "type-error", "Date", ("D10",)),
    Fault("a blank code", "constraint-error", "Code", ("C11",)),
    Fault("a key that an earlier row has", "primary-key", "Year", ("A12", "C12"), error=False),
    Fault("a phase that does not exist", "constraint-error", "Phase", ("E13",)),
    Fault("cells merged over several rows", "constraint-error", "Ministry", ("B14",)),
    Fault("a year that cannot be", "constraint-error", "Year", ("A17",)),
    Fault("revenue below zero", "constraint-error", "Amount", ("G18",)),
    Fault("an office that is not in the list", "foreign-key", "Office", ("H19",), error=False),
    Fault("a row with a total", "fiscal/maybe-total-rows", "Ministry", ("B20",), error=False),
    Fault("a note below the table", "constraint-error", "Year", ("A21",)),
)
OFFICES = "Office,Name\n001,Clinics\n002,Classrooms\n003,Bridges\n004,Dams\n005,Collectors\n"
FIELDS: list[dict[str, Any]] = [
    {"name": "Year", "type": "integer", "columnType": "date:fiscal-year",
     "constraints": {"required": True, "minimum": 2000, "maximum": 2030}},
    {"name": "Ministry", "type": "string", "columnType": "administrative-classification:generic:level1:label",
     "constraints": {"required": True}},
    {"name": "Code", "type": "string", "columnType": "administrative-classification:generic:level1:code",
     "constraints": {"required": True}},
    {"name": "Date", "type": "date", "columnType": "date:generic"},
    {"name": "Phase", "type": "string", "columnType": "phase:id",
     "constraints": {"enum": ["approved", "executed"]}},
    {"name": "Kind", "type": "string", "columnType": "direction",
     "constraints": {"enum": ["expenditure", "revenue"]}},
    {"name": "Amount", "type": "number", "columnType": "value", "currency": "EUR", "constraints": {"minimum": 0}},
    {"name": "Office", "type": "string", "columnType": "functional-classification:generic:level1:code"},
]  # fmt: skip


def write_book(path: Path, rows: Sequence[Sequence[Any]] = ROWS) -> None:
    """The workbook."""
    book = Workbook()
    about, sheet, sums = book.active, book.create_sheet(SHEET), book.create_sheet("Sums")
    about.title, about["A1"] = "Read me", "Ask the budget office."
    sheet["A1"], sheet["A1"].font = "Ministry of Finance", Font(bold=True, size=16, color="FF1F4E79")
    sheet.merge_cells("A1:H1")
    sheet["A2"] = "Budget of the year 2025, in euro"
    for column, label in enumerate(HEADER, start=1):
        cell = sheet.cell(5, column, label)
        cell.font, cell.alignment = Font(bold=True, color="FFFFFFFF"), Alignment(horizontal="center")
        cell.fill, cell.border = PatternFill("solid", start_color="FF1F4E79"), Border(bottom=Side("thick"))
    for row in rows:
        sheet.append(row)
    for number in range(6, sheet.max_row + 1):
        sheet.cell(number, 4).number_format, sheet.cell(number, 7).number_format = "DD.MM.YYYY", "#,##0.00 [$€]"
        if number % 2:
            sheet.cell(number, 2).fill = PatternFill("solid", start_color="FFF2F2F2")
    sheet["A12"].comment = Comment("Ask Jana whether this is right", "Jana")
    sheet["B8"].comment = Comment("Checked", "Jana")
    sheet.merge_cells("B14:B16")
    _furnish(sheet)
    sums["A1"], sums["A2"], sums["B2"] = "All", "Amount", f"=SUM('{SHEET}'!G6:G20)"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=7, min_row=5, max_row=20), titles_from_data=True)
    sums.add_chart(chart, "D2")
    book.active = 1
    book.save(path)


def _furnish(sheet: Worksheet) -> None:
    """What a publisher sets up, and must find again."""
    sheet.column_dimensions["B"].width, sheet.row_dimensions[5].height = 40, 30
    sheet.column_dimensions["H"].hidden = False
    sheet.freeze_panes, sheet.auto_filter.ref = "A6", "A5:H20"
    sheet.conditional_formatting.add(
        "G6:G20", CellIsRule(operator="greaterThan", formula=["5000"], font=Font(bold=True))
    )
    choice = DataValidation("list", formula1='"approved,executed"', allow_blank=True)
    choice.add("E6:E20")
    sheet.add_data_validation(choice)
    sheet.print_title_rows = "5:5"


def write_package(folder: Path, rows: Sequence[Sequence[Any]] = ROWS, **resource: Any) -> Path:
    """A package that is the workbook and a list of offices."""
    folder.mkdir()
    write_book(folder / "budget.xlsx", rows)
    (folder / "offices.csv").write_text(OFFICES, encoding="utf-8")
    foreign = {"fields": ["Office"], "reference": {"resource": "offices", "fields": ["Office"]}}
    schema = {"fields": FIELDS, "primaryKey": ["Year", "Code"], "foreignKeys": [foreign]}
    label = {"name": "Name", "type": "string", "columnType": "functional-classification:generic:level1:label"}
    budget = {
        "name": "budget", "path": "budget.xlsx", "format": "xlsx",
        "dialect": {"sheetName": SHEET, "headerRows": [5]}, "schema": schema, **resource,
    }  # fmt: skip
    offices = {
        "name": "offices",
        "path": "offices.csv",
        "schema": {"fields": [{"name": "Office", "type": "string"}, label]},
    }
    descriptor = json.dumps({"name": "seeded", "resources": [budget, offices]})
    (folder / "datapackage.json").write_text(descriptor, encoding="utf-8")
    return folder
