"""The sheets of an XML spreadsheet of 2003: their cells as text, by the numbers of their rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from openspending.etl.formats.cells import DAY, PLAIN, Shown, number_text, shown_as
from openspending.etl.formats.sheets import NAMED, Range, not_read
from openspending.etl.formats.xmlparts import MEND
from openspending.etl.limits import Limits
from openspending.speaking.said import said

_MOST_ROWS: Final = 1_048_576
_MOST_SHEETS: Final = 10_000
_BESIDE: Final = ("Comment", "PhoneticText")  # what stands in a cell beside its value
_NO_DAY: Final = ("1899-12-30T", "1899-12-31T")  # the days of a time alone
Attributes = dict[str, str]  # names without prefix


@dataclass(slots=True)
class Place:
    """What one sheet is called, and how far it reaches."""

    name: str
    hidden: bool = False
    rows: int = 0
    columns: int = 0
    filled: int = 0
    merged: list[Range] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    uncounted: int = 0


@dataclass(slots=True)
class _Styles:
    """How cells show numbers: by their own style, else their row's, else their column's."""

    known: dict[str, Shown] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)
    row: str = ""
    defined: str = ""  # the style that is being read
    _column: int = 0

    def begin(self, attributes: Attributes) -> None:
        """A style begins."""
        self.defined = attributes.get("ID", "")
        self.known[self.defined] = self.known.get(attributes.get("Parent", ""), PLAIN)

    def table(self) -> None:
        """A table begins."""
        self.columns.clear()
        self._column = 0

    def column(self, attributes: Attributes, most: int) -> None:
        """A column's style, or that of several."""
        first = _number(attributes, "Index", most) or self._column + 1
        self._column = first + _number(attributes, "Span", most)
        if self._column <= most and attributes.get("StyleID"):
            self.columns |= dict.fromkeys(range(first, self._column + 1), attributes["StyleID"])

    def shown(self, cell: Attributes, column: int) -> Shown:
        """How a cell shows a number."""
        name = cell.get("StyleID") or self.row or self.columns.get(column, "Default")
        return self.known.get(name, PLAIN)


class Worksheets:
    """Hears the elements. `ready` has the rows of the sheet numbered `wanted` which hold something, each with its
    number, and its cells by theirs."""

    def __init__(self, shown: str, limits: Limits, wanted: int = 0) -> None:
        self.places: list[Place] = []
        self.ready: list[tuple[int, dict[int, str]]] = []
        self._shown = shown
        self._limits = limits
        self._wanted = wanted
        self._styles = _Styles()
        self._row = 0
        self._spanned = 0  # rows below this one that are like it
        self._column = 0  # the last one of the cell before
        self._cells: dict[int, str] = {}
        self._cell: Attributes = {}
        self._kind: str | None = None  # of a cell's value
        self._pieces: list[str] = []
        self._length = 0
        self._within = ""  # the element whose text is read
        self._beside = 0  # depth in what is no value

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if self._beside or name in _BESIDE:
            self._beside += 1
        elif name == "Data":
            self._kind, self._within = plain.get("Type", "String"), name
        elif name == "Cell":
            self._begin_cell(plain)
        elif name == "Row":
            self._begin_row(plain)
        elif name == "Visible":
            self._within, self._pieces = name, []
        else:
            self._begin_other(name, plain)

    def data(self, text: str) -> None:
        """Text, perhaps in pieces."""
        if self._within and not self._beside:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > self._limits.cell:
                raise not_read(
                    self._shown, said("a cell has more than {cell} characters", cell=self._limits.cell), MEND
                )

    def end(self, name: str) -> None:
        """An element ends."""
        if self._beside:
            self._beside -= 1
        elif name == self._within:
            self._within = ""
            if name == "Visible" and self.places:
                self.places[-1].hidden = "".join(self._pieces).strip() != "SheetVisible"
        elif name == "Cell" and self.places:
            self._end_cell()
        elif name == "Row" and self.places:
            self._end_row()

    def _begin_other(self, name: str, attributes: Attributes) -> None:
        if name == "Worksheet":
            if len(self.places) >= _MOST_SHEETS:
                raise not_read(
                    self._shown, said("it has more than {most_sheets} sheets", most_sheets=_MOST_SHEETS), MEND
                )
            self.places.append(Place(attributes.get("Name", "")))
            self._row = self._spanned = 0
        elif name == "Table":
            self._styles.table()
        elif name == "Column":
            self._styles.column(attributes, self._limits.columns)
        elif name == "Style":
            self._styles.begin(attributes)
        elif name == "NumberFormat":
            self._styles.known[self._styles.defined] = _shown(attributes.get("Format", ""))

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = _number(attributes, "Index", _MOST_ROWS) or self._row + self._spanned + 1
        self._spanned = _number(attributes, "Span", _MOST_ROWS)
        self._styles.row = attributes.get("StyleID", "")
        self._cells, self._column = {}, 0

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cell, self._kind = attributes, None
        self._pieces, self._length = [], 0

    def _end_cell(self) -> None:
        cell, place = self._cell, self.places[-1]
        column = _number(cell, "Index", self._limits.columns) or self._column + 1
        across = _number(cell, "MergeAcross", self._limits.columns)
        down = _number(cell, "MergeDown", _MOST_ROWS)
        self._column = column + across
        text = _text(self._kind, "".join(self._pieces), self._styles.shown(cell, column))
        if text:
            if column > self._limits.columns:
                raise not_read(
                    self._shown, said("a row has more than {columns} columns", columns=self._limits.columns), MEND
                )
            self._cells[column] = text
            place.columns = max(place.columns, column)
        elif cell.get("Formula") and self._kind is None:
            place.uncounted += 1
            if place.uncounted <= NAMED:
                place.uncalculated.append(f"row {self._row}, column {column}")
        if across or down:
            place.merged.append((self._row, column, self._row + down, column + across))

    def _end_row(self) -> None:
        if not self._cells:
            return
        place = self.places[-1]
        if not place.rows < self._row <= _MOST_ROWS:
            raise not_read(
                self._shown,
                said("a sheet has its rows in no order, or more than {most_rows}", most_rows=_MOST_ROWS),
                MEND,
            )
        place.filled += len(self._cells)
        place.rows = self._row
        if len(self.places) == self._wanted:
            self.ready.append((self._row, self._cells))


def _text(kind: str | None, written: str, shown: Shown) -> str:
    """A cell's value as text."""
    if kind == "Number":
        return number_text(written.strip(), shown)
    if kind == "DateTime":
        text = written.strip().removesuffix(".000").removesuffix("T00:00:00")
        return text.split("T")[1] if text.startswith(_NO_DAY) else text
    if kind == "Boolean":
        return "TRUE" if written.strip() == "1" else "FALSE"
    return written


def _shown(code: str) -> Shown:
    """How a number format shows numbers; dates have formats with names too, such as “Short Date”."""
    return DAY if code.endswith((" Date", " Time")) else shown_as(code)


def _number(attributes: Attributes, name: str, most: int) -> int:
    """A number from 1 on, 0 if there is none; more than `most` is one more than that."""
    text = attributes.get(name, "")
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), most + 1) if len(text) < 8 else most + 1
