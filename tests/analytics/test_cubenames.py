"""Names of the cube: as the originals gave them, with what they lost kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.analytics.cubemodel import from_spec
from openspending.analytics.cubenames import cube_spec
from openspending.analytics.cubevalidation import validate
from openspending.fdp.model import Attribute, Dimension, Measure, Model
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.versions import read_package

HERE = Path(__file__).parent
PACKAGES = HERE.parent / "read_api" / "data"
CASES = json.loads((HERE / "data" / "cube-model-cases.json").read_text("utf-8"))
ADDED = {
    "measures": {"fact_column", "currency", "factor", "direction", "phase", "orig_measure"},
    "dimensions": {"orig_dimension"},
    "attributes": {"fact_column", "orig_attribute"},
}
EMPTY = Package("x", "1.0", None, (), {})


def without_additions(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Our model without the keys that we add where the original has none."""
    spec: dict[str, Any] = json.loads(json.dumps(ours))
    pairs = [(spec["measures"][one], theirs["measures"][one], "measures") for one in theirs["measures"]]
    for name, raw in theirs["dimensions"].items():
        mine = spec["dimensions"][name]
        pairs.append((mine, raw, "dimensions"))
        pairs += [(mine["attributes"][one], raw["attributes"][one], "attributes") for one in raw["attributes"]]
    for mine, raw, kind in pairs:
        for key in ADDED[kind] - set(raw):
            mine.pop(key, None)
    return spec


# ── FDP 0.3 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def spec_of(folder: str, owner: str) -> dict[str, Any]:
    package, _ = read_package((PACKAGES / folder / "datapackage.json").read_bytes())
    assert package is not None
    model, _ = model_of(package)
    assert model is not None
    return cube_spec(model, package, owner=owner, name=folder)


@pytest.mark.parametrize(
    ("number", "folder", "owner"),
    [(0, "boost-moldova", "example@example.com"), (1, "ukgov-finances-cra", "officer@data.gov.uk")],
)
def test_an_fdp_03_package_gets_the_names_of_babbage_fiscal(number: int, folder: str, owner: str) -> None:
    expected = CASES["fdp03_to_babbage"][number]["babbageModel"]
    ours = spec_of(folder, owner)
    # The original shows empty titles as they are, so that nothing has a name; we show the column instead.
    named = json.loads(json.dumps(expected))
    for raw in [*named["measures"].values(), *named["dimensions"].values()]:
        attributes = raw.get("attributes", {})
        for one in attributes.values():
            one["label"] = one["label"] or one["column"]
        key = attributes.get(raw.get("key_attribute"), raw)
        raw["label"] = raw["label"] or (key["label"] or key["column"])
    assert without_additions(ours, named) == named
    assert validate(ours) == []


def test_what_was_said_of_an_amount_is_kept() -> None:
    approved = spec_of("boost-moldova", "example@example.com")["measures"]["approved"]
    assert (approved["currency"], approved["factor"]) == ("MDL", 1000)
    assert (approved["phase"], approved["direction"]) == ("approved", "expenditure")


def attribute(name: str, **further: Any) -> Attribute:
    return Attribute(name, f"c_{name}", "r", name, **further)


def test_an_attribute_besides_several_keys_is_not_lost() -> None:
    where = Dimension("where", None, None, (attribute("a"), attribute("b"), attribute("note")), ("a", "b"))
    spec = cube_spec(Model("0.3", ("r",), (), (where,)), EMPTY, owner="o", name="n")
    assert list(spec["dimensions"]) == ["where_a", "where_b", "where_note"]
    assert spec["hierarchies"]["where"]["levels"] == ["where_a", "where_b"]


def test_names_differ_also_when_a_measure_has_the_name_already() -> None:
    what = Dimension("Amount", None, None, (attribute("a"),), ("a",))
    model = Model("0.3", ("r",), (Measure("amount", "m", "r", "amount"),), (what,))
    spec = cube_spec(model, EMPTY, owner="o", name="n")
    assert list(spec["measures"]) == ["amount"]
    assert list(spec["hierarchies"]) == ["amount_2"]
    assert list(spec["dimensions"]) == ["amount_3"]


