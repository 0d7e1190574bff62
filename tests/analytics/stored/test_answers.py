from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.analytics.cube import Aggregated
from openspending.analytics.guards.roles import EXCLUSIVE, PARTITION, TIME
from openspending.analytics.query import (
    AggregateQuery,
    AllOf,
    AnyOf,
    Condition,
    Cut,
    MembersQuery,
    Not,
    Order,
    Page,
)
from tests.analytics.stored.tables import BUDGET, Asked, Shape, asked, rows_of

pytestmark = pytest.mark.slow

FUNCTIONS = ("sum", "avg", "min", "max", "count", "positive", "negative", "gross")
AMOUNTS = ("_count", *(f"amount.{function}" for function in FUNCTIONS))
AGGREGATES = (*AMOUNTS, *(f"tax.{function}" for function in FUNCTIONS))


def shapes(random: Random) -> tuple[Shape, ...]:
    """Up to six dimensions, with and without years, labels that the code tells or not, missing members."""
    found = [Shape("year", random.randint(1, 5), TIME, label=False)] if random.random() < 0.7 else []
    for number in range(random.randint(1, 5)):
        role = random.choice([EXCLUSIVE, PARTITION, PARTITION])
        flags = {one: random.random() < 0.4 for one in ("varying", "missing")}
        found.append(Shape(f"d{number}", random.randint(1, 6), role, label=random.random() < 0.6, **flags))
    return tuple(found)


def a_query(random: Random, dimensions: tuple[Shape, ...]) -> AggregateQuery:
    names = [one.name for one in dimensions]
    refs = [*names, *(f"{one.name}.code" for one in dimensions)]
    drilldowns = tuple(random.sample(refs, random.randint(0, min(3, len(refs)))))
    aggregates = tuple(random.sample(random.choice([AMOUNTS, AGGREGATES]), random.randint(1, 5)))
    cuts = tuple(a_cut(random, random.choice(names)) for _ in range(random.randint(0, 2)))
    keys = [*AMOUNTS, *(one if "." in one else f"{one}.code" for one in drilldowns)]
    order = tuple(Order(one, random.random() < 0.5) for one in random.sample(keys, random.randint(0, 2)))
    return AggregateQuery(
        drilldowns, aggregates, cuts, order, Page(random.randint(1, 2), random.choice([0, 3, 10_000]))
    )


def a_cut(random: Random, ref: str) -> Condition:
    values = tuple(random.choice([None, "000", "001", "002", "none"]) for _ in range(random.randint(1, 2)))
    one = Cut(ref, values, random.choice([":", "!:"]))
    other = Cut(ref, ("001",), ">=:")
    choices: list[Condition] = [one, other, Not(one), AnyOf((one, other)), AllOf((one, Not(other)))]
    return random.choice(choices)


def same(found: Aggregated, expected: Aggregated) -> None:
    assert replace(found, plan=expected.plan) == expected
    for one, other in zip([*found.cells, found.summary], [*expected.cells, expected.summary], strict=True):
        assert {key: str(value) for key, value in one.items()} == {key: str(value) for key, value in other.items()}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_cuboid_answers_as_the_facts_do(seed: int) -> None:
    random = Random(seed)
    dimensions = shapes(random)
    with TemporaryDirectory() as folder:
        cubes = asked(Path(folder), dimensions, rows_of(dimensions, random.choice([0, 3, 60, 400]), random))
        for _ in range(12):
            query = a_query(random, dimensions)
            same(cubes.stored.aggregate(query), cubes.plain.aggregate(query))
            assert list(cubes.stored.cells(query)) == list(cubes.plain.cells(query))
            members = MembersQuery((random.choice(dimensions).name,), query.cuts, page=query.page)
            found, expected = cubes.stored.members(members), cubes.plain.members(members)
            assert replace(found, plan=expected.plan) == expected


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return asked(tmp_path_factory.mktemp("budget"), BUDGET, rows_of(BUDGET, 3_000, Random(1)))


@pytest.mark.parametrize(
    "query",
    [
        AggregateQuery(),
        AggregateQuery(("year",)),
        AggregateQuery(("function",), cuts=(Cut("year", ("001",)),)),
        AggregateQuery(("ministry", "function"), order=(Order("amount.sum", descending=True),), page=Page(size=5)),
        AggregateQuery(("ministry.label",), cuts=(Cut("phase", ("001",)), Cut("function", (None,)))),
        AggregateQuery(("fund",), order=(Order("amount.avg"),)),
    ],
    ids=["total", "by-year", "one-year", "ordered", "labels", "label-not-told"],
)
def test_what_people_ask_is_answered_from_a_cuboid(budget: Asked, query: AggregateQuery) -> None:
    query = replace(query, aggregates=AMOUNTS)
    found = budget.stored.aggregate(query)
    assert found.plan.startswith("cuboid-")
    same(found, budget.plain.aggregate(query))


@pytest.mark.parametrize(
    "query",
    [
        AggregateQuery(("contract",), ("_count",)),
        AggregateQuery((), ("_count",), (Cut("contract", ("001",)),)),
        AggregateQuery((), ("_count",), (Cut("amount", (0,), ">:"),)),
        AggregateQuery(aggregates=("tax.sum",)),
    ],
    ids=["many-members", "cut-by-many-members", "cut-by-amount", "amounts-that-are-no-decimals"],
)
def test_what_no_cuboid_covers_is_answered_from_the_facts(budget: Asked, query: AggregateQuery) -> None:
    assert budget.stored.aggregate(query).plan == "facts"


def test_members_of_small_dimensions_are_listed_from_a_cuboid(budget: Asked) -> None:
    found = budget.stored.members(MembersQuery(("ministry",)))
    assert found.plan.startswith("cuboid-")
    assert found.data == budget.plain.members(MembersQuery(("ministry",))).data
    assert budget.stored.members(MembersQuery(("contract",))).plan == "facts"


def test_the_smallest_cuboid_that_covers_answers(budget: Asked) -> None:
    covering = [one for one in budget.catalogue.cuboids if {"year.code", "ministry.code"} <= one.columns.keys()]
    assert len(covering) > 1
    found = budget.stored.aggregate(AggregateQuery(("year", "ministry.code"), AMOUNTS))
    assert found.plan == min(covering, key=lambda one: one.cells).id
