"""What an index can do: the one interface that the embedded engine and an existing server both have.

An engine keeps records, lines and members, and answers trees of `matching`. It knows no people, no HTTP and no stores.
Amounts leave it as exact whole numbers of 10^-scale, which only a record can read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from openspending.analytics.search.matching import Matching, Tree
from openspending.analytics.search.prepared import Prepared
from openspending.analytics.search.record import Record
from openspending.errors import OpenSpendingError

Order = Literal["relevance", "newest", "largest", "smallest"]


class Busy(OpenSpendingError):
    """Another process writes the index just now."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The matching lines of one cell: how many, and for each measure of its record the exact sum of their amounts, in
    units of 10^-scale."""

    lines: int
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that matches. `values` are those of the record's columns, `amounts` those of its measures (whole numbers
    of 10^-scale; None: none); `fact` is the id of the fact (`_rid`)."""

    cell: int
    fact: str
    values: tuple[str | None, ...]
    amounts: tuple[int | None, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a dimension: its code and label (equal where there is only one), and how many lines have it."""

    uid: int
    ref: str
    code: str
    label: str
    lines: int


class Engine(Protocol):
    """An index. Safe to share between threads; what it answers is of one state at a time, the newest it has seen."""

    def records(self) -> Mapping[str, Record]:
        """The datasets that are in it, by `owner/name`, as of now: whatever any process has committed is seen."""
        ...

    def tallies(self, matching: Matching) -> dict[int, Tally]:
        """The matching lines of each cell that has any, by the cell's id."""
        ...

    def lines(self, matching: Matching, order: Order, limit: int, offset: int = 0) -> list[Line]:
        """The matching lines from the one at `offset` on, in a total order."""
        ...

    def datasets(self, tree: Tree | None, uids: Collection[int] | None) -> list[tuple[int, float]]:
        """The datasets whose description matches (title, owner, columns, members …), each with its score, best first.
        `uids` None: of the whole index."""
        ...

    def members(self, start: Sequence[str], uids: Collection[int] | None, limit: int) -> list[Member]:
        """Members that have the words `start`, next to each other, of which the last may only begin a word; those with
        most lines first."""
        ...

    def vocabulary(self, start: str, cells: Collection[int] | None, limit: int) -> list[tuple[str, int]]:
        """Words of lines that begin with `start`, each with the number of lines that have it, at most `limit` of them;
        with `cells`, of lines in these alone."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """Begin to change the index. What was not committed when it ends is dropped. Raises Busy."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Writer(Protocol):
    """Changes to an index; readers see them all at once, at `commit`."""

    def remove(self, uid: int) -> None:
        """Take a dataset out."""
        ...

    def add(self, record: Record, prepared: Prepared) -> Iterator[int]:
        """Put a dataset in, its lines and members; yields how many lines are in it so far. To be exhausted."""
        ...

    def clear(self) -> None:
        """Take everything out."""
        ...

    def commit(self) -> None:
        """Let readers see what was changed since the last time."""
        ...
