"""Tables of a web page as sheets. libxml2 reads the page in pieces, so that no tree of it is ever built."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from lxml import etree

from openspending.etl.formats.sheets import Book, Range, Sheet, not_read
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.etl.sourcefile import blocks
from openspending.speaking.said import said

_CHARSET: Final = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_HEAD: Final = 1 << 14
_DEEPEST: Final = 50  # tables in tables
_MOST: Final = 10_000  # tables
_PIECE: Final = 1 << 16
_UNSEEN: Final = ("script", "style", "template", "noscript")
_BREAKS: Final = ("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table")
_MEND: Final = said(
    "Open it in a browser, copy the table into a spreadsheet and save that, or ask for the data itself."
)


@dataclass(slots=True)
class _Cell:
    """A cell while it is read."""

    head: bool
    columns: int
    rows: int
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table while it is read: `below` are cells that reach down into rows to come, as column → rows left."""

    number: int
    name: str = ""
    rows: int = 0
    row: list[_Cell] | None = None
    cell: _Cell | None = None
    caption: list[str] | None = None
    below: dict[int, int] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


class _Reader:
    """What the parser calls. Finished rows wait in `ready`, each with the number of its table."""

    def __init__(self, shown: str, limits: Limits) -> None:
        self.shown = shown
        self.limits = limits
        self.tables: list[_Table] = []
        self.ready: list[tuple[int, list[str]]] = []
        self._open: list[_Table] = []
        self._unseen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag == "table":
            self._begin(attributes)
        table = self._open[-1] if self._open else None
        if table is None:
            return
        if tag == "tr":
            self._end_row(table)
            table.row = []
        elif tag in ("td", "th"):
            self._end_cell(table)
            table.row = table.row if table.row is not None else []
            table.cell = _Cell(tag == "th", _span(attributes, "colspan", 1000), _span(attributes, "rowspan", 65_534))
        elif tag == "caption":
            table.caption = []
        elif tag == "br" or tag in _BREAKS:
            self.data("\n", broken=True)

    def data(self, text: str, *, broken: bool = False) -> None:
        """Text, which belongs to the innermost cell."""
        if not self._open or self._unseen:
            return
        table = self._open[-1]
        pieces = table.cell.pieces if table.cell is not None else table.caption
        if pieces is not None:
            pieces.append("\n" if broken else re.sub(r"[ \t\r\n\f]+", " ", text))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        table = self._open[-1] if self._open else None
        if table is None:
            return
        if tag == "table":
            self._end_row(table)
            self._open.pop()
        elif tag == "tr":
            self._end_row(table)
        elif tag in ("td", "th"):
            self._end_cell(table)
        elif tag == "caption" and table.caption is not None:
            table.name, table.caption = table.name or _text(table.caption), None
        elif tag in _BREAKS:
            self.data("\n", broken=True)

    def close(self) -> None:
        """The page is over."""
        while self._open:
            self.end("table")

    def _begin(self, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST or len(self.tables) >= _MOST:
            raise not_read(self.shown, said("it has too many tables, or tables nested too deep"), _MEND)
        table = _Table(len(self.tables) + 1, attributes.get("id", ""))
        self.tables.append(table)
        self._open.append(table)

    def _end_cell(self, table: _Table) -> None:
        if table.cell is not None and table.row is not None:
            table.row.append(table.cell)
        table.cell = None

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is not None:
            table.rows += 1
            self.ready.append((table.number, self._spread(table, table.row)))
        table.row = None

    def _spread(self, table: _Table, cells: list[_Cell]) -> list[str]:
        """A row with each cell in its column: a label's text in all columns that it spans, other texts in the first."""
        taken = {at for at, left in table.below.items() if left > 0}
        table.below = {at: left - 1 for at, left in table.below.items() if left > 1}
        row: dict[int, str] = {}
        at = 0
        for one in cells:
            while at in taken:
                at += 1
            text = _text(one.pieces)
            for column in range(at, at + one.columns):
                row[column] = text if one.head or column == at else ""
                if one.rows > 1:
                    table.below[column] = one.rows - 1
            if (one.columns > 1 or one.rows > 1) and len(table.merged) < self.limits.columns:
                table.merged.append((table.rows, at + 1, table.rows + one.rows - 1, at + one.columns))
            at += one.columns
            if at > self.limits.columns:
                raise not_read(
                    self.shown, said("a table has more than {columns} columns", columns=self.limits.columns), _MEND
                )
        return [row.get(column, "") for column in range(max(row, default=-1) + 1)]


def open_page(path: Path, shown: str, encoding: str | None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """Every table of a page, also those inside others. Raises PackageRejected when it has none, or is damaged."""
    encoding = encoding or encoding_of(path)
    reader = _Reader(shown, limits)
    widths: dict[int, int] = {}
    lasts: dict[int, int] = {}
    counts: dict[int, int] = {}
    for number, row in _parse(path, encoding, reader):
        counts[number] = counts.get(number, 0) + 1
        filled = [at for at, text in enumerate(row, start=1) if text.strip()]
        if filled:
            widths[number] = max(widths.get(number, 0), filled[-1])
            lasts[number] = counts[number]
    sheets = tuple(
        Sheet(one.name, one.number, False, lasts.get(one.number, 0), widths.get(one.number, 0), tuple(one.merged))
        for one in reader.tables
    )
    if not sheets:
        raise not_read(shown, said("it is a web page without a table"), _MEND)
    return Book("html", shown, sheets, partial(_rows, path, shown, encoding, limits))


def _rows(path: Path, shown: str, encoding: str, limits: Limits, sheet: Sheet) -> Iterator[list[str]]:
    count = 0
    for number, row in _parse(path, encoding, _Reader(shown, limits)):
        if number == sheet.number and count < sheet.rows:
            count += 1
            yield [*row, *([""] * (sheet.columns - len(row)))][: sheet.columns]


def _parse(path: Path, encoding: str, reader: _Reader) -> Iterator[tuple[int, list[str]]]:
    """The rows of all tables, in the order in which they end."""
    parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in blocks(path):
            for at in range(0, len(block), _PIECE):
                parser.feed(decoder.decode(block[at : at + _PIECE]).encode("utf-8"))
                yield from _taken(reader)
        parser.feed(decoder.decode(b"", final=True).encode("utf-8"))
        parser.close()
    except UnicodeDecodeError as error:
        raise not_read(
            reader.shown,
            said("it is not {encoding} ({reason})", encoding=encoding, reason=error.reason),
            said("Give its encoding."),
        ) from error
    except etree.LxmlError as error:
        raise not_read(reader.shown, said("the page is damaged ({error})", error=error), _MEND) from error
    yield from _taken(reader)


def _taken(reader: _Reader) -> list[tuple[int, list[str]]]:
    ready, reader.ready = reader.ready, []
    return ready


def encoding_of(path: Path) -> str:
    """A page's encoding: of its byte order mark, else as it says itself, else UTF-8 if it is, else windows-1252."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    said = _CHARSET.search(head)
    if said:
        try:
            name = codecs.lookup(said[1].decode("ascii")).name
        except LookupError:
            name = "utf-8"
        return "cp1252" if name in ("iso8859-1", "ascii") else name  # what browsers take it for
    return "utf-8" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for block in blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _span(attributes: dict[str, str], name: str, most: int) -> int:
    text = attributes.get(name, "").strip()
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 7 else 1


def _text(pieces: list[str]) -> str:
    """Text as a browser shows it: spaces collapsed, no empty lines."""
    lines = (re.sub(" +", " ", line).strip(" ") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)
