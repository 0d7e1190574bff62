"""SQL of listing facts in one total order, so that a page begins where the one before ended (keyset paging).

The order is that of the query's keys, missing values last, then that of the facts in their table, which is that of the
sources. A page costs the same wherever it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openspending.analytics import refs
from openspending.analytics.cubemodel import Attribute, CubeModel, Measure
from openspending.analytics.query import Condition, FactsQuery
from openspending.analytics.refs import Selected
from openspending.analytics.source import Source, Tables
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


def listing(
    query: FactsQuery,
    cuts: Sequence[Condition],
    model: CubeModel,
    tables: Tables,
    *,
    after: Place | None = None,
    limit: int | None = None,
) -> FactListing:
    """The facts of the cuts, from the first after the place `after` on, `limit` of them at most. Raises BadQuery."""
    selected = refs.fields(model, query.fields)
    source = Source(model, tables, [])
    keys = [_key(one, order.descending, source) for one, order in refs.fact_sorting(model, query.order)]
    columns = [source.column(one.concept) for one in selected]
    beyond = "" if after is None else _beyond(keys, after, source)
    places = [f"CAST({one.column} AS VARCHAR)" for one in keys]
    terms = [f"{one.column} {'DESC' if one.descending else 'ASC'} NULLS LAST" for one in keys]
    text = source.text(cuts)
    if beyond:
        text += f"{' AND' if ' WHERE ' in text else ' WHERE'} ({beyond})"
    shown = [f"{column} AS c{number}" for number, column in enumerate(columns)]
    shown += [f"{place} AS k{number}" for number, place in enumerate(places)]
    sql = f"SELECT {', '.join([*shown, 'f.rowid AS n'])} {text} ORDER BY {', '.join([*terms, 'f.rowid'])}"
    if limit is not None:
        sql += f" LIMIT {limit:d}"
    names = tuple(f"c{number}" for number in range(len(columns)))
    return FactListing(Statement(sql, tuple(source.parameters), names), selected)


def counting(cuts: Sequence[Condition], model: CubeModel, tables: Tables) -> Statement:
    """How many facts the cuts have."""
    source = Source(model, tables, [])
    text = source.text(cuts)
    return Statement(f"SELECT count(*) {text}", tuple(source.parameters), ("n",))


def _key(concept: Attribute | Measure, descending: bool, source: Source) -> _Key:
    return _Key(source.column(concept), source.type_of(concept), descending)


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
