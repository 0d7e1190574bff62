"""Where a table lies among what surrounds it on its sheet: banners, notes, blank columns, other tables.

What is cut off is named, and rows to leave out become rules: of content where possible, since next year's file has
other row numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from openspending.etl.careful import joined
from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.header import told_apart
from openspending.etl.inspecting.around import (
    NOTE,
    NUMBERING,
    OTHER_TABLE,
    REPEATED,
    Cut,
    above,
    beside,
    beyond,
    blank_columns,
    notes,
    repeats,
    runs,
    sample,
)
from openspending.etl.inspecting.grid import TEXT, Column, Grid, columns_of
from openspending.etl.inspecting.headers import Header, find_header, is_data, label_share, repeated_share, spans
from openspending.fdp.package import Dialect

_PAGE: Final = re.compile(r"(?<!\d)\d{1,3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Region:
    """A table on a sheet. Rows and columns count from 1; `last_row` is None where the end was not seen.

    `labels` are the header's as written, `header` told apart; `leave_out` are rules for rows inside that are none.
    """

    header_rows: tuple[int, ...]
    header_fill: bool
    skipped: tuple[int, ...]  # rows below the header that are none
    first_row: int
    last_row: int | None
    columns: tuple[int, int]
    labels: tuple[str, ...]
    header: tuple[str, ...]
    confidence: int
    reason: str
    alternatives: tuple[Choice, ...] = ()
    cut: tuple[Cut, ...] = ()
    leave_out: tuple[Mapping[str, Any], ...] = ()
    figures: int = 0  # columns of numbers, dates or years
    amounts: int = 0  # columns of numbers that are no codes

    def dialect(self) -> dict[str, Any]:
        """What the descriptor says of it, as Table Dialect."""
        return _dialect(self.header_rows, self.header_fill, self.skipped)

    def proposal(self, file: str | None = None, sheet: str | None = None) -> Proposal:
        """The question which rows are the header."""
        best = Choice(_named(self.header_rows), self.confidence, self.reason, self.dialect())
        choices = (best, *(one for one in self.alternatives if one.value != best.value))
        return Proposal("header", "Which row is the header?", choices[:3], file=file, sheet=sheet)


def find_regions(grid: Grid, dialect: Mapping[str, Any] | None = None) -> list[Region]:
    """The tables on a sheet from its top to its bottom. `dialect` says where the header is, when somebody knows."""
    found: list[Region] = []
    rows = grid.numbers
    while rows:
        region, rest = _region(grid, rows, rows[0] if found else None, dialect)
        found.append(region)
        rows = rest if dialect is None else []
    return found


def _region(
    grid: Grid, rows: Sequence[int], outside: int | None, dialect: Mapping[str, Any] | None
) -> tuple[Region, list[int]]:
    """The first table among `rows`, and the rows below it that belong to others."""
    columns = columns_of(grid, _body(grid, rows))
    header = find_header(grid, rows, columns) if dialect is None else _said(dialect)
    start = (max([*header.rows, *header.skipped]) + 1) if header.rows else _first_data(grid, rows, columns)
    if not header.rows and dialect is None:
        header = replace(header, skipped=tuple(row for row in rows if row < start))
    inside = [row for row in rows if row >= start]
    end = _next_table(grid, inside, columns, header, [row for row in rows if row < start])
    mine = [row for row in inside if end is None or row < end]
    below = notes(grid, mine, columns)
    labels = _labels(grid, header)
    width = len(labels) or max((len(grid.rows[row]) for row in mine[:500]), default=0)
    names = told_apart([*labels, *([""] * (width - len(labels)))])
    repeated = [row for row in mine if header.rows and repeats(grid, row, header.rows[-1])]
    last = next((row for row in reversed(mine) if row not in below and row not in repeated), None)
    region = Region(
        header.rows,
        header.fill,
        header.skipped,
        start,
        last,
        _extent(grid, [*header.rows, *mine]),
        tuple(labels),
        tuple(names),
        header.confidence,
        header.reason,
        figures=sum(column.figures for column in columns),
        amounts=sum(column.amounts for column in columns),
    )
    cut = [
        *above(grid, rows, header, start, outside),
        *(Cut(NUMBERING, row, row, sample(grid, row)) for row in header.skipped if header.rows),
        *runs(grid, below, NOTE),
        *(Cut(REPEATED, row, row, sample(grid, row)) for row in repeated),
        *blank_columns(columns, region.columns, width),
        *beyond(grid, mine, width),
    ]
    rest = [row for row in rows if end is not None and row >= end]
    if rest:
        cut.append(Cut(OTHER_TABLE, rest[0], rest[-1], sample(grid, rest[0])))
    right = beside(grid, header.rows, mine, columns)
    if right is not None:
        where = f"beside it, in columns {right[0] + 1} to {right[1] + 1}"
        cut.append(Cut(OTHER_TABLE, mine[0], mine[-1], f"{where}: {sample(grid, header.rows[-1])}"))
        reason = f"{header.reason}; but another table stands {where}"
        region = replace(region, confidence=min(header.confidence, SURE - 10), reason=reason)
    rules = tuple(_rules(grid, region, columns, below, repeated, rest))
    alternatives = tuple(_alternatives(grid, rows, header, start))
    return replace(region, cut=tuple(cut), leave_out=rules, alternatives=alternatives), rest


def _said(dialect: Mapping[str, Any]) -> Header:
    rows, skipped = tuple(dialect.get("headerRows", ())), tuple(dialect.get("commentRows", ()))
    return Header(rows, bool(dialect.get("headerFill")), skipped, 100, "it was said so")


def _body(grid: Grid, rows: Sequence[int]) -> list[int]:
    """The rows that say what the columns hold: those after a likely header, or all of a small table."""
    full = [row for row in rows if len(grid.filled(row)) > 1] or list(rows)
    return full[1:] if len(full) > 2 else full


def _first_data(grid: Grid, rows: Sequence[int], columns: Sequence[Column]) -> int:
    return next((row for row in rows if is_data(grid, row, columns) or len(grid.filled(row)) > 1), rows[0])


def _labels(grid: Grid, header: Header) -> list[str]:
    if not header.rows:
        return []
    return joined([list(grid.rows[row]) for row in header.rows], Dialect(header_fill=header.fill))


def _next_table(
    grid: Grid, rows: Sequence[int], columns: Sequence[Column], header: Header, above: Sequence[int]
) -> int | None:
    """Where another table begins: below a blank row with labels of its own, or with the same below another title."""
    titles = {_undigited(sample(grid, row)) for row in above}
    for at, row in enumerate(rows):
        if at < 2:
            continue
        if header.rows and repeats(grid, row, header.rows[-1]):
            title = _title_above(grid, rows, at)
            if title is not None and _other_title(sample(grid, title), titles):
                return title
        elif grid.after_blank(row) and _begins_another(grid, rows[at : at + 4], columns, header):
            return row
    return None


def _other_title(title: str, titles: AbstractSet[str]) -> bool:
    """Whether a text names another table; one that is there again, or has a page's number, does not."""
    return _undigited(title) not in titles and not _PAGE.search(title)


