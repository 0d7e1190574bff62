"""Where a table lies among what surrounds it on its sheet: banners, notes, blank columns, other tables.

What is cut off is named, and rows to leave out become rules: of content where possible, since next year's file has
other row numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.etl.careful import joined
from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.header import told_apart
from openspending.etl.inspecting.again import copies, repeats
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
    runs,
    sample,
)
from openspending.etl.inspecting.grid import DATE, NUMBER, Column, Grid, columns_of
from openspending.etl.inspecting.headers import Header, find_header, fullness, spans
from openspending.etl.inspecting.nexttable import next_table
from openspending.etl.inspecting.wider import Wider, wider
from openspending.fdp.package import Dialect
from openspending.speaking.said import said

_MOVED: Final = 50  # percent


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
        return Proposal("header", said("Which row is the header?"), choices[:3], file=file, sheet=sheet)


def find_regions(grid: Grid, dialect: Mapping[str, Any] | None = None) -> list[Region]:
    """The tables on a sheet from its top to its bottom. `dialect` says where the header is, when somebody knows."""
    found: list[Region] = []
    rows = grid.numbers
    while rows:
        layout = _layout(grid, rows, dialect)
        found.append(_region(layout, rows[0] if found else None))
        rows = layout.rest if dialect is None else []
    return found


@dataclass(frozen=True, slots=True)
class _Layout:
    """The rows that hold something, by what they are: the header’s, the table’s own from `start` on, among them those
    below it and those that are the header again, and the rest, which belongs to other tables."""

    grid: Grid
    rows: Sequence[int]
    columns: Sequence[Column]
    header: Header
    start: int
    own: Sequence[int]
    below: Sequence[int]
    repeated: Sequence[int]
    rest: list[int]

    @property
    def last(self) -> int | None:
        """The table's last row."""
        return self.table[-1] if self.table else None

    @property
    def table(self) -> list[int]:
        """The rows of the table itself."""
        outside = {*self.below, *self.repeated}
        return [row for row in self.own if row not in outside]

    def wider(self, labels: int) -> Wider:
        """How many columns it has, where its header has some labels or none."""
        if not labels:
            return Wider(max((len(self.grid.rows[row]) for row in self.own), default=0))
        return wider(self.grid, self.table, [*self.below, *self.rest], labels)


def _layout(grid: Grid, rows: Sequence[int], dialect: Mapping[str, Any] | None) -> _Layout:
    again = copies(grid, rows)
    columns = columns_of(grid, _body(grid, [row for row in rows if row not in again]))
    header = find_header(grid, rows, columns, {*again.values()}) if dialect is None else _said(dialect)
    told = header.rows or (dialect is not None and header.skipped)
    start = (max([*header.rows, *header.skipped]) + 1) if told else _first_data(grid, rows)
    if not header.rows and dialect is None:
        header = replace(header, skipped=tuple(row for row in rows if row < start))
    inside = [row for row in rows if row >= start]
    end = next_table(grid, inside, columns, header, [row for row in rows if row < start])
    own = [row for row in inside if end is None or row < end]
    repeated = [row for row in own if any(repeats(grid, row, one) for one in header.rows)]
    rest = [row for row in rows if end is not None and row >= end]
    return _Layout(grid, rows, columns, header, start, own, notes(grid, own, columns), repeated, rest)


def _region(layout: _Layout, outside: int | None) -> Region:
    """The first table on a sheet, or the next one; `outside`: its first row, where others stand above it."""
    grid, header, columns = layout.grid, layout.header, layout.columns
    labels = _labels(grid, header)
    extent = layout.wider(len(labels))
    confidence, reason = header.confidence, header.reason
    if extent.moved:
        confidence = min(confidence, _MOVED)
        reason += f"; but {extent.said}"
    right = beside(grid, header.rows, layout.own, columns)
    if right is not None:
        confidence = min(confidence, SURE - 10)
        reason += f"; but another table stands beside it, in columns {right[0] + 1} to {right[1] + 1}"
    region = Region(
        header.rows,
        header.fill,
        header.skipped,
        layout.start,
        layout.last,
        _extent(grid, [*header.rows, *layout.own]),
        tuple(labels),
        tuple(told_apart([*labels, *([""] * (extent.width - len(labels)))])),
        confidence,
        reason,
        tuple(_alternatives(grid, layout.rows, header, layout.start)),
        figures=sum(column.figures for column in columns),
        amounts=sum(column.amounts for column in columns),
    )
    return replace(
        region,
        cut=tuple(_cuts(layout, region, outside, right, extent.moved)),
        leave_out=tuple(_rules(layout, region)),
    )


