"""Levels within each other: the branches of a pivot table, and the exact sums of its cells.

A level adds up where its members share the money out; periods and what excludes each other do not. A branch has a sum
of its own only where all levels below it add up. Members that are too many are one branch, the others, which is parted
further where it must not be added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from openspending.browse.viewer.cube import Level
from openspending.browse.viewer.sums import Amount, amount, total

Cell = Mapping[str, Any]
Name = tuple[object, object]  # code and label of a member
Path = tuple[Name, ...]
Known = Sequence[tuple[Path, Amount]]
OTHERS: Final[Name] = ("", ...)  # no member has this name


@dataclass(frozen=True, slots=True)
class Nest:
    """A level within others: whether its members add up, how many are shown of each branch, and their own `order`,
    where they have one; else they are ordered by what they come to. `down` turns the order around."""

    level: Level
    adds: bool
    most: int
    order: Callable[[Name], Any] | None = None
    down: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A member within others, or the rest of them: how many are `hidden` in it, and the branches that it has. `sums`
    says whether what is in it may be added up."""

    path: Path
    parts: tuple[Branch, ...] = ()
    hidden: int = 0
    sums: bool = True

    @property
    def ends(self) -> tuple[Branch, ...]:
        """What is a line of its own: what has no parts, and what has several, after them, where it is their sum."""
        if not self.parts:
            return (self,)
        own = (self,) if self.sums and len(self.parts) > 1 else ()
        return (*(end for part in self.parts for end in part.ends), *own)

    def ways(self) -> Iterator[Path]:
        """The paths of all branches in it, and its own."""
        yield self.path
        for part in self.parts:
            yield from part.ways()


@dataclass(frozen=True, slots=True)
class Pivot:
    """Both trees, and what each pair of their branches comes to, by their paths."""

    rows: Branch
    columns: Branch
    amounts: Mapping[tuple[Path, Path], Amount]

    def amount(self, row: Branch, column: Branch) -> Amount:
        """What facts of both branches come to; None where there are none, or no sum of them."""
        return self.amounts.get((row.path, column.path))


def pivot(
    cells: Sequence[Cell], rows: Sequence[Nest], columns: Sequence[Nest], measure: str, *, summed: bool, skip: int = 0
) -> Pivot:
    """The pivot table of cells, each of one member of every level, without the first members of the first level that
    are skipped. Amounts of measures that are not `summed` stand alone."""
    known = [(_path(one, rows), _path(one, columns), amount(one.get(measure))) for one in cells]
    if skip and rows:
        first = _groups([(row, value) for row, _column, value in known], 0)
        left = set(_ordered(rows[0], first, summed=summed)[skip:])
        known = [one for one in known if one[0][0] in left]
    row_tree = _branch(rows, (), [(row, value) for row, _column, value in known], summed=summed)
    beside = [(column, value) for _row, column, value in known]
    column_tree = _branch(_alike(columns, beside, summed=summed), (), beside, summed=summed)
    row_ways, column_ways = frozenset(row_tree.ways()), frozenset(column_tree.ways())
    found: dict[tuple[Path, Path], list[Amount]] = {}
    for row, column, value in known:
        column_ends = _within(column, column_ways)
        for row_end in _within(row, row_ways):
            for column_end in column_ends:
                found.setdefault((row_end, column_end), []).append(value)
    sums = {key: total(values) if summed or len(values) == 1 else None for key, values in found.items()}
    return Pivot(row_tree, column_tree, sums)


def _path(cell: Cell, nests: Sequence[Nest]) -> Path:
    return tuple((cell[one.level.key], cell[one.level.label]) for one in nests)


def _alike(nests: Sequence[Nest], known: Known, *, summed: bool) -> list[Nest]:
    """The levels with an order that is the same in all branches: that of what members come to altogether."""
    found = []
    for depth, nest in enumerate(nests):
        names = _ordered(nest, _groups(known, depth), summed=summed)
        found.append(replace(nest, order={one: at for at, one in enumerate(names)}.__getitem__, down=False))
    return found


def _branch(nests: Sequence[Nest], path: Path, known: Known, *, summed: bool, hidden: int = 0) -> Branch:
    """The branch at a path with all that is in it."""
    depth = len(path)
    sums = summed and all(one.adds for one in nests[depth:])
    if depth == len(nests) or (hidden and sums):
        return Branch(path, (), hidden, sums)
    groups = _groups(known, depth)
    names = _ordered(nests[depth], groups, summed=summed)
    every = not summed or not nests[depth].adds or len(names) <= nests[depth].most + 1
    first = names if every else names[: nests[depth].most]
    parts = [_branch(nests, (*path, one), groups[one], summed=summed) for one in first]
    if rest := [each for one in names[len(first) :] for each in groups[one]]:
        parts.append(_branch(nests, (*path, OTHERS), rest, summed=summed, hidden=len(names) - len(first)))
    return Branch(path, tuple(parts), hidden, sums)


def _groups(known: Known, depth: int) -> dict[Name, list[tuple[Path, Amount]]]:
    groups: dict[Name, list[tuple[Path, Amount]]] = {}
    for one in known:
        groups.setdefault(one[0][depth], []).append(one)
    return groups


def _ordered(nest: Nest, groups: Mapping[Name, Known], *, summed: bool) -> list[Name]:
    if nest.order is not None:
        named = sorted((one for one in groups if one[0] is not None), key=nest.order, reverse=nest.down)
        return named + [one for one in groups if one[0] is None]
    if not summed:
        return list(groups)
    sums = {one: total(value for _path, value in known) for one, known in groups.items()}
    sign = -1 if nest.down else 1
    return sorted(groups, key=lambda one: (sums[one] is None, sign * (sums[one] or Decimal(0))))


def _within(path: Path, ways: frozenset[Path]) -> list[Path]:
    """The paths of all branches that something at a path counts for."""
    found: list[Path] = [()]
    for name in path:
        here = next((one for one in ((*found[-1], name), (*found[-1], OTHERS)) if one in ways), None)
        if here is None:
            break
        found.append(here)
    return found
