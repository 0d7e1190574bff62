"""A marked copy as a new workbook: the list "To fix", then a sheet for each source file, written row by row.

Every cell is text, so that codes keep their zeros and nothing that looks like a formula is ever one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from openspending.etl.celltext import (
    COMMENTS,
    MOST_COLUMNS,
    MOST_ROWS,
    formula_like,
    in_sheet,
    sheet_name,
)
from openspending.etl.markedrows import Extent, MarkedRow, Marking, with_neighbours
from openspending.etl.original import Original
from openspending.etl.tofix import COLOURS, HEAD_ROW, TITLE, WIDTHS, Entry, ToFix, height
from openspending.speaking.said import Said, said, together, told

_TEXT: Final = "@"  # the number format that keeps a cell text when it is edited
_OUR_COLUMNS: Final = 3  # at most: row, problem, fix


class MarkedBook:
    """A new workbook, written by `close`."""

    suffix = ".xlsx"
    name = "tables"

    def __init__(self, language: str) -> None:
        title = told(TITLE, language)
        self._book = Workbook(write_only=True)
        self._to_fix = self._book.create_sheet(title)
        self._names = {title.lower()}
        self._language = language

    def add(self, original: Original, size: Extent, marking: Marking, to_fix: ToFix) -> None:
        """Write a source file into a sheet of its own; its problems go to `to_fix`.

        Of a table that no sheet can hold only the rows with problems and a few around them are written, with their
        numbers in a column "row".
        """
        named = original.resource.dialect.sheet_name if original.text.converted else None
        name, columns, rows = sheet_name(named or original.path, self._names), marking.columns, marking.rows()
        whole = size.rows <= MOST_ROWS and columns <= MOST_COLUMNS - _OUR_COLUMNS and size.cells_fit
        if not whole:
            to_fix.notes.append(_too_large(original.path, name, size))
        sheet = _Sheet(
            self._book, name, min(columns, MOST_COLUMNS - _OUR_COLUMNS), numbered=not whole, language=self._language
        )
        sheet.write(rows if whole else with_neighbours(rows), to_fix, headed=original.header_row is not None)

    def close(self, to_fix: ToFix, target: Path) -> None:
        """Write the list and save the workbook to `target`."""
        sheet = self._to_fix
        for number, width in enumerate(WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = f"A{HEAD_ROW + 1}"
        sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        looks = _Looks(sheet)
        for number, row in enumerate(to_fix.table(), start=1):
            sheet.row_dimensions[number].height = height(row)
            sheet.append([_listed(looks, one) for one in row])
        try:
            self._book.save(target)
        except OSError:
            for unfinished in self._book.worksheets:  # a sheet left open complains when it is collected
                if not unfinished.closed:
                    unfinished.close()
            raise


class _Sheet:
    """The sheet of one source file; behind the publisher's columns stand "problem" and "fix"."""

    def __init__(self, book: Workbook, name: str, columns: int, *, numbered: bool, language: str) -> None:
        self._name, self._columns = name, columns
        own = (said("problem"), said("fix"))
        self._own = tuple(told(one, language) for one in ((said("row"), *own) if numbered else own))
        self._language = language
        self._sheet = book.create_sheet(name)
        self._looks = _Looks(self._sheet)
        self._comments = self._row = 0

    def write(self, rows: Iterator[MarkedRow], to_fix: ToFix, *, headed: bool) -> None:
        """Write all rows; if they are `headed`, the header stays in sight and can filter the rows."""
        above = _until_heading(rows) if headed else []
        if above:  # must be said before the first row is written
            self._sheet.freeze_panes = f"A{len(above) + 1}"
        for row in chain(above, rows):
            if self._row == MOST_ROWS:
                to_fix.notes.append(
                    said("Sheet “{sheet}” is full; further rows with problems are not in it.", sheet=self._name)
                )
                break
            self._row += 1
            self._note(row, to_fix)
            self._sheet.append(self._cells(row))
        if above:
            last = get_column_letter(self._columns + len(self._own))
            self._sheet.auto_filter.ref = f"A{len(above)}:{last}{self._row}"

    def _note(self, row: MarkedRow, to_fix: ToFix) -> None:
        to_fix.looks |= {look for look, found in (("left out", row.left_out), ("changed", row.changed)) if found}
        for columns, one in row.faults:
            place = f"{get_column_letter(min(columns[0] if columns else 0, self._columns - 1) + 1)}{self._row}"
            to_fix.add(one, (self._name, place))

    def _cells(self, row: MarkedRow) -> Iterator[Cell | None]:
        looks, comments = row.looks(), {**row.read_as(self._language), **row.told(self._language)}
        plain = "head" if row.heading else "left out" if row.left_out else "plain"
        for column in range(self._columns):
            text = row.cells[column] if column < len(row.cells) else ""
            look = looks.get(column) or ("changed" if column in row.changed else plain)
            if look in COLOURS and column in comments:
                yield self._marked(text, look, comments[column])
            elif text or look in COLOURS:
                yield self._looks.cell(text, look)
            else:
                yield None
        yield from self._ours(row)

    def _ours(self, row: MarkedRow) -> Iterator[Cell | None]:
        """Our own columns."""
        words = row.words(self._language)
        texts = (str(row.number), *words) if len(self._own) > len(words) else words
        for text in self._own if row.heading else texts:
            yield self._looks.cell(text, "head" if row.heading else "plain") if text else None

    def _marked(self, text: str, look: str, words: str) -> Cell:
        """A coloured cell with a comment, as long as there are not too many."""
        if self._comments == COMMENTS:
            return self._looks.cell(text, look)
        self._comments += 1
        cell = self._looks.new(text, look)
        cell.comment = Comment(in_sheet(words), "OpenSpending", height=160, width=360)
        return cell