def _cuts(
    layout: _Layout, region: Region, outside: int | None, right: tuple[int, int] | None, moved: Sequence[int]
) -> Iterator[Cut]:
    """All that stands outside the table."""
    grid, header, rest = layout.grid, layout.header, layout.rest
    yield from above(grid, layout.rows, header, layout.start, outside)
    if header.rows:
        yield from (Cut(NUMBERING, row, row, sample(grid, row)) for row in header.skipped)
    yield from runs(grid, layout.below, NOTE)
    yield from (Cut(REPEATED, row, row, sample(grid, row)) for row in layout.repeated)
    yield from blank_columns(grid, layout.table, region.columns, len(region.header))
    yield from beyond(grid, moved, len(region.header))
    if rest:
        yield Cut(OTHER_TABLE, rest[0], rest[-1], sample(grid, rest[0]))
    if right is not None:
        where = f"beside it, in columns {right[0] + 1} to {right[1] + 1}"
        yield Cut(OTHER_TABLE, layout.own[0], layout.own[-1], f"{where}: {sample(grid, header.rows[-1])}")


def _said(dialect: Mapping[str, Any]) -> Header:
    rows, skipped = tuple(dialect.get("headerRows", ())), tuple(dialect.get("commentRows", ()))
    return Header(rows, bool(dialect.get("headerFill")), skipped, 100, said("it was said so"))


def _body(grid: Grid, rows: Sequence[int]) -> list[int]:
    """The rows that say what the columns hold: those after a likely header, or all of a small table."""
    full = [row for row in rows if len(grid.filled(row)) > 1] or list(rows)
    few = len(full) == 2 and {NUMBER, DATE} & ({*grid.kinds_of(full[1])} - {*grid.kinds_of(full[0])})
    return full[1:] if len(full) > 2 or few else full


def _first_data(grid: Grid, rows: Sequence[int]) -> int:
    full = fullness(grid, rows)
    return next((row for row in rows if len(grid.filled(row)) >= full), rows[0])


def _labels(grid: Grid, header: Header) -> list[str]:
    if not header.rows:
        return []
    return joined([list(grid.rows[row]) for row in header.rows], Dialect(header_fill=header.fill))


def _extent(grid: Grid, rows: Sequence[int]) -> tuple[int, int]:
    filled = [at for row in rows[:500] for at in grid.filled(row)]
    return (min(filled) + 1, max(filled) + 1) if filled else (1, 1)


def _rules(layout: _Layout, region: Region) -> Iterator[Mapping[str, Any]]:
    """Rules for `leaveOut`: of content if nothing else is met by them, else of row numbers."""
    grid, columns, below, repeated, rest = layout.grid, layout.columns, layout.below, layout.repeated, layout.rest
    if below:
        reason = said("text below the table: “{text}”", text=sample(grid, below[0])[:60])
        texts = {at for row in below for at in grid.filled(row)}
        empty = [at for at, one in enumerate(columns[: len(region.header)]) if one.filled and at not in texts]
        own = {*layout.own} - {*below}
        others = any(not any(at in empty for at in grid.filled(row)) for row in own)
        by_content = empty and not others and not any(columns[at].amounts for at in texts if at < len(columns))
        if by_content or grid.exact:
            place = {"empty": [region.header[at] for at in empty]} if by_content else {"rows": [[below[0], below[-1]]]}
            yield {"kind": "note", "reason": reason, **place}
    for header in region.header_rows:
        if any(repeats(grid, row, header) for row in repeated):
            shown = [at for at in grid.filled(header) if at < len(region.header)][:3]
            where = {region.header[at]: [grid.text(header, at)] for at in shown}
            yield {"kind": "other", "reason": "the header again", "where": where}
    if rest and grid.exact:
        yield {"kind": "other", "reason": "another table below", "rows": [[rest[0], max(grid.total, rest[-1])]]}


def _alternatives(grid: Grid, rows: Sequence[int], header: Header, start: int) -> Iterator[Choice]:
    """What the header could be instead."""
    likely = max(100 - header.confidence - 10, 5)
    if len(header.rows) > 1:
        lowest = header.rows[-1:]
        yield Choice(
            _named(lowest), likely, said("it is the lowest row of labels"), _dialect(lowest, False, header.skipped)
        )
    if header.rows:
        after = next((row for row in rows if row > header.rows[-1] and row not in header.skipped), None)
        none = _dialect((), False, tuple(row for row in rows if row < header.rows[0]))
        yield Choice(said("none"), likely // 2, said("perhaps all rows are data"), none)
        if after is not None and header.confidence < SURE:
            more = (*header.rows, after)
            yield Choice(
                _named(more), likely // 2, said("the next row may belong to it"), _dialect(more, spans(grid, more), ())
            )
    else:
        first = (start,)
        yield Choice(_named(first), likely, said("it is the first row"), _dialect(first, False, ()))


def _named(rows: Sequence[int]) -> str:
    """How a person writes rows: “row 2”, “rows 2-3”, “none”."""
    if not rows:
        return "none"
    if len(rows) == 1:
        return said("row {row}", row=rows[0])
    return said("rows {first}-{last}", first=rows[0], last=rows[-1])


def _dialect(rows: Sequence[int], fill: bool, skipped: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"headerRows": list(rows)} if rows else {"header": False}
    if fill:
        found["headerFill"] = True
    if skipped:
        found["commentRows"] = list(skipped)
    return found
