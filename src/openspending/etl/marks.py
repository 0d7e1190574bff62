"""Every cell that a check found wrong, not only the first ones that its report names."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from openspending.etl.check import Checked
from openspending.etl.declared import reasons
from openspending.etl.table import Found, Listing
from openspending.fdp.package import Resource
from openspending.fdp.problems import Problem

MOST: Final = 100_000  # cells marked for one rule of one column
_BLOCK: Final = 10_000
_Kind = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A problem in one row, in the columns of the fields named; in none: the whole row."""

    row: int
    fields: tuple[str, ...]
    problem: Problem


class Marks:
    """The marks of a checked package, kept in DuckDB, which writes them to disk when they are many. `beyond` are the
    findings in more than MOST cells, one problem each, with the number of all."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, checked: Checked) -> None:
        self._connection = connection
        self._checked = checked
        self._listed: set[_Kind] = set()
        self.beyond: list[Problem] = []
        columns = "n INTEGER, part INTEGER, row BIGINT, value VARCHAR, total BIGINT"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE marks ({columns})")
        for number, listing in enumerate(checked.listings):
            self._list(number, listing)

    def of(self, resource: Resource, part: int) -> Iterator[Mark]:
        """The marks of one part of a resource, in the order of its rows."""
        named = [Mark(one.row or 0, _fields(one), one) for one in self._named(resource, part)]
        named.sort(key=_row)
        yield from heapq.merge(self._stored(resource, part), named, key=_row)

    def some(self, resource: Resource, part: int) -> bool:
        """Whether there are any."""
        return next(self.of(resource, part), None) is not None

    def left_out(self, resource: Resource, part: int) -> dict[int, str]:
        """Why each row of one part that is left out by rule is: nothing is wrong with it."""
        return reasons(self._connection, self._checked.loaded.get(resource.name), resource, part)

    def _list(self, number: int, listing: Listing) -> None:
        """Store the places of a listing."""
        query = f"{listing.query} ORDER BY 1, 2 LIMIT {MOST}"
        self._connection.execute(f"INSERT INTO marks SELECT {number}, * FROM ({query})")
        asked = f"SELECT part, row, value, total FROM marks WHERE n = {number} LIMIT 1"
        first = self._connection.execute(asked).fetchall()
        if first:
            shown = listing.problem(Found(*first[0]))
            self._listed.add((shown.code, shown.resource, shown.field))
            if first[0][3] > MOST:
                self.beyond.append(shown)

    def _named(self, resource: Resource, part: int) -> list[Problem]:
        """Problems of rows that no listing repeats."""
        path = resource.paths[part]
        rows = [one for one in self._checked.report if one.row is not None and one.file == path]
        mine = [
            one for one in rows if one.resource in (None, resource.name) and one.code not in FOUND_IN_RECORDS | DECLARED
        ]
        return [one for one in mine if (one.code, one.resource, one.field) not in self._listed]

    def _stored(self, resource: Resource, part: int) -> Iterator[Mark]:
        loaded = self._checked.loaded.get(resource.name)
        listings = {n: one for n, one in enumerate(self._checked.listings) if one.loaded is loaded}
        if not listings:
            return
        numbers = ", ".join(str(number) for number in listings)
        cursor = self._connection.execute(
            f"SELECT n, row, value, total FROM marks WHERE part = {part} AND n IN ({numbers}) ORDER BY row, n"
        )
        while rows := cursor.fetchmany(_BLOCK):
            for number, row, value, total in rows:
                listing = listings[number]
                shown = listing.problem(Found(part, row, value, total))
                yield Mark(row, listing.fields, replace(shown, count=1))


# What the reader of an original finds again in its header and rows, record by record.
FOUND_IN_RECORDS: Final = frozenset(
    {"missing-label", "fiscal/missing-unused-column", "extra-label", "blank-label", "duplicate-label",
     "incorrect-label", "fiscal/column-order", "blank-row", "extra-cell", "missing-cell", "fiscal/extra-empty-cell"}
)  # fmt: skip
# What a publisher declared: nothing is wrong there, and the rows have a colour of their own.
DECLARED: Final = frozenset({"fiscal/rows-left-out", "fiscal/cells-replaced"})


def _fields(found: Problem) -> tuple[str, ...]:
    return () if found.field is None else (found.field,)


def _row(mark: Mark) -> int:
    return mark.row