def test_names_without_latin_letters_get_usable_ones() -> None:
    what = Dimension("機能", None, None, (attribute("款番号"), attribute("款名", label_of="款番号")), ("款番号",))
    model = Model("0.3", ("r",), (Measure("金額", "amount", "r", "金額"),), (what,))
    spec = cube_spec(model, EMPTY, owner="o", name="n")
    assert validate(spec) == []
    assert spec["dimensions"]["dimension_2"]["label"] == "款番号"
    assert spec["dimensions"]["dimension_2"]["label_attribute"] == "attribute_2"


# ── FDP 1.0 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def model_behind(case: Mapping[str, Any]) -> Model:
    """The Model that the recorded cube was made of: one dimension per concept, labels pointing at their codes."""
    recorded = case["babbageModel"]
    dimensions = []
    for concept, hierarchy in recorded["hierarchies"].items():
        attributes = []
        for level in hierarchy["levels"]:
            raw = recorded["dimensions"][level]
            for name, one in raw["attributes"].items():
                label_of = level if name != level else None
                attributes.append(Attribute(name, f"c_{name}", "r", one["label"], type=one["type"], label_of=label_of))
        name = re.sub("_(?=class|kind|line|id$)", "-", concept)
        dimensions.append(Dimension(name, None, None, tuple(attributes), tuple(hierarchy["levels"])))
    measures = tuple(Measure(name, f"c_{name}", "r", name, currency="EUR") for name in recorded["measures"])
    return Model("1.0", ("r",), measures, tuple(dimensions))


@pytest.mark.parametrize("case", CASES["source_spec_to_babbage"], ids=lambda case: case["dataset_id"])
def test_an_fdp_10_package_gets_the_names_of_dpp_fiscal(case: Mapping[str, Any]) -> None:
    owner, _, name = case["dataset_id"].partition(":")
    ours = cube_spec(model_behind(case), EMPTY, owner=owner, name=name)
    expected = case["babbageModel"]
    assert ours["fact_table"] == case["tables"][""]
    assert without_additions(ours, expected) == expected
    assert ours["measures"]["amount"]["currency"] == "EUR"


@pytest.mark.parametrize("case", CASES["source_spec_to_babbage"], ids=lambda case: case["dataset_id"])
def test_its_columns_are_those_of_the_wide_table(case: Mapping[str, Any]) -> None:
    owner, _, name = case["dataset_id"].partition(":")
    model = from_spec(cube_spec(model_behind(case), EMPTY, owner=owner, name=name))
    assert model.joins == ()
    attributes = [one for dimension in model.dimensions.values() for one in dimension.attributes]
    assert {one.column.name for one in attributes} == {f"c_{one.name}" for one in attributes}


def test_a_description_belongs_to_its_code() -> None:
    stem = "functional-classification:generic:level1"
    function = Dimension(
        "functional-classification",
        "classification",
        "functional",
        (
            attribute("note", column_type=f"{stem}:description"),
            attribute("code", column_type=f"{stem}:code"),
            attribute("label", column_type=f"{stem}:label", label_of="code"),
            attribute("other", column_type="functional-classification:generic:level2:description"),
        ),
        ("code",),
    )
    spec = cube_spec(Model("1.0", ("r",), (), (function,)), EMPTY, owner="o", name="n")
    assert {name: list(raw["attributes"]) for name, raw in spec["dimensions"].items()} == {
        "code": ["code", "label", "note"],
        "other": ["other"],
    }
    assert spec["dimensions"]["code"]["label_attribute"] == "label"
    assert spec["hierarchies"]["functional_classification"]["levels"] == ["code"]


def test_unknown_columns_stay_out_of_the_cube_but_keep_their_table_number() -> None:
    unknown = Dimension("unknown", None, None, (attribute("x"),), ("x",))
    value = Dimension("value-kind", None, None, (attribute("y"),), ("y",))
    spec = cube_spec(Model("1.0", ("r",), (), (unknown, value)), EMPTY, owner="o", name="n")
    assert list(spec["dimensions"]) == ["y"]
    assert spec["dimensions"]["y"]["attributes"]["y"]["column"].endswith("_1.y")


@pytest.mark.parametrize(("factor", "shown"), [("1", None), ("1000", 1000), ("0.01", "0.01")])
def test_a_factor_is_shown_exactly(factor: str, shown: int | str | None) -> None:
    measure = Measure("amount", "m", "r", "amount", factor=Decimal(factor))
    spec = cube_spec(Model("1.0", ("r",), (measure,), ()), EMPTY, owner="o", name="n")
    assert spec["measures"]["amount"].get("factor") == shown
