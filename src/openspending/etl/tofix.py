"""The list "To fix" of a marked copy: one line for each cause, with the number of its cells and a link to the first."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.causes import cause_of
from openspending.fdp.problems import Problem

TITLE: Final = "To fix"
MOST: Final = 10_000  # causes with a line of their own
COLUMNS: Final = ("severity", "what", "where", "found", "why", "how to fix", "cells")
WIDTHS: Final = (10, 34, 34, 24, 60, 60, 8)
HEAD_ROW: Final = 3  # the rows above say what is below
# What a cell's colour says. They are a shade beside those of spreadsheets' own styles, so that we know ours again.
COLOURS: Final = {"error": "FFFFC6CE", "warning": "FFFFEB9B", "changed": "FFDBE9F7", "left out": "FFD8D9DA"}
_MEANING: Final = {
    "error": "error",
    "warning": "warning: may be right",
    "changed": "read as its comment says",
    "left out": "left out, not read",
}
Link = tuple[str, str]  # name of a sheet, and a cell there


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of the list: its text, its look ("title", "head", "text", "plain", "link", "number" or a colour's name),
    where it leads to. All but titles and plain texts are wrapped."""

    text: str
    look: str = "text"
    link: Link | None = None


@dataclass(slots=True)
class Line:
    """One cause: its first problem, how many cells or rows it has, and the first of them in the workbook."""

    first: Problem
    count: int
    link: Link | None

    def texts(self) -> tuple[str, ...]:
        """What stands in the columns, in their order."""
        one = self.first
        row = None if one.row is None else f"row {one.row}"
        table = (one.file or one.resource) if self.link is None else self.link[0]
        where = ", ".join(part for part in (table, row, one.field or one.pointer) if part)
        what = f"{CATALOGUE[one.code].title} ({one.code})"
        return one.severity, what, where or "the package", one.value or "", one.message, one.fix, str(self.count)

    def entries(self) -> list[Entry]:
        """The cells of its row."""
        severity, what, where, found, why, fix, count = self.texts()
        place = Entry(where, "text" if self.link is None else "link", self.link)
        return [Entry(severity, severity), Entry(what), place, *map(Entry, (found, why, fix)), Entry(count, "number")]


@dataclass(slots=True)
class ToFix:
    """Gathers problems by cause, and `notes` on what the copy does not show. `looks` are the colours that its tables
    have beside those of errors and warnings."""

    notes: list[str] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)
    _lines: dict[Hashable, Line] = field(default_factory=dict)
    _others: int = 0

    def add(self, found: Problem, link: Link | None = None) -> None:
        """Count a problem to its cause; the first of a cause is shown. One of no row may come twice: from the report,
        and with the link to the column's header."""
        key = ("whole", found) if found.row is None else cause_of(found)
        line = self._lines.get(key)
        if line is not None and found.row is None:
            line.link = line.link or link
        elif line is not None:
            line.count += found.count
        elif len(self._lines) < MOST:
            self._lines[key] = Line(found, found.count, link)
        else:
            self._others += found.count

    def lines(self) -> Iterator[Line]:
        """The causes, the worst first: errors before warnings, those of many cells before those of few."""
        yield from sorted(self._lines.values(), key=lambda line: (line.first.severity != "error", -line.count))

    def remarks(self) -> Iterator[str]:
        """Sentences about the list itself."""
        yield from self.notes
        if self._others:
            yield f"{self._others} further cells are marked in the tables but have no line here."

    def table(self) -> Iterator[list[Entry]]:
        """All rows: how much is below, what the colours say, the names of the columns, remarks, causes."""
        yield [Entry(self._summary(), "title")]
        yield [Entry(_MEANING[one], one) for one in COLOURS if one in ("error", "warning", *self.looks)]
        yield [Entry(text, "head") for text in COLUMNS]
        for remark in self.remarks():
            yield [Entry("note"), Entry(remark, "plain")]
        for line in self.lines():
            yield line.entries()

    def _summary(self) -> str:
        """One sentence on what is to be done."""
        lines = list(self._lines.values())
        counts = {kind: [line.count for line in lines if line.first.severity == kind] for kind in ("error", "warning")}
        said = [f"{_many(len(found), kind)} in {_many(sum(found), 'place')}" for kind, found in counts.items() if found]
        must = (
            "Mend the errors; look at the warnings, which may be right."
            if counts["error"]
            else "Nothing must be mended."
        )
        return f"{' and '.join(said) or 'Nothing is wrong'}. {must} Click a place to go there."


def height(entries: Sequence[Entry]) -> int:
    """How high a row of the list must be, in points: not every program finds out."""
    lines = (
        ceil(len(one.text) / (width - 1))
        for one, width in zip(entries, WIDTHS, strict=False)
        if one.look not in ("title", "plain")
    )
    return 15 * max(1, min(20, max(lines, default=1)))


def _many(count: int, what: str) -> str:
    """A number with its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
