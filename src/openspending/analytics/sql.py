"""SQL of cube queries: query × model → one statement with bound parameters. Pure text; `cube.py` runs it.

Every statement answers at once for the whole (row 0: counts and summary) and for the page. Identifiers come from the
model and are quoted; values are bound and cast to the type of the column they meet, so that columns stay as they are.
Tables of dimensions are joined from the left: no fact is ever dropped, what has no member there has null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openspending.analytics import cutvalues, refs
from openspending.analytics.cubemodel import Aggregate, Attribute, CubeModel, Join, Measure
from openspending.analytics.cutvalues import Nowhere, Parameter
from openspending.analytics.query import AggregateQuery, Cut, FactsQuery, MembersQuery, Order, Page
from openspending.analytics.refs import Selected
from openspending.errors import BrokenCube
from openspending.fdp.sqltext import identifier

COMBINED = {"sum": "sum", "count": "sum", "min": "min", "max": "max"}  # how the results of groups make that of all


@dataclass(frozen=True, slots=True)
class Tables:
    """What the database really has: table (None: the facts) → column → type. `facts` is the fact relation as SQL."""

    facts: str
    columns: Mapping[str | None, Mapping[str, str]]

    def type_of(self, table: str | None, column: str, model: CubeModel) -> str:
        """The database type of a column. Raises BrokenCube when there is no such column."""
        found = self.columns.get(table, {}).get(column)
        if found is None:
            name = table or model.fact_table
            raise BrokenCube(f"Column does not exist: '{column}' in table '{name}'", name, column)
        return found


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters. Its rows are: `part` (0 the whole, 1 the page), `total` (of part 0), then `columns`."""

    sql: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]


Accumulator = tuple[str, str]  # function, column expression


@dataclass(slots=True)
class _Source:
    """The FROM and WHERE of a statement being written: collects the joins that its columns need."""

    model: CubeModel
    tables: Tables
    parameters: list[Parameter]
    alone: Join | None = None  # the table of a dimension to be read by itself, without the facts
    joins: dict[Join, str] = field(default_factory=dict)

    def column(self, concept: Attribute | Measure) -> str:
        """The SQL of a concept's column."""
        column = concept.column
        self.type_of(concept)
        join = concept.join if isinstance(concept, Attribute) else None
        if join is None:
            return f"f.{identifier(column.name)}"
        alias = self.joins.setdefault(join, "f" if join == self.alone else f"d{len(self.joins)}")
        return f"{alias}.{identifier(column.name)}"

    def type_of(self, concept: Attribute | Measure) -> str:
        """The database type of a concept's column."""
        return self.tables.type_of(concept.column.table, concept.column.name, self.model)

    def text(self, cuts: Sequence[tuple[Cut, Attribute | Measure]]) -> str:
        """FROM with joins and WHERE. To be called when all other columns have been asked for."""
        conditions = [self._condition(cut, concept) for cut, concept in cuts]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        relation = self.tables.facts if self.alone is None else identifier(self.alone.table)
        joins = "".join(self._join(join, alias) for join, alias in self.joins.items() if join != self.alone)
        return f"FROM {relation} AS f{joins}{where}"

    def _condition(self, cut: Cut, concept: Attribute | Measure) -> str:
        kind = self.type_of(concept)
        places = []
        for value in cut.values:
            try:
                self.parameters.append(cutvalues.fitted(value, cut, kind))
            except Nowhere:
                continue
            places.append(f"CAST(${len(self.parameters)} AS {kind})")
        column = self.column(concept)
        return f"{column} IN ({', '.join(places)})" if places else "FALSE"

    def _join(self, join: Join, alias: str) -> str:
        here, there = f"f.{identifier(join.fact_column)}", f"{alias}.{identifier(join.column)}"
        types = (self.tables.type_of(None, join.fact_column, self.model), self._type_there(join))
        if types[0] != types[1]:
            here, there = f"CAST({here} AS VARCHAR)", f"CAST({there} AS VARCHAR)"
        return f" LEFT JOIN {identifier(join.table)} AS {alias} ON {here} = {there}"

    def _type_there(self, join: Join) -> str:
        return self.tables.type_of(join.table, join.column, self.model)