def _undigited(text: str) -> str:
    return "".join(char for char in text if not char.isdigit())


def _title_above(grid: Grid, rows: Sequence[int], at: int) -> int | None:
    """The first of the rows of one text right above a row."""
    first = None
    while at > 0 and len(grid.filled(rows[at - 1])) == 1 and rows[at - 1] >= rows[at] - 2:
        at -= 1
        first = rows[at]
    return first


def _begins_another(grid: Grid, rows: Sequence[int], columns: Sequence[Column], header: Header) -> bool:
    """Whether labels that are not this table's have figures below them."""
    for row, following in pairwise(rows):
        if is_data(grid, row, columns) or (header.rows and repeats(grid, row, header.rows[-1])):
            return False
        labels = [at for at, kind in enumerate(grid.kinds_of(row)) if kind == TEXT]
        kinds = grid.kinds_of(following)
        over = [at for at in labels if at < len(kinds) and kinds[at] not in ("", TEXT)]
        fresh = label_share(grid, row, columns) >= 0.5 or (not header.rows and not repeated_share(grid, row, columns))
        if len(labels) >= 2 and over and fresh:
            return True
    return False


def _extent(grid: Grid, rows: Sequence[int]) -> tuple[int, int]:
    filled = [at for row in rows[:500] for at in grid.filled(row)]
    return (min(filled) + 1, max(filled) + 1) if filled else (1, 1)


def _rules(
    grid: Grid,
    region: Region,
    columns: Sequence[Column],
    below: Sequence[int],
    repeated: Sequence[int],
    rest: Sequence[int],
) -> Iterator[Mapping[str, Any]]:
    """Rules for `leaveOut`: of content if nothing else is met by them, else of row numbers."""
    if below:
        reason = f"text below the table: “{sample(grid, below[0])[:60]}”"
        texts = {at for row in below for at in grid.filled(row)}
        empty = [at for at, column in enumerate(columns) if column.filled and at not in texts]
        own = [row for row in grid.numbers if region.first_row <= row <= (region.last_row or row) and row not in below]
        others = any(not any(at in empty for at in grid.filled(row)) for row in own)
        by_content = empty and not others
        if by_content or grid.exact:
            place = {"empty": [region.header[at] for at in empty]} if by_content else {"rows": [[below[0], below[-1]]]}
            yield {"kind": "note", "reason": reason, **place}
    if repeated:
        shown = [at for at in grid.filled(region.header_rows[-1]) if at < len(region.header)]
        where = {region.header[at]: [grid.text(region.header_rows[-1], at)] for at in shown[:3]}
        yield {"kind": "other", "reason": "the header again", "where": where}
    if rest and grid.exact:
        yield {"kind": "other", "reason": "another table below", "rows": [[rest[0], max(grid.total, rest[-1])]]}


def _alternatives(grid: Grid, rows: Sequence[int], header: Header, start: int) -> Iterator[Choice]:
    """What the header could be instead."""
    likely = max(100 - header.confidence - 10, 5)
    if len(header.rows) > 1:
        lowest = header.rows[-1:]
        yield Choice(_named(lowest), likely, "it is the lowest row of labels", _dialect(lowest, False, header.skipped))
    if header.rows:
        after = next((row for row in rows if row > header.rows[-1] and row not in header.skipped), None)
        none = _dialect((), False, tuple(row for row in rows if row < header.rows[0]))
        yield Choice("none", likely // 2, "perhaps all rows are data", none)
        if after is not None and header.confidence < SURE:
            more = (*header.rows, after)
            yield Choice(
                _named(more), likely // 2, "the next row may belong to it", _dialect(more, spans(grid, more), ())
            )
    else:
        first = (start,)
        yield Choice(_named(first), likely, "it is the first row", _dialect(first, False, ()))


def _named(rows: Sequence[int]) -> str:
    """How a person writes rows: “row 2”, “rows 2-3”, “none”."""
    if not rows:
        return "none"
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]}-{rows[-1]}"


def _dialect(rows: Sequence[int], fill: bool, skipped: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"headerRows": list(rows)} if rows else {"header": False}
    if fill:
        found["headerFill"] = True
    if skipped:
        found["commentRows"] = list(skipped)
    return found
