"""What is counted of requests, and its form in the store: CSV with one row for each key.

A key has no place for an address, a user agent's text, a query or a cookie: what is never written cannot leak.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

_MICRO: Final = 1_000_000


class Key(NamedTuple):
    """What one count is about.

    `day` is in UTC, YYYY-MM-DD. `dataset` is `owner/name` of a public dataset that exists, or "" for requests about
    none. `endpoint` is the template of a route, such as `/api/3/cubes/{name}/aggregate`. `agents` is person, program
    or bot; `status` the class of the answer, such as 2xx.
    """

    day: str
    dataset: str
    endpoint: str
    format: str
    agents: str
    status: str


class Count(NamedTuple):
    """How often and how much: requests, rows in their answers, bytes sent of bodies, time taken."""

    calls: int
    rows: int
    bytes: int
    microseconds: int

    def plus(self, other: Count) -> Count:
        """The sum of both."""
        return Count(
            self.calls + other.calls,
            self.rows + other.rows,
            self.bytes + other.bytes,
            self.microseconds + other.microseconds,
        )


Counts = Mapping[Key, Count]

MEASURES: Final = ("calls", "rows", "bytes", "seconds")
COLUMNS: Final = (*Key._fields, *MEASURES)
NOTHING: Final = Count(0, 0, 0, 0)


def to_csv(counts: Counts) -> bytes:
    """The counts as CSV (RFC 4180), sorted by key; seconds with six decimals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows((*key, *measured(counts[key])) for key in sorted(counts))
    return text.getvalue().encode()


def from_csv(data: bytes) -> dict[Key, Count]:
    """The counts that `to_csv` wrote. Raises ValueError for anything else."""
    found: dict[Key, Count] = {}
    try:
        rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
        if tuple(next(rows, ())) != COLUMNS:
            raise ValueError("the columns are not those of a record of usage")
        for *key, calls, sent_rows, sent_bytes, seconds in rows:
            micro = Decimal(seconds) * _MICRO
            count = Count(int(calls), int(sent_rows), int(sent_bytes), int(micro))
            one = Key(*map(sys.intern, key))  # the same few texts stand in every row: half the memory
            found[one] = found.get(one, NOTHING).plus(count)
    except (csv.Error, ArithmeticError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a record of usage: {error}") from error
    return found


def measured(count: Count) -> tuple[int, int, int, Decimal]:
    """The count as the values of MEASURES; seconds exactly, with six decimals."""
    return count.calls, count.rows, count.bytes, Decimal(count.microseconds).scaleb(-6)


def day_at(seconds: int) -> date:
    """The day in UTC at a Unix time."""
    return datetime.fromtimestamp(seconds, UTC).date()