# ── aggregate ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Grouping:
    """What an aggregate statement computes: groups `g0…`, accumulators `a0…`. An avg has the places of two."""

    statement: Statement
    groups: tuple[Selected, ...]
    aggregates: tuple[Aggregate, ...]
    places: Mapping[str, tuple[int, ...]]  # aggregate ref → its accumulators (avg: sum and count)


def aggregate(query: AggregateQuery, cuts: Sequence[Cut], model: CubeModel, tables: Tables) -> Grouping:
    """The statement of an aggregate query whose `cuts` were checked: facts are scanned and grouped once."""
    groups = refs.drilldowns(model, query.drilldowns)
    wanted = refs.aggregates(model, query.aggregates)
    grouped = {one.concept.ref: f"g{number}" for number, one in enumerate(groups)}
    sort = list(
        refs.sorting(
            model,
            query.order,
            lambda one: isinstance(one, Aggregate) or one.ref in grouped,
            "the drilldowns and aggregates",
        )
    )
    source = _Source(model, tables, [])
    ordering = (one for one, _ in sort if isinstance(one, Aggregate))
    accumulators, places = _accumulators(source, dict.fromkeys([*wanted, *ordering]))
    expressions = [source.column(one.concept) for one in groups]
    terms = []
    for concept, order in sort:
        keys = _aggregate_keys(concept, places, source) if isinstance(concept, Aggregate) else [grouped[concept.ref]]
        terms += [_term(key, order) for key in keys]
    terms += [_term(alias) for alias in grouped.values()]
    sql = _grouped(expressions, accumulators, source.text(_with_concepts(model, cuts)), terms, query.page)
    names = (*grouped.values(), *(f"a{number}" for number in range(len(accumulators))))
    return Grouping(Statement(sql, tuple(source.parameters), names), groups, wanted, places)


def _accumulators(
    source: _Source, aggregates: Iterable[Aggregate]
) -> tuple[list[Accumulator], dict[str, tuple[int, ...]]]:
    """The distinct sums, counts, minima and maxima behind `aggregates`, and which of them each one needs."""
    found: dict[Accumulator, int] = {}
    places = {}
    for one in aggregates:
        column = "*" if one.measure is None else source.column(one.measure)
        functions = ("sum", "count") if one.function == "avg" else (one.function,)
        places[one.ref] = tuple(found.setdefault((function, column), len(found)) for function in functions)
    return list(found), places


def _aggregate_keys(aggregate: Aggregate, places: Mapping[str, tuple[int, ...]], source: _Source) -> list[str]:
    """What to sort by. An avg has no exact type in SQL: its whole part is exact, then its fraction to 15 digits."""
    names = [f"a{place}" for place in places[aggregate.ref]]
    if aggregate.function != "avg" or aggregate.measure is None:
        return names
    total, count = names
    kind = _sum_type(source.type_of(aggregate.measure))
    if kind is None:
        return [f"{total} / {count}"]
    rest = f"{total} % CAST({count} AS {kind})"  # of two types it would be a DOUBLE
    return [f"CAST({total} - {rest} AS HUGEINT) // {count}", f"CAST({rest} AS DOUBLE) / {count}"]


def _sum_type(column_type: str) -> str | None:
    """The exact database type of the sum over a column; None when the column itself is not exact."""
    if column_type in ("DOUBLE", "FLOAT"):
        return None
    return f"DECIMAL(38,{column_type.partition(',')[2]}" if column_type.startswith("DECIMAL") else "HUGEINT"


def _grouped(
    groups: Sequence[str], accumulators: Sequence[Accumulator], source: str, terms: Sequence[str], page: Page
) -> str:
    values = [f"{function}({column}) AS a{number}" for number, (function, column) in enumerate(accumulators)]
    if not groups:
        return f"SELECT 0 AS part, 1 AS total, {', '.join(values)} {source}"
    keys = [f"{expression} AS g{number}" for number, expression in enumerate(groups)]
    names = [f"g{number}" for number in range(len(groups))]
    whole = [f"{COMBINED[function]}(a{number}) AS a{number}" for number, (function, _) in enumerate(accumulators)]
    results = [f"a{number}" for number in range(len(accumulators))]
    return (
        f"WITH cells AS MATERIALIZED (SELECT {', '.join([*keys, *values])} {source} GROUP BY {', '.join(groups)}) "
        + _whole_and_page([f"NULL AS {name}" for name in names] + whole, "FROM cells", [*names, *results], terms, page)
    )


