"""SQL of cube queries: query × model → one statement with bound parameters. Pure text; `cube.py` runs it.

Every statement answers at once for the whole (row 0: counts and summary) and for the page. What has no member in a
dimension has null there; no fact is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openspending.analytics import refs
from openspending.analytics.cubemodel import COUNT, Aggregate, Attribute, CubeModel, Join, Measure
from openspending.analytics.cutvalues import Parameter
from openspending.analytics.factdb import KEY, Numbered
from openspending.analytics.groups import Groups
from openspending.analytics.query import AggregateQuery, Condition, Cut, FactsQuery, MembersQuery, Order, Page, cuts_in
from openspending.analytics.refs import Selected
from openspending.analytics.source import Filter, Source, Tables
from openspending.fdp.sqltext import identifier

COMBINED = {"sum": "sum", "count": "sum", "min": "min", "max": "max"}  # how the results of groups make that of all


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters. Its rows are: `part` (0 the whole, 1 the page), `total` (of part 0), then `columns`."""

    sql: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]


Accumulator = tuple[str, str]  # function, column expression


# ── aggregate ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Grouping:
    """What an aggregate statement computes: groups `g0…`, accumulators `a0…`. An avg has the places of two."""

    statement: Statement
    groups: tuple[Selected, ...]
    aggregates: tuple[Aggregate, ...]
    places: Mapping[str, tuple[int, ...]]  # aggregate ref → its accumulators (avg: sum and count)


def aggregate(query: AggregateQuery, cuts: Sequence[Filter], model: CubeModel, tables: Tables) -> Grouping:
    """The statement of an aggregate query whose `cuts` were checked: facts are scanned and grouped once."""
    groups = refs.drilldowns(model, query.drilldowns)
    wanted = refs.aggregates(model, query.aggregates)
    sort = refs.cell_sorting(model, query.order, groups)
    source = Source(model, tables, [])
    ordering = (one for one, _ in sort if isinstance(one, Aggregate))
    accumulators, places = _accumulators(source, dict.fromkeys([*wanted, *ordering]))
    named = {one.concept.ref: f"g{number}" for number, one in enumerate(groups)}
    grouped = Groups.of([(named[one.concept.ref], one.concept) for one in groups], sort, source)
    terms = []
    for concept, order in sort:
        if isinstance(concept, Aggregate):
            terms += [_term(key, order) for key in _aggregate_keys(concept, places, source)]
        else:
            terms.append(_term(grouped.sorted_by(named[concept.ref]), order))
    terms += [_term(key) for key in dict.fromkeys(grouped.sorted_by(name) for name in named.values())]
    if not cuts and accumulators == [("count", "*")] and (alone := grouped.alone()):
        sql = _members_page(grouped, alone, terms, query.page)
    else:
        sql = _grouped(grouped, accumulators, source.text(cuts), terms, query.page)
    names = (*named.values(), *(f"a{number}" for number in range(len(accumulators))))
    return Grouping(Statement(sql, tuple(source.parameters), names), groups, wanted, places)


def keys(cut: Cut, dimension: Numbered, model: CubeModel, tables: Tables, limit: int) -> Statement:
    """The members of a numbered dimension that a cut means, `limit` of them at most: numbers and numbers of facts."""
    source = Source(model, tables.of_members(dimension), [])
    text = source.text((cut,))
    return Statement(f"SELECT f.{KEY}, f.{COUNT} {text} LIMIT {limit:d}", tuple(source.parameters), (KEY, COUNT))


def _accumulators(
    source: Source, aggregates: Iterable[Aggregate]
) -> tuple[list[Accumulator], dict[str, tuple[int, ...]]]:
    """The distinct sums, counts, minima and maxima behind `aggregates`, and which of them each one needs."""
    found: dict[Accumulator, int] = {}
    places = {}
    for one in aggregates:
        if source.tables.cells:
            pairs = _accumulated_further(one.function, one.measure)
        else:
            pairs = _accumulated(one.function, "*" if one.measure is None else source.column(one.measure))
        places[one.ref] = tuple(found.setdefault(pair, len(found)) for pair in pairs)
    return list(found), places


def _accumulated(function: str, column: str) -> list[Accumulator]:
    """What has to be accumulated for a function. Net is positive + negative, gross is positive - negative; where there
    is no amount at all, each is null, as sums are."""
    part = {"positive": f"{column} > 0", "negative": f"{column} < 0"}.get(function)
    if part is not None:
        return [("sum", f"CASE WHEN {part} THEN {column} ELSE {column} - {column} END")]
    if function == "gross":
        return [("sum", f"abs({column})")]
    return [("sum", column), ("count", column)] if function == "avg" else [(function, column)]


