"""The cube model: reading, refs, output, validation."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from openspending.analytics.cubemodel import Attribute, Column, CubeModel, Join, cardinality_class, from_spec
from openspending.analytics.cubevalidation import validate
from openspending.errors import BrokenCube

RECORDED = json.loads((Path(__file__).parents[1] / "read_api" / "data" / "read-api-cases.json").read_text("utf-8"))
FACTS = RECORDED["model_facts"]


def dimension(label: str, column: str, **further: Any) -> dict[str, Any]:
    attributes = {"key": {"label": "Key", "column": column, "type": "string"}}
    return {"label": label, "key_attribute": "key", "attributes": attributes, **further}


SIMPLE: dict[str, Any] = {
    "fact_table": "simple",
    "dimensions": {
        "foo": dimension("Foo", "foo_key", label_attribute="key"),
        "bar": dimension("Bar", "bar_key"),
        "baz": dimension("Baz", "bar_key"),
        "waz": dimension("Waz", "bar_key"),
    },
    "measures": {"amount": {"label": "Amount in USD", "column": "amount", "type": "integer"}},
    "hierarchies": {"bazwaz": {"label": "BazWaz", "levels": ["baz", "waz"]}},
}


@pytest.fixture
def simple() -> CubeModel:
    return from_spec(SIMPLE)


# ── the recorded facts ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_simple_model_has_the_recorded_concepts(simple: CubeModel) -> None:
    assert len(list(simple.concepts())) == FACTS["concepts"]
    assert len(simple.aggregates) == FACTS["aggregates"]
    assert len(simple.hierarchies) == FACTS["hierarchies"]
    for ref, count in FACTS["match"].items():
        assert (simple.find(ref) is not None) == bool(count)
    assert all(simple.find(ref) is not None for ref in FACTS["contains"])
    assert all(simple.find(ref) is None for ref in FACTS["not_contains"])


def test_an_alias_means_the_first_level_that_has_the_attribute(simple: CubeModel) -> None:
    for ref, alias in FACTS["alias"].items():
        assert simple.find(alias) is simple.find(ref)


def test_the_bare_name_of_a_hierarchy_means_nothing(simple: CubeModel) -> None:
    assert simple.find("bazwaz") is None


def test_a_dimension_wins_over_a_hierarchy_of_the_same_name() -> None:
    spec = copy.deepcopy(SIMPLE)
    spec["hierarchies"] = {"waz": {"label": "Waz", "levels": ["baz", "waz"]}}
    found = from_spec(spec).find("waz.key")
    assert isinstance(found, Attribute)
    assert found.ref == "waz.key"


def test_it_is_shown_as_recorded(simple: CubeModel) -> None:
    case = next(one for one in RECORDED["cases"] if one["id"] == "model-simple")
    assert simple.to_json() == case["expected"]["body"]["model"]


@pytest.mark.parametrize(
    ("count", "expected"),
    [(None, None), (0, "tiny"), (7, "tiny"), (8, "low"), (50, "low"), (51, "medium"), (1000, "medium"), (1001, "high")],
)
def test_dimensions_are_classed_by_their_number_of_members(count: int | None, expected: str | None) -> None:
    assert cardinality_class(count) == expected


# ── reading and showing ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_join_is_a_column_or_a_pair_of_columns() -> None:
    spec = copy.deepcopy(SIMPLE)
    spec["dimensions"] = {
        "one": dimension("One", "t_one.code", join_column="one_code"),
        "two": dimension("Two", "t_two.code", join_column=["two_id", "id"]),
    }
    model = from_spec(spec)
    assert model.joins == (Join("t_one", "one_code", "code"), Join("t_two", "two_id", "id"))
    assert model.dimensions["one"].key.column == Column("t_one", "code")


def test_the_physical_column_is_used_and_never_shown() -> None:
    spec = copy.deepcopy(SIMPLE)
    key = {"label": "Key", "column": "star_4.key", "fact_column": "f_key", "type": "string"}
    spec["dimensions"]["foo"] = {"label": "Foo", "key_attribute": "key", "attributes": {"key": key}}
    spec["measures"]["amount"]["fact_column"] = "f_amount"
    model = from_spec(spec)
    assert model.joins == ()
    assert model.dimensions["foo"].key.column == Column(None, "f_key")
    shown = model.to_json()
    assert shown["dimensions"]["foo"]["attributes"]["key"]["column"] == "star_4.key"
    assert "fact_column" not in json.dumps(shown)


def test_cardinalities_change_the_class_and_nothing_else(simple: CubeModel) -> None:
    shown = simple.with_cardinalities({"foo": 60}).to_json()
    assert shown["dimensions"]["foo"].pop("cardinality") == 60
    assert shown["dimensions"]["foo"]["cardinality_class"] == "medium"
    shown["dimensions"]["foo"]["cardinality_class"] = None
    assert shown == simple.to_json()


def test_further_keys_are_passed_through() -> None:
    spec = copy.deepcopy(SIMPLE)
    spec["measures"]["amount"] |= {"currency": "EUR", "orig_measure": "Amount"}
    spec["note"] = 1
    shown = from_spec(spec).to_json()
    assert shown["measures"]["amount"]["currency"] == "EUR"
    assert shown["note"] == 1


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"fact_table": "t", "measures": {"m": {}}},
        {"fact_table": "t", "dimensions": {"d": {"attributes": {}}}},
        {"fact_table": "t", "dimensions": {"d": dimension("D", "t2.c")}},
        {"fact_table": "t", "dimensions": []},
    ],
)
def test_a_model_that_no_query_could_use_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(BrokenCube):
        from_spec(spec)


# ── validation ───────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**copy.deepcopy(SIMPLE), **changes}.items() if value is not None}


def measure(**changes: Any) -> dict[str, Any]:
    whole = {"label": "Amount", "column": "amount", **changes}
    return changed(measures={"amount": {key: value for key, value in whole.items() if value is not None}})


def one_dimension(name: str = "foo", **changes: Any) -> dict[str, Any]:
    whole = {**dimension("Foo", "foo_key"), **changes}
    return changed(hierarchies={}, dimensions={name: {key: value for key, value in whole.items() if value is not None}})


INVALID = {
    'fact_table "b...."': changed(fact_table="b...."),
    "no fact_table": changed(fact_table=None),
    'dimension named "goo fdj."': one_dimension("goo fdj."),
    'measure named "goo fdj."': changed(measures={"goo fdj.": {"label": "Bar", "column": "bar"}}),
    "no measures": changed(measures={}),
    "measure without label/column": changed(measures={"bar": {}}),
    'aggregates "schnasel" (not a list)': measure(aggregates="schnasel"),
    "dimension without attributes": one_dimension(attributes={}),
    "dimension without key_attribute": one_dimension(key_attribute=None),
    "key_attribute not among attributes": one_dimension(key_attribute="lala"),
    "label_attribute not among attributes": one_dimension(label_attribute="lala"),
}
FURTHER = {
    "not an object": [],
    "measures not an object": changed(measures=[1]),
    "unknown function": measure(aggregates=["median"]),
    "label of one character": measure(label="A"),
    "column not a text": measure(column=5),
    "description too long": one_dimension(description="x" * 1001),
    "one-letter name": one_dimension("x"),
    "level that is no dimension": changed(hierarchies={"hh": {"label": "HH", "levels": ["nix"]}}),
    "dimension in two hierarchies": changed(
        hierarchies={name: {"label": "HH", "levels": ["foo"]} for name in ("h1", "h2")}
    ),
}


def test_every_recorded_invalid_model_is_here() -> None:
    assert set(INVALID) == set(RECORDED["validation_facts"]["invalid"])


@pytest.mark.parametrize("name", [*INVALID, *FURTHER])
def test_an_invalid_model_is_told_why(name: str) -> None:
    assert len(validate({**INVALID, **FURTHER}[name])) >= 1


@pytest.mark.parametrize("spec", [SIMPLE, measure(aggregates=["count"])], ids=["simple_model", "count"])
def test_a_valid_model_has_no_faults(spec: dict[str, Any]) -> None:
    assert validate(spec) == []