# ── facts and members ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Listing:
    """The statement of a facts or members query, and what its columns `c0…` are (hidden sort keys come after)."""

    statement: Statement
    selected: tuple[Selected, ...]


def facts(query: FactsQuery, cuts: Sequence[Cut], model: CubeModel, tables: Tables) -> Listing:
    """The statement of a facts query. Ties are broken by all selected columns, so pages never overlap."""
    selected = refs.fields(model, query.fields)
    filters = _with_concepts(model, cuts)
    sort = list(refs.sorting(model, query.order, _is_column, "the attributes and measures"))
    parameters: list[Parameter] = []
    counted = _Source(model, tables, parameters).text(filters)
    source = _Source(model, tables, parameters)
    expressions = [source.column(one.concept) for one in selected]
    hidden = [source.column(one) for one, _ in sort if not isinstance(one, Aggregate)]
    names = [f"c{number}" for number in range(len(expressions))]
    keys = [f"o{number}" for number in range(len(hidden))]
    shown = [f"{column} AS {name}" for column, name in zip(expressions + hidden, names + keys, strict=True)]
    terms = [_term(key, order) for key, (_, order) in zip(keys, sort, strict=True)] + [_term(name) for name in names]
    nothing = [f"NULL AS {name}" for name in names + keys]
    sql = _whole_and_page(nothing, counted, shown, terms, query.page, source.text(filters))
    return Listing(Statement(sql, tuple(parameters), tuple(names + keys)), selected)


def members(query: MembersQuery, cuts: Sequence[Cut], model: CubeModel, tables: Tables) -> Listing:
    """The statement of a members query: distinct by the first column, of the others the greatest value.

    When everything asked lies in one dimension's own table, it is read alone: members without facts are listed too.
    """
    selected = refs.fields(model, query.fields)
    filters = _with_concepts(model, cuts)
    listed = {one.concept.ref: f"c{number}" for number, one in enumerate(selected)}
    sort = list(refs.sorting(model, query.order, lambda one: one.ref in listed, "the listed fields"))
    joins = {_join_of(one) for one in (*(one.concept for one in selected), *(concept for _, concept in filters))}
    source = _Source(model, tables, [], alone=joins.pop() if len(joins) == 1 else None)
    key, *others = [source.column(one.concept) for one in selected]
    shown = [f"{key} AS c0"] + [f"max({one}) AS c{number}" for number, one in enumerate(others, 1)]
    names = list(listed.values())
    terms = [_term(listed[concept.ref], order) for concept, order in sort] + [_term(name) for name in names]
    sql = (
        f"WITH members AS MATERIALIZED (SELECT {', '.join(shown)} {source.text(filters)} GROUP BY {key}) "
        + _whole_and_page([f"NULL AS {name}" for name in names], "FROM members", names, terms, query.page)
    )
    return Listing(Statement(sql, tuple(source.parameters), tuple(names)), selected)


def _is_column(concept: object) -> bool:
    return isinstance(concept, Attribute | Measure)


def _join_of(concept: Attribute | Measure) -> Join | None:
    return concept.join if isinstance(concept, Attribute) else None


# ── all three ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_concepts(model: CubeModel, cuts: Sequence[Cut]) -> list[tuple[Cut, Attribute | Measure]]:
    return [(cut, refs.cut_concept(model, cut)) for cut in cuts]


def _whole_and_page(
    whole: Sequence[str], counted: str, shown: Sequence[str], terms: Sequence[str], page: Page, source: str = ""
) -> str:
    """Row 0 over all of `counted` and the page of `source`. The page is sorted where it is cut, and again in the union,
    which promises no order of its own."""
    order = ", ".join(terms)
    return (
        f"SELECT * FROM (SELECT 0 AS part, count(*) AS total, {', '.join(whole)} {counted} "
        f"UNION ALL (SELECT 1, NULL, {', '.join(shown)} {source or counted} "
        f"ORDER BY {order} LIMIT {page.size:d} OFFSET {page.offset:d})) ORDER BY part, {order}"
    )


def _term(key: str, order: Order | None = None) -> str:
    return f"{key} {order.direction.upper() if order else 'ASC'} NULLS LAST"
