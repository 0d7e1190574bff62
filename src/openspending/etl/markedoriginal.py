"""A marked copy of a workbook: the publisher's own file, with coloured cells, comments and the list "To fix"."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

from openspending.etl.celltext import COMMENTS, in_sheet
from openspending.etl.formats.book import open_book
from openspending.etl.formats.delimited import chosen
from openspending.etl.formats.kinds import kind_of
from openspending.etl.formats.sheets import Book
from openspending.etl.markedrows import Extent, MarkedRow, Marking
from openspending.etl.original import Original
from openspending.etl.patching.book import MarkedSheet, PatchedBook
from openspending.etl.patching.merged import Place, reference
from openspending.etl.patching.splice import Unpatchable
from openspending.etl.tofix import ToFix
from openspending.speaking.said import said, told

__all__ = ["MarkedOriginal", "Unpatchable", "is_workbook"]
MOST: Final = 1_000_000  # cells and whole rows that are coloured in one sheet


def is_workbook(path: Path) -> bool:
    """Whether a file can come back as it is."""
    return kind_of(path) == "xlsx"


class MarkedOriginal:
    """The workbook at `source`, whose path in the descriptor is `shown`. What must be unpacked goes into `folder`.
    Raises Unpatchable where it cannot be kept as it is."""

    def __init__(self, source: Path, shown: str, folder: Path) -> None:
        self._source, self._shown = source, shown
        self._book = PatchedBook(source, folder)
        self.suffix = self._book.suffix
        self.name = Path(shown).stem

    def add(self, original: Original, size: Extent, marking: Marking, to_fix: ToFix) -> None:  # noqa: ARG002
        """Mark a table in its sheet; its problems go to `to_fix`."""
        dialect = original.resource.dialect
        named = dialect.sheet_name if dialect.sheet_name in self._book.names else None
        name = named or chosen(self._opened, dialect, original.resource.name).name
        if dialect.sheet_name is None:
            to_fix.notes.append(
                said("Delete this list before {file} is sent again: its table is found by number.", file=self._shown)
            )
        sheet = self._book.sheet(name)
        marked = _Marked(sheet, to_fix)
        for row in marking.rows():
            marked.add(row, marking.columns)
        if marked.full:
            to_fix.notes.append(
                said(
                    "Sheet “{sheet}” has more than {most} cells to be coloured; only the first ones are.",
                    sheet=name,
                    most=MOST,
                )
            )

    def close(self, to_fix: ToFix, target: Path) -> None:
        """Write the list and save the workbook to `target`."""
        if self._book.signed:
            to_fix.notes.append(
                said("{file} has a digital signature, which holds no longer in a copy.", file=self._shown)
            )
        try:
            self._book.save(target, to_fix)
        except (OSError, Unpatchable):
            if target.is_file():
                target.unlink()
            raise

    def release(self) -> None:
        """Close the source."""
        self._book.close()

    @cached_property
    def _opened(self) -> Book:
        return open_book(self._source, "xlsx", self._shown)


class _Marked:
    """Puts what is wrong in the rows of one table into its sheet."""

    def __init__(self, sheet: MarkedSheet, to_fix: ToFix) -> None:
        self._sheet, self._to_fix = sheet, to_fix
        self._left = MOST

    @property
    def full(self) -> bool:
        """Whether not all could be coloured."""
        return self._left < 0

    def add(self, row: MarkedRow, width: int) -> None:
        """Mark a row of a table that has `width` columns."""
        for columns, one in row.faults:
            shown = self._shown(row, columns[0] if columns else 0)
            self._to_fix.add(one, (self._sheet.name, reference(shown)))
        if row.left_out:
            self._to_fix.looks.add("left out")
            self._left -= 1
            if self._left >= 0:
                self._sheet.coloured.rows[row.number] = ("left out", width)
            self._comment(self._shown(row, 0), told(row.left_out, self._to_fix.language))
        for column, words in row.read_as(self._to_fix.language).items():
            self._to_fix.looks.add("changed")
            self._colour(self._shown(row, column), "changed")
            self._comment(self._shown(row, column), words)
        comments = row.told(self._to_fix.language)
        for column, look in row.looks().items():
            self._colour(self._shown(row, column), look)
            if column in comments:
                self._comment(self._shown(row, column), comments[column])

    def _shown(self, row: MarkedRow, column: int) -> Place:
        return self._sheet.merged.shown((row.number, column))

    def _colour(self, place: Place, look: str) -> None:
        row, column = place
        looks = self._sheet.coloured.cells.setdefault(row, {})
        if column not in looks:
            self._left -= 1
        if self._left >= 0 and looks.get(column) != "error":
            looks[column] = look

    def _comment(self, place: Place, text: str) -> None:
        comments = self._sheet.comments
        if place in comments:
            if text not in comments[place]:
                comments[place] = in_sheet(f"{comments[place]}\n\n{text}")
        elif len(comments) < COMMENTS:
            comments[place] = in_sheet(text)
