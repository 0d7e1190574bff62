"""Numbers whose digits are grouped by the separator of the cells, in rows that are padded with blank cells: 1,234 has
become two cells, and all that follows has moved by one, but no row is longer than the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from openspending.etl.inspecting.grid import BLANK, NUMBER, TEXT, Column, Grid, columns_of

_BEFORE: Final = re.compile(r"[-(]?[1-9]\d{0,2}")
_AFTER: Final = re.compile(r"\d{3}(?:\.\d+)?\)?")
_NEARLY_ALL: Final = 0.9  # of the rows


def split_numbers(grid: Grid, rows: Sequence[int], labels: int) -> list[int]:
    """The rows in which a number seems to stand in two cells."""
    for at in range(labels - 2):
        found = [row for row in rows if _split(grid, row, at, labels)]
        if found and _moved(grid, rows, found, at):
            return found
    return []


def _split(grid: Grid, row: int, at: int, labels: int) -> bool:
    """Whether two cells can be the parts of a number in a row whose last cell is blank."""
    if grid.text(row, labels - 1) or not _AFTER.fullmatch(grid.text(row, at + 1)):
        return False
    return _BEFORE.fullmatch(grid.text(row, at)) is not None


def _moved(grid: Grid, rows: Sequence[int], found: Sequence[int], at: int) -> bool:
    """Whether other rows have in these columns what stands one column further in the found ones; where there are no
    other rows, whether the second cells are like the ends of numbers, and no codes."""
    if len(found) > _NEARLY_ALL * len(rows):
        ends = {grid.text(row, at + 1) for row in found}
        return any(one.startswith("0") for one in ends) and len(ends) > max(len(found) / 2, 5)
    apart = {*found}
    usual = columns_of(grid, [row for row in rows if row not in apart])
    if len(usual) < at + 2 or usual[at].kind != NUMBER or usual[at + 1].kind != TEXT:
        return False
    further = usual[at + 2].filled if len(usual) > at + 2 else 0
    seldom = further < 0.2 * (len(rows) - len(found))
    return any(_from_before(grid, row, at, usual[at + 1], seldom=seldom) for row in found)


def _from_before(grid: Grid, row: int, at: int, column: Column, *, seldom: bool) -> bool:
    """Whether the cell after a split number is one of the column before it. `seldom`: its own column has few."""
    kinds = grid.kinds_of(row)
    kind = kinds[at + 2] if len(kinds) > at + 2 else BLANK
    return kind == TEXT and (seldom or grid.text(row, at + 2) in column.texts)
