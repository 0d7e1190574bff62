"""Chooses which cuboids to make: of all sets of axes the few that make the most queries cheap. Pure.

Greedy, as Harinarayan, Rajaraman and Ullman (1996) showed to be within 63 % of the best choice: again and again the set
that saves most, until there are enough, or what another one saves is not worth its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Final

MOST_CUBOIDS: Final = 32  # the last ones are small and come from others
MOST_CELLS: Final = 70_000  # of one cuboid: DuckDB answers from as many in 3 ms
MOST_TOGETHER: Final = 800_000  # cells of all cuboids, and half as many as there are facts
_COMMON: Final = 600  # cells that the common axes may have together before some of them are left to be asked for
_PAIRED, _TRIPLED = 14, 10  # how many of the likeliest axes are combined in pairs and in threes
_OVERHEAD: Final = 30_000  # facts that could be read in the time that any query takes
_MANY: Final = 100  # members; an axis with as many is asked for half as often as one with few

Set = frozenset[str]


@dataclass(frozen=True, slots=True)
class Member:
    """An axis as the choice sees it."""

    ref: str
    members: int
    common: bool
    time: bool


@dataclass(frozen=True, slots=True)
class Lattice:
    """The sets of axes that come into question. `common` are in every cuboid, `time` where it can be afforded; `free`
    are combined, the likeliest first; axes with one member (`constant`) cost nothing and are in all.

    `likely`: how often each axis is part of a query, as far as can be guessed: people look at tables of few rows."""

    common: Set
    time: Set
    free: tuple[str, ...]
    constant: Set
    likely: Mapping[str, float]

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """What is combined of the free axes: nothing, single ones, pairs and threes."""
        yield ()
        yield from ((one,) for one in self.free)
        yield from combinations(self.free[:_PAIRED], 2)
        yield from combinations(self.free[:_TRIPLED], 3)

    def sets(self) -> dict[tuple[tuple[str, ...], bool], Set]:
        """All sets, by what is combined and whether the time is in it."""
        return {
            (one, timed): self.common | frozenset(one) | (self.time if timed else frozenset())
            for one in self.combinations()
            for timed in ((True, False) if self.time else (False,))
        }

    def counted(self) -> list[Set]:
        """The sets whose cells decide about the choice: all of `sets`, and those that tell what determines what."""
        varying = (*sorted(self.common | self.time), *self.free[:_PAIRED])
        telling = [frozenset(one) for size in (1, 2) for one in combinations(varying, size)]
        return list(dict.fromkeys(one for one in (*self.sets().values(), *telling) if one))


def lattice(axes: Sequence[Member]) -> Lattice:
    """The lattice over `axes`, which are in order of their likelihood."""
    varying = [one for one in axes if one.members > 1]
    common: set[str] = set()
    cells = 1
    for one in sorted((one for one in varying if one.common), key=lambda one: one.members):
        if cells * one.members <= _COMMON:
            cells *= one.members
            common.add(one.ref)
    time = frozenset(one.ref for one in varying if one.time and one.ref in common)
    free = tuple(one.ref for one in varying if one.ref not in common)
    constant = frozenset(one.ref for one in axes if one.members == 1)
    likely = {one.ref: 0.7 / (1 + one.members / _MANY) for one in varying}
    return Lattice(frozenset(common) - time, time, free, constant, likely)


def choose(space: Lattice, cells: Mapping[Set, int], facts: int) -> list[Set]:
    """The sets of axes to make cuboids of, the one with most cells first.

    `cells` are estimates for `space.counted()`. Bounded by `MOST_CUBOIDS`, `MOST_CELLS`, `MOST_TOGETHER`, and by a
    quarter of the facts: with more cells than that, reading the facts takes as long.
    """
    sets = space.sets()
    weights = {one: _weight(what, timed, space) for (what, timed), one in sets.items()}
    most = min(MOST_CELLS, facts // 4)
    whole = {one: _determined(one, space, cells) for one in weights if _cells(one, cells) <= most}
    covered = {one: [query for query in weights if query <= all_of] for one, all_of in whole.items()}
    costs = dict.fromkeys(weights, facts + _OVERHEAD)
    chosen: list[Set] = []
    left = min(MOST_TOGETHER, facts // 2)

    def worth(one: Set) -> float:
        """What a set saves for what it costs."""
        cost = _OVERHEAD + _cells(one, cells)
        return sum(weights[query] * max(costs[query] - cost, 0) for query in covered[one]) / cost

    while len(chosen) < MOST_CUBOIDS:
        fitting = {one: worth(one) for one in whole if _cells(one, cells) <= left}
        best = max(fitting, key=lambda one: (fitting[one], sorted(one)), default=None)
        if best is None or fitting[best] <= 0:
            break
        chosen.append(best)
        left -= _cells(best, cells)
        for query in covered[best]:
            costs[query] = min(costs[query], _cells(best, cells) + _OVERHEAD)
    return [whole[one] for one in sorted(chosen, key=lambda one: (-_cells(one, cells), sorted(one)))]


def _weight(what: Sequence[str], timed: bool, space: Lattice) -> float:
    """How often a set is asked for, as far as can be guessed: the fewer and the likelier its axes, the oftener."""
    return prod(space.likely[one] for one in what) * (0.7 if timed else 1.0)


def _cells(one: Set, cells: Mapping[Set, int]) -> int:
    return cells[one] if one else 1


def _determined(one: Set, space: Lattice, cells: Mapping[Set, int]) -> Set:
    """`one` with all that it determines, such as upper levels: they cost no cells."""
    varying = {*space.common, *space.time, *space.free[:_PAIRED]}
    told = {
        other
        for other in varying - one
        for each in one & varying
        if cells[frozenset({each, other})] <= cells[frozenset({each})]
    }
    return one | told | space.constant
