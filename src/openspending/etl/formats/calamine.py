"""Workbooks read by calamine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from openspending.etl.formats.cells import text_of
from openspending.etl.formats.sheets import Book, Sheet, not_read, without_blank_end

_MEND = "Open it in a spreadsheet program and save it again, or save the table as CSV."


def open_calamine(path: Path, kind: str, shown: str) -> Book:
    """A workbook with all its sheets of cells. Raises PackageRejected for damaged ones."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = tuple(
            _sheet(workbook, at)
            for at, one in enumerate(workbook.sheets_metadata)
            if one.typ == SheetTypeEnum.WorkSheet
        )
    except (CalamineError, OSError) as error:
        raise not_read(shown, f"the workbook is damaged ({error})", _MEND) from error
    return Book(kind, shown, sheets, partial(_rows, workbook, shown))


def _sheet(workbook: CalamineWorkbook, at: int) -> Sheet:
    about, sheet = workbook.sheets_metadata[at], workbook.get_sheet_by_index(at)
    merged = sheet.merged_cell_ranges or ()
    ranges = tuple((top + 1, left + 1, end + 1, right + 1) for (top, left), (end, right) in merged)
    rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    hidden = about.visible != SheetVisibleEnum.Visible
    return Sheet(about.name, at + 1, hidden, rows, columns, ranges)


def _rows(workbook: CalamineWorkbook, shown: str, sheet: Sheet) -> Iterator[list[str]]:
    try:
        found = workbook.get_sheet_by_index(sheet.number - 1)
    except (CalamineError, OSError) as error:
        raise not_read(shown, f"the sheet “{sheet.name}” is damaged ({error})", _MEND) from error
    before = [""] * (found.start[1] if found.start else 0)
    yield from without_blank_end([*before, *map(text_of, row)] for row in found.iter_rows())
