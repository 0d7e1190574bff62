"""Rows that count: those that number the columns, as forms have below their header, and those whose labels are numbers
that follow each other, such as months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from openspending.etl.inspecting.grid import TEXT, Column, Grid

_NUMBERED: Final = re.compile(r"\(?(\d{1,3})\)?\.?\s?(?:=.*)?")
_LETTERED: Final = re.compile(r"\(?([^\W\d_])\)?\.?")
_FIRST_LETTERS: Final = "aAаАαΑ"  # Latin, Cyrillic, Greek
_FEWEST: Final = 3  # columns


def numbers_columns(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """Whether a row numbers the columns, those of texts too: 1, 2, 3 …, or A, B, C …, or letters before numbers."""
    here = grid.filled(row)
    known = [columns[at] for at in here if at < len(columns)]
    if len(here) < _FEWEST or not any(one.kind == TEXT for one in known):
        return False
    texts = [grid.text(row, at) for at in here]
    letters = [found[1] for text in texts if (found := _LETTERED.fullmatch(text))]
    numbers = [int(found[1]) for text in texts[len(letters) :] if (found := _NUMBERED.fullmatch(text))]
    if len(letters) + len(numbers) < len(here) or not _follow([ord(one) for one in letters]) or not _follow(numbers):
        return False
    if letters and (letters[0] not in _FIRST_LETTERS or not any(one.figures for one in known)):
        return False
    return not numbers or numbers[0] in (0, 1)


def counts_on(grid: Grid, row: int, columns: Sequence[Column]) -> bool:
    """Whether all numbers of a row are months or the like that follow each other, above columns of amounts."""
    over = [at for at, column in enumerate(columns) if column.figures and column.filled]
    texts = [grid.text(row, at) for at in over]
    if len(over) < _FEWEST or not all(text.isascii() and text.isdecimal() and len(text) <= 6 for text in texts):
        return False
    fresh = all(columns[at].texts[text] < 2 for at, text in zip(over, texts, strict=True))
    amounts = sum(columns[at].amounts for at in over)
    return fresh and 2 * amounts > len(over) and _follow([_months(text) for text in texts])


def _months(text: str) -> int:
    """A number, or that of a month since the year 0, as 202103 is one."""
    number = int(text)
    year, month = divmod(number, 100)
    return year * 12 + month if 1900 <= year < 2100 and 1 <= month <= 12 else number


def _follow(numbers: Sequence[int]) -> bool:
    return all(after - before == 1 for before, after in pairwise(numbers))
