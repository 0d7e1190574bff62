"""Where the header of a table is: the rows of labels above its first row of figures, and what stands above them."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from statistics import median
from typing import Final

from openspending.etl.inspecting.grid import DATE, NOTHING, NUMBER, TEXT, YEAR, Column, Grid
from openspending.etl.inspecting.numbering import counts_on, numbers_columns
from openspending.speaking.said import said, together

_DEEPEST: Final = 120  # rows that a header is looked for in
_TOTALS, _SURELY = 5, 2  # rows of figures that may stand above it, and that surely do not belong to it
_HIGHEST: Final = 5  # rows of a header
_AGAIN: Final = 98  # percent
_TITLE: Final = 80  # characters of a text that is no label


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of labels (none: the table has no header), whether upper ones span, rows to skip below them, how sure
    that is, and why."""

    rows: tuple[int, ...]
    fill: bool
    skipped: tuple[int, ...]
    confidence: int
    reason: str


def find_header(
    grid: Grid, rows: Sequence[int], columns: Sequence[Column], repeated: AbstractSet[int] = frozenset()
) -> Header:
    """The header among `rows`, which hold something; `columns` is what the columns hold, `repeated` rows that are
    there again below."""
    near = [row for row in rows if row <= rows[0] + _DEEPEST]
    skipped = tuple(row for row in near[:40] if numbers_columns(grid, row, columns))
    first = _first_figures(grid, [row for row in near if row not in skipped], columns)
    above = [row for row in near if row not in skipped and (first is None or row < first)]
    if first is None:
        return _of_texts(grid, near, columns)
    last = _last_label_row(grid, above, columns)
    if last is None:
        return _without_labels(grid, [row for row in near if row not in skipped], above, first, columns)
    header = _upwards(grid, [row for row in above if row <= last], columns)
    below = tuple(row for row in skipped if last < row)
    sureness = _sureness(grid, header, columns)
    if header[-1] in repeated:
        sureness = max(sureness[0], _AGAIN), said("it is there again among the rows below")
    return Header(header, spans(grid, header), below, *sureness)


def fullness(grid: Grid, rows: Sequence[int]) -> float:
    """How many cells a row must have to be one of the table's: banners and headings have far fewer than most."""
    counts = [filled for filled in (len(grid.filled(row)) for row in rows) if filled > 1]
    return max(median(counts) / 2, 2) if counts else 1


def _first_figures(grid: Grid, rows: Sequence[int], columns: Sequence[Column]) -> int | None:
    """The first row of figures that is as full as the table's rows are; else the first of any."""
    found = [row for row in rows if is_data(grid, row, columns)]
    full = fullness(grid, rows)
    return next((row for row in found if len(grid.filled(row)) >= full), found[0] if found else None)


