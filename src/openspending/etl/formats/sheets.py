"""What every format gives: sheets, and their rows as text. Tables of a web page and lists in JSON are sheets too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from openspending.etl.limits import Limits
from openspending.fdp.problems import PackageRejected, problem, rejected, shorten
from openspending.speaking.said import said

NAMED: Final = 5  # formulas named in a refusal
_LONGEST: Final = 300  # characters of what libraries say
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

    def first(self, rows: int) -> Book:
        """The same file, no sheet of which has more than `rows` rows."""
        return replace(self, read=lambda sheet: islice(self.read(sheet), rows))


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
    return rejected(problem("fiscal/unreadable-file", file=shown, detail=shorten(detail, _LONGEST), remedy=remedy))


def refuse_far_apart(shown: str, sheet: Sheet, filled: int, limits: Limits) -> None:
    """Raise PackageRejected for a sheet that is nearly all empty, and would be billions of cells when written out."""
    if limits.far_apart(sheet.rows, sheet.columns, filled):
        detail = said(
            "the sheet “{name}” has {filled} cells spread over {rows} rows and {columns} columns",
            name=sheet.name,
            filled=filled,
            rows=sheet.rows,
            columns=sheet.columns,
        )
        raise not_read(shown, detail, said("Delete the cells that lie far below or to the right of the table."))


def refuse_uncalculated(shown: str, sheet: str, cells: list[str], count: int) -> None:
    """Raise PackageRejected when a sheet has formulas without a value, `count` of them, the first in `cells`."""
    if count:
        named = ", ".join(cells)
        raise rejected(problem("fiscal/formula-without-value", file=shown, sheet=sheet, count=count, cells=named))
