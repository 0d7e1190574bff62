"""Filters, and the cells that they leave. Facets leave out their own filter, so a cell says which filter it misses.

Owner, country and the like are of whole datasets, the year is of a cell, and phase, direction and currency are of each
measure in a cell: of a dataset with a measure for each phase, the filter `phase` leaves one measure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE
from openspending.analytics.search.record import Cell, Record
from openspending.analytics.search.totals import Kind, kinds_of, marks_of, names_of

DATASET: Final = "dataset"
OF_DATASETS: Final[tuple[str, ...]] = ("country", "level", "classification", "owner", "licence", DATASET)
OF_KINDS: Final = (PHASE, DIRECTION, CURRENCY)
YEAR: Final = "year"
FACETS: Final = ("country", "level", YEAR, *OF_KINDS, "classification", "owner", "licence", DATASET)
LEVELS: Final = ("country", "region", "city")
MET: Final = ""  # no filter is missed
_KEPT: Final = 1024  # datasets that stay described though they are not searched just now

Filters = Mapping[str, AbstractSet[str]]  # by facet: any of these values
Pairs = frozenset[tuple[str, str]]  # facets with one of their values


@dataclass(frozen=True, slots=True)
class Part:
    """A cell, with the kind of each of its record's measures, and what facets call it with each. Cells of one `money`
    have the same measures, those of one `signature` the same year too."""

    id: int
    lines: int
    year: str | None
    kinds: tuple[Kind, ...]
    pairs: tuple[Pairs, ...]
    money: int
    signature: int


@dataclass(frozen=True, slots=True)
class Described:
    """A record as filters and facets see it: its values by facet, and its cells. Those of one `profile` have the same
    values but for their addresses. `lefts` has the cells as filters of whole datasets leave them, by the facet whose
    filter they miss."""

    record: Record
    values: Mapping[str, tuple[str, ...]]
    pairs: Pairs
    profile: int
    parts: tuple[Part, ...]
    lefts: dict[str, dict[int, Left]] = field(default_factory=dict, compare=False, repr=False)

    def left(self, missed: str) -> dict[int, Left]:
        """All cells, which miss the filter of one facet, or meet all."""
        found = self.lefts.get(missed)
        if found is None:
            found = {one.id: Left(self, one, (missed,) * len(one.kinds)) for one in self.parts}
            self.lefts[missed] = found
        return found


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
        self._alike: dict[tuple[object, ...], int] = {}
        self._numbers = count()
        self._most = 0  # records that were searched together

    def of(self, record: Record) -> Described:
        """The record, described."""
        found = self._known.get(id(record))
        if found is None or found.record is not record:
            found = self._known[id(record)] = self._described(record)
        return found

    def forget_others(self, records: Collection[Record]) -> None:
        """Keep the descriptions of these records alone, once there are twice as many as were ever searched together:
        however many datasets are searched, on either side, none is described again for the next search."""
        self._most = max(self._most, len(records))
        if len(self._known) > 2 * self._most + _KEPT:
            here = {id(one) for one in records}
            self._known = {key: one for key, one in list(self._known.items()) if key in here}
            self._alike = {}

    def _described(self, record: Record) -> Described:
        """One without lines has a cell without lines, so that it is found too."""
        names = names_of(record)
        values = {
            "country": record.countries,
            "level": (record.level,) if record.level else (),
            "classification": record.classifications,
            "owner": (record.owner,),
            "licence": (record.licence,) if record.licence else (),
            DATASET: (record.dataset,),
        }
        parts = tuple(self._part(record, one, names) for one in record.cells or (Cell(0, 0),))
        pairs = frozenset((name, one) for name, some in values.items() for one in some)
        return Described(record, values, pairs, self._number(*(values[one] for one in OF_DATASETS[:-1])), parts)

    def _part(self, record: Record, cell: Cell, names: Sequence[str | None]) -> Part:
        kinds = kinds_of(record, cell, names)
        alone = "" if all(one.currency for one in kinds) else record.dataset  # its amounts are added to no others
        measured = (kinds, tuple((one.scale, bool(one.width)) for one in record.measures), alone)
        pairs = tuple(_pairs(cell.year, one) for one in kinds)
        money, signature = self._number(*measured), self._number(cell.year, *measured)
        return Part(record.cell_id(cell), cell.lines, cell.year, kinds, pairs, money, signature)

    def _number(self, *what: object) -> int:
        """A number for all that is equal; after some time another, but never that of anything else."""
        return self._alike.setdefault(what, next(self._numbers))


describing: Final = Describing()


def _pairs(year: str | None, kind: Kind) -> Pairs:
    said = {YEAR: year, **marks_of(kind)}
    return frozenset((name, value) for name, value in said.items() if value is not None)


def narrowed(records: Mapping[str, Record], filters: Filters) -> dict[int, Left]:
    """The cells of `records` that miss one of the `filters` at most, by their ids."""
    left: dict[int, Left] = {}
    wanted = {name: frozenset((name, one) for one in values) for name, values in filters.items()}
    of_datasets = {name: wanted[name] for name in OF_DATASETS if name in wanted}
    further = {name: wanted[name] for name in (YEAR, *OF_KINDS) if name in wanted}
    for record in records.values():
        found = describing.of(record)
        missed = _missed(found.pairs, MET, of_datasets)
        if missed is not None:
            left.update(_narrow(found, missed, further) if further else found.left(missed))
    describing.forget_others(records.values())
    return left


def _narrow(found: Described, missed: str, filters: Mapping[str, Pairs]) -> Iterator[tuple[int, Left]]:
    """The cells of one record, which misses `missed` as a whole."""
    for part in found.parts:
        misses = tuple(_missed(pairs, missed, filters) for pairs in part.pairs)
        if any(one is not None for one in misses):
            yield part.id, Left(found, part, misses)


def _missed(pairs: Pairs, missed: str, filters: Mapping[str, Pairs]) -> str | None:
    """Which filter is missed by what has these pairs, beside `missed`; None for several."""
    for name, wanted in filters.items():
        if wanted.isdisjoint(pairs):
            if missed:
                return None
            missed = name
    return missed
