"""What every format gives: sheets, and their rows as text. Tables of a web page and lists in JSON are sheets too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openspending.fdp.problems import PackageRejected, problem, rejected

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file. `number` counts from 1; `rows` and `columns` are the last ones that hold something; `merged`
    are the ranges of cells that are one. The name of a list in JSON is the dotted path to it, "" at the top."""

    name: str
    number: int
    hidden: bool = False
    rows: int = 0
    columns: int = 0
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A file with its sheets. `shown` is its name for reports."""

    kind: str
    shown: str
    sheets: tuple[Sheet, ...]
    read: Callable[[Sheet], Iterator[list[str]]]

    def rows(self, sheet: Sheet) -> Iterator[list[str]]:
        """All rows of a sheet from its very first, each from column A on and `sheet.columns` cells long, until the
        last that holds something. Raises PackageRejected for what cannot be read."""
        return self.read(sheet)


def without_blank_end(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """`rows` without the empty ones after the last that holds something."""
    waiting: list[list[str]] = []
    for row in rows:
        waiting.append(row)
        if any(row):
            yield from waiting
            waiting.clear()


def not_read(shown: str, detail: str, remedy: str) -> PackageRejected:
    """The refusal of a file, with what is wrong and what its publisher can do."""
    return rejected(problem("fiscal/unreadable-file", file=shown, detail=detail, remedy=remedy))
