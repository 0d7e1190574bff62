"""Random cuts and drilldowns: what the guard lets pass never mixes, and what it says of cuts is true."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import from_spec
from openspending.analytics.guards.guard import counting, judged
from openspending.analytics.guards.mixing import Cuts
from openspending.analytics.guards.roles import Roles
from openspending.analytics.query import AggregateQuery, AllOf, AnyOf, Condition, Cut, FactsQuery, Not, Page
from openspending.errors import Mixed
from tests.analytics.guards.test_guard import PHASE, SPEC

PHASES, YEARS, BODIES = ("approved", "executed", None), (2023, 2024, None), ("a", "b", None)
ALL = Page(size=10_000)


@pytest.fixture(scope="module")
def cube() -> Iterator[Cube]:
    """Every combination of the members but one, so that some cells have a single phase."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE facts (id VARCHAR, name VARCHAR, year INTEGER, code VARCHAR, body VARCHAR)")
        connection.execute("ALTER TABLE facts ADD COLUMN amount DECIMAL(18, 2)")
        rows = [row for row in product(PHASES, YEARS, BODIES) if row[2] != "b" or row[0] == "approved"]
        connection.executemany(
            "INSERT INTO facts VALUES (?, ?, ?, 'EUR', ?, 1)", [(one, one, year, body) for one, year, body in rows]
        )
        yield Cube("facts", from_spec(SPEC), connection)


def equalities(ref: str, values: tuple[object, ...]) -> st.SearchStrategy[Condition]:
    some = st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)
    return st.builds(Cut, st.just(ref), some, st.sampled_from((":", "!:")))


def ranges() -> st.SearchStrategy[Condition]:
    year = st.one_of(st.none(), st.integers(2022, 2025))
    single = st.builds(
        lambda one, operator: Cut("year", (one,), operator),
        st.integers(2022, 2025),
        st.sampled_from(("<:", "<=:", ">:", ">=:")),
    )
    return st.one_of(single, st.builds(lambda low, high: Cut("year", (low, high), ".."), year, year))


def texts() -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda text, operator: Cut("phase", (text,), operator),
        st.sampled_from(("a", "APP", "exec", "ed")),
        st.sampled_from(("~:", "^:")),
    )


CONDITIONS = st.recursive(
    st.one_of(
        equalities("phase", (*PHASES, "other")),
        equalities("phase.name", PHASES),
        equalities("year.year", (*YEARS, 1999)),
        equalities("body", BODIES),
        ranges(),
        texts(),
    ),
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
QUERIES = st.builds(
    AggregateQuery,
    st.lists(st.sampled_from(("phase", "phase.name", "year", "body")), max_size=2, unique=True).map(tuple),
    st.just(("amount.sum",)),
    st.lists(CONDITIONS, max_size=2).map(tuple),
    page=st.just(ALL),
)


@given(query=QUERIES)
def test_a_fact_that_is_left_was_never_excluded(cube: Cube, query: AggregateQuery) -> None:
    cuts = Cuts(query.cuts, cube.model)
    left = cube.facts(FactsQuery(("phase.id", "year.year", "body.body"), query.cuts, page=ALL)).data

    for fact in left:
        assert cuts.may_leave(fact | {"phase.name": fact["phase.id"]})
        assert all(cuts.may_leave({ref: value}) for ref, value in fact.items())


@given(query=QUERIES)
def test_what_passes_has_cells_of_one_phase_each(cube: Cube, query: AggregateQuery) -> None:
    roles = Roles(exclusive=(PHASE,))
    mixes = _cells(cube, query, ("phase.id",)) > _cells(cube, query, ())

    for cells in (None, counting(cube, query)):
        try:
            stamps = judged(query, roles, cube.model, cells=cells)
        except Mixed:
            assert mixes or cells is None
        else:
            assert not mixes
            assert not [one for one in stamps if one.where == "cells"]


def _cells(cube: Cube, query: AggregateQuery, more: tuple[str, ...]) -> int:
    """The number of cells that have facts."""
    refs = tuple(dict.fromkeys((*query.drilldowns, *more)))
    found = cube.aggregate(AggregateQuery(refs, ("_count",), query.cuts, page=ALL)).cells
    return sum(one["_count"] > 0 for one in found)
