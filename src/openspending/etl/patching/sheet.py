"""The cells of a sheet get their colours; everything else in it stays as it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from mmap import mmap
from typing import IO, Final

from openspending.etl.patching.merged import column_of, reference
from openspending.etl.patching.package import RELATIONS
from openspending.etl.patching.splice import Splicer, is_empty, opened, with_attributes

# What follows the reference to the comments' boxes in a sheet.
_BEHIND: Final = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
_ROW: Final = ["worksheet", "sheetData", "row"]


@dataclass(slots=True)
class Coloured:
    """The looks of cells, by row from 1 and column from 0, and of the first `width` cells of whole rows."""

    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    rows: dict[int, tuple[str, int]] = field(default_factory=dict)

    def of(self, row: int) -> dict[int, str]:
        """The looks in a row."""
        look, width = self.rows.get(row, ("", 0))
        return dict.fromkeys(range(width), look) | self.cells.get(row, {})

    def numbers(self) -> list[int]:
        """All rows that have a look, in order."""
        return sorted({*self.cells, *self.rows})


class SheetPatch(Splicer):
    """Gives cells the style that `restyled` names for their own style and their look. Cells that have a `stale` style
    and no look are restyled to none. `boxes` is the relationship to the boxes of comments, where the sheet has none."""

    def __init__(
        self,
        data: bytes | mmap,
        target: IO[bytes],
        coloured: Coloured,
        restyled: Callable[[int, str | None], int],
        stale: frozenset[int],
        boxes: str | None,
    ) -> None:
        super().__init__(data, target)
        self._coloured, self._restyled, self._stale, self._boxes = coloured, restyled, stale, boxes
        self._rows = deque(coloured.numbers())
        self._columns: list[tuple[int, int, int]] = []
        self._row = self._column = self._base = 0
        self._looks: dict[int, str] = {}
        self._waiting: deque[int] = deque()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Change a row or a cell, or put before it what is missing there."""
        depth = len(self.path)
        if depth == 4:
            if name == "c" and self.path[2] == "row" and (self._waiting or self._stale):
                self._cell(attributes)
        elif depth == 3:
            self._third(name, attributes)
        elif depth == 2:
            self._second(name)

    def end(self, name: str) -> None:
        """Put what is missing at the end of a row, of all rows, of the sheet."""
        if name == "row" and self.path == _ROW:
            self.put(self._cells_until(None))
        elif name == "sheetData" and len(self.path) == 2:
            self.put(self._rows_until(None))
        elif len(self.path) == 1:
            self._refer()

    def _second(self, name: str) -> None:
        if name == "sheetData" and is_empty(self.tag) and self._rows:
            self.replace(opened(self.tag) + self._rows_until(None) + f"</{self.prefix}sheetData>".encode())
        elif name in _BEHIND:
            self._refer()

    def _third(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "sheetView" and attributes.get("tabSelected") in ("1", "true"):
            self.replace(with_attributes(self.tag, tabSelected=None))
        elif name == "col" and _number(attributes, "style"):
            first, last = _number(attributes, "min"), _number(attributes, "max")
            self._columns.append((first - 1, last - 1, _number(attributes, "style")))

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._row = _number(attributes, "r") or self._row + 1
        if self._rows:
            self.put(self._rows_until(self._row))
        self._column = -1
        if not self._rows or self._rows[0] != self._row:
            return
        self._rows.popleft()
        self._begin(self._row, _number(attributes, "s") if attributes.get("customFormat") in ("1", "true") else None)
        tag = with_attributes(self.tag, spans=None)
        if is_empty(tag):
            self.replace(opened(tag) + self._cells_until(None) + f"</{self.prefix}row>".encode())
        else:
            self.replace(tag)

    def _begin(self, row: int, base: int | None) -> None:
        """Note the looks of a row; `base` is the style of its empty cells, if it has one."""
        self._row, self._base = row, -1 if base is None else base
        self._looks = self._coloured.of(row)
        self._waiting = deque(sorted(self._looks))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        written = attributes.get("r", "").rstrip("0123456789")
        self._column = column_of(written) if written else self._column + 1
        before = self._cells_until(self._column)
        if before:
            self.put(before)
        style = _number(attributes, "s")
        if self._waiting and self._waiting[0] == self._column:
            self.replace(with_attributes(self.tag, s=self._restyled(style, self._looks[self._waiting.popleft()])))
        elif style in self._stale:
            self.replace(with_attributes(self.tag, s=self._restyled(style, None)))

    def _cells_until(self, column: int | None) -> bytes:
        """The coloured cells that the sheet has not, before a column (None: up to the end)."""
        made = []
        while self._waiting and (column is None or self._waiting[0] < column):
            at = self._waiting.popleft()
            style = self._restyled(self._style_at(at), self._looks[at])
            made.append(f'<{self.prefix}c r="{reference((self._row, at))}" s="{style}"/>')
        return "".join(made).encode()

    def _style_at(self, column: int) -> int:
        """The style that an empty cell has by its row or its column."""
        if self._base >= 0:
            return self._base
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    def _rows_until(self, row: int | None) -> bytes:
        """The coloured rows that the sheet has not, before a row (None: up to the end)."""
        made = []
        while self._rows and (row is None or self._rows[0] < row):
            number = self._rows.popleft()
            self._begin(number, None)
            cells = self._cells_until(None).decode()
            made.append(f'<{self.prefix}row r="{number}">{cells}</{self.prefix}row>')
        if row is not None:
            self._row = row
        return "".join(made).encode()

    def _refer(self) -> None:
        """Refer to the boxes of comments."""
        if self._boxes is not None:
            declared = f'xmlns:rel="{RELATIONS}" rel:id="{self._boxes}"'
            self.put(f"<{self.prefix}legacyDrawing {declared}/>".encode())
            self._boxes = None


def _number(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0
