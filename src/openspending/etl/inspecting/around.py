"""What stands around a table: banners above it, notes below, its header again, blank columns, cells beyond them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from openspending.etl.inspecting.grid import TEXT, Column, Grid
from openspending.etl.inspecting.headers import Header

BANNER, NOTE, BLANK_ROWS, BLANK_COLUMN, OTHER_TABLE, REPEATED, NUMBERING, BEYOND = (
    "banner",
    "note",
    "blank",
    "empty column",
    "other table",
    "repeated header",
    "column numbers",
    "cells beyond the header",
)
_SHOWN: Final = 120
_SENTENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands outside the table: rows `first` to `last`, or columns of an empty column, and the beginning of it."""

    kind: str
    first: int
    last: int
    text: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {"kind": self.kind, "first": self.first, "last": self.last, "text": self.text}


def notes(grid: Grid, rows: Sequence[int], columns: Sequence[Column]) -> list[int]:
    """The rows at the end that are text about the table: no figures, a single cell or a sentence."""
    figures = [at for at, column in enumerate(columns) if column.figures]
    usual = _usual(grid, rows)
    found: list[int] = []
    for row in reversed(rows):
        here = grid.filled(row)
        if usual < 2 or (figures and any(at in figures and grid.kinds_of(row)[at] != TEXT for at in here)):
            break
        alone = len(here) == 1
        apart = _apart(grid, row, rows) and (len(here) <= max(usual / 2, 1) or _marked(grid, row))
        sentence = any(len(grid.text(row, at)) > _SENTENCE for at in here) and len(here) <= usual / 2
        if not (alone or apart or sentence) or (not figures and not (apart or sentence) and not _marked(grid, row)):
            break
        found.append(row)
    return found[::-1]


def _usual(grid: Grid, rows: Sequence[int]) -> float:
    counts = sorted(len(grid.filled(row)) for row in rows[:400])
    return counts[len(counts) // 2] if counts else 0


def _apart(grid: Grid, row: int, rows: Sequence[int]) -> bool:
    """Whether a blank row is between a row, with the notes around it, and the table."""
    at = rows.index(row)
    while at > 0 and rows[at - 1] == rows[at] - 1 and len(grid.filled(rows[at - 1])) <= 3:
        at -= 1
    return at > 0 and grid.after_blank(rows[at])


def _marked(grid: Grid, row: int) -> bool:
    text = grid.text(row, grid.filled(row)[0])
    return text.startswith(("*", "(", "¹", "†", "[")) or ":" in text[:25] or len(text) > _SENTENCE


def above(grid: Grid, rows: Sequence[int], header: Header, start: int, outside: int | None) -> Iterator[Cut]:
    """Rows above the header; where another table stands above, that one."""
    top = header.rows[0] if header.rows else start
    yield from runs(grid, [row for row in rows if row < top], BANNER)
    if outside is not None and outside > 1:
        yield Cut(OTHER_TABLE, 1, outside - 1)


def runs(grid: Grid, rows: Sequence[int], kind: str) -> Iterator[Cut]:
    """Rows that follow each other as one cut."""
    run: list[int] = []
    for row in rows:
        if run and row > run[-1] + 2:
            yield Cut(kind, run[0], run[-1], sample(grid, *run))
            run = []
        run.append(row)
    if run:
        yield Cut(kind, run[0], run[-1], sample(grid, *run))


def sample(grid: Grid, *rows: int) -> str:
    """The beginning of the texts of some rows."""
    texts = (grid.text(row, at) for row in rows for at in grid.filled(row))
    return " | ".join(texts)[:_SHOWN]


def blank_columns(grid: Grid, rows: Sequence[int], extent: tuple[int, int], width: int) -> Iterator[Cut]:
    """Columns without anything in the rows below the header."""
    filled = {at for row in rows for at in grid.filled(row)}
    for number in range(1, width + 1):
        if number - 1 not in filled:
            where = "before the table" if number < extent[0] else "after it" if number > extent[1] else "inside it"
            yield Cut(BLANK_COLUMN, number, number, where)


def beside(grid: Grid, header: Sequence[int], rows: Sequence[int], columns: Sequence[Column]) -> tuple[int, int] | None:
    """The columns, from 0, of another table to the right: beyond a blank column, with the same labels again, or with
    another number of rows."""
    filled = [at for at, column in enumerate(columns) if column.filled]
    labelled = {at for row in header for at in grid.filled(row)}
    gaps = [
        (left, right)
        for left, right in pairwise(filled)
        if right > left + 1 and not labelled & {*range(left + 1, right)}
    ]
    for left, right in gaps:
        before, after = [at for at in filled if at <= left], [at for at in filled if at >= right]
        if len(before) < 2 or len(after) < 2 or not labelled & {*after}:
            continue
        names = [{grid.text(row, at) for row in header for at in side} - {""} for side in (before, after)]
        again = len(names[0] & names[1]) >= 0.5 * len(names[1])
        ends = [max((row for row in rows if {*grid.filled(row)} & {*side}), default=0) for side in (before, after)]
        if again or abs(ends[0] - ends[1]) > max(2, 0.2 * len(rows)):
            return after[0], after[-1]
    return None


def beyond(grid: Grid, moved: Sequence[int], width: int) -> Iterator[Cut]:
    """Cells to the right of the header's last, where they make no columns."""
    found = [row for row in moved if any(at >= width for at in grid.filled(row))]
    if found:
        texts = dict.fromkeys(grid.text(row, at) for row in found for at in grid.filled(row) if at >= width)
        yield Cut(BEYOND, found[0], found[-1], f"in {len(found)} rows: {', '.join(texts)}"[:_SHOWN])
