"""A loaded resource with what its columns are for, and the cells of it that a problem is shown at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from openspending.etl.columns import Column
from openspending.etl.read import Loaded
from openspending.fdp.package import Resource
from openspending.fdp.problems import Problem, problem
from openspending.fdp.sqltext import identifier


@dataclass(frozen=True, slots=True)
class Found:
    """A place (part and row), the text there, and how many rows are like it."""

    part: int
    row: int
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """How to list every cell that a finding stands for, where the report names only the first: asked when all are
    wanted, and costing nothing before. `query` gives part, row, value and the number of all."""

    loaded: Loaded
    fields: tuple[str, ...]  # the columns at fault
    query: str
    problem: Callable[[Found], Problem]


@dataclass(frozen=True, slots=True)
class Table:
    """A loaded resource with its columns, in the order of the schema; checks add to `listings` what they found."""

    resource: Resource
    loaded: Loaded
    columns: Sequence[Column]
    listings: list[Listing] = field(default_factory=list)

    @property
    def relation(self) -> str:
        """The quoted name of its DuckDB relation."""
        return identifier(self.loaded.relation)

    def named(self, names: Sequence[str]) -> list[Column]:
        """The columns of these names; empty when one of them does not exist."""
        found = {one.field.name: one for one in self.columns}
        return [found[name] for name in names] if all(name in found for name in names) else []

    def first(
        self, connection: duckdb.DuckDBPyConnection, column: Column, condition: str, most: int = 1
    ) -> list[Found]:
        """The first cells of `column` in rows for which the SQL `condition` is true, each with the number of all."""
        rows = connection.execute(
            f"SELECT _file, _row, {column.sql}, count(*) OVER () FROM {self.relation}"
            f" WHERE {condition} ORDER BY _file, _row LIMIT {most}"
        ).fetchall()
        return [Found(*row) for row in rows]

    def list_all(self, columns: Sequence[Column], query: str, described: Callable[[Found], Problem]) -> None:
        """Note the `query` for all places of a finding in `columns`; `described` says it of one of them."""
        self.listings.append(Listing(self.loaded, tuple(one.field.name for one in columns), query, described))

    def list_cells(self, column: Column, condition: str, described: Callable[[Found], Problem]) -> None:
        """Note a finding for all cells of `column` in rows for which the SQL `condition` is true."""
        query = f"SELECT _file, _row, {column.sql}, count(*) OVER () FROM {self.relation} WHERE {condition}"
        self.list_all([column], query, described)

    def problem(self, code: str, found: Found, *, field: str | None = None, **words: Any) -> Problem:
        """The problem `code` at the place that was found."""
        return problem(
            code,
            file=self.loaded.parts[found.part],
            resource=self.resource.name,
            row=found.row,
            field=field,
            value=found.value,
            count=found.count,
            **words,
        )
