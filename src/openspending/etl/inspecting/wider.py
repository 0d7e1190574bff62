"""Rows that go on to the right of the header: they have more columns than it has labels, or a text or number with a
separator in it stands in them without quotation marks, and moves all that follows to the wrong columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openspending.etl.inspecting.grid import (
    BLANK,
    DATE,
    NOTHING,
    NUMBER,
    TEXT,
    YEAR,
    Column,
    Grid,
    columns_of,
    kind_of_cell,
)
from openspending.etl.inspecting.splitnumbers import split_numbers
from openspending.speaking.said import said

_FITTING = {NUMBER: (NUMBER, YEAR), YEAR: (YEAR,), DATE: (DATE, YEAR)}


@dataclass(frozen=True, slots=True)
class Wider:
    """How many columns the table has, and the rows whose cells seem moved."""

    width: int
    moved: tuple[int, ...] = ()

    @property
    def said(self) -> str:
        """What is wrong with those rows."""
        count, first = len(self.moved), self.moved[0]
        rows = (
            said("{count} rows (row {first})", count=count, first=first)
            if count > 1
            else said("a row (row {first})", first=first)
        )
        return said(
            "cells of {rows} seem to stand in the wrong columns: perhaps a number or text with a separator in it is "
            "without quotation marks",
            rows=rows,
        )


def wider(grid: Grid, rows: Sequence[int], around: Sequence[int], labels: int) -> Wider:
    """How far the `rows` of a table whose header has some labels go; those `around` it are read as well."""
    longer = [row for row in rows if len(grid.rows[row]) > labels]
    filled = [row for row in longer if _end(grid, row) > labels]
    if len(filled) > len(rows) / 2:  # who knows which of the columns has no label
        return Wider(labels, tuple(filled))
    if len(longer) > len(rows) / 2:  # each row ends with a separator
        longer = filled
    apart = {*longer}
    usual = columns_of(grid, [row for row in rows if row not in apart])
    moved = tuple(row for row in longer if _moved(grid, row, usual[:labels], labels))
    moved = moved or tuple(split_numbers(grid, rows, labels))
    if moved or not grid.exact:
        return Wider(labels, moved)
    return Wider(max([labels, *(_end(grid, row) for row in (*filled, *around))]))


def _end(grid: Grid, row: int) -> int:
    """The last column that a row fills, from 1."""
    return max(grid.filled(row), default=-1) + 1


def _moved(grid: Grid, row: int, usual: Sequence[Column], labels: int) -> bool:
    """Whether a row's cells are not what its columns hold, or what it has beyond them may be the rest of a cell."""
    kinds = grid.kinds_of(row)
    beyond = [kind for kind in kinds[labels:] if kind]
    if any(kind != TEXT for kind in beyond):
        return True
    if any(not _fits(kind, grid.text(row, at), usual[at]) for at, kind in enumerate(kinds[: len(usual)])):
        return True
    goes_on = kinds[labels - 1] != BLANK and kinds[labels] != BLANK
    return goes_on and not (len(usual) == labels and usual[-1].figures)


def _fits(kind: str, text: str, column: Column) -> bool:
    """Whether a cell is what its column holds elsewhere."""
    if kind == BLANK or text.casefold() in NOTHING or text in column.texts:
        return True
    if column.figures:
        return kind in _FITTING[column.kind]
    return kind != NUMBER or not column.filled or any(kind_of_cell(one) == NUMBER for one in column.texts)