def _accumulated_further(function: str, measure: Measure | None) -> list[Accumulator]:
    """As `_accumulated`, from the columns of a stored aggregate (`stored.catalogue.KEPT`): the same to the digit."""
    if measure is None:
        return [("sum", f"f.{identifier(COUNT)}")]
    total, count, positive, least, most = (
        f"f.{identifier(f'{measure.ref}.{kept}')}" for kept in ("sum", "count", "positive", "min", "max")
    )
    negative = f"{total} - {positive}"
    found = {"sum": ("sum", total), "count": ("sum", count), "min": ("min", least), "max": ("max", most)}
    found |= {
        "positive": ("sum", positive),
        "negative": ("sum", negative),
        "gross": ("sum", f"{positive} - ({negative})"),
    }
    return [found["sum"], found["count"]] if function == "avg" else [found[function]]


def _aggregate_keys(aggregate: Aggregate, places: Mapping[str, tuple[int, ...]], source: Source) -> list[str]:
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


def _grouped(groups: Groups, accumulators: Sequence[Accumulator], source: str, terms: Sequence[str], page: Page) -> str:
    values = [f"{function}({column}) AS a{number}" for number, (function, column) in enumerate(accumulators)]
    if not groups.keys:
        return f"SELECT 0 AS part, 1 AS total, {', '.join(values)} {source}"
    keys = [f"{expression} AS {name}" for name, expression in groups.keys.items()]
    whole = [f"{COMBINED[function]}(a{number}) AS a{number}" for number, (function, _) in enumerate(accumulators)]
    results = [f"a{number}" for number in range(len(accumulators))]
    cells = f"SELECT {', '.join([*keys, *values])} {source} GROUP BY {', '.join(groups.keys.values())}"
    names = groups.names if groups.early else list(groups.keys)
    shown = [f"NULL AS {name}" for name in names] + whole
    if not groups.late:
        return f"WITH cells AS MATERIALIZED ({cells}) " + _whole_and_page(
            shown, "FROM cells", [*names, *results], terms, page
        )
    if groups.early:
        named = f"SELECT {', '.join([*groups.shown('cells'), *results])} FROM cells{groups.joins('cells')}"
        return f"WITH cells AS MATERIALIZED ({cells}), named AS MATERIALIZED ({named}) " + _whole_and_page(
            shown, "FROM named", [*names, *results], terms, page
        )
    inner = _whole_and_page(shown, "FROM cells", [*names, *results], terms, page, ordered=False)
    return (
        f"WITH cells AS MATERIALIZED ({cells}), page AS ({inner}) "
        f"SELECT part, total, {', '.join([*groups.shown('page'), *results])} FROM page{groups.joins('page')} "
        f"ORDER BY part, {', '.join(terms)}"
    )


def _members_page(groups: Groups, dimension: Numbered, terms: Sequence[str], page: Page) -> str:
    """All members of one numbered dimension with their facts, which their table knows already."""
    table = groups.tables[dimension]
    whole = f"SELECT 0 AS part, {dimension.count:d} AS total, NULL AS k0, CAST({dimension.facts:d} AS BIGINT) AS a0"
    each = f"SELECT 1, NULL, {KEY}, {COUNT} FROM {table}"
    if list(terms) == [_term("k0")]:  # numbers have no gaps, so that a page is a range of them
        each += f" WHERE {KEY} >= {page.offset:d} AND {KEY} < {page.offset + page.size:d}"
        inner = f"{whole} UNION ALL {each}"
    else:
        cells = f"(SELECT {KEY} AS k0, {COUNT} AS a0 FROM {table})"
        order = f"ORDER BY {', '.join(terms)} LIMIT {page.size:d} OFFSET {page.offset:d}"
        inner = f"{whole} UNION ALL (SELECT 1, NULL, k0, a0 FROM {cells} {order})"
    return (
        f"WITH page AS ({inner}) SELECT part, total, {', '.join([*groups.shown('page'), 'a0'])} "
        f"FROM page{groups.joins('page')} ORDER BY part, {', '.join(terms)}"
    )


