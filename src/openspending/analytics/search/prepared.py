"""A dataset made ready for an index, whatever engine that is: its lines batch by batch, then its members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

LINES: int = 50_000  # in a batch


class Prepared(Protocol):
    """The lines and members of one revision, read from its fact table.

    Batches are `pyarrow.RecordBatch`es. Of lines they have the columns

        fact    string       `_rid`
        cell    uint32       number of the cell within the record
        text    string       words of all values, as `words.words` makes them, a space between words and a line feed
                             between values, over which no phrase reaches
        codes   list<string> codes as `words.codes` makes them, each once
        values  string       JSON array of the values of the record's columns, null where there is none
        m0, m1… decimal128(38, 0)  amount of each measure in units of 10^-scale; null where there is none

    and of members the columns `ref`, `code`, `label`, `text` (words of code and label) and `lines` (uint64).
    """

    def lines(self) -> Iterator[Any]:
        """All lines, in the order of their facts."""
        ...

    def members(self) -> Iterator[Any]:
        """All members of the dimensions that lines are searched by."""
        ...

    def text(self) -> str:
        """The words of the members of small dimensions, each once: what the dataset is about beside its title."""
        ...
