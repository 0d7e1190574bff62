"""The rows of a source file with their problems: what the check found in cells, and what is wrong with rows and headers
as such."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from openspending.etl.celltext import fits
from openspending.etl.declared import replaced
from openspending.etl.marks import Mark, Marks
from openspending.etl.original import Original, Record
from openspending.fdp.problems import Problem, problem, shorten
from openspending.fdp.spaces import BLANKS
from openspending.speaking.said import said, told

NEIGHBOURS: Final = 3  # rows shown before and after each row with a problem, where not all can be shown
Fault = tuple[tuple[int, ...], Problem]  # columns counted from 0, and what is wrong there


@dataclass(slots=True)
class MarkedRow:
    """A record by its number, with its cells as they are, and its faults. `heading` is the header's last row.

    `left_out` says why the row is not read, if it is not; `changed` what is read instead of a column's text.
    """

    number: int
    cells: list[str]
    faults: list[Fault] = field(default_factory=list)
    heading: bool = False
    left_out: str = ""
    changed: dict[int, str] = field(default_factory=dict)

    def at(self) -> dict[int, list[Problem]]:
        """The problems of each column that has some."""
        found: dict[int, list[Problem]] = {}
        for columns, one in self.faults:
            for column in columns:
                found.setdefault(column, []).append(one)
        return found

    def looks(self) -> dict[int, str]:
        """For each column that has some problem: "error" or "warning"."""
        found: dict[int, str] = {}
        for columns, one in self.faults:
            for column in columns:
                found[column] = "error" if "error" in (one.severity, found.get(column)) else "warning"
        return found

    def told(self, language: str) -> dict[int, str]:
        """What the comments say: a problem of several columns is told in the first, with all others that are there."""
        first = {columns[0] for columns, _ in self.faults if columns}
        return {
            column: "\n\n".join(_comment(one, language) for one in dict.fromkeys(problems))
            for column, problems in self.at().items()
            if column in first
        }

    def read_as(self, language: str) -> dict[int, str]:
        """What is read in place of the text of each column that is `changed`."""
        return {column: told(text, language) for column, text in self.changed.items()}

    def words(self, language: str) -> tuple[str, str]:
        """All problems of the row, and all fixes, each said once."""
        found = dict.fromkeys(f"{one.code}: {told(one.message, language)}" for _, one in self.faults)
        also = [told(one, language) for one in (self.left_out, *self.changed.values()) if one]
        return " ".join([*found, *also]), " ".join(dict.fromkeys(told(one.fix, language) for _, one in self.faults))


def _comment(one: Problem, language: str) -> str:
    fix = told(said("Fix: {fix}", fix=one.fix), language)
    return f"{one.code}\n{told(one.message, language)}\n{fix}"


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a table is: its records, its widest row in cells; and whether every cell fits into one of a sheet."""

    rows: int
    columns: int
    cells_fit: bool = True


def extent(original: Original) -> Extent:
    """Measure a file. Raises PackageRejected for bytes that are no text."""
    rows, columns, cells_fit = 0, original.width, True
    for record in original.records():
        rows = record.number
        columns = max(columns, len(record.cells))
        cells_fit = cells_fit and all(map(fits, record.cells))
    return Extent(rows, columns, cells_fit)