def cell_counts(
    groupings: Sequence[tuple[Sequence[str], Tables]], cuts: Sequence[Condition], model: CubeModel
) -> Statement:
    """One row: into how many cells the facts of `cuts` fall, grouped by each of some refs, read from some tables."""
    parameters: list[Parameter] = []
    counts = []
    for drilldowns, tables in groupings:
        source = Source(model, tables, parameters)
        keys = [source.column(one.concept) for one in refs.drilldowns(model, drilldowns)]
        counts.append(f"(SELECT count(*) FROM (SELECT 1 {source.text(cuts)} GROUP BY {', '.join(keys)}))")
    names = tuple(f"n{number}" for number in range(len(counts)))
    return Statement(f"SELECT {', '.join(counts)}", tuple(parameters), names)


# ── facts and members ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Listing:
    """The statement of a facts or members query, and what its columns `c0…` are (hidden sort keys come after)."""

    statement: Statement
    selected: tuple[Selected, ...]


def facts(query: FactsQuery, cuts: Sequence[Condition], model: CubeModel, tables: Tables) -> Listing:
    """The statement of a facts query. Ties are broken by all selected columns, so pages never overlap."""
    selected = refs.fields(model, query.fields)
    sort = refs.fact_sorting(model, query.order)
    parameters: list[Parameter] = []
    counted = Source(model, tables, parameters).text(cuts)
    source = Source(model, tables, parameters)
    expressions = [source.column(one.concept) for one in selected]
    hidden = [source.column(one) for one, _ in sort]
    names = [f"c{number}" for number in range(len(expressions))]
    keys = [f"o{number}" for number in range(len(hidden))]
    shown = [f"{column} AS {name}" for column, name in zip(expressions + hidden, names + keys, strict=True)]
    terms = [_term(key, order) for key, (_, order) in zip(keys, sort, strict=True)] + [_term(name) for name in names]
    nothing = [f"NULL AS {name}" for name in names + keys]
    sql = _whole_and_page(nothing, counted, shown, terms, query.page, source.text(cuts))
    return Listing(Statement(sql, tuple(parameters), tuple(names + keys)), selected)


def members(query: MembersQuery, cuts: Sequence[Condition], model: CubeModel, tables: Tables) -> Listing:
    """The statement of a members query: distinct by the first column, of the others the greatest value.

    When everything asked lies in one dimension's own table, it is read alone: members without facts are listed too.
    """
    selected = refs.fields(model, query.fields)
    listed = {one.concept.ref: f"c{number}" for number, one in enumerate(selected)}
    sort = list(refs.sorting(model, query.order, lambda one: one.ref in listed, "the listed fields"))
    filtered = [refs.cut_concept(model, one) for one in cuts_in(cuts)]
    asked = [*(one.concept for one in selected), *filtered]
    joins = {_join_of(one) for one in asked}
    numbered = {tables.numbered(one) for one in asked}
    if len(numbered) == 1 and (dimension := numbered.pop()) is not None:
        tables = tables.of_members(dimension)
    source = Source(model, tables, [], alone=joins.pop() if len(joins) == 1 else None)
    key, *others = [source.column(one.concept) for one in selected]
    shown = [f"{key} AS c0"] + [f"max({one}) AS c{number}" for number, one in enumerate(others, 1)]
    names = list(listed.values())
    terms = [_term(listed[concept.ref], order) for concept, order in sort] + [_term(name) for name in names]
    sql = (
        f"WITH members AS MATERIALIZED (SELECT {', '.join(shown)} {source.text(cuts)} GROUP BY {key}) "
        + _whole_and_page([f"NULL AS {name}" for name in names], "FROM members", names, terms, query.page)
    )
    return Listing(Statement(sql, tuple(source.parameters), tuple(names)), selected)


def _join_of(concept: Attribute | Measure) -> Join | None:
    return concept.join if isinstance(concept, Attribute) else None


# ── all three ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _whole_and_page(
    whole: Sequence[str],
    counted: str,
    shown: Sequence[str],
    terms: Sequence[str],
    page: Page,
    source: str = "",
    *,
    ordered: bool = True,
) -> str:
    """Row 0 over all of `counted` and the page of `source`. The page is sorted where it is cut, and when it is to be
    `ordered` again in the union, which promises no order of its own."""
    order = ", ".join(terms)
    union = (
        f"SELECT 0 AS part, count(*) AS total, {', '.join(whole)} {counted} "
        f"UNION ALL (SELECT 1, NULL, {', '.join(shown)} {source or counted} "
        f"ORDER BY {order} LIMIT {page.size:d} OFFSET {page.offset:d})"
    )
    return f"SELECT * FROM ({union}) ORDER BY part, {order}" if ordered else union


def _term(key: str, order: Order | None = None) -> str:
    return f"{key} {order.direction.upper() if order else 'ASC'} NULLS LAST"
