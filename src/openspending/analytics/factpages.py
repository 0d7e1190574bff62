"""Facts by the page, or all of them as a stream of record batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from openspending.analytics import factsql
from openspending.analytics.cube import Cube, Row
from openspending.analytics.exports.table import BATCH
from openspending.analytics.factsql import Place
from openspending.analytics.query import FactsQuery
from openspending.analytics.source import Keyed
from openspending.errors import BadQuery
from openspending.speaking.said import said


@dataclass(frozen=True, slots=True)
class FactPage:
    """Facts keyed by ref; `end` is the place of the last one, None when no fact comes after it."""

    facts: list[Row]
    end: tuple[str | int | None, ...] | None


def page(cube: Cube, query: FactsQuery, after: Place | None, size: int) -> FactPage:
    """`size` facts that come after the place `after`, in the query's order. Raises BadQuery."""
    cuts = cube.looked_up(cube.checked(query.cuts))
    found = factsql.page(query, cuts, cube.model, cube.tables, after, size + 1)
    try:
        rows = cube.rows(found.statement)
    except duckdb.ConversionException as error:
        raise BadQuery(said("This cursor names a place that is none in this answer.")) from error
    keys = [one.key for one in found.selected]
    facts = [dict(zip(keys, row, strict=False)) for row in rows[:size]]
    end = rows[size - 1][len(keys) :] if size and len(rows) > size else None
    return FactPage(facts, end)


def count(cube: Cube, query: FactsQuery) -> int:
    """How many facts the query's cuts have. Raises BadQuery."""
    cuts = cube.looked_up(cube.checked(query.cuts))
    if len(cuts) == 1 and isinstance(cuts[0], Keyed):
        return cuts[0].count
    ((number,),) = cube.rows(factsql.counting(cuts, cube.model, cube.tables))
    return int(number)


def reader(cube: Cube, query: FactsQuery, after: Place | None, size: int | None) -> Any:
    """As `page`, as an Arrow reader whose columns are the query's fields; `size` None: to the last. Raises BadQuery."""
    cuts = cube.looked_up(cube.checked(query.cuts))
    if size is None:
        statement = factsql.stream(query, cuts, cube.model, cube.tables, after)
    else:
        statement = factsql.page(query, cuts, cube.model, cube.tables, after, size).bare()
    return cube.connection.cursor().sql(statement.sql, params=list(statement.parameters)).to_arrow_reader(BATCH)
