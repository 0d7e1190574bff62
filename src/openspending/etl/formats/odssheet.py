"""The sheets of an OpenDocument spreadsheet: their cells as text, repeated ones not yet written out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from openspending.etl.formats.cells import number_text
from openspending.etl.formats.sheets import NAMED, Range, not_read
from openspending.etl.formats.xmlparts import MEND
from openspending.etl.limits import Limits
from openspending.speaking.said import said

_MOST_ROWS: Final = 1_048_576
_MOST_SHEETS: Final = 10_000
# What stands in a document beside the cells' own text: notes, drawings, copies of linked and of deleted cells.
_BESIDE: Final = (
    "annotation",
    "tracked-changes",
    "dde-links",
    "shapes",
    "frame",
    "custom-shape",
    "g",
    "forms",
    "ruby-text",
)
_DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?")
_CODE: Final = re.compile(r"0\d+")


@dataclass(slots=True)
class Places:
    """What one sheet is called, how far it reaches, and how many of its cells are written in the file."""

    name: str
    style: str
    rows: int = 0
    columns: int = 0
    filled: int = 0
    merged: list[Range] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)
    uncounted: int = 0


class Tables:
    """Hears the elements of content.xml. `ready` has the rows of the sheet numbered `wanted`, as (how often, cells),
    each cell as (how often, text)."""

    def __init__(self, shown: str, limits: Limits, wanted: int = 0) -> None:
        self.places: list[Places] = []
        self.hidden_styles: set[str] = set()
        self.ready: list[tuple[int, list[tuple[int, str]]]] = []
        self._shown = shown
        self._limits = limits
        self._wanted = wanted
        self._style = ""
        self._beside = 0  # depth in what is no cell
        self._row = 0  # the number of the row before this one
        self._column = 0
        self._times = 1  # how often this row is repeated
        self._cells: list[tuple[int, str]] = []
        self._filled = 0  # cells of this row
        self._cell: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._paragraph = 0  # depth in one

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._beside or name in _BESIDE:
            self._beside += 1
        elif self._cell is not None:
            self._in_cell(name, attributes)
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = {key.rpartition(":")[2]: value for key, value in attributes.items()}
            self._pieces, self._length = [], 0
        elif name == "table-row":
            self._times = _count(attributes, "table:number-rows-repeated", _MOST_ROWS)
            self._cells, self._column, self._filled = [], 0, 0
        elif name == "table":
            self._begin(attributes)
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self._style)

    def data(self, text: str) -> None:
        """Text, perhaps in pieces; spaces are one space."""
        if self._paragraph and not self._beside:
            self._pieces.append(re.sub(r"[ \t\r\n]+", " ", text))
            self._length += len(text)
            if self._length > self._limits.cell:
                raise not_read(
                    self._shown, said("a cell has more than {cell} characters", cell=self._limits.cell), MEND
                )

    def end(self, name: str) -> None:
        """An element ends."""
        if self._beside:
            self._beside -= 1
        elif name in ("p", "h"):
            self._paragraph = max(self._paragraph - 1, 0)
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row" and self.places:
            self._end_row()

    def _begin(self, attributes: dict[str, str]) -> None:
        if len(self.places) >= _MOST_SHEETS:
            raise not_read(self._shown, said("it has more than {most_sheets} sheets", most_sheets=_MOST_SHEETS), MEND)
        self.places.append(Places(attributes.get("table:name", ""), attributes.get("table:style-name", "")))
        self._row = 0

    def _in_cell(self, name: str, attributes: dict[str, str]) -> None:
        """An element inside a cell."""
        if name in ("p", "h"):
            if self._pieces:
                self._pieces.append("\n")
            self._paragraph += 1
        elif name == "s":
            self._pieces.append(" " * _count(attributes, "text:c", 1000))
        elif name == "tab":
            self._pieces.append("\t")
        elif name == "line-break":
            self._pieces.append("\n")

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None or not self.places:
            return
        place, written = self.places[-1], "".join(self._pieces)
        times = _count(cell, "number-columns-repeated", self._limits.columns)
        text = _text(cell, written)
        first = self._column + 1
        self._column += times
        if text:
            self._filled += 1
            place.columns = max(place.columns, self._column)
            if self._column > self._limits.columns:
                raise not_read(
                    self._shown, said("a row has more than {columns} columns", columns=self._limits.columns), MEND
                )
        elif cell.get("formula") and not cell.get("value-type"):
            place.uncounted += 1
            if place.uncounted <= NAMED:
                place.uncalculated.append(f"row {self._row + 1}, column {first}")
        rows, columns = _count(cell, "number-rows-spanned", _MOST_ROWS), _count(cell, "number-columns-spanned", 20_000)
        if rows > 1 or columns > 1:
            place.merged.append((self._row + 1, first, self._row + rows, first + columns - 1))
        self._cells.append((times, text))

    def _end_row(self) -> None:
        place = self.places[-1]
        self._row += self._times
        if self._filled:
            place.filled += self._filled
            place.rows = self._row
            if self._row > _MOST_ROWS:
                raise not_read(self._shown, said("a sheet has more than {most_rows} rows", most_rows=_MOST_ROWS), MEND)
        if len(self.places) == self._wanted:
            self.ready.append((self._times, self._cells))


def _text(cell: dict[str, str], written: str) -> str:
    """A cell's text by its value, not by how it is shown, except codes (007) and errors (#REF!, Err:502)."""
    kind = cell.get("value-type", "")
    if written.startswith(("#", "Err:")) and (cell.get("formula") or kind == "error"):
        return written
    if kind in ("float", "percentage", "currency"):
        text = number_text(cell.get("value", ""))
        return written if _CODE.fullmatch(written) and written.lstrip("0") == text.lstrip("0") else text
    if kind == "date":
        return cell.get("date-value", "").removesuffix("T00:00:00")
    if kind == "time":
        return _time(cell.get("time-value", ""))
    if kind == "boolean":
        return "TRUE" if cell.get("boolean-value") == "true" else "FALSE"
    return cell.get("string-value") or written


def _time(written: str) -> str:
    """A length of time as hours:minutes:seconds."""
    found = _DURATION.fullmatch(written)
    if not found:
        return written
    days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    return f"{found[1]}{days * 24 + hours:02}:{minutes:02}:{seconds:02}"


def _count(attributes: dict[str, str], name: str, most: int) -> int:
    """How often something is repeated; more than `most` is one more than that."""
    text = attributes.get(name, "")
    if not text.isdecimal():
        return 1
    return max(min(int(text), most + 1), 1) if len(text) < 8 else most + 1
