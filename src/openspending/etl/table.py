"""A loaded resource with what its columns are for, and the cells of it that a problem is shown at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
class Table:
    """A loaded resource with its columns, in the order of the schema."""

    resource: Resource
    loaded: Loaded
    columns: Sequence[Column]

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
