"""A table as rows of text, and what its cells look like: nothing is known of it yet but where numbers, dates and texts
stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from openspending.fdp.spaces import BLANKS

NUMBER, YEAR, DATE, TEXT, BLANK = "number", "year", "date", "text", ""
_NUMBER: Final = re.compile(
    r"[-+−–(]*\s*(?:[A-Z]{0,3}[$£€¥₹₽₴]|[A-Z]{3}\s)?\s*[-+−–(]?\s*"
    r"(?:\d[\d.,'’ \u00a0\u202f\u2009]*|[.,]\d+)(?:[eE][-+]?\d+)?"
    r"\s*(?:%|[$£€¥₹₽₴]|[A-Z]{3}|zł|kr|Kč|Ft|лв|руб\.?|\*{1,3})?\s*\)?\s*-?"
)
_YEAR: Final = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:\.0)?(?:\s?[-/–]\s?(?:\d\d|(?:19|20)\d\d))?[*)]?", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?:\d{4}[-/.](?:0?\d|1[012])[-/.]\d{1,2}|[0-3]?\d[-/.][0-3]?\d[-/.](?:\d\d|(?:19|20)\d\d))(?:[ T]\d{1,2}:\d\d.*)?"
    r"|\d{1,2}[-/ .]\w{3,9}\.?[-/ .]\d{2,4}|\w{3}[-/ ]\d{2}(?:\d\d)?"
)
_LOOKED_AT: Final = 400  # rows that say what the columns hold


# What stands in a column of figures where there is none; it says nothing about the column, and labels none.
NOTHING: Final = frozenset(
    (
        "-",
        "–",
        "—",
        "−",
        "--",
        "---",
        ".",
        "..",
        "...",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nil",
        "null",
        "none",
        "x",
        "xx",
        ":",
        "*",
        "#",
        "?",
        "nfp",
        "n.d.",
        "nd",
        "s/d",
    )
)


@lru_cache(maxsize=100_000)
def kind_of_cell(text: str) -> str:
    """number, year, date, text, or "" for a blank cell."""
    text = text.strip(BLANKS)
    if not text:
        return BLANK
    if not any(char.isdigit() for char in text[:40]):
        return TEXT
    if _YEAR.fullmatch(text):
        return YEAR
    if _DATE.fullmatch(text):
        return DATE
    return NUMBER if _NUMBER.fullmatch(text) else TEXT


@dataclass(frozen=True, slots=True)
class Span:
    """A merged cell: its row, and its first and last column, all from 0 but the row."""

    row: int
    first: int
    last: int


@dataclass(frozen=True)
class Grid:
    """The beginning and the end of a table. `rows` has the cells of each row by its number from 1; of a long table,
    rows in the middle are left out. `total` is how many there are; `exact`: whether they were counted."""

    rows: Mapping[int, Sequence[str]]
    total: int
    spans: tuple[Span, ...] = ()
    exact: bool = True
    kinds: dict[int, list[str]] = field(default_factory=dict)

    def kinds_of(self, row: int) -> list[str]:
        """What the cells of a row are."""
        found = self.kinds.get(row)
        if found is None:
            found = self.kinds[row] = [kind_of_cell(cell) for cell in self.rows.get(row, ())]
        return found

    def filled(self, row: int) -> list[int]:
        """The columns, from 0, in which a row holds something."""
        return [at for at, kind in enumerate(self.kinds_of(row)) if kind]

    def text(self, row: int, column: int) -> str:
        """A cell without spaces around it."""
        cells = self.rows.get(row, ())
        return cells[column].strip(BLANKS) if column < len(cells) else ""

    def after_blank(self, row: int) -> bool:
        """Whether the row above is there, and blank."""
        return row - 1 in self.rows and not self.filled(row - 1)

    @cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows that hold something, in order."""
        return [row for row in self.rows if self.filled(row)]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds below the header: what most of its cells are, how many are filled, and their texts."""

    kind: str
    filled: int
    texts: Counter[str]

    @property
    def figures(self) -> bool:
        """Whether it holds numbers, dates or years, so that a word in it is a label."""
        return self.kind in (NUMBER, YEAR, DATE)

    @property
    def amounts(self) -> bool:
        """Whether its numbers vary as amounts do, and codes do not: in length, with decimals, signs, currencies."""
        if self.kind != NUMBER:
            return False
        texts = [text for text in self.texts if text[:1] != "0" or len(text) == 1 or text[1:2] in ".,"]
        marked = sum(not text.isdigit() for text in texts)
        lengths = {len(text) for text in texts}
        if not marked and texts == sorted(texts):  # a list of codes, each once and in its order
            return False
        return len(texts) > 0.9 * len(self.texts) and (marked > 0.3 * len(texts) or max(lengths) - min(lengths) >= 3)


def columns_of(grid: Grid, rows: Sequence[int]) -> list[Column]:
    """What the columns hold in some rows."""
    looked_at = rows[:_LOOKED_AT]
    width = max((len(grid.rows[row]) for row in looked_at), default=0)
    kinds: list[Counter[str]] = [Counter() for _ in range(width)]
    texts: list[Counter[str]] = [Counter() for _ in range(width)]
    for row in looked_at:
        for at in grid.filled(row):
            text = grid.text(row, at)
            kinds[at][BLANK if text.casefold() in NOTHING else grid.kinds_of(row)[at]] += 1
            texts[at][text] += 1
    return [Column(_most(kind), kind.total(), text) for kind, text in zip(kinds, texts, strict=True)]


def _most(kinds: Counter[str]) -> str:
    """What most cells are; numbers that are sometimes like years are numbers."""
    whole = kinds.total() - kinds[BLANK]
    if not whole:
        return BLANK if not kinds else TEXT
    if kinds[YEAR] >= 0.8 * whole:
        return YEAR
    if kinds[NUMBER] + kinds[YEAR] > 0.55 * whole:
        return NUMBER
    return DATE if kinds[DATE] > 0.55 * whole else TEXT
