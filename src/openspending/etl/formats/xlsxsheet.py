"""The cells of one sheet of an XLSX workbook: first how far they reach, then row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from openspending.etl.formats.cells import PLAIN, Shown, number_text
from openspending.etl.formats.sheets import NAMED, Range, Sheet, not_read, refuse_uncalculated
from openspending.etl.formats.xlsxstyles import Texts, unescaped
from openspending.etl.formats.xmlparts import MEND
from openspending.etl.limits import Limits
from openspending.fdp.problems import PackageRejected
from openspending.speaking.said import said

_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_MOST_MERGED: Final = 100_000
# A cell as written: whole, letters, row, kind, style, or the kind behind it, what is inside: formula, value, text.
Written = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
_KINDS: Final = {one.encode(): one or "n" for one in ("", "n", "s", "str", "inlineStr", "b", "e", "d")}
_ENTITY: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([0-9A-Fa-f]+));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")


class _Walk:
    """Follows rows and cells. A row or cell that does not say where it is comes right after the one before."""

    def __init__(self, shown: str, name: str) -> None:
        self._shown = shown
        self._name = name
        self._row = 0
        self._column = 0
        self._columns: dict[str, int] = {}  # by letters

    def damaged(self, detail: str) -> PackageRejected:
        """The refusal of the sheet."""
        return not_read(
            self._shown, said("the sheet “{name}” is damaged ({detail})", name=self._name, detail=detail), MEND
        )

    def _next_row(self, stated: str | None) -> None:
        number = self._row + 1 if stated is None else int(stated) if stated.isdecimal() and len(stated) < 8 else 0
        if not self._row < number <= _MOST_ROWS:
            raise self.damaged(said("row {number} comes after row {row}", number=number or stated, row=self._row))
        self._row, self._column = number, 0

    def _next_cell(self, stated: str | None) -> None:
        if stated is None:
            self._move(self._column + 1)
            return
        letters = stated.rstrip("0123456789")
        if stated[len(letters) :] != str(self._row):
            raise self.damaged(said("cell {cell} is in row {row}", cell=stated[:20], row=self._row))
        self._move(self._columns.get(letters) or self._learn(letters))

    def _move(self, column: int) -> None:
        if not self._column < column <= _MOST_COLUMNS:
            raise self.damaged(said("a cell of row {row} is not where it should be", row=self._row))
        self._column = column

    def _learn(self, letters: str) -> int:
        column = self._columns[letters] = column_of(letters)
        return column


class Extent(_Walk):
    """The first pass: the last row and column that hold something, how many cells do, and the merged ranges."""

    def __init__(self, shown: str, name: str) -> None:
        super().__init__(shown, name)
        self.rows = 0
        self.columns = 0
        self.filled = 0
        self.merged: list[Range] = []
        self._cell = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._next_cell(attributes.get("r"))
            self._cell = True
        elif name in ("v", "is", "f"):
            if self._cell:
                self.rows = self._row
                self.columns = max(self.columns, self._column)
                self.filled += 1
                self._cell = False
        elif name == "row":
            self._next_row(attributes.get("r"))
            self._cell = False
        elif name == "mergeCell" and len(self.merged) < _MOST_MERGED:
            found = _RANGE.fullmatch(attributes.get("ref", ""))
            if found and found[3]:
                self.merged.append((int(found[2]), column_of(found[1]), int(found[4]), column_of(found[3])))

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            self._cell = False

    def data(self, text: str) -> None:
        """Pass over it."""

    def add(self, stated: str | None, columns: set[str], filled: int) -> None:
        """The next row, with the letters of the columns where it has something."""
        self._next_row(stated)
        if filled:
            self.rows = self._row
            self.filled += filled
            for letters in columns - self._columns.keys():
                self.columns = max(self.columns, self._learn(letters))


class Rows(_Walk):
    """The second pass: every row that the sheet has, with its number."""

    def __init__(self, shown: str, sheet: Sheet, styles: list[Shown], texts: Texts, mac: bool, limits: Limits) -> None:
        super().__init__(shown, sheet.name)
        self._width = sheet.columns
        self._styles = {str(at): one for at, one in enumerate(styles) if one != PLAIN}
        self._texts = texts
        self._mac = mac
        self._longest = limits.cell
        self._letters: dict[bytes, int] = {}
        self._ready: list[tuple[int, list[str]]] = []
        self._cells: list[str] = []
        self._cell: dict[str, str] | None = None
        self._inside = False
        self._spoken = 0
        self._formula = False
        self._pieces: list[str] = []
        self._length = 0
        self._uncalculated: list[str] = []
        self._uncounted = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._next_cell(attributes.get("r"))
            self._cell, self._formula, self._pieces, self._length = attributes, False, [], 0
        elif name in ("v", "t"):
            self._inside = self._cell is not None and not self._spoken
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin(attributes.get("r"))
        elif name == "rPh":
            self._spoken += 1

    def data(self, text: str) -> None:
        """Text, perhaps in pieces."""
        if self._inside:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > self._longest:
                raise self.damaged(
                    said("a cell of row {row} has more than {longest} characters", row=self._row, longest=self._longest)
                )

    def end(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            self._place()
        elif name == "row":
            self._ready.append((self._row, self._cells))
        elif name == "rPh":
            self._spoken -= 1

    def taken(self) -> list[tuple[int, list[str]]]:
        """The rows read since the last time; none once formulas without a value are found, for all will be refused."""
        ready, self._ready = self._ready, []
        return ready if not self._uncounted else []

    def refuse_uncalculated(self) -> None:
        """Raise PackageRejected if there were formulas without a value."""
        refuse_uncalculated(self._shown, self._name, self._uncalculated, self._uncounted)

    def add(self, stated: str | None, cells: Iterable[Written]) -> None:
        """The next row, with all its cells."""
        self._begin(stated)
        row, last, columns = str(self._row).encode(), 0, self._letters
        for _, letters, digits, first_kind, style, second_kind, inside, formula, value, inline in cells:
            column = columns.get(letters) or self._learn_bytes(letters)
            if digits != row or column <= last:
                raise self.damaged(said("a cell of row {row} is not where it should be", row=self._row))
            last = column
            if inside:
                self._column = column
                text = (value or inline).decode()
                if "&" in text:
                    text = with_characters(text)
                kind = _KINDS.get(first_kind or second_kind, "")
                self._put(kind, text, style.decode(), formula=bool(formula))
        self._ready.append((self._row, self._cells))

    def _learn_bytes(self, letters: bytes) -> int:
        column = self._letters[letters] = self._learn(letters.decode())
        if column > _MOST_COLUMNS:
            raise self.damaged(said("it has a column {letters}", letters=letters.decode()))
        return column

    def _begin(self, stated: str | None) -> None:
        self._next_row(stated)
        self._cells = [""] * self._width

    def _place(self) -> None:
        """Put the cell that ends into its row."""
        cell, self._cell = self._cell, None
        if cell is not None:
            self._put(cell.get("t", "n"), "".join(self._pieces), cell.get("s", ""), formula=self._formula)

    def _put(self, kind: str, written: str, style: str, *, formula: bool) -> None:
        """Put a cell into its row."""
        if not written:
            if formula and kind not in ("str", "inlineStr"):
                self._uncounted += 1
                if self._uncounted <= NAMED:
                    self._uncalculated.append(f"{letters_of(self._column)}{self._row}")
        elif self._column <= self._width:
            self._cells[self._column - 1] = self._text(kind, written, style)

    def _text(self, kind: str, written: str, style: str) -> str:
        if kind == "s":
            try:
                return self._texts[int(written)]
            except (ValueError, IndexError) as error:
                raise self.damaged(said("row {row} names a text that is not there", row=self._row)) from error
        if kind == "n":
            return number_text(written, self._styles.get(style, PLAIN), mac=self._mac)
        if kind == "b":
            return "TRUE" if written.strip() == "1" else "FALSE"
        if kind in ("str", "inlineStr"):
            return unescaped(written) if "_x" in written else written
        return written.removesuffix("T00:00:00")  # an error, or a day in ISO 8601


def column_of(letters: str) -> int:
    """A column's number, A being 1; 0 for what names no column."""
    number = 0
    for one in letters if len(letters) <= 3 else "":
        if not "A" <= one <= "Z":
            return 0
        number = number * 26 + ord(one) - 64
    return number


def letters_of(column: int) -> str:
    """A column's letters."""
    letters = ""
    while column:
        column, one = divmod(column - 1, 26)
        letters = chr(65 + one) + letters
    return letters


def with_characters(text: str) -> str:
    """A text with the characters that its entities stand for."""
    return _ENTITY.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    return chr(int(found[2]) if found[2] else int(found[3], 16))
