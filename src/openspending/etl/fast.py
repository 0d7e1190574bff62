"""The fast path: whole segments of a plain CSV file are parsed by Arrow, when the result is provably Python's.

Arrow and the csv module read quotes alike. But where a cell has a line break, a stray quotation mark may have swallowed
rows, which only a strict reading shows; so segments with such cells, ragged rows or odd bytes are left to the careful
path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import csv

from openspending.etl.careful import left_open, options_of
from openspending.etl.rawtable import CODES, TEXT, repetitive
from openspending.fdp.package import Dialect

SEGMENT: Final = 32 << 20
BLOCK: Final = 4 << 20  # what one thread parses at a time
_SAMPLE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How the records of one part are laid out: its cells per record, and the column of each field (None: absent)."""

    delimiter: str
    quote_char: str | None
    width: int
    positions: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Parsed records: a column for each field (None: absent), their number, and the bytes they took."""

    columns: list[pa.ChunkedArray | None]
    rows: int
    size: int


def plain(dialect: Dialect, row: int) -> bool:
    """Whether a dialect is simple enough for the fast path, from the record `row` on."""
    marks = [dialect.delimiter, *([dialect.quote_char] if dialect.quote_char else [])]
    return (
        all(len(mark) == 1 and mark.isascii() for mark in marks)
        and dialect.double_quote
        and not dialect.skip_initial_space
        and not (dialect.escape_char or dialect.comment_char or dialect.null_sequence)
        and all(one < row for one in dialect.comment_rows)
    )


class Segments:
    """Reads segments of one file into one buffer, which is used again: fresh memory costs more than the copying."""

    def __init__(self, path: Path, layout: Layout, size: int = SEGMENT, block: int = BLOCK) -> None:
        self._path = path
        self._layout = layout
        self._parsed_at_once = block
        self._block = bytearray(min(size, path.stat().st_size) + 1)

    def read(self, offset: int, types: Sequence[pa.DataType] | None) -> Segment | None:
        """The records from `offset` on, about as many as the buffer holds; None when they must be read carefully."""
        block, size = self._block, len(self._block) - 1
        with self._path.open("rb") as stream:
            stream.seek(offset)
            length = stream.readinto(block)
        last = length <= size
        cut = length if last else block.rfind(b"\n", 0, size) + 1
        if cut == 0 or block.find(b"\0", 0, cut) >= 0:
            return None
        table = self._parse(cut, types or self._types(cut))
        if table is None or _breaks_lines(table) or (last and _open_quote(block, cut, self._layout)):
            return None
        columns = [None if at is None else table.column(f"c{at}") for at in self._layout.positions]
        return Segment(columns, table.num_rows, cut)

    def _types(self, cut: int) -> list[pa.DataType]:
        """Which columns are worth a dictionary, judged by the first lines."""
        positions = self._layout.positions
        end = cut if cut <= _SAMPLE else self._block.rfind(b"\n", 0, _SAMPLE) + 1
        sample = self._parse(end, [TEXT] * len(positions)) if end else None
        if sample is None:
            return [TEXT] * len(positions)
        return [CODES if at is None or repetitive(sample.column(f"c{at}")) else TEXT for at in positions]

    def _quotes(self, end: int) -> bool:
        """Whether cells may be quoted. A break inside a cell that falls between two of Arrow's blocks vanishes, unless
        it is told that there may be some, which costs time."""
        mark = self._layout.quote_char
        return mark is not None and self._block.find(mark.encode(), 0, end) >= 0

    def _parse(self, end: int, types: Sequence[pa.DataType]) -> pa.Table | None:
        """The columns c0, c1, … of the buffer's first `end` bytes; None when Arrow refuses them.

        Columns that are not wanted are read too, for their cells must be good text without line breaks as well.
        """
        names = [f"c{number}" for number in range(self._layout.width)]
        wanted = {f"c{at}": kind for at, kind in zip(self._layout.positions, types, strict=True) if at is not None}
        try:
            return csv.read_csv(
                pa.BufferReader(pa.py_buffer(self._block).slice(0, end)),
                read_options=csv.ReadOptions(column_names=names, block_size=self._parsed_at_once),
                parse_options=csv.ParseOptions(
                    delimiter=self._layout.delimiter,
                    quote_char=self._layout.quote_char or False,
                    newlines_in_values=self._quotes(end),
                    ignore_empty_lines=False,
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, TEXT) | wanted, strings_can_be_null=False
                ),
            )
        except pa.ArrowException:
            return None


def _breaks_lines(table: pa.Table) -> bool:
    """Whether any cell has a line break. The texts of a column lie one after the other in one buffer."""
    for column in table.columns:
        for chunk in column.chunks:
            texts = (chunk.dictionary if column.type == CODES else chunk).buffers()[2]
            data = texts.to_pybytes() if texts is not None else b""
            if b"\n" in data or b"\r" in data:
                return True
    return False


def _open_quote(block: bytearray, cut: int, layout: Layout) -> bool:
    """Whether the last line of the file ends, or may end, inside quotation marks."""
    tail = bytes(block[max(cut - _SAMPLE, 0) : cut]).rstrip(b"\r\n")
    line = max(tail.rfind(b"\n"), tail.rfind(b"\r")) + 1
    if line == 0 and cut > _SAMPLE:
        return True
    dialect = Dialect(delimiter=layout.delimiter, quote_char=layout.quote_char)
    return left_open(tail[line:].decode("utf-8", errors="replace"), options_of(dialect))
