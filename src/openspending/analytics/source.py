"""FROM and WHERE of a query: which columns there are, which tables hang on the facts, which facts are meant.

Identifiers come from the model and are quoted; values are bound and cast to the type of the column they meet, so that
columns stay as they are. Tables of dimensions are joined from the left: no fact is ever dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from openspending.analytics import refs
from openspending.analytics.conditions import comparison, negated
from openspending.analytics.cubemodel import Attribute, CubeModel, Join, Measure
from openspending.analytics.cutvalues import Parameter
from openspending.analytics.factdb import KEY, NOT_LAID_OUT, RID, Layout, Numbered, rid_head
from openspending.analytics.query import AllOf, Condition, Cut, Not
from openspending.errors import BrokenCube
from openspending.fdp.sqltext import identifier


@dataclass(frozen=True, slots=True)
class Tables:
    """What the database really has: table (None: the facts) → column → type. `facts` is the fact relation as SQL, or,
    with `cells`, a stored aggregate: some columns of the facts, and what the amounts of each cell come to. `layout`
    tells of which columns the relation has numbers instead."""

    facts: str
    columns: Mapping[str | None, Mapping[str, str]]
    cells: bool = False
    layout: Layout = NOT_LAID_OUT

    def stored(self, relation: str) -> Tables:
        """The same with a stored aggregate of the facts, `relation`, in their place."""
        return replace(self, facts=relation, cells=True, layout=NOT_LAID_OUT)

    def of_members(self, dimension: Numbered) -> Tables:
        """The same with the members of a numbered dimension in place of the facts."""
        return self.stored(self.layout.members(dimension))

    def numbered(self, concept: Attribute | Measure) -> Numbered | None:
        """The numbered dimension that a concept's column belongs to."""
        return self.layout.of(concept.column.name) if concept.column.table is None else None

    def type_of(self, table: str | None, column: str, model: CubeModel) -> str:
        """The database type of a column. Raises BrokenCube when there is no such column."""
        found = self.columns.get(table, {}).get(column)
        if found is None:
            name = table or model.fact_table
            raise BrokenCube(f"Column does not exist: '{column}' in table '{name}'", name, column)
        return found


@dataclass(frozen=True, slots=True)
class Keyed:
    """A cut on a numbered dimension whose members were looked up: the `count` facts that have one of these numbers."""

    dimension: Numbered
    keys: tuple[int, ...]
    count: int


Filter = Condition | Keyed


@dataclass(slots=True)
class Source:
    """The FROM and WHERE of a statement being written: collects the joins that its columns need."""

    model: CubeModel
    tables: Tables
    parameters: list[Parameter]
    alone: Join | None = None  # the table of a dimension to be read by itself, without the facts
    joins: dict[Join, str] = field(default_factory=dict)
    members: dict[Numbered, str] = field(default_factory=dict)

    def column(self, concept: Attribute | Measure) -> str:
        """The SQL of a concept's column."""
        column = concept.column
        self.type_of(concept)
        join = concept.join if isinstance(concept, Attribute) else None
        if join is None:
            return f"{self._alias(concept)}.{identifier(column.name)}"
        alias = self.joins.setdefault(join, "f" if join == self.alone else f"d{len(self.joins)}")
        return f"{alias}.{identifier(column.name)}"

    def _alias(self, concept: Attribute | Measure) -> str:
        """Where a fact's own column is: in the facts, or with the members that they have numbers of."""
        numbered = self.tables.numbered(concept)
        return "f" if numbered is None else self.members.setdefault(numbered, f"m{len(self.members)}")

    def type_of(self, concept: Attribute | Measure) -> str:
        """The database type of a concept's column."""
        return self.tables.type_of(concept.column.table, concept.column.name, self.model)

    def text(self, conditions: Sequence[Filter]) -> str:
        """FROM with joins and WHERE. To be called when all other columns have been asked for."""
        tests = [self._keyed(one) if isinstance(one, Keyed) else self.condition(one) for one in conditions]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        relation = self.tables.facts if self.alone is None else identifier(self.alone.table)
        joins = "".join(self._join(join, alias) for join, alias in self.joins.items() if join != self.alone)
        return f"FROM {relation} AS f{joins}{self._members()}{where}"

    def _members(self) -> str:
        return "".join(
            f" LEFT JOIN {self.tables.layout.members(one)} AS {alias} ON {alias}.{KEY} = f.{identifier(one.key)}"
            for one, alias in self.members.items()
        )

    def condition(self, condition: Condition) -> str:
        """The SQL of a condition whose values were read as the types that the model declares. Raises BadQuery."""
        if isinstance(condition, Cut):
            concept = refs.cut_concept(self.model, condition)
            numbered = self.tables.numbered(concept)
            if numbered is not None:
                return self._among(condition, concept, numbered)
            if concept.ref == RID and condition.operator == ":" and self.tables.layout.schema:
                return self._with_rid(condition, concept)
            return comparison(condition, self.column(concept), self.type_of(concept), self.bound)
        if isinstance(condition, Not):
            return negated(self.condition(condition.part))
        word = " AND " if isinstance(condition, AllOf) else " OR "
        return f"({word.join(self.condition(one) for one in condition.parts)})"

    def _among(self, cut: Cut, concept: Attribute | Measure, numbered: Numbered) -> str:
        """A cut on numbered members: they are found first, and then the facts that have their numbers."""
        test = comparison(cut, f"c.{identifier(concept.column.name)}", self.type_of(concept), self.bound)
        members = self.tables.layout.members(numbered)
        return f"f.{identifier(numbered.key)} IN (SELECT {KEY} FROM {members} AS c WHERE {test})"

    @staticmethod
    def _keyed(found: Keyed) -> str:
        numbers = ", ".join(f"{one:d}" for one in found.keys)
        return f"f.{identifier(found.dimension.key)} IN ({numbers})" if numbers else "FALSE"

    def _with_rid(self, cut: Cut, concept: Attribute | Measure) -> str:
        """Facts with one of some row ids: found by their heads, which are in order, then compared whole."""
        test = comparison(cut, self.column(concept), "VARCHAR", self.bound)
        heads = ", ".join(rid_head(self.bound(str(one), "VARCHAR")) for one in cut.values if one is not None)
        return f"(f.rowid IN (SELECT n FROM {self.tables.layout.rids} WHERE head IN ({heads or 'NULL'})) AND {test})"

    def bound(self, value: Parameter, kind: str) -> str:
        """The place of a parameter that is compared with columns of the type `kind`."""
        self.parameters.append(value)
        return f"CAST(${len(self.parameters)} AS {kind})"

    def _join(self, join: Join, alias: str) -> str:
        here, there = f"f.{identifier(join.fact_column)}", f"{alias}.{identifier(join.column)}"
        types = (self.tables.type_of(None, join.fact_column, self.model), self._type_there(join))
        if types[0] != types[1]:
            here, there = f"CAST({here} AS VARCHAR)", f"CAST({there} AS VARCHAR)"
        return f" LEFT JOIN {identifier(join.table)} AS {alias} ON {here} = {there}"

    def _type_there(self, join: Join) -> str:
        return self.tables.type_of(join.table, join.column, self.model)