def is_data(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """Whether a row has a figure where figures are: a year above amounts is a label."""
    return any(
        kind == column.kind and column.figures for kind, column in zip(grid.kinds_of(row), columns, strict=False)
    )


def label_share(grid: Grid, row: int, columns: Sequence[Column]) -> float:
    """In how many of the columns of figures a row has a label: text, or a year above numbers."""
    over = [at for at, column in enumerate(columns) if column.figures and column.filled]
    if not over:
        return 0.0
    kinds = grid.kinds_of(row)
    labels = [at for at in over if at < len(kinds) and _labels(kinds[at], columns[at])]
    labels = [at for at in labels if grid.text(row, at).casefold() not in NOTHING]
    fresh = [
        at for at in labels if grid.text(row, at) not in columns[at].texts or columns[at].texts[grid.text(row, at)] < 2
    ]
    return len(fresh) / len(over)


def _labels(kind: str, column: Column) -> bool:
    """Whether a cell of a kind can be the label of a column of figures."""
    return kind == TEXT or (kind in (YEAR, DATE) and column.kind == NUMBER)


def repeated_share(grid: Grid, row: int, columns: Sequence[Column]) -> float:
    """How many of a row's cells are met again below, as labels are not."""
    filled = [at for at in grid.filled(row) if at < len(columns)]
    again = [at for at in filled if columns[at].texts[grid.text(row, at)] >= 2]
    return len(again) / max(len(filled), 1)


def _last_label_row(grid: Grid, above: Sequence[int], columns: Sequence[Column]) -> int | None:
    """The lowest row of labels. Rows below it are headings, or lack their figures."""
    likely = [row for row in above if label_share(grid, row, columns) >= 0.5]
    if not likely:
        return None
    fresh = [row for row in likely if repeated_share(grid, row, columns) < 0.3]
    group = fresh or likely[:1]
    fullest = max(len(grid.filled(row)) for row in group)
    group = [row for row in group if len(grid.filled(row)) >= fullest / 2]
    last = group[0]
    for row in group[1:]:
        if row == last + 1 and len(grid.filled(row)) > 1 and not _like_a_row(grid, row, columns):
            last = row
    return last


def _like_a_row(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """A row of data without figures: its texts fill columns of texts, most of which its header has labelled already."""
    over = [at for at in grid.filled(row) if at < len(columns) and columns[at].kind == TEXT]
    again = [at for at in over if columns[at].texts[grid.text(row, at)] >= 2]
    return len(over) >= 2 and (len(again) >= 1 or all(len(grid.text(row, at)) > 30 for at in over))


def _upwards(grid: Grid, rows: Sequence[int], columns: Sequence[Column]) -> tuple[int, ...]:
    """The lowest of `rows` with those above it that belong to the header."""
    header = [rows[-1]]
    for row in reversed(rows[:-1]):
        if row != header[0] - 1 or len(header) >= _HIGHEST or not _belongs(grid, row, header, columns):
            break
        header.insert(0, row)
    return tuple(header)


def _belongs(grid: Grid, row: int, header: Sequence[int], columns: Sequence[Column]) -> bool:
    """Whether a row above labels is part of the header: it labels columns that they leave blank, or spans several of
    them, or stands over figures; a title stands alone at the beginning, a unit alone at the end."""
    below = {at for one in header for at in grid.filled(one)}
    here = grid.filled(row)
    if not below or not here:
        return False
    filling = [at for at in here if at not in below]
    left, right = min(below), max(below)
    if len(here) == 1:
        return _belongs_alone(grid, row, below, alone=here[0])
    if filling and all(left - 1 <= at <= right + 1 for at in filling):
        return True
    figures = [at for at in here if at < len(columns) and columns[at].figures]
    within = [at for at in here if at in below]
    wide = len(here) >= 0.6 * len(below) or _spanning(grid, row, below) or len(figures) == len(here)
    return bool(within) and wide


def _belongs_alone(grid: Grid, row: int, below: set[int], alone: int) -> bool:
    """The same for a row of one cell: it must span columns, beginning inside the table, or label one that has none."""
    left, right = min(below), max(below)
    if len(grid.text(row, alone)) > _TITLE:
        return False
    span = next((one for one in grid.spans if one.row == row and one.first == alone), None)
    if span is not None:
        return span.first > left and span.last <= right
    if alone not in below:
        return left < alone < right
    return left < alone < right and len(below) > 2


def _spanning(grid: Grid, row: int, below: set[int]) -> bool:
    """Whether blank cells beside a row's labels have labels below: each spans several."""
    here = grid.filled(row)
    blanks = [at for at in range(here[0], max(below) + 1) if at not in here and at in below]
    regular = len(here) >= 2 and here[0] > min(below)
    return bool(blanks) and (regular or any(span.row == row and span.first in here for span in grid.spans))


def spans(grid: Grid, header: Sequence[int]) -> bool:
    """Whether a label of an upper row stands over several columns."""
    for row in header[:-1]:
        here = grid.filled(row)
        below = {at for one in header if one > row for at in grid.filled(one)}
        if here and any(at in below and at not in here and at > here[0] for at in range(max(below, default=0) + 1)):
            return True
    return False


def _of_texts(grid: Grid, rows: Sequence[int], columns: Sequence[Column]) -> Header:
    """The header of a table without figures: the first row that is as full as the others."""
    usual = median(len(grid.filled(row)) for row in rows[:100])
    first = next((row for row in rows if len(grid.filled(row)) >= max(0.7 * usual, 1)), rows[0])
    at = rows.index(first)
    if len(rows) - at == 1:
        return Header((first,), fill=False, skipped=(), confidence=60, reason=said("it is the only full row"))
    header = _upwards(grid, rows[: at + 1], columns)
    if repeated_share(grid, first, columns) > 0.3:
        return Header((), False, (), 60, said("the first row is like the others"))
    repeating = [one for one in columns if one.filled and len(one.texts) < 0.7 * one.filled]
    numbers = any(char.isdigit() for cell in grid.rows[first] for char in cell)
    confidence = 70 + (15 if repeating else 0) + (5 if len(columns) > 1 else 0) - (20 if numbers else 0)
    return Header(
        header, spans(grid, header), (), confidence, said("it is the first full row and its words are not met again")
    )


def _without_labels(
    grid: Grid, near: Sequence[int], above: Sequence[int], first: int, columns: Sequence[Column]
) -> Header:
    """No row above the first row of figures labels them: perhaps the labels are numbers themselves, or totals stand
    above them, or the columns of text have labels."""
    if counts_on(grid, first, columns):
        return Header((first,), fill=False, skipped=(), confidence=85, reason=said("its numbers follow each other"))
    below = [row for row in near if row > first][:_TOTALS]
    labels = next((row for row in below if label_share(grid, row, columns) == 1 and _whole(grid, row, columns)), None)
    if labels is not None:
        over = [row for row in near if row < labels]
        few = sum(is_data(grid, row, columns) for row in over) <= _SURELY
        sparse = few and all(len(grid.filled(row)) < len(grid.filled(labels)) for row in over)
        reason = said("it has labels where the rows below have figures; figures stand above it")
        return Header((labels,), fill=False, skipped=(), confidence=85 if sparse else 70, reason=reason)
    for row in reversed(above):
        if len(grid.filled(row)) >= max(2, len([one for one in columns if one.filled]) / 2):
            header = _upwards(grid, [one for one in above if one <= row], columns)
            return Header(header, spans(grid, header), (), 65, said("it stands above the first row of figures"))
    return Header((), False, (), 75, said("already the first row has figures like all others"))


def _whole(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """Whether a row fills all columns, by texts that are not met again."""
    holding = [at for at, column in enumerate(columns) if column.filled]
    return {*holding} <= {*grid.filled(row)} and not repeated_share(grid, row, columns)


def _sureness(grid: Grid, header: Sequence[int], columns: Sequence[Column]) -> tuple[int, str]:
    """How sure it is that these rows are the header, and why."""
    labelled = {at for row in header for at in grid.filled(row)}
    holding = [at for at, column in enumerate(columns) if column.filled]
    missing = [at for at in holding if at not in labelled]
    texts = [" ".join(grid.text(row, at) for row in header) for at in labelled]
    doubles = len(texts) - len(set(texts))
    years = [at for row in header for at, kind in enumerate(grid.kinds_of(row)) if kind in (YEAR, DATE, NUMBER)]
    share = max(label_share(grid, row, columns) for row in header)
    confidence = int(60 + 38 * share) - min(4 * len(missing), 20) - min(3 * doubles, 15) - (3 if len(header) > 2 else 0)
    reasons = [said("it has labels where the rows below have figures")]
    if years:
        reasons.append(said("years are among them"))
    if missing:
        reasons.append(said("{count} columns have none", count=len(missing)))
    return max(confidence, 30), together(*reasons, between="; ")
