"""SQL of listing facts in one total order, so that a page begins where the one before ended (keyset paging).

The order is that of the query's keys, missing values last, then that of the facts in their table, which is that of the
sources. A page costs the same wherever it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openspending.analytics import refs
from openspending.analytics.cubemodel import CubeModel
from openspending.analytics.cutvalues import Parameter
from openspending.analytics.query import FactsQuery
from openspending.analytics.refs import Selected
from openspending.analytics.source import Filter, Source, Tables
from openspending.analytics.sql import Statement

Place = Sequence[str | int | None]  # the values of the sort keys as text, then the fact's number in its table


@dataclass(frozen=True, slots=True)
class FactListing:
    """A statement whose rows are the `selected` columns, then the keys of the order as text, then the fact's number."""

    statement: Statement
    selected: tuple[Selected, ...]

    def bare(self) -> Statement:
        """The same facts in the same order, as the selected columns alone."""
        inner = self.statement
        return Statement(f"SELECT {', '.join(inner.columns)} FROM ({inner.sql})", inner.parameters, inner.columns)


@dataclass(frozen=True, slots=True)
class _Key:
    """A column to sort by, with its database type."""

    column: str
    kind: str
    descending: bool

    def term(self, column: str) -> str:
        """Its term of an ORDER BY over `column`."""
        return f"{column} {'DESC' if self.descending else 'ASC'} NULLS LAST"


def page(
    query: FactsQuery, cuts: Sequence[Filter], model: CubeModel, tables: Tables, after: Place | None, limit: int
) -> FactListing:
    """The facts of the cuts, from the first after the place `after` on, `limit` of them at most. Raises BadQuery.

    They are found by the columns that decide alone, and all other columns are read of those that were found.
    """
    selected = refs.fields(model, query.fields)
    parameters: list[Parameter] = []
    found = Source(model, tables, parameters)
    keys = _keys(query, model, found)
    inner = _found(keys, cuts, after, found)
    source = Source(model, tables, parameters)
    columns = [f"{source.column(one.concept)} AS c{at}" for at, one in enumerate(selected)]
    columns += [f"CAST(found.o{at} AS VARCHAR) AS k{at}" for at in range(len(keys))]
    terms = [*(key.term(f"found.o{at}") for at, key in enumerate(keys)), "found.n"]
    # the join on rowid is pushed into the scan: only the blocks of these facts are read
    joined = source.text(()).replace("FROM ", "FROM found JOIN ", 1).replace(" AS f", " AS f ON f.rowid = found.n", 1)
    sql = (
        f"WITH found AS MATERIALIZED ({inner} LIMIT {limit:d}) "
        f"SELECT {', '.join([*columns, 'found.n'])} {joined} ORDER BY {', '.join(terms)}"
    )
    return FactListing(Statement(sql, tuple(parameters), tuple(f"c{at}" for at in range(len(selected)))), selected)


def stream(
    query: FactsQuery, cuts: Sequence[Filter], model: CubeModel, tables: Tables, after: Place | None
) -> Statement:
    """All facts of the cuts after a place, as the selected columns alone; sorted only where an order is asked for,
    since sorting holds all of them. Raises BadQuery."""
    source = Source(model, tables, [])
    keys = _keys(query, model, source)
    columns = [f"{source.column(one.concept)} AS c{at}" for at, one in enumerate(refs.fields(model, query.fields))]
    text = _after(keys, cuts, after, source)
    order = f" ORDER BY {', '.join([*(one.term(one.column) for one in keys), 'f.rowid'])}" if keys else ""
    names = tuple(f"c{at}" for at in range(len(columns)))
    return Statement(f"SELECT {', '.join(columns)} {text}{order}", tuple(source.parameters), names)


def _found(keys: Sequence[_Key], cuts: Sequence[Filter], after: Place | None, source: Source) -> str:
    """The numbers of the facts in their order, with the keys of it."""
    text = _after(keys, cuts, after, source)
    shown = [f"{key.column} AS o{at}" for at, key in enumerate(keys)]
    terms = [*(key.term(key.column) for key in keys), "f.rowid"]
    return f"SELECT {', '.join([*shown, 'f.rowid AS n'])} {text} ORDER BY {', '.join(terms)}"


def _after(keys: Sequence[_Key], cuts: Sequence[Filter], after: Place | None, source: Source) -> str:
    """FROM and WHERE of the facts of the cuts that come after a place."""
    beyond = "" if after is None else _beyond(keys, after, source)
    text = source.text(cuts)
    return f"{text}{' AND' if cuts else ' WHERE'} ({beyond})" if beyond else text


def counting(cuts: Sequence[Filter], model: CubeModel, tables: Tables) -> Statement:
    """How many facts the cuts have."""
    source = Source(model, tables, [])
    text = source.text(cuts)
    return Statement(f"SELECT count(*) {text}", tuple(source.parameters), ("n",))


def _keys(query: FactsQuery, model: CubeModel, source: Source) -> list[_Key]:
    sort = refs.fact_sorting(model, query.order)
    return [_Key(source.column(one), source.type_of(one), order.descending) for one, order in sort]


def _beyond(keys: Sequence[_Key], after: Place, source: Source) -> str:
    """The condition of coming after a place: beyond it in the first key, or equal there and beyond in the second, …"""
    *values, number = after
    branches, equal = [], list[str]()
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            sign = "<" if key.descending else ">"
            place = source.bound(str(value), key.kind)
            branches.append(" AND ".join([*equal, f"({key.column} {sign} {place} OR {key.column} IS NULL)"]))
            equal.append(f"{key.column} = {place}")
        else:  # missing values are last: only facts that miss it too come after
            equal.append(f"{key.column} IS NULL")
    branches.append(" AND ".join([*equal, f"f.rowid > {source.bound(int(number or 0), 'BIGINT')}"]))
    return " OR ".join(f"({one})" for one in branches)
