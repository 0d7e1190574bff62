"""A cube: a dataset's facts with its model, ready to be asked (OSEP-1: Analytics). Answers are exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property, lru_cache
from typing import Any, Final

import duckdb

from openspending.analytics import cutvalues, refs, sql
from openspending.analytics.cubemodel import COUNT, Aggregate, CubeModel, Join
from openspending.analytics.cutvalues import kind_of
from openspending.analytics.factdb import NOT_LAID_OUT, Layout, Numbered
from openspending.analytics.guards.roles import NO_ROLES, Roles
from openspending.analytics.query import (
    AggregateQuery,
    AllOf,
    AnyOf,
    Condition,
    Cut,
    FactsQuery,
    MembersQuery,
    Not,
    Order,
    Page,
)
from openspending.analytics.refs import Selected
from openspending.analytics.source import Filter, Keyed, Tables
from openspending.analytics.sql import Statement
from openspending.analytics.stored import planner
from openspending.analytics.stored.catalogue import Cuboid
from openspending.analytics.stored.planner import FACTS, NOTHING_STORED, Stored
from openspending.analytics.watch import UNWATCHED, Watch
from openspending.errors import BadQuery, BrokenCube, TooMuch
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

Row = dict[str, Any]

_REMEMBERED: Final = 1_000  # counts of cells
_FEW: Final = 200  # members whose numbers may stand in a statement
_BATCH: Final = 10_000  # rows that are held as Python objects at a time
EVERY: Final = Page(size=1_000_000_000)
_AVERAGE: Final = Context(prec=38, rounding=ROUND_HALF_EVEN)  # an average may have endlessly many digits


@dataclass(frozen=True, slots=True)
class Aggregated:
    """`cells` of the page, `summary` over all facts of the cuts, `total` number of cells. Rows are keyed by ref.

    `plan` is what was read: the facts, or the stored aggregate of that id."""

    cells: list[Row]
    summary: Row
    total: int
    aggregates: list[str]
    attributes: list[str]
    cuts: tuple[Condition, ...]
    order: tuple[Order, ...]
    page: Page
    plan: str = FACTS


@dataclass(frozen=True, slots=True)
class Listed:
    """Facts or members of the page; `total` number of them; `fields` are the refs of their columns."""

    data: list[Row]
    total: int
    fields: list[str]
    cuts: tuple[Condition, ...]
    order: tuple[Order, ...]
    page: Page
    plan: str = FACTS


class Cube:
    """Answers queries about one dataset. May be shared between threads: each query runs on a cursor of its own.

    `fact_relation` is the fact table as SQL (an identifier, quoted, or a table function), written by whoever opened
    the connection; without it the model's fact table. Numbers come as int, or as Decimal with their column's decimals.
    `roles` say what may be added up, which is for those who ask to obey (`guard`). What `stored` aggregates cover is
    answered from them: the answer is the same, and says so in its `plan`.
    All methods raise BadQuery for what cannot be asked, BrokenCube when the model does not fit the database, and
    TooMuch for what `watch` ends.
    """

    def __init__(
        self,
        name: str,
        model: CubeModel,
        connection: duckdb.DuckDBPyConnection,
        fact_relation: str | None = None,
        roles: Roles = NO_ROLES,
        stored: Stored = NOTHING_STORED,
        layout: Layout = NOT_LAID_OUT,
        watch: Watch = UNWATCHED,
    ) -> None:
        self.name = name
        self.model = model
        self.connection = connection
        self.roles = roles
        self.stored = stored
        self.layout = layout
        self.watch = watch
        self._relation = fact_relation or identifier(model.fact_table)
        self._counts = lru_cache(maxsize=_REMEMBERED)(self._count_cells)
        self._keyed = lru_cache(maxsize=_REMEMBERED)(self._find_keys)

    def aggregate(self, query: AggregateQuery) -> Aggregated:
        """Cells grouped by the query's drilldowns. Sums of nothing are None; `_count` of nothing is 0."""
        cuts = self.checked(query.cuts)
        cuboid = planner.for_aggregate(self.stored.cuboids, query, cuts, self.model)
        found = cuts if cuboid else self.looked_up(cuts)
        grouping = sql.aggregate(query, found, self.model, self._tables(cuboid))
        whole, *rows = self.rows(grouping.statement)
        summary = _results(whole, grouping)
        if grouping.groups:
            cells = [_groups(row, grouping) | _results(row, grouping) for row in rows]
        else:
            cells = [dict(summary)] if query.page.size and not query.page.offset else []
        return Aggregated(
            cells=cells,
            summary=summary,
            total=whole[1],
            aggregates=[one.ref for one in grouping.aggregates],
            attributes=_refs_of(grouping.groups),
            cuts=cuts,
            order=query.order,
            page=query.page,
            plan=cuboid.id if cuboid else FACTS,
        )

    def cells(self, query: AggregateQuery) -> Iterator[Row]:
        """All cells of an aggregate query in its order, a batch at a time: memory does not grow with them."""
        cuts = self.checked(query.cuts)
        cuboid = planner.for_aggregate(self.stored.cuboids, query, cuts, self.model)
        found = cuts if cuboid else self.looked_up(cuts)
        grouping = sql.aggregate(replace(query, page=EVERY), found, self.model, self._tables(cuboid))
        statement = grouping.statement
        with self.connection.cursor() as cursor:
            cursor.execute(statement.sql, list(statement.parameters))
            while rows := cursor.fetchmany(_BATCH):
                for row in rows:
                    if row[0] == 1 or not grouping.groups:
                        yield _groups(row, grouping) | _results(row, grouping)

    def cell_counts(self, groupings: Sequence[Sequence[str]], cuts: Sequence[Condition]) -> list[int]:
        """How many cells the facts of `cuts` have when grouped by each of `groupings`. It is asked of every page and
        every order of a query, so it is remembered: facts never change."""
        return list(self._counts(tuple(map(tuple, groupings)), self.checked(cuts)))

    def _count_cells(self, groupings: Sequence[tuple[str, ...]], cuts: tuple[Condition, ...]) -> tuple[int, ...]:
        asked = [AggregateQuery(one, (COUNT,)) for one in groupings]
        read = [self._tables(planner.for_aggregate(self.stored.cuboids, one, cuts, self.model)) for one in asked]
        (counts,) = self.rows(sql.cell_counts(list(zip(groupings, read, strict=True)), cuts, self.model))
        return counts

    def facts(self, query: FactsQuery) -> Listed:
        """Single facts, in the query's order, then by every selected column."""
        cuts = self.checked(query.cuts)
        return self._listed(query, cuts, sql.facts(query, cuts, self.model, self.tables))

    def members(self, query: MembersQuery) -> Listed:
        """Members of a dimension (null is one, if facts have it), or the distinct values of an attribute or measure."""
        cuts = self.checked(query.cuts)
        cuboid = planner.for_members(self.stored.cuboids, query, cuts, self.model)
        found = self._listed(query, cuts, sql.members(query, cuts, self.model, self._tables(cuboid)))
        return replace(found, plan=cuboid.id) if cuboid else found

    def _tables(self, cuboid: Cuboid | None) -> Tables:
        return self.tables if cuboid is None else self.tables.stored(self.stored.relation(cuboid))

    def cardinalities(self) -> dict[str, int]:
        """The number of members of each dimension."""
        nothing = Page(size=0)
        return {
            name: self.members(MembersQuery((dimension.key.ref,), page=nothing)).total
            for name, dimension in self.model.dimensions.items()
        }

    def kinds(self) -> dict[str, str | None]:
        """The columns of the facts, with the types that values for them are read as."""
        return {name: kind_of(kind) for name, kind in self.tables.columns[None].items()}

    def _listed(self, query: FactsQuery | MembersQuery, cuts: tuple[Condition, ...], listing: sql.Listing) -> Listed:
        whole, *rows = self.rows(listing.statement)
        keys = [one.key for one in listing.selected]
        data = [dict(zip(keys, row[2:], strict=False)) for row in rows]
        return Listed(data, whole[1], _refs_of(listing.selected), cuts, query.order, query.page)

    def checked(self, cuts: Sequence[Condition]) -> tuple[Condition, ...]:
        """`cuts` with their values read as the types that the model declares. Raises BadQuery."""
        return tuple(self._checked(one) for one in cuts)

    def _checked(self, condition: Condition) -> Condition:
        if isinstance(condition, Cut):
            return cutvalues.checked(condition, refs.cut_concept(self.model, condition).type)
        if isinstance(condition, Not):
            return Not(self._checked(condition.part))
        if isinstance(condition, AllOf):
            return AllOf(self.checked(condition.parts))
        return AnyOf(self.checked(condition.parts))

    def looked_up(self, cuts: Sequence[Condition]) -> tuple[Filter, ...]:
        """`cuts`, those on numbered dimensions by the numbers of the members that they mean, unless these are many:
        numbers that stand in the statement let it read the few blocks that have them. `cuts` must be checked."""
        return tuple(self._looked_up(one) for one in cuts)

    def _looked_up(self, condition: Condition) -> Filter:
        if not isinstance(condition, Cut):
            return condition
        dimension = self.tables.numbered(refs.cut_concept(self.model, condition))
        if dimension is None:
            return condition
        return self._keyed(condition, dimension)

    def _find_keys(self, cut: Cut, dimension: Numbered) -> Filter:
        found = self.rows(sql.keys(cut, dimension, self.model, self.tables, _FEW + 1))
        if len(found) > _FEW:
            return cut
        return Keyed(dimension, tuple(key for key, _ in found), sum(facts for _, facts in found))

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """All rows of a statement of ours. Raises BadQuery, BrokenCube and TooMuch."""
        try:
            with self.connection.cursor() as cursor, self.watch.over(cursor):
                return cursor.execute(statement.sql, list(statement.parameters)).fetchall()
        except duckdb.InterruptException as error:
            raise TooMuch(
                said("This takes more than {seconds} seconds; narrow it by cuts.", seconds=f"{self.watch.seconds:g}")
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise TooMuch(said("This takes more memory than there is for one query; narrow it by cuts.")) from error
        except duckdb.OutOfRangeException as error:
            raise BadQuery(said("A result has more than 38 digits and cannot be computed exactly.")) from error
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise BrokenCube(f"The model of {self.name} does not fit its tables: {_first_line(error)}") from error

    @cached_property
    def tables(self) -> Tables:
        """The columns that the database really has. Raises BrokenCube when the model does not fit them."""
        columns: dict[str | None, dict[str, str]] = {None: self._columns(self.model.fact_table, self._relation)}
        for join in self.model.joins:
            columns[join.table] = self._columns(join.table, identifier(join.table))
        facts = self.layout.lines if self.layout.schema else self._relation
        tables = Tables(facts, columns, layout=self.layout)
        for join in self.model.joins:
            self._check_unique(join, tables)
        return tables

    def _columns(self, name: str, relation: str) -> dict[str, str]:
        try:
            with self.connection.cursor() as cursor:
                described = cursor.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except duckdb.CatalogException as error:
            raise BrokenCube(f"Table does not exist: '{name}'", name) from error
        # A dictionary (ENUM) is text to whoever asks; naming its type would spell out all of its values.
        return {column: "VARCHAR" if kind.startswith("ENUM") else kind for column, kind, *_ in described}

    def _check_unique(self, join: Join, tables: Tables) -> None:
        """A dimension's table with one code twice would count every fact of that code twice."""
        tables.type_of(join.table, join.column, self.model)
        column = identifier(join.column)
        sql_text = f"SELECT count({column}) - count(DISTINCT {column}) FROM {identifier(join.table)}"
        if self.rows(Statement(sql_text, (), ()))[0][0]:
            message = f"Column '{join.column}' of table '{join.table}' is not unique: joining it would double amounts"
            raise BrokenCube(message, join.table, join.column)


def _groups(row: tuple[Any, ...], grouping: sql.Grouping) -> Row:
    return {one.key: value for one, value in zip(grouping.groups, row[2:], strict=False)}


def _results(row: tuple[Any, ...], grouping: sql.Grouping) -> Row:
    accumulated = row[2 + len(grouping.groups) :]
    return {one.ref: _result(one, accumulated, grouping.places) for one in grouping.aggregates}


def _result(aggregate: Aggregate, accumulated: Sequence[Any], places: Mapping[str, tuple[int, ...]]) -> Any:
    values = [accumulated[place] for place in places[aggregate.ref]]
    if aggregate.function == "count":
        return values[0] or 0
    if aggregate.function != "avg":
        return values[0]
    total, count = values
    if total is None or not count:
        return None
    return total / count if isinstance(total, float) else _AVERAGE.divide(Decimal(total), Decimal(count))


def _refs_of(selected: Sequence[Selected]) -> list[str]:
    return list(dict.fromkeys(one.concept.ref for one in selected))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
