"""The careful path: Python's csv module, whose reading of a file is our definition of the format.

It takes whatever the fast path may not: line breaks inside cells, ragged rows, comments, escapes, several header rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from openspending.etl.limits import DEFAULT_LIMITS
from openspending.etl.lines import BadText, Lines, start_of_text
from openspending.etl.loaded import Ragged
from openspending.etl.textfile import TextFile, check_utf8
from openspending.fdp.package import Dialect
from openspending.fdp.problems import problem, rejected
from openspending.fdp.spaces import BLANKS
from openspending.speaking.said import said

csv.field_size_limit(DEFAULT_LIMITS.cell)  # the csv module has one limit for the whole program
_ENDS: Final = ("\n", "\r")


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a file (None: it has none), and where its data start: byte offset and record number."""

    header: list[str] | None
    offset: int
    row: int


@dataclass(slots=True)
class Batch:
    """Records read carefully: their numbers and cells without the commented ones, how many records there were in all,
    and the bytes they took."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    records: int = 0
    size: int = 0


def read_head(file: TextFile, dialect: Dialect) -> Head:
    """Read the header rows. Raises PackageRejected for an empty file or one that is not text."""
    offset = start_of_text(file.path)
    if not dialect.header:
        return Head(None, offset, 1)
    collected: list[list[str]] = []
    row, lines = 0, Lines(file.path, offset, DEFAULT_LIMITS.cell)
    for row, cells in enumerate(records(file, dialect, lines, 1), start=1):
        last = row >= max(dialect.header_rows)
        if not commented(row, cells, dialect) and (row in dialect.header_rows or last):
            collected.append(cells)
        if last and collected:
            return Head(joined(collected, dialect), lines.offset, row + 1)
    raise rejected(
        problem(
            "source-error", file=file.shown, resource=file.resource, detail=said("{shown} is empty", shown=file.shown)
        )
    )


def read_batch(file: TextFile, dialect: Dialect, offset: int, row: int, width: int, size: int, ragged: Ragged) -> Batch:
    """The records from `offset` on, the first of them numbered `row`, until `size` bytes are read.

    Short rows are filled with empty cells and long ones cut, which `ragged` reports; commented rows are left out.
    Raises PackageRejected for bytes that are not UTF-8 and for quotations that hide rows.
    """
    batch = Batch()
    lines = Lines(file.path, offset, DEFAULT_LIMITS.cell)
    for cells in records(file, dialect, lines, row, width):
        number = row + batch.records
        batch.records += 1
        if not commented(number, cells, dialect):
            batch.numbers.append(number)
            batch.rows.append(cells if len(cells) == width else _fitted(cells, width, number, ragged))
        batch.size = lines.offset - offset
        if batch.size >= size:
            break
    return batch


def columns_of(batch: Batch, positions: tuple[int | None, ...], dialect: Dialect) -> list[pa.ChunkedArray | None]:
    """The cells of `batch` as Arrow columns, one for each field; None for fields that the file lacks."""
    cells: list[Any] = list(zip(*batch.rows, strict=True))
    null = dialect.null_sequence
    found: list[pa.ChunkedArray | None] = []
    for at in positions:
        if at is None:
            found.append(None)
            continue
        texts = cells[at] if null is None else [None if cell == null else cell for cell in cells[at]]
        found.append(pa.chunked_array([pa.array(texts, pa.string())]))
    return found


def records(file: TextFile, dialect: Dialect, lines: Lines, row: int, width: int = 0) -> Iterator[list[str]]:
    """What the csv module reads, the first record numbered `row`; its complaints become problems. `width` is how many
    cells a record should have, 0 where that is not known."""
    options = options_of(dialect)
    number = row - 1
    try:
        for number, cells in enumerate(csv.reader(lines, **options), start=row):
            if len(lines.taken) > 1 or not lines.taken[-1].endswith(_ENDS) or (cells and cells[-1].endswith(_ENDS)):
                _check_quoting(file, number, lines.taken, options)
                _check_swallowed(file, number, lines.taken, options["delimiter"], width)
            lines.taken.clear()
            yield cells
    except BadText as error:
        check_utf8(file)  # says where
        raise _broken(file, number + 1, str(error)) from error
    except csv.Error as error:
        raise _broken(file, number + 1, str(error)) from error


def _check_quoting(file: TextFile, row: int, lines: list[str], options: dict[str, Any]) -> None:
    """Look again at a record of several lines, or the last one: a stray quotation mark may have swallowed rows."""
    if len(lines) > 1:
        try:
            list(csv.reader(lines, **options, strict=True))
        except csv.Error as error:
            raise _broken(file, row, str(error)) from error
    elif left_open(lines[0], options):
        raise _broken(file, row, said("the file ends inside quotation marks"))


def _check_swallowed(file: TextFile, row: int, lines: list[str], delimiter: str, width: int) -> None:
    """Two stray quotation marks, rows apart, make one record of many, which no strict reading shows. But then each of
    its lines has as many delimiters as a row; a text that runs over several lines never has."""
    if len(lines) > 1 and width > 2 and all(line.count(delimiter) == width - 1 for line in lines):
        raise _broken(
            file, row, said("it runs over {count} lines, each of which looks like a row of its own", count=len(lines))
        )


def left_open(line: str, options: dict[str, Any]) -> bool:
    """Whether a line ends inside quotation marks: the next line would then belong to the same record."""
    return len(list(csv.reader([line + "\n", "next"], **options))) == 1


def options_of(dialect: Dialect) -> dict[str, Any]:
    """A dialect as the csv module wants it."""
    quoted = bool(dialect.quote_char)
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote_char or None,
        "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        "doublequote": dialect.double_quote,
        "escapechar": dialect.escape_char or None,
        "skipinitialspace": dialect.skip_initial_space,
    }


def _fitted(cells: list[str], width: int, row: int, ragged: Ragged) -> list[str]:
    """`cells`, filled or cut to `width`."""
    if len(cells) < width:
        if len(cells) < ragged.wanted and any(one.strip(BLANKS) for one in cells):  # an empty row is not a short one
            ragged.note("missing-cell", row, len(cells))
        return [*cells, *([""] * (width - len(cells)))]
    extra = "extra-cell" if any(cells[width:]) else "fiscal/extra-empty-cell"
    ragged.note(extra, row, len(cells))
    return cells[:width]


def commented(row: int, cells: list[str], dialect: Dialect) -> bool:
    """Whether a record is a comment, which is no row."""
    if row in dialect.comment_rows:
        return True
    return bool(dialect.comment_char) and bool(cells) and cells[0].startswith(dialect.comment_char or "")


def joined(rows: list[list[str]], dialect: Dialect) -> list[str]:
    """Several header rows as one: what stands above each other, joined."""
    if len(rows) == 1:
        return rows[0]
    width = max(len(row) for row in rows)
    above = [_filled(row, width) for row in rows[:-1]] if dialect.header_fill else rows[:-1]
    columns = ([row[at].strip() for row in (*above, rows[-1]) if at < len(row)] for at in range(width))
    return [dialect.header_join.join(part for part in column if part) for column in columns]


def _filled(row: list[str], width: int) -> list[str]:
    """A row of `width` labels, each blank one being the label to its left: one cell stood over several columns."""
    label, filled = "", []
    for cell in [*row, *([""] * (width - len(row)))]:
        label = cell if cell.strip(BLANKS) else label
        filled.append(label)
    return filled


def _broken(file: TextFile, row: int, detail: str) -> Exception:
    return rejected(problem("fiscal/broken-quoting", file=file.shown, resource=file.resource, row=row, detail=detail))