class Marking:
    """Puts the problems of a report where they belong in one original. `size` is that of the original; columns that it
    lacks are marked in the header to the right of its last one, which `columns` counts as well."""

    def __init__(self, original: Original, size: Extent, marks: Marks, report: Sequence[Problem]) -> None:
        self._original = original
        self._marks = marks
        names = [one.name for one in original.resource.schema.fields]
        self._places = dict(zip(names, original.columns.positions, strict=True))
        rows = [one for one in report if one.file == original.path]
        missing = [one.field for one in rows if one.code in ("missing-label", "fiscal/missing-unused-column")]
        for number, name in enumerate(dict.fromkeys(missing)):
            self._places[name or ""] = size.columns + number
        self.columns = size.columns + len(set(missing))
        self._header = [*_header_faults(original, self._places, rows), *self._about_columns(report)]
        self._blank = next((one for one in rows if one.code == "blank-row"), None)
        self._left_out = marks.left_out(original.resource, original.part)
        self._replaced = replaced(original.resource, original.columns.positions)
        self._superfluous = next((one for one in rows if one.code == "fiscal/extra-empty-cell"), None)

    @property
    def any(self) -> bool:
        """Whether anything is wrong in this file."""
        found = self._header or self._blank or self._superfluous
        return bool(found) or self._marks.some(self._original.resource, self._original.part)

    def rows(self) -> Iterator[MarkedRow]:
        """Every record of the file, marked."""
        marks = self._marks.of(self._original.resource, self._original.part)
        waiting = next(marks, None)
        for record in self._original.records():
            row = MarkedRow(record.number, record.cells, heading=record.number == self._original.header_row)
            row.faults += self._header if row.heading else self._of_record(record)
            row.left_out = self._left_out.get(record.number, "")
            row.changed = self._replaced.of(record.cells) if record.data and not row.left_out else {}
            while waiting is not None and waiting.row <= record.number:
                row.faults.append(self._fault(waiting))
                waiting = next(marks, None)
            yield row

    def _fault(self, mark: Mark) -> Fault:
        """A mark at its columns; the first cell stands for the whole row."""
        places = [self._places.get(name) for name in mark.fields]
        return tuple(place for place in places if place is not None) or (0,), mark.problem

    def _about_columns(self, report: Sequence[Problem]) -> list[Fault]:
        """What is said of a whole column is marked in the header of the first part."""
        if self._original.part:
            return []
        name = self._original.resource.name
        places = [
            (self._places.get(one.field or ""), one) for one in report if one.row is None and one.resource == name
        ]
        return [((place,), one) for place, one in places if place is not None]

    def _of_record(self, record: Record) -> list[Fault]:
        """What is wrong with a row as such: as `careful` and `read` judge it."""
        if not record.data or record.number in self._left_out:
            return []
        faults: list[Fault] = []
        cells, width = record.cells, self._original.width
        short = len(cells) < self._original.labelled and any(one.strip(BLANKS) for one in cells)
        if short or len(cells) > width:
            faults.append(self._ragged(record))
        places = [place for place in self._original.columns.positions if place is not None]
        if self._blank is not None and not any(cells[place].strip(BLANKS) for place in places if place < len(cells)):
            faults.append((tuple(range(width)), replace(self._blank, row=record.number, count=1)))
        return faults

    def _ragged(self, record: Record) -> Fault:
        """A row with cells too many or too few."""
        found, wanted = len(record.cells), self._original.width
        columns = tuple(range(min(found, wanted), max(found, wanted)))
        if found > wanted and not any(record.cells[wanted:]) and self._superfluous is not None:
            return columns, replace(self._superfluous, row=record.number, count=1)
        code = "missing-cell" if found < wanted else "extra-cell"
        file, resource = self._original.path, self._original.resource.name
        return columns, problem(code, file=file, resource=resource, row=record.number, found=found, wanted=wanted)


@dataclass(frozen=True, slots=True)
class MarkedTable:
    """A table that has problems."""

    original: Original
    size: Extent
    marking: Marking


def with_neighbours(rows: Iterator[MarkedRow]) -> Iterator[MarkedRow]:
    """The header, the rows with problems, and a few rows around each."""
    before: deque[MarkedRow] = deque(maxlen=NEIGHBOURS)
    after = 0
    for row in rows:
        if row.faults or row.heading:
            yield from before
            yield row
            before.clear()
            after = 0 if row.heading and not row.faults else NEIGHBOURS
        elif after:
            yield row
            after -= 1
        else:
            before.append(row)


def _header_faults(original: Original, places: dict[str, int | None], problems: Sequence[Problem]) -> Iterator[Fault]:
    """The problems of the header at its cells."""
    header = original.head.header or []
    taken = {place for place in original.columns.positions if place is not None}
    free = iter([column for column in range(len(header)) if column not in taken])
    order = [place for place in original.columns.positions if place is not None]
    for one in problems:
        if one.code in ("missing-label", "fiscal/missing-unused-column", "incorrect-label"):
            place = places.get(one.field or "")
            yield (0 if place is None else place,), one
        elif one.code in ("extra-label", "blank-label"):
            yield (next(free, 0),), one
        elif one.code == "duplicate-label":
            yield tuple(column for column, label in enumerate(header) if shorten(label) == one.value), one
        elif one.code == "fiscal/column-order":
            yield tuple(here for before, here in pairwise(order) if here < before), one
