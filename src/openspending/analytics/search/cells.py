"""How the lines of a dataset divide into cells: which there are, and the one that each line is in.

Lines are told apart by their texts in the columns that divide money, read by the same function when cells are counted
and when lines are put into them, so that no line is ever in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openspending.analytics.cubemodel import Attribute, CubeModel
from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE, Roles
from openspending.analytics.search.factbatches import fact_batches
from openspending.analytics.search.marks import marks_of
from openspending.analytics.search.record import Cell

MOST: Final = 4_096  # cells of a dataset
_READ: Final = 200_000  # lines at once
_YEAR_DIGITS: Final = 4
_NEEDED: Final = (CURRENCY, PHASE, DIRECTION)

Texts = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A column that divides lines: into kinds of money, `marks` being the names of its members; or, with no `kind`,
    into years, of which a column with `days` has the first four digits."""

    name: str
    kind: str | None = None
    marks: Mapping[str | None, str | None] | None = None
    days: bool = False


@dataclass(frozen=True, slots=True)
class Division:
    """The cells of a dataset, and the number of each by the texts of its lines in the columns of `dividers`.

    `mixed`: cells have money that must not be added up, because there would be too many of them otherwise.
    """

    cells: tuple[Cell, ...]
    dividers: tuple[Divider, ...]
    numbers: Mapping[Texts, int]
    mixed: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of money that cells tell apart."""
        return frozenset(one.kind for one in self.dividers if one.kind is not None)

    def numbers_of(self, batch: Any) -> Any:
        """The number of the cell of each line, as uint32. `batch` has the columns of the dividers."""
        place, found = _placed(batch, self.dividers)
        return pa.array([self.numbers[texts] for texts in found], pa.uint32()).take(place)


def divide(path: Path, cube: CubeModel, roles: Roles, year: str | None) -> Division:
    """The cells of the facts in the Parquet file `path`; `year` is that of all facts where no column tells it."""
    dividers = tuple({one.name: one for one in _dividers(cube, roles)}.values())
    counts = _counted(path, dividers)
    kept = dividers
    for fewer in _fewer(dividers):
        if len(counts) > MOST:
            counts, kept = _coarser(counts, kept, fewer), fewer
    made = [(_cell(texts, kept, year), texts, lines) for texts, lines in counts.items()]
    made.sort(key=lambda one: (_ordered([one[0][0], *one[0][1].values()]), _ordered(one[1])))
    cells = tuple(Cell(number, lines, *said) for number, (said, _, lines) in enumerate(made))
    numbers = {texts: number for number, (_, texts, _) in enumerate(made)}
    return Division(cells, kept, numbers, mixed=any(one.kind and one not in kept for one in dividers))


def _dividers(cube: CubeModel, roles: Roles) -> Iterator[Divider]:
    years = roles.years
    if years is not None and isinstance(found := cube.find(years.key), Attribute):
        yield Divider(found.column.name, days=years.dates)
    for one in roles.exclusive:
        if isinstance(found := cube.find(one.key), Attribute):
            yield Divider(found.column.name, one.kind, marks_of(one))


def _fewer(dividers: Sequence[Divider]) -> Iterator[tuple[Divider, ...]]:
    """What may be left out where there would be too many cells: years first, without which sums are still right."""
    yield tuple(one for one in dividers if one.kind is not None)
    yield tuple(one for one in dividers if one.kind in _NEEDED)
    yield ()


def _counted(path: Path, dividers: Sequence[Divider]) -> Counter[Texts]:
    """The lines with each combination of texts."""
    counts: Counter[Texts] = Counter()
    names = [one.name for one in dividers]
    if not names:
        lines = pq.read_metadata(path).num_rows
        return Counter({(): lines} if lines else {})
    for batch in fact_batches(path, names, _READ):
        place, found = _placed(batch, dividers)
        for one in pc.value_counts(place).to_pylist():
            counts[found[one["values"]]] += one["counts"]
    return counts


def _placed(batch: Any, dividers: Sequence[Divider]) -> tuple[Any, list[Texts]]:
    """The place of each line in a list of combinations of texts, and that list."""
    place = pa.repeat(pa.scalar(0, pa.int64()), batch.num_rows)
    found: list[Texts] = [()]
    for one in dividers:
        indices, values = _texts(batch.column(one.name), one)
        both = pc.add(pc.multiply(place, len(values)), indices).dictionary_encode()
        pairs = [divmod(number, len(values)) for number in both.dictionary.to_pylist()]
        found = [(*found[left], values[right]) for left, right in pairs]
        place = both.indices.cast(pa.int64())
    return place, found


def _texts(column: Any, divider: Divider) -> tuple[Any, list[str | None]]:
    """The values of a column as texts, each once, the missing one last; and the place of each line's among them."""
    coded = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
    values = coded.dictionary.to_pylist()
    if divider.days:
        values = [one[:_YEAR_DIGITS] for one in values]
    return pc.fill_null(coded.indices.cast(pa.int64()), len(values)), [*values, None]


def _coarser(counts: Counter[Texts], now: Sequence[Divider], fewer: Sequence[Divider]) -> Counter[Texts]:
    places = [now.index(one) for one in fewer]
    found: Counter[Texts] = Counter()
    for texts, lines in counts.items():
        found[tuple(texts[place] for place in places)] += lines
    return found


def _cell(texts: Texts, dividers: Sequence[Divider], year: str | None) -> tuple[str | None, dict[str, str | None]]:
    """The year and the marks of a cell. Two columns of one kind make one mark of both their members."""
    marks: dict[str, str | None] = {}
    for one, text in zip(dividers, texts, strict=True):
        if one.kind is None:
            year = text
        else:
            mark = text if one.marks is None else one.marks.get(text, text)
            both = [each for each in (marks.get(one.kind), mark) if each is not None]
            marks[one.kind] = " / ".join(dict.fromkeys(both)) or None
    return year, marks


def _ordered(texts: Sequence[str | None]) -> list[tuple[bool, str]]:
    return [(one is None, one or "") for one in texts]
