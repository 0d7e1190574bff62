"""Tables that are, from the first row to the last, blocks of rows with their sum above or below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from openspending.etl.modelling.blocktree import tree

_ZERO: Final = Decimal(0)
_LONGEST: Final = 5_000  # rows of a block
_Row = tuple[tuple[int, int], tuple[Decimal, ...]]


def heads(rows: Sequence[tuple[Any, ...]], *, rounded: bool = False) -> list[tuple[int, int]]:
    """The (file, row) of the rows that sum up the block beside them, in a table of (file, row, amounts …) in order;
    within what rounding each row can make if `rounded`.

    Nothing unless every row is a sum or in a block, and several blocks have several rows: one sum alone is chance.
    """
    found: list[tuple[int, int]] = []
    several = 0
    for _, some in groupby(rows, key=lambda one: one[0]):
        file = [((part, row), tuple(value or _ZERO for value in values)) for part, row, *values in some]
        flat = [] if rounded else _blocks(file) or _blocks(file[::-1])
        blocks = flat or _nested(file, rounded=rounded) or _nested(file[::-1], rounded=rounded)
        if not blocks:
            return []
        several += sum(filled > 1 for _, filled in blocks)
        found += [place for place, _ in blocks]
    return sorted(found) if several > 1 and several * 2 >= len(found) else []


def _nested(file: Sequence[_Row], *, rounded: bool) -> list[tuple[tuple[int, int], int]]:
    """The heads with the number of amounts in their blocks, on several levels."""
    found = tree([values for _, values in file], rounded=rounded)
    return [(file[at][0], filled) for at, filled in found]


def _blocks(file: Sequence[_Row]) -> list[tuple[tuple[int, int], int]]:
    """The heads with the number of amounts in their blocks, in tables that begin with a head; maybe after the sum of
    all heads."""
    plain = _cover(file)
    if plain or len(file) < 4:
        return plain
    rest = _cover(file[1:])
    values = dict(file)
    summed = tuple(sum(column, _ZERO) for column in zip(*(values[place] for place, _ in rest), strict=True))
    return [(file[0][0], len(rest)), *rest] if rest and summed == file[0][1] else []


def _cover(file: Sequence[_Row]) -> list[tuple[tuple[int, int], int]]:
    """The heads if the file is nothing but heads with their blocks."""
    found, at = [], 0
    while at < len(file):
        place, wanted = file[at]
        size = _size(file, at, wanted)
        if not size:
            return []
        found.append((place, sum(any(values) for _, values in file[at + 1 : at + 1 + size])))
        at += size + 1
    return found


def _size(file: Sequence[_Row], at: int, wanted: tuple[Decimal, ...]) -> int:
    """How many rows after row `at` sum up to `wanted`; rows without money after them are in the block. 0 if none do."""
    if not any(wanted):
        return 0
    sums = tuple(_ZERO for _ in wanted)
    for size, (_, values) in enumerate(file[at + 1 : at + 1 + _LONGEST], start=1):
        sums = tuple(a + b for a, b in zip(sums, values, strict=True))
        if sums == wanted:
            return size + _worthless(file, at + size + 1)
        if all(one >= 0 for one in values) and any(a > b >= 0 for a, b in zip(sums, wanted, strict=True)):
            return 0  # amounts of one sign only grow
    return 0


def _worthless(file: Sequence[_Row], at: int) -> int:
    """How many rows from row `at` on hold no money."""
    end = at
    while end < len(file) and not any(file[end][1]):
        end += 1
    return end - at
