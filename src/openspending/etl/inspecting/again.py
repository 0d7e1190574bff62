"""A header that stands in a table again, as on every page of what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openspending.etl.inspecting.grid import NUMBER, Grid

_NEAR: Final = 60  # rows that may be a header


def repeats(grid: Grid, row: int, header: int) -> bool:
    """Whether a row is the header again."""
    wanted = grid.filled(header)
    same = sum(grid.text(row, at) == grid.text(header, at) for at in wanted)
    if len(wanted) < 2:
        return same == len(wanted) == len(grid.filled(row))
    return same >= 0.8 * len(wanted)


def copies(grid: Grid, rows: Sequence[int]) -> dict[int, int]:
    """The rows that are, cell by cell, one of the first rows again which has no numbers, each with that row."""
    firsts: dict[tuple[str, ...], int] = {}
    found: dict[int, int] = {}
    for row in rows:
        cells = tuple(grid.text(row, at) for at in range(len(grid.rows[row])))
        if cells in firsts:
            found[row] = firsts[cells]
        elif row <= rows[0] + _NEAR and len(grid.filled(row)) > 1 and NUMBER not in grid.kinds_of(row):
            firsts[cells] = row
    return found
