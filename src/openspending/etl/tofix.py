"""The list "To fix" of a marked copy: one line for each cause, with the number of its cells and a link to the first."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.causes import cause_of
from openspending.fdp.problems import Problem
from openspending.speaking.languages import ENGLISH, LANGUAGES
from openspending.speaking.said import Said, said, together, told

TITLE: Final = said("To fix")
TITLES: Final = frozenset(told(TITLE, one) for one in LANGUAGES)  # by which the list of an earlier copy is known
MOST: Final = 10_000  # causes with a line of their own
COLUMNS: Final = (
    *(said("severity"), said("what"), said("where"), said("found"), said("why"), said("how to fix"), said("cells")),
)
WIDTHS: Final = (10, 34, 34, 24, 60, 60, 8)
HEAD_ROW: Final = 3  # the rows above say what is below
# What a cell's colour says. They are a shade beside those of spreadsheets' own styles, so that we know ours again.
COLOURS: Final = {"error": "FFFFC6CE", "warning": "FFFFEB9B", "changed": "FFDBE9F7", "left out": "FFD8D9DA"}
_MEANING: Final = {
    "error": said("error"),
    "warning": said("warning: may be right"),
    "changed": said("read as its comment says"),
    "left out": said("left out, not read"),
}
_CALLED: Final = {"error": said("error"), "warning": said("warning")}
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

    def texts(self, language: str) -> tuple[str, ...]:
        """What stands in the columns, in their order."""
        one = self.first
        row = None if one.row is None else told(said("row {row}", row=one.row), language)
        table = (one.file or one.resource) if self.link is None else self.link[0]
        where = ", ".join(part for part in (table, row, one.field or one.pointer) if part)
        what = f"{told(Said(CATALOGUE[one.code].title, {}), language)} ({one.code})"
        texts = (_CALLED[one.severity], what, where or said("the package"), one.value or "", one.message, one.fix)
        return (*(told(text, language) for text in texts), str(self.count))

    def entries(self, language: str) -> list[Entry]:
        """The cells of its row."""
        severity, what, where, found, why, fix, count = self.texts(language)
        place = Entry(where, "text" if self.link is None else "link", self.link)
        known = (Entry(severity, self.first.severity), Entry(what), place)
        return [*known, *map(Entry, (found, why, fix)), Entry(count, "number")]


@dataclass(slots=True)
class ToFix:
    """Gathers problems by cause, and `notes` on what the copy does not show, all told in a language. `looks` are the
    colours that its tables have beside those of errors and warnings."""

    notes: list[str] = field(default_factory=list)
    language: str = ENGLISH
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
            yield said("{count} further cells are marked in the tables but have no line here.", count=self._others)

    def table(self) -> Iterator[list[Entry]]:
        """All rows: how much is below, what the colours say, the names of the columns, remarks, causes."""
        yield [Entry(self._told(self._summary()), "title")]
        yield [Entry(self._told(_MEANING[one]), one) for one in COLOURS if one in ("error", "warning", *self.looks)]
        yield [Entry(self._told(text), "head") for text in COLUMNS]
        for remark in self.remarks():
            yield [Entry(self._told(said("note"))), Entry(self._told(remark), "plain")]
        for line in self.lines():
            yield line.entries(self.language)

    def _told(self, text: str) -> str:
        return told(text, self.language)

    def _summary(self) -> Said:
        """What is to be done, in a few sentences."""
        lines = list(self._lines.values())
        counts = {kind: [line.count for line in lines if line.first.severity == kind] for kind in ("error", "warning")}
        found = [_many(kind, len(each), sum(each)) for kind, each in counts.items() if each]
        must = (
            said("Mend the errors; look at the warnings, which may be right.")
            if counts["error"]
            else said("Nothing must be mended.")
        )
        if len(found) > 1:
            counted = said("{some} and {one}.", some=found[0], one=found[1])
        else:
            counted = said("{found}.", found=found[0]) if found else said("Nothing is wrong.")
        return together(counted, must, said("Click a place to go there."))


def height(entries: Sequence[Entry]) -> int:
    """How high a row of the list must be, in points: not every program finds out."""
    lines = (
        ceil(len(one.text) / (width - 1))
        for one, width in zip(entries, WIDTHS, strict=False)
        if one.look not in ("title", "plain")
    )
    return 15 * max(1, min(20, max(lines, default=1)))


def _many(kind: str, count: int, places: int) -> Said:
    """How many of a kind there are, and in how many places."""
    where = said("1 place") if places == 1 else said("{count:,} places", count=places)
    if kind == "error":
        what = said("1 error") if count == 1 else said("{count:,} errors", count=count)
    else:
        what = said("1 warning") if count == 1 else said("{count:,} warnings", count=count)
    return said("{what} in {where}", what=what, where=where)
