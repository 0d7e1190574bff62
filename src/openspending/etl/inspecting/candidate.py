"""A table that was found: where it lies, how it is written, which part of it is meant; and all tables of some files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.inspecting.around import Cut
from openspending.etl.inspecting.grid import Grid
from openspending.etl.inspecting.region import Region, find_regions
from openspending.speaking.said import said

ALL: Final = said("all of them")  # the answer that several tables of a file are meant
_TOGETHER: Final = 85  # percent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies: in a file, whose `kind` is that of its bytes when unpacked, in a member of an archive, on a
    sheet. `plain`: the file has no other, so that its place needs no name."""

    path: Path
    name: str
    kind: str
    compression: str | None = None
    member: str | None = None
    sheet: str | None = None
    sheet_number: int | None = None
    hidden: bool = False
    plain: bool = True

    @property
    def shown(self) -> str:
        """The file's name, and the member's in it."""
        return f"{self.name} › {self.member}" if self.member else self.name


@dataclass(frozen=True, slots=True)
class Candidate:
    """One table. `confidence` says how likely it is the table of figures, `reason` why; `exact`: its `rows`, those
    below the header, were all counted."""

    place: Place
    region: Region
    grid: Grid = field(repr=False)
    encoding: Proposal | None = None
    dialect: Proposal | None = None
    effects: Mapping[str, Any] = field(default_factory=dict)  # encoding and dialect as they were decided
    number: int = 1  # among the tables of its sheet
    confidence: int = 0
    reason: str = ""
    suffix: str = ""  # of the ids of questions about it, where there are several files

    @property
    def name(self) -> str:
        """The file's name."""
        return self.place.name

    @property
    def sheet(self) -> str | None:
        """The sheet's name."""
        return self.place.sheet

    @property
    def title(self) -> str:
        """What it is called among the tables that were found."""
        parts = [self.place.name, self.place.member, self.place.sheet]
        if self.place.kind == "html":
            parts[2] = f"table {self.place.sheet_number}"
        below = f"rows {self.region.first_row} on" if self.number > 1 else None
        return " › ".join(part for part in [*parts, below] if part)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns."""
        return self.region.header

    @property
    def cut(self) -> tuple[Cut, ...]:
        """What stands around it and is not read."""
        return self.region.cut

    @property
    def rows(self) -> int:
        """How many rows it has below the header: blank ones are not counted where they were seen."""
        last = self.region.last_row or 0
        notes = sum(one.last - one.first + 1 for one in self.cut if one.kind == "repeated header")
        blank = sum(self.region.first_row <= row <= last and not self.grid.filled(row) for row in self.grid.rows)
        return max(last - self.region.first_row + 1 - notes - blank, 0)

    @property
    def exact(self) -> bool:
        """Whether all its rows were counted."""
        return self.grid.exact

    @property
    def preview(self) -> tuple[tuple[str, ...], ...]:
        """Its first ten rows."""
        last = self.region.last_row or 0
        rows = [row for row in self.grid.numbers if self.region.first_row <= row <= last]
        return tuple(tuple(self.grid.rows[row]) for row in rows[:10])

    @property
    def header_proposal(self) -> Proposal:
        """The question which rows are the header."""
        return replace(self.region.proposal(self.name, self.sheet), id=f"header{self.suffix}")

    def with_header(self, choice: Choice) -> Candidate:
        """The same table with another header."""
        if choice.effect == self.region.dialect():
            return self
        return replace(self, region=find_regions(self.grid, choice.effect)[0])

    def rules(self) -> tuple[Mapping[str, Any], ...]:
        """Rules for `leaveOut`: notes below it, its header repeated, other tables."""
        return self.region.leave_out

    def resource(self, name: str) -> dict[str, Any]:
        """The raw resource of a Data Package, without schema and without the rules for rows."""
        dialect = {**{key: one for key, one in self.effects.items() if key != "encoding"}, **self._sheet()}
        if self.place.kind == "text" and dialect.get("delimiter") == ",":
            del dialect["delimiter"]
        rows = self.region.dialect()
        if rows.get("headerRows") == [1]:
            del rows["headerRows"]
        found = {
            "name": name,
            "path": self.name,
            "format": self._format(),
            "encoding": self.effects.get("encoding"),
            "compression": self.place.compression,
            "innerpath": self.place.member,
            "dialect": {**dialect, **rows},
        }
        return {key: one for key, one in found.items() if one}

    def _format(self) -> str:
        if self.place.kind != "text":
            return self.place.kind
        return "tsv" if self.effects.get("delimiter") == "\t" else "csv"

    def _sheet(self) -> dict[str, Any]:
        if self.place.kind in ("json", "jsonl"):
            return {"property": self.sheet} if self.sheet else {}
        if self.place.plain or self.place.sheet_number is None:
            return {}
        return {"sheetNumber": self.place.sheet_number} if self.place.kind == "html" else {"sheetName": self.sheet}


@dataclass(frozen=True, slots=True)
class Inspection:
    """All tables of some files, those first that are likelier meant, and what was not read and why."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=dict)  # which table of a file, by the file's name

    @property
    def proposal(self) -> Proposal:
        """The question which table is meant, when it can only be one."""
        return table_proposal(self.candidates)

    def proposal_of(self, name: str) -> Proposal | None:
        """The question which table of a file is meant; None where it has one only."""
        return self.proposals.get(name)

    def meant(self, name: str, choice: Choice) -> list[Candidate]:
        """The tables of a file that an answer means."""
        titles = choice.effect.get("tables", (choice.value,))
        return [one for one in self.candidates if one.name == name and one.title in titles]


def table_proposal(candidates: Sequence[Candidate], file: str | None = None, proposal_id: str = "table") -> Proposal:
    """Which of some tables is meant: sure if one of them has nearly all the figures, or several files of an archive,
    whose columns are the same."""
    weights = [_weight(one) for one in candidates]
    whole = sum(weights) or 1
    choices = [
        Choice(one.title, min(100 * weight // whole, one.confidence), one.reason)
        for one, weight in sorted(zip(candidates, weights, strict=True), key=lambda pair: -pair[1])
    ]
    if file is not None:
        choices = [*_all_of(candidates, weights), *choices]
    return Proposal(proposal_id, said("Which table has the figures?"), tuple(choices), file=file)


def _all_of(candidates: Sequence[Candidate], weights: Sequence[int]) -> Iterator[Choice]:
    """The tables with the columns of the likeliest one, if there are any: files of an archive are like files beside
    each other; sheets may be extracts of each other."""
    _, best = max(zip(weights, candidates, strict=True), key=lambda pair: pair[0])
    alike = [one for one in candidates if one.header == best.header and not one.place.hidden]
    if len(alike) < 2 or not best.region.header_rows or not best.region.amounts:
        return
    titles = tuple(one.title for one in alike)
    share = sum(weight for weight, one in zip(weights, candidates, strict=True) if one.title in titles)
    files = len({one.place.member for one in alike}) == len(alike)
    likely = min(100 * share // sum(weights), _TOGETHER if files else SURE - 20)
    reason = said(
        "{count} of them have the same columns: {titles}",
        count=len(alike),
        titles=", ".join(titles[:5]) + (" …" if len(titles) > 5 else ""),
    )
    yield Choice(ALL, likely, reason, {"tables": titles})


def _weight(candidate: Candidate) -> int:
    """How much speaks for a table beside others: its figures, by the thousand."""
    region = candidate.region
    weight = candidate.rows * (1000 if region.amounts else 50 if region.figures else 10)
    if not region.header_rows:
        weight //= 3
    return max(weight // 1000 if candidate.place.hidden else weight, 1)
