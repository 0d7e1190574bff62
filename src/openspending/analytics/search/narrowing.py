"""Filters, and the cells that they leave. Facets leave out their own filter, so a cell says which filter it misses.

Owner, country and the like are of whole datasets, the year is of a cell, and phase, direction and currency are of each
measure in a cell: of a dataset with a measure for each phase, the filter `phase` leaves one measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE
from openspending.analytics.search.record import Cell, Record
from openspending.analytics.search.totals import Kind, kinds_of, names_of

OF_DATASETS: Final = ("country", "level", "classification", "owner", "licence", "dataset")
OF_KINDS: Final = (PHASE, DIRECTION, CURRENCY)
YEAR: Final = "year"
FACETS: Final = ("country", "level", YEAR, *OF_KINDS, "classification", "owner", "licence", "dataset")
LEVELS: Final = ("country", "region", "city")
MET: Final = ""  # no filter is missed
_KEPT: Final = 4096  # datasets that stay described

Filters = Mapping[str, AbstractSet[str]]  # by facet: any of these values


@dataclass(frozen=True, slots=True)
class Part:
    """A cell, with the kind of each of its record's measures."""

    id: int
    lines: int
    year: str | None
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A record as filters and facets see it: its values by facet, and its cells."""

    record: Record
    values: Mapping[str, tuple[str, ...]]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that meets all filters, or all but one, in some measure. `missed` says for each measure which facet's
    filter it misses: MET, one, or None where it misses several."""

    of: Described
    part: Part
    missed: tuple[str | None, ...]

    @property
    def met(self) -> bool:
        """Whether it meets all filters in some measure."""
        return MET in self.missed


class Describing:
    """Describes records, each once as long as it is the same. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[int, Described] = {}

    def of(self, record: Record) -> Described:
        """The record, described."""
        found = self._known.get(id(record))
        if found is None or found.record is not record:
            if len(self._known) >= _KEPT:
                self._known = {}
            found = self._known[id(record)] = described(record)
        return found


describing: Final = Describing()


def described(record: Record) -> Described:
    """A record as filters and facets see it. One without lines has a cell without lines, so that it is found too."""
    names = names_of(record)
    parts = tuple(
        Part(record.cell_id(one), one.lines, one.year, kinds_of(record, one, names))
        for one in record.cells or (Cell(0, 0),)
    )
    values = {
        "country": record.countries,
        "level": (record.level,) if record.level else (),
        "classification": record.classifications,
        "owner": (record.owner,),
        "licence": (record.licence,) if record.licence else (),
        "dataset": (record.dataset,),
    }
    return Described(record, values, parts)


def narrowed(records: Mapping[str, Record], filters: Filters) -> dict[int, Left]:
    """The cells of `records` that miss one of the `filters` at most, by their ids."""
    left: dict[int, Left] = {}
    of_datasets = {name: filters[name] for name in OF_DATASETS if name in filters}
    further = {name: filters[name] for name in (YEAR, *OF_KINDS) if name in filters}
    for record in records.values():
        found = describing.of(record)
        missed = [name for name, wanted in of_datasets.items() if wanted.isdisjoint(found.values[name])]
        if len(missed) < 2:
            _narrow(left, found, missed[0] if missed else MET, further)
    return left


def _narrow(left: dict[int, Left], found: Described, missed: str, filters: Filters) -> None:
    """Put the cells of one record into `left`, which misses `missed` as a whole."""
    for part in found.parts:
        if not filters:
            left[part.id] = Left(found, part, (missed,) * len(part.kinds))
            continue
        misses = tuple(_missed(part.year, kind, missed, filters) for kind in part.kinds)
        if any(one is not None for one in misses):
            left[part.id] = Left(found, part, misses)


def _missed(year: str | None, kind: Kind, missed: str, filters: Filters) -> str | None:
    """Which filter one measure of a cell misses beside `missed`; None for several."""
    values = {YEAR: year, PHASE: kind.phase, DIRECTION: kind.direction, CURRENCY: kind.currency}
    for name, wanted in filters.items():
        if values[name] not in wanted:
            if missed:
                return None
            missed = name
    return missed
