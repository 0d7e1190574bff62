"""What a query would mix, told by the query and the roles alone."""

from __future__ import annotations

from typing import Any

import pytest

from openspending.analytics.cubemodel import FUNCTIONS, CubeModel, from_spec
from openspending.analytics.guards.guard import judged
from openspending.analytics.guards.mixing import GIVEN, Cuts, Days, Given
from openspending.analytics.guards.roles import NO_ROLES, Default, Exclusive, Member, Roles
from openspending.analytics.query import AggregateQuery
from openspending.analytics.querytext import parse_cuts, parse_refs
from openspending.errors import BadQuery, Mixed


def dimension(**columns: str) -> dict[str, Any]:
    attributes = {name: {"label": name, "column": name, "type": kind} for name, kind in columns.items()}
    return {"label": "Dimension", "key_attribute": next(iter(columns)), "attributes": attributes}


SPEC = {
    "fact_table": "facts",
    "dimensions": {
        "phase": dimension(id="string", name="string"),
        "year": dimension(year="integer"),
        "money": dimension(code="string"),
        "body": dimension(body="string"),
    },
    "measures": {"amount": {"label": "Amount", "column": "amount", "type": "number", "aggregates": list(FUNCTIONS)}},
}


@pytest.fixture(scope="module")
def model() -> CubeModel:
    return from_spec(SPEC)


def exclusive(ref: str, key: str, kind: str, *values: str | None, told_by: tuple[str, ...] = ()) -> Exclusive:
    members = tuple(Member(one, None, 10) for one in values)
    found = Default(values[0], "It has the most facts.")
    return Exclusive(ref, key, None, kind, "", len(values), members, (key, *told_by), found)


PHASE = exclusive("phase", "phase.id", "phase", "approved", "executed", None, told_by=("phase.name",))
MONEY = exclusive("money", "money.code", "currency", "EUR", "JPY")


def query(drilldown: str = "", cut: str = "", aggregates: str = "") -> AggregateQuery:
    return AggregateQuery(
        parse_refs(drilldown) if drilldown else (),
        parse_refs(aggregates) if aggregates else (),
        parse_cuts(cut) if cut else (),
    )


@pytest.mark.parametrize(
    ("cut", "known", "left"),
    [
        ('phase:"approved"', {"phase.id": "approved"}, True),
        ('phase:"approved"', {"phase.id": "executed"}, False),
        ('phase:"approved"', {"phase.id": None}, False),
        ('phase:"approved"', {"phase.id": GIVEN}, True),
        ('phase:"approved"', {"phase.id": Given(frozenset({"approved"}))}, False),
        ("phase:null", {"phase.id": None}, True),
        ("phase:null", {"phase.id": GIVEN}, False),
        ("phase!:null", {"phase.id": None}, False),
        ("phase!:null", {"phase.id": GIVEN}, True),
        ('phase!:"approved"', {"phase.id": None}, True),
        ('phase!:"approved"', {"phase.id": "approved"}, False),
        ('body:"a"', {"phase.id": "approved"}, True),
        ('any(phase:"approved"|body:"a")', {"phase.id": "executed"}, True),
        ('any(phase:"approved"|phase:null)', {"phase.id": "executed"}, False),
        ('any(all(phase:"approved"|body:"a")|phase:null)', {"phase.id": "executed"}, False),
        ('not(any(phase:"approved"|body:"a"))', {"phase.id": "approved"}, False),
        ('not(all(phase:"approved"|body:"a"))', {"phase.id": "approved"}, True),
        ('phase~:"appr"', {"phase.id": "executed"}, True),
        ('phase~:"appr"', {"phase.id": None}, False),
        ("year:2024", {"year.year": 2024}, True),
        ("year:2024", {"year.year": 2023}, False),
        ('year:"2024"', {"year.year": 2024}, True),
        ("year:2020..2022", {"year.year": 2023}, False),
        ("year:..2023", {"year.year": 2023}, True),
        ("year<:2023", {"year.year": 2023}, False),
        ("year<=:2023", {"year.year": 2023}, True),
        ("year>=:2024", {"year.year": 2023}, False),
        ("year>:2022", {"year.year": None}, False),
        ("body:2024-05-01", {"body.body": Days("2024-01-01", "2024-12-31")}, True),
        ("body:2024-05-01", {"body.body": Days("2023-01-01", "2023-12-31")}, False),
        ("body>:2023-12-31", {"body.body": Days("2024-01-01", "2024-12-31")}, True),
        ("body<:2023-12-31", {"body.body": Days("2024-01-01", "2024-12-31")}, False),
        ("body:2024-03-01..2024-04-01", {"body.body": Days("2024-01-01", "2024-12-31")}, True),
        ("not(body:2024-01-01..2024-12-31)", {"body.body": Days("2024-01-01", "2024-12-31")}, False),
    ],
    ids=str,
)
def test_a_member_is_left_unless_the_cuts_exclude_it(
    cut: str, known: dict[str, object], left: bool, model: CubeModel
) -> None:
    assert Cuts(parse_cuts(cut), model).may_leave(known) is left


