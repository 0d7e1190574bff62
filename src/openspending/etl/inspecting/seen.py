"""The rows of a table that are looked at: all of a short one; of a long one its beginning, its end, and what is unlike
the others between them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from openspending.etl.inspecting.grid import Grid, Span

_HEAD, _TAIL, _AFTER, _TITLES, _MOST = 3000, 300, 6, 60, 20_000  # rows
_SELDOM: Final = 0.05  # of the rows


def grid_of(rows: Iterable[Sequence[str]], spans: Iterable[Span] = ()) -> Grid:
    """The grid of all rows of a table."""
    head: dict[int, Sequence[str]] = {}
    end: deque[tuple[int, Sequence[str]]] = deque()
    middle: _Middle | None = None
    number = 0
    for number, row in enumerate(rows, start=1):
        if number <= _HEAD:
            head[number] = row
            continue
        middle = middle or _Middle.below([*head.values()])
        end.append((number, row))
        if len(end) > _TAIL:
            middle.add(*end.popleft())
    if middle is None:
        return Grid(head, number, tuple(spans))
    return Grid({**head, **middle.kept, **dict(end)}, number, tuple(spans), exact=len(middle.kept) < _MOST)


@dataclass(slots=True)
class _Middle:
    """The rows that are kept of the middle: blank ones and those soon after them, where another table may begin; those
    that may be the header again; those that go on to the right of the others."""

    firsts: frozenset[tuple[str, ...]]
    longest: int  # cells that nearly all rows have at most
    filled: int  # … and of which hardly any row fills more
    kept: dict[int, Sequence[str]] = field(default_factory=dict)
    fresh: int = 0

    @classmethod
    def below(cls, head: Sequence[Sequence[str]]) -> _Middle:
        """… below a beginning."""
        rows = [row for row in head if any(row)]
        longest = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
        filled = longest
        while filled and sum(len(row) >= filled and bool(row[filled - 1]) for row in rows) < _SELDOM * len(rows):
            filled -= 1
        return cls(frozenset(tuple(row) for row in head[:_TITLES] if any(row)), longest, filled)

    def add(self, number: int, row: Sequence[str]) -> None:
        """Keep a row, or pass over it."""
        blank = not any(cell and not cell.isspace() for cell in row)
        self.fresh = _AFTER if blank else self.fresh - 1
        unlike = self.fresh > 0 or len(row) > self.longest or any(row[self.filled :]) or tuple(row) in self.firsts
        if unlike and len(self.kept) < _MOST:
            self.kept[number] = row
