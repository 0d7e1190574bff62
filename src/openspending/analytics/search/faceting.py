"""Facets: for each value that the found lines or datasets have, how many, and with how much money. A facet counts what
would be found without its own filter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from babel import Locale

from openspending.analytics.search.engine import Tally
from openspending.analytics.search.narrowing import DATASET, FACETS, MET, OF_DATASETS, OF_KINDS, YEAR, Described, Left
from openspending.analytics.search.totals import Amount, Total, Totals, amounts_of, marks_of

MOST: Final = 100  # values of a facet that are told; how many more there are is said


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: what filters call it, what people call it, how many have it, and their money."""

    value: str
    label: str
    count: int
    totals: tuple[Total, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a facet, those that count most first; `more` of them were left out."""

    values: tuple[Value, ...] = ()
    more: int = 0


@dataclass(slots=True)
class Counted:
    """Lines, counted while they are added up."""

    lines: int = 0
    totals: Totals = field(default_factory=Totals)

    def add(self, lines: int, amounts: Iterable[Amount]) -> None:
        """Add so many lines, with these amounts."""
        self.lines += lines
        self.totals.add(lines, amounts)

    def merge(self, other: Counted) -> None:
        """Add what another has counted."""
        self.lines += other.lines
        self.totals.merge(other.totals)


@dataclass(slots=True)
class OfRecord:
    """The lines of one dataset that meet all filters, and those that would without the filter of datasets."""

    described: Described
    met: Counted = field(default_factory=Counted)
    beside: Counted = field(default_factory=Counted)


@dataclass(slots=True)
class _Alike:
    """Lines of cells that are counted in the same way."""

    like: Left
    lines: int
    units: list[int]

    def by_missed(self) -> dict[str, list[Amount]]:
        """Their amounts by the filter that these miss; without those that miss several."""
        found: dict[str, list[Amount]] = {}
        amounts = amounts_of(self.like.of.record, self.like.part.kinds, self.units)
        for missed, amount in zip(self.like.missed, amounts, strict=True):
            if missed is not None:
                found.setdefault(missed, []).append(amount)
        return found


class LineCounts:
    """Counts lines that were found: all of them, those of each dataset, and those of each value of the facets."""

    def __init__(self) -> None:
        self.whole = Counted()
        self.datasets: list[OfRecord] = []  # those with lines that meet all filters
        self._facets: dict[str, defaultdict[str, Counted]] = {name: defaultdict(Counted) for name in FACETS}
        self._titles: dict[str, str] = {}

    def add(self, left: Mapping[int, Left], tallies: Mapping[int, Tally]) -> None:
        """Count the tallies of one index; cells that are not `left` are none of the asker's."""
        of_records: dict[tuple[object, ...], _Alike] = {}
        of_cells: dict[tuple[object, ...], _Alike] = {}
        of_values: dict[tuple[object, ...], _Alike] = {}
        for cell, tally in tallies.items():
            one = left.get(cell)
            if one is not None and tally.lines:
                _gather(of_records, (one.of.record.uid, one.part.money, one.missed), one, tally.lines, tally.sums)
                _gather(of_cells, (one.part.signature, one.missed), one, tally.lines, tally.sums)
        for of in of_records.values():
            _gather(of_values, (of.like.of.profile, of.like.part.money, of.like.missed), of.like, of.lines, of.units)
        self._of_cells(of_cells.values())
        self._of_values(of_values.values())
        self._of_records(of_records.values())

    def facets(self) -> dict[str, Facet]:
        """All facets."""
        return {name: self._facet(name, values) for name, values in self._facets.items()}

    def _facet(self, name: str, values: Mapping[str, Counted]) -> Facet:
        told, more = _most({value: one.lines for value, one in values.items()})
        found = ((value, values[value]) for value in told)
        labelled = (Value(value, label_of(name, value, self._titles), n.lines, n.totals.found()) for value, n in found)
        return Facet(tuple(labelled), more)

    def _of_cells(self, several: Iterable[_Alike]) -> None:
        """Count lines, also for their years, phases, directions and currencies."""
        for found in several:
            year = found.like.part.year
            for missed, amounts in found.by_missed().items():
                if missed == MET:
                    self.whole.add(found.lines, amounts)
                if missed in {MET, YEAR} and year is not None:
                    self._facets[YEAR][year].add(found.lines, amounts)
                for name in OF_KINDS if missed == MET else (missed,) if missed in OF_KINDS else ():
                    for value, some in _by_mark(name, amounts).items():
                        self._facets[name][value].add(found.lines, some)

    def _of_values(self, several: Iterable[_Alike]) -> None:
        """Count lines for what their datasets are called."""
        for found in several:
            for missed, amounts in found.by_missed().items():
                for name in OF_DATASETS if missed == MET else (missed,) if missed in OF_DATASETS else ():
                    for value in found.like.of.values[name] if name != DATASET else ():
                        self._facets[name][value].add(found.lines, amounts)

    def _of_records(self, several: Iterable[_Alike]) -> None:
        """Count lines for their datasets."""
        records: dict[int, OfRecord] = {}
        for found in several:
            one = records.setdefault(found.like.of.record.uid, OfRecord(found.like.of))
            for missed, amounts in found.by_missed().items():
                if missed in {MET, DATASET}:
                    (one.beside if missed else one.met).add(found.lines, amounts)
        for one in records.values():
            record = one.described.record
            if one.met.lines:
                self.datasets.append(one)
            if one.met.lines or one.beside.lines:
                self._titles[record.dataset] = record.title
                self._facets[DATASET][record.dataset].merge(one.met if one.met.lines else one.beside)


def _gather(
    into: dict[tuple[object, ...], _Alike], key: tuple[object, ...], one: Left, lines: int, units: Sequence[int]
) -> None:
    """Add lines to those that are counted in the same way."""
    found = into.get(key)
    if found is None:
        into[key] = _Alike(one, lines, list(units))
        return
    found.lines += lines
    for at, more in enumerate(units):
        found.units[at] += more


def _by_mark(name: str, amounts: Iterable[Amount]) -> dict[str, list[Amount]]:
    """The amounts by what their kinds are called in one facet."""
    found: dict[str, list[Amount]] = {}
    for one in amounts:
        value = marks_of(one.kind)[name]
        if value is not None:
            found.setdefault(value, []).append(one)
    return found


class DatasetCounts:
    """Counts datasets that were found, for each value of the facets."""

    def __init__(self) -> None:
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS if name != DATASET}

    def add(self, cells: Iterable[Left]) -> bool:
        """Count one dataset by those of its cells that were found and miss one filter at most; whether it meets all
        filters in one of them."""
        values: set[tuple[str, str]] = set()
        met = False
        for one in cells:
            for missed, pairs in zip(one.missed, one.part.pairs, strict=True):
                if missed == MET:
                    met = True
                    values |= pairs
                    values |= one.of.pairs
                elif missed is not None:
                    values.update(pair for pair in (*pairs, *one.of.pairs) if pair[0] == missed)
        for name, value in values:
            if name in self._facets:
                self._facets[name][value] += 1
        return met

    def facets(self) -> dict[str, Facet]:
        """All facets but that of datasets."""
        return {name: self._facet(name, values) for name, values in self._facets.items()}

    def _facet(self, name: str, values: Mapping[str, int]) -> Facet:
        told, more = _most(values)
        return Facet(tuple(Value(one, label_of(name, one, {}), values[one]) for one in told), more)


def label_of(name: str, value: str, titles: Mapping[str, str]) -> str:
    """What people call a value of a facet: countries by their English names, datasets by their titles."""
    if name == "country":
        return str(_countries().get(value, value))
    return (titles.get(value) or value) if name == DATASET else value


@cache
def _countries() -> Mapping[str, str]:
    return dict(Locale("en").territories)


def _most(counts: Mapping[str, int]) -> tuple[list[str], int]:
    """The values that count most, and how many others there are."""
    ranked = sorted(counts, key=lambda one: (-counts[one], one))
    return ranked[:MOST], max(0, len(ranked) - MOST)
