"""Blocks within blocks: rows that sum up smaller blocks, each of them with its sum, through a whole file.

Nothing but the amounts is looked at. A head stands above what it sums up: rows, or the heads of smaller blocks. The
last row may be the sum of all highest heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

MOST: Final = 5_000  # rows of a file
_STEPS: Final = 40_000  # additions, before the search is given up
_WAYS: Final = 3  # blocks of one head that are kept: by chance, sums agree in several ways
_TELLING: Final = 100  # a sum of three digits is hardly chance
_Values = tuple[int, ...]
_Inside = tuple[Any, int, int] | None  # the rows and blocks of a block, the last one first, each as (…, first, end)


def tree(rows: Sequence[tuple[Decimal, ...]], *, rounded: bool) -> list[tuple[int, int]]:
    """The numbers of the rows that are heads, each with the number of amounts directly below; nothing unless every row
    is a head or below one, and two heads at least have three digits. `rounded`: sums agree within rounding."""
    if not 5 <= len(rows) <= MOST:
        return []
    values = _whole(rows)
    for end in (len(values), len(values) - 1):
        found = _Tree(values[:end], int(rounded))
        top = found.top()
        last = end == len(values) or found.agree(found.summed(top), values[-1], len(top))
        if top and last:
            named = list(found.heads(top))
            telling = sum(any(abs(one) >= _TELLING for one in values[at]) for at, _ in named)
            rest = [] if end == len(values) else [(end, len(top))]
            return [*named, *rest] if telling > 1 else []
    return []


def _whole(rows: Sequence[tuple[Decimal, ...]]) -> list[_Values]:
    """The amounts as multiples of the smallest unit that any of them has."""
    normal = [[one.normalize() for one in row] for row in rows]
    places = min((int(one.as_tuple().exponent) for row in normal for one in row if one), default=0)
    return [tuple(int(one.scaleb(-places)) for one in row) for row in normal]


@dataclass(slots=True)
class _Tree:
    """The amounts of a file; for each row the blocks that it may head, by their ends."""

    values: Sequence[_Values]
    slack: int  # half of what each row may be off by
    _ways: list[dict[int, _Inside]] = field(default_factory=list)

    def top(self) -> list[tuple[int, int]]:
        """The highest blocks, from the first row to the last; nothing if a row is in none."""
        size, left = len(self.values), _STEPS
        self._ways = [{} for _ in range(size)]
        ends: list[int | None] = [*([None] * size), size]  # of the first block, if there are blocks only from here on
        for at in range(size - 1, -1, -1):
            self._ways[at], used = self._of_head(at, left)
            left -= used
            if left <= 0:
                return []
            ends[at] = next((end for end in self._ways[at] if ends[end] is not None), None)
        return list(self._chain(ends)) if ends[0] is not None else []

    def summed(self, blocks: Sequence[tuple[int, int]]) -> _Values:
        """The sum of blocks, as their heads state it."""
        return tuple(sum(column) for column in zip(*(self.values[at] for at, _ in blocks), strict=True))

    def agree(self, sums: _Values, wanted: _Values, rows: int) -> bool:
        """Whether the sums of `rows` rows are those wanted."""
        most = self.slack * (rows + 1)
        return len(sums) == len(wanted) and all(abs(a - b) * 2 <= most for a, b in zip(sums, wanted, strict=True))

    def heads(self, blocks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """All heads in the blocks, with the number of amounts directly below each."""
        todo = list(blocks)
        while todo:
            at, end = todo.pop()
            inside, filled = self._ways[at].get(end), 0
            while inside is not None:
                inside, first, last = inside
                filled += any(self.values[first])
                todo.append((first, last))
            if filled:
                yield at, filled

    def _chain(self, ends: Sequence[int | None]) -> Iterator[tuple[int, int]]:
        at: int | None = 0
        while at is not None and at < len(self.values):
            end = ends[at]
            if end is not None:
                yield at, end
            at = end

    def _of_head(self, head: int, most: int) -> tuple[dict[int, _Inside], int]:
        """The blocks that a row may head, and how many additions it took to find them."""
        wanted, found, steps = self.values[head], dict[int, _Inside](), 0
        todo: list[tuple[int, _Values, int, _Inside]] = []
        if any(wanted):
            todo.append((head + 1, (0,) * len(wanted), 0, None))
        while todo and steps < most and len(found) < _WAYS:
            at, sums, rows, inside = todo.pop()
            if rows and self.agree(sums, wanted, rows):
                found.setdefault(self._past_nothing(at), inside)
            elif at < len(self.values):
                steps += 1
                values = self.values[at]
                sums = tuple(a + b for a, b in zip(sums, values, strict=True))
                if not self._beyond(sums, values, wanted, rows):
                    todo += [(end, sums, rows + 1, (inside, at, end)) for end in (at + 1, *self._ways[at])]
        return found, steps

    def _beyond(self, sums: _Values, values: _Values, wanted: _Values, rows: int) -> bool:
        """Whether the sums are too high by now: amounts of one sign only grow."""
        most = self.slack * (rows + 2)
        return min(values) >= 0 and any(a > b + most and b >= 0 for a, b in zip(sums, wanted, strict=True))

    def _past_nothing(self, at: int) -> int:
        """The next row that holds money."""
        while at < len(self.values) and not any(self.values[at]):
            at += 1
        return at