def test_nothing_is_known_nothing_is_said(model: CubeModel) -> None:
    assert judged(query(), NO_ROLES, model) == ()


def test_all_that_mixes_is_told_at_once_with_the_default_first(model: CubeModel) -> None:
    with pytest.raises(Mixed) as caught:
        judged(query(aggregates="amount.sum"), Roles(exclusive=(PHASE, MONEY)), model)

    assert [(one["ref"], one["kind"], one["members"]) for one in caught.value.mixed] == [
        ("phase", "phase", 3),
        ("money", "currency", 2),
    ]
    assert [one["cut"] for one in caught.value.mixed[0]["choices"]] == [
        'phase.id:"approved"',
        'phase.id:"executed"',
        "phase.id:null",
    ]
    assert caught.value.choices[0] == 'cut=phase.id:"approved"'
    assert caught.value.choices[-3:] == ("drilldown=phase.id", "drilldown=money.code", "allow=mixed")
    assert "the missing member" in str(caught.value)


@pytest.mark.parametrize(
    ("aggregates", "refused"),
    [
        ("_count", []),
        ("amount.count", []),
        ("amount.min|amount.max", ["currency"]),
        ("amount.avg", ["phase", "currency"]),
    ],
)
def test_each_function_is_guarded_for_what_it_can_mix(aggregates: str, refused: list[str], model: CubeModel) -> None:
    stamps = judged(query(aggregates=aggregates), Roles(exclusive=(PHASE, MONEY)), model, allow_mixed=True)

    assert [one.code for one in stamps] == [f"mixed-{one}" for one in refused]


def test_what_tells_the_member_resolves_it(model: CubeModel) -> None:
    roles = Roles(exclusive=(PHASE,))

    assert not [one for one in judged(query("phase.name"), roles, model) if one.where == "cells"]
    assert judged(query(cut='phase.name:"Plan"'), roles, model) == ()
    with pytest.raises(Mixed):
        judged(query(cut='phase.name:"Plan";"Ist"'), roles, model)


def test_the_facts_are_asked_only_where_the_query_does_not_tell(model: CubeModel) -> None:
    asked: list[tuple[str, ...]] = []

    def cells(groupings: Any) -> list[int]:
        asked.extend(tuple(one) for one in groupings)
        return [1 for _ in groupings]

    roles = Roles(exclusive=(PHASE,))
    assert judged(query(cut='phase:"approved"'), roles, model, cells=cells) == ()
    with pytest.raises(Mixed):
        judged(query(), roles, model, cells=cells)
    assert asked == []
    assert judged(query(cut="year:2024"), roles, model, cells=cells) == ()
    assert asked == [("phase.id",)]


def test_a_ref_that_does_not_exist_is_no_mix(model: CubeModel) -> None:
    with pytest.raises(BadQuery, match="nothing"):
        judged(query("nothing"), Roles(exclusive=(PHASE,)), model)
