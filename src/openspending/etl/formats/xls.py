"""XLS workbooks of Excel 97–2003 and older, read by xlrd, which keeps number formats and errors."""

from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import xlrd
from xlrd.compdoc import CompDocError

from openspending.etl.formats.cells import PLAIN, Shown, number_text, shown_as
from openspending.etl.formats.sheets import Book, Sheet, not_read, refuse_far_apart, without_blank_end
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_MEND: Final = said("Open it in a spreadsheet program and save it as XLSX.")
# What xlrd raises for damaged files.
_DAMAGE: Final = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    LookupError,
    ValueError,
    AssertionError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    EOFError,
    OSError,
)


def open_xls(path: Path, shown: str, limits: Limits = DEFAULT_LIMITS) -> Book:
    """A workbook with all its sheets. Raises PackageRejected for damaged and encrypted ones."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            workbook = xlrd.open_workbook(
                file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
            )
            found = [(number, workbook.sheet_by_index(number - 1)) for number in range(1, workbook.nsheets + 1)]
    except _DAMAGE as error:
        if "encrypted" in str(error):
            detail, remedy = (
                said("it is protected by a password"),
                said("Open it, remove the password, and save it again."),
            )
            raise not_read(shown, detail, remedy) from error
        raise not_read(shown, said("the workbook is damaged ({error})", error=error), _MEND) from error
    styles = [_shown(workbook, one) for one in workbook.xf_list]
    sheets = tuple(_sheet(number, sheet) for number, sheet in found)
    return Book("xls", shown, sheets, lambda sheet: without_blank_end(_rows(workbook, styles, shown, sheet, limits)))


def _shown(workbook: Any, style: Any) -> Shown:
    known = workbook.format_map.get(style.format_key)
    return shown_as(known.format_str) if known is not None else PLAIN


def _sheet(number: int, sheet: Any) -> Sheet:
    rows = columns = 0
    for at in range(sheet.nrows):
        kinds = sheet.row_types(at)
        last = max((column for column, kind in enumerate(kinds, start=1) if kind not in _EMPTY), default=0)
        rows, columns = (at + 1, max(columns, last)) if last else (rows, columns)
    merged = tuple((top + 1, left + 1, end, right) for top, end, left, right in sheet.merged_cells)
    return Sheet(sheet.name, number, sheet.visibility != 0, rows, columns, merged)


_EMPTY: Final = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def _rows(workbook: Any, styles: list[Shown], shown: str, sheet: Sheet, limits: Limits) -> Iterator[list[str]]:
    found = workbook.sheet_by_index(sheet.number - 1)
    filled = sum(found.row_len(at) for at in range(found.nrows))
    refuse_far_apart(shown, sheet, filled, limits)
    for at in range(sheet.rows):
        row = [""] * sheet.columns
        cells = zip(found.row_types(at), found.row_values(at), strict=True)
        for column, (kind, value) in enumerate(cells):
            if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                style = styles[found.cell_xf_index(at, column)]
                row[column] = number_text(repr(value), style, mac=workbook.datemode == 1)
            elif kind == xlrd.XL_CELL_TEXT:
                row[column] = value
            elif kind == xlrd.XL_CELL_BOOLEAN:
                row[column] = "TRUE" if value else "FALSE"
            elif kind == xlrd.XL_CELL_ERROR:
                row[column] = xlrd.error_text_from_code.get(value, "#ERROR!")
        yield row
