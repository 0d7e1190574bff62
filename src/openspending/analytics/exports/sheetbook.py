"""A workbook whose first sheet has a header and no rows yet: all but the rows is written by openpyxl.

Its XML is then split where the rows belong, so that they can be streamed between.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from openspending.analytics.exports.sheetcells import Looks, TooLargeForSheet
from openspending.etl.celltext import MOST_COLUMNS, fits, in_sheet

ROWS_PART: Final = "xl/worksheets/sheet1.xml"
_CORE: Final = "docProps/core.xml"
_MOMENT: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SAMPLE: Final = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
_STYLE: Final = re.compile(rb'<c [^>]*?\bs="(\d+)"')
_NARROWEST, _WIDEST = 10, 40  # of columns, in characters


@dataclass(frozen=True, slots=True)
class SheetBook:
    """The `parts` of a workbook by name, but for the sheet of the rows: what is written before and after them, and the
    looks of its columns."""

    parts: Mapping[str, bytes]
    before: bytes
    after: bytes
    looks: Sequence[Looks]


def sheet_book(names: Sequence[str], formats: Sequence[str], about: Iterable[tuple[str, str]]) -> SheetBook:
    """A workbook of the sheets "data", with a header of `names` and a number format for each column, and "About".

    Raises TooLargeForSheet when there are too many columns, or a text is too long.
    """
    if len(names) > MOST_COLUMNS:
        raise TooLargeForSheet(f"The table has {len(names):,} columns, and a sheet {MOST_COLUMNS:,}.")
    book = Workbook(write_only=True)
    book.properties.creator = "OpenSpending"
    _data_sheet(book, names, formats)
    _about_sheet(book, about)
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    # the time of writing would make two workbooks of the same rows differ
    parts[_CORE] = _MOMENT.sub(b"2000-01-01T00:00:00Z", parts[_CORE])
    sheet = parts.pop(ROWS_PART)
    sample = _SAMPLE.search(sheet)
    assert sample is not None
    text, *own = [found.decode() for found in _STYLE.findall(sample[0])]
    return SheetBook(parts, sheet[: sample.start()], sheet[sample.end() :], [Looks(one, text) for one in own])


def _data_sheet(book: Workbook, names: Sequence[str], formats: Sequence[str]) -> None:
    """The header, and a row of one text cell and a cell for each column: openpyxl numbers their styles."""
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(names, start=1):
        width = min(max(len(name) + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    head = [_cell(sheet, name) for name in names]
    for one in head:
        one.font = Font(bold=True)
    sheet.append(head)
    sample = []
    for one in ("@", *formats):
        cell = WriteOnlyCell(sheet, value=1)
        cell.number_format = one
        cell.alignment = Alignment(horizontal="general")  # openpyxl leaves the style of a plain cell out
        sample.append(cell)
    sheet.append(sample)


def _about_sheet(book: Workbook, about: Iterable[tuple[str, str]]) -> None:
    sheet = book.create_sheet("About")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
    for key, value in about:
        sheet.append([_cell(sheet, key), _cell(sheet, value)])


def _cell(sheet: object, text: str) -> WriteOnlyCell:
    """A cell with a text that stays one, also where it looks like a formula."""
    if not fits(text):
        raise TooLargeForSheet(f"A text about the table is {len(text):,} characters long: “{text[:60]}…”.")
    cell = WriteOnlyCell(sheet)
    cell.number_format = "@"
    cell.value = in_sheet(text) or None
    cell.data_type = "s" if text else "n"
    return cell
