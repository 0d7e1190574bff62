"""The list "To fix" of a marked copy: one line for each cause, with the number of its cells and a link to the first."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final

from openspending.fdp.catalogue import CATALOGUE
from openspending.fdp.causes import cause_of
from openspending.fdp.problems import Problem

MOST: Final = 10_000  # causes with a line of their own
COLUMNS: Final = ("severity", "what", "where", "found", "why", "how to fix", "cells")
Link = tuple[str, str]  # name of a sheet, and a cell there


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
        where = ", ".join(part for part in (one.file or one.resource, row, one.field or one.pointer) if part)
        what = f"{CATALOGUE[one.code].title} ({one.code})"
        return one.severity, what, where or "the package", one.value or "", one.message, one.fix, str(self.count)


@dataclass(slots=True)
class ToFix:
    """Gathers problems by cause, and `notes` on what the copy does not show."""

    notes: list[str] = field(default_factory=list)
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
        """The causes, errors first, else in the order found."""
        yield from sorted(self._lines.values(), key=lambda line: line.first.severity != "error")

    def remarks(self) -> Iterator[str]:
        """Sentences about the list itself."""
        yield from self.notes
        if self._others:
            yield f"{self._others} further cells are marked in the tables but have no line here."
