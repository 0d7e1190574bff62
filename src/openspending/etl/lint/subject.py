"""A table with what its columns mean: attributes of dimensions, and amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.table import Found, Table
from openspending.fdp.denormalise import Branch, FromField, Plan
from openspending.fdp.model import Attribute, Dimension, Model
from openspending.fdp.values import Decimals

MANY: Final = 200_000  # rows beyond which only texts that are known without a scan are looked at
Place = tuple[str, str]  # resource, field


@dataclass(frozen=True, slots=True)
class Role:
    """A column that holds an attribute of a dimension."""

    column: Column
    attribute: Attribute
    dimension: Dimension

    @property
    def text(self) -> str:
        """SQL text of the cell; NULL when missing."""
        return self.column.reading.text(self.column.sql)

    @property
    def name(self) -> str:
        """The field's name."""
        return self.column.field.name


@dataclass(frozen=True, slots=True)
class Subject:
    """A loaded table. `branch` is how facts are made from it; None for a code list."""

    table: Table
    roles: Sequence[Role]
    amounts: Sequence[Column]
    sizes: Mapping[str, Decimals]  # digits of each amount, by field name
    branch: Branch | None

    @property
    def few(self) -> bool:
        """Whether all rows may be looked at."""
        return self.table.loaded.rows <= MANY

    def value(self, column: Column) -> str:
        """SQL of an amount, exact."""
        return column.reading.value(column.sql, self.sizes[column.field.name])

    def partner(self, role: Role, name: str | None) -> Role | None:
        """The role of the attribute `name` of the same dimension, if it stands in this table."""
        same = (one for one in self.roles if one.dimension is role.dimension and one.attribute.name == name)
        return next(same, None)

    def texts(self, connection: duckdb.DuckDBPyConnection, role: Role) -> list[str] | None:
        """The different texts of a column; None when finding them takes long. Rows that are left out may have some of
        them too, so what is said of one must be looked for in the rows."""
        return texts(connection, self.table, role.column)

    def first(self, connection: duckdb.DuckDBPyConnection, column: Column, condition: str) -> Found | None:
        """The first cell of a column in rows for which the SQL `condition` is true."""
        return next(iter(self.table.first(connection, column, condition)), None)


def texts(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> list[str] | None:
    """The different texts of a column that are not missing; None when finding them takes long."""
    known = table.loaded.distinct.get(column.position)
    if known is not None:
        missing = column.reading.is_missing
        return sorted(one for one in known.to_pylist() if not missing(one))
    if table.loaded.rows > MANY:
        return None
    text = column.reading.text(column.sql)
    asked = f"SELECT DISTINCT {text} AS v FROM {table.relation} WHERE v IS NOT NULL ORDER BY v"
    return [one for (one,) in connection.execute(asked).fetchall()]


def subjects(
    made: Plan, model: Model, tables: Mapping[str, Table], decimals: Mapping[Place, Decimals]
) -> list[Subject]:
    """The tables of a plan, each once, as their first branch uses them."""
    dimensions = {one.column: dimension for dimension in model.dimensions for one in dimension.attributes}
    found: dict[str, Subject] = {}
    for branch in made.branches:
        names = [branch.resource.name, *(join.resource for join in branch.joins)]
        for number, name in enumerate(names):
            table = tables.get(name)
            if table is None or name in found:
                continue
            columns = {one.field.name: one for one in table.columns}
            roles = [
                Role(columns[origin.field.name], attribute, dimensions[attribute.column])
                for attribute, origin in branch.attributes
                if isinstance(origin, FromField) and origin.table == number and origin.field.name in columns
            ]
            sizes = {field: size for (place, field), size in decimals.items() if place == name and sum(size) <= 38}
            amounts = [one for one in table.columns if one.amount and one.field.name in sizes]
            found[name] = Subject(table, roles, amounts, sizes, None if number else branch)
    return list(found.values())
