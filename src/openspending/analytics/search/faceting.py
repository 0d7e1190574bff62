"""Facets: for each value that the found lines or datasets have, how many, and with how much money. A facet counts what
would be found without its own filter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from babel import Locale

from openspending.analytics.search.engine import Tally
from openspending.analytics.search.narrowing import FACETS, MET, OF_DATASETS, OF_KINDS, YEAR, Described, Left
from openspending.analytics.search.totals import Amount, Kind, Total, Totals, amounts_of, marks_of

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
    """The lines of one dataset that meet all filters, and those that miss only one filter of whole datasets."""

    described: Described
    met: Counted = field(default_factory=Counted)
    missing: dict[str, Counted] = field(default_factory=dict)


class LineCounts:
    """Counts lines that were found: all of them, those of each dataset, and those of each value of the facets."""

    def __init__(self) -> None:
        self.whole = Counted()
        self.datasets: list[OfRecord] = []  # those with lines that meet all filters
        self._facets: dict[str, defaultdict[str, Counted]] = {name: defaultdict(Counted) for name in FACETS}
        self._titles: dict[str, str] = {}

    def add(self, left: Mapping[int, Left], tallies: Mapping[int, Tally]) -> None:
        """Count the tallies of one index; cells that are not `left` are none of the asker's."""
        records: dict[int, OfRecord] = {}
        for cell, tally in tallies.items():
            one = left.get(cell)
            if one is not None and tally.lines:
                uid = one.of.record.uid
                found = records.get(uid) or records.setdefault(uid, OfRecord(one.of))
                self._add(one, tally, found)
        for found in records.values():
            self._spread(found)

    def facets(self) -> dict[str, Facet]:
        """All facets."""
        return {name: self._facet(name, values) for name, values in self._facets.items()}

    def _facet(self, name: str, values: Mapping[str, Counted]) -> Facet:
        told, more = _most({value: one.lines for value, one in values.items()})
        found = ((value, values[value]) for value in told)
        labelled = (Value(value, label_of(name, value, self._titles), n.lines, n.totals.found()) for value, n in found)
        return Facet(tuple(labelled), more)

    def _add(self, one: Left, tally: Tally, found: OfRecord) -> None:
        by_missed: dict[str, list[Amount]] = {}
        amounts = amounts_of(found.described.record, one.part.kinds, tally.sums)
        for missed, amount in zip(one.missed, amounts, strict=True):
            if missed is not None:
                by_missed.setdefault(missed, []).append(amount)
        for missed, some in by_missed.items():
            if missed == MET:
                found.met.add(tally.lines, some)
            elif missed in OF_DATASETS:
                found.missing.setdefault(missed, Counted()).add(tally.lines, some)
            if missed in {MET, YEAR} and one.part.year is not None:
                self._facets[YEAR][one.part.year].add(tally.lines, some)
            for name in OF_KINDS if missed == MET else (missed,) if missed in OF_KINDS else ():
                for value, few in _by_mark(name, some).items():
                    self._facets[name][value].add(tally.lines, few)

    def _spread(self, found: OfRecord) -> None:
        """Count what was found of a dataset for its own values."""
        record = found.described.record
        self._titles[record.dataset] = record.title
        if found.met.lines:
            self.whole.merge(found.met)
            self.datasets.append(found)
        for name in OF_DATASETS:
            counted = found.met if found.met.lines else found.missing.get(name)
            if counted is not None:
                for value in found.described.values[name]:
                    self._facets[name][value].merge(counted)


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
        self._facets: dict[str, Counter[str]] = {name: Counter() for name in FACETS if name != "dataset"}

    def add(self, cells: Iterable[Left]) -> bool:
        """Count one dataset by those of its cells that were found and miss one filter at most; whether it meets all
        filters in one of them."""
        values: set[tuple[str, str]] = set()
        met = False
        for one in cells:
            for missed, kind in zip(one.missed, one.part.kinds, strict=True):
                met = met or missed == MET
                if missed is not None:
                    values.update(_values(one, kind, FACETS if missed == MET else (missed,)))
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


def _values(one: Left, kind: Kind, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """What a cell is called in these facets, with one of its measures."""
    marks = marks_of(kind)
    for name in names:
        if name in OF_DATASETS:
            yield from ((name, value) for value in one.of.values[name])
        else:
            value = one.part.year if name == YEAR else marks[name]
            if value is not None:
                yield name, value


def label_of(name: str, value: str, titles: Mapping[str, str]) -> str:
    """What people call a value of a facet: countries by their English names, datasets by their titles."""
    if name == "country":
        return str(_countries().get(value, value))
    return (titles.get(value) or value) if name == "dataset" else value


@cache
def _countries() -> Mapping[str, str]:
    return dict(Locale("en").territories)


def _most(counts: Mapping[str, int]) -> tuple[list[str], int]:
    """The values that count most, and how many others there are."""
    ranked = sorted(counts, key=lambda one: (-counts[one], one))
    return ranked[:MOST], max(0, len(ranked) - MOST)