def _until_heading(rows: Iterator[MarkedRow]) -> list[MarkedRow]:
    """The first rows, up to the header's last one."""
    above = []
    for row in rows:
        above.append(row)
        if row.heading:
            break
    return above


class _Looks:
    """The few looks that cells of a sheet have. `cell` gives a shared one, which is written before the next is asked
    for: a style for each of millions of cells would take most of the time."""

    def __init__(self, sheet: object) -> None:
        self._sheet = sheet
        self._shared: dict[tuple[str, bool], Cell] = {}

    def cell(self, text: str, look: str) -> Cell:
        """A cell with `text`, good until the next call."""
        key = (look, formula_like(text))
        if key not in self._shared:
            self._shared[key] = self.new(text, look)
        return _filled(self._shared[key], text)

    def new(self, text: str, look: str) -> Cell:
        """A cell of its own with `text`."""
        cell = WriteOnlyCell(self._sheet)
        cell.number_format = _TEXT
        cell.quotePrefix = formula_like(text)
        if look in COLOURS:
            cell.fill = PatternFill("solid", start_color=COLOURS[look])
        elif look in ("head", "title"):
            cell.font = Font(bold=True)
        elif look in ("text", "link", "number"):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return _filled(cell, text)


def _filled(cell: Cell, text: str) -> Cell:
    """The cell with `text` in it as text, also where it looks like a formula or an error value."""
    cell.value = in_sheet(text) or None
    cell.data_type = "s" if text else "n"
    return cell


def _listed(looks: _Looks, entry: Entry) -> Cell:
    """A cell of the list."""
    cell = looks.new(entry.text, entry.look)
    if entry.link is not None:
        name, place = entry.link
        quoted = name.replace("'", "''")
        cell.hyperlink = Hyperlink(ref="", location=f"'{quoted}'!{place}")
        cell.font = Font(color="FF0563C1", underline="single")
    if entry.look == "number":
        cell.value, cell.number_format = int(entry.text), "0"
    return cell


def _too_large(path: str, name: str, size: Extent) -> Said:
    """Why a sheet does not hold the whole table."""
    if not size.cells_fit:
        reason = said("{file} has cells longer than a sheet can hold, which are cut here.", file=path)
    else:
        reason = said(
            "{file} has {rows} rows and {columns} columns, more than a sheet can hold.",
            file=path,
            rows=size.rows,
            columns=size.columns,
        )
    rest = said(
        "Sheet “{sheet}” has only rows with problems and three rows before and after each, with their numbers in the "
        "column “row”. Mend the file itself, not this copy.",
        sheet=name,
    )
    return together(reason, rest)
