"""Descriptors that publishers really wrote: good ones are read without an error, others refused for a true reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openspending.fdp.conformance import check
from openspending.fdp.model import Model
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.problems import Problem
from openspending.fdp.versions import read_package, write_descriptor

DATA = Path(__file__).parent / "data"
GOOD = sorted((DATA / "descriptors").glob("*.json"))
COLUMNS = json.loads((DATA / "fdp03-columns.json").read_text("utf-8"))


def read(path: Path) -> tuple[Package, list[Problem]]:
    package, problems = read_package(path.read_bytes())
    assert package is not None
    return package, [*problems, *check(package)]


def model(name: str) -> Model:
    found, problems = model_of(read(DATA / f"descriptors/{name}.json")[0])
    assert found is not None, problems
    return found


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_real_packages_are_read_without_an_error(path: Path) -> None:
    package, problems = read(path)
    assert [one for one in problems if one.severity == "error"] == []
    again = read_package(write_descriptor(package.raw))[0]
    assert again == package


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_model_survives_json(path: Path) -> None:
    found = model(path.stem)
    assert Model.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        # six descriptors of gobble's tests carry the resource properties of 0.2 and no model at all
        ("gobble-invalid", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-no-mapping-amount", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-no-mapping-id", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-no-openspending", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-no-owner", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-no-title-no-model", {"fiscal/dialect-0.2"}),
        ("gobble-invalid-only-name", {"fiscal/dialect-0.2"}),
        # its model is two empty objects, which only the published profile calls valid
        ("gobble-valid-usd-example", {"fiscal/no-measure"}),
        # a mapping of the first drafts, from “amount” straight to “cra/amount”
        ("uk-cra-early-draft", {"fiscal/dialect-0.2"}),
        ("cpi-plain-data-package", {"fiscal/no-model"}),
        # an intermediate product: its model names columns of tables that are in other packages
        ("croatia-star-facts", {"fiscal/unknown-source"}),
        ("croatia-activity-list", {"fiscal/no-measure"}),
    ],
)
def test_other_packages_are_refused_for_a_true_reason(name: str, codes: set[str]) -> None:
    problems = read(DATA / f"refused/{name}.json")[1]
    assert {one.code for one in problems if one.severity == "error"} == codes


@pytest.mark.parametrize(("name", "descriptor"), [("md", "boost-moldova-2014"), ("uk", "uk-cra")])
def test_columns_of_old_packages_keep_their_names_and_types(name: str, descriptor: str) -> None:
    found = model(descriptor)
    assert {one.name: one.column for one in found.measures} == COLUMNS[name]["measures"]
    attributes = {
        f"{one.name}.{each.name}": [each.column, each.type] for one in found.dimensions for each in one.attributes
    }
    for ref, expected in COLUMNS[name]["attributes"].items():
        assert attributes[ref] == expected


def test_factors_of_moldova_are_read_exactly() -> None:
    measures = {one.name: one for one in model("boost-moldova-2014").measures}
    assert [str(measures[one].factor) for one in ("approved", "adjusted", "executed")] == ["1000", "1", "100"]
    assert {one.currency for one in measures.values()} == {"MDL"}
    assert [one.phase for one in measures.values()] == ["approved", "adjusted", "executed"]


def test_codes_unique_inside_their_parent_only_are_marked() -> None:
    partial = {
        attribute.name: attribute.parent
        for dimension in model("boost-moldova-2014").dimensions
        for attribute in dimension.attributes
        if attribute.partial
    }
    assert partial == {"admin2_code": "admin1", "func2_code": "func1_code", "admin4_code": "admin3_code"}


def test_codes_typed_as_integer_stay_text_with_one_warning_for_each_field() -> None:
    package, problems = read(DATA / "descriptors/madrid-gastos.json")
    warned = [one.field for one in problems if one.code == "fiscal/code-typed-integer"]
    assert warned == ["CENTRO", "SECCION", "PROGRAMA", "CAPITULO", "ECONOMICO"]
    found = model_of(package)[0]
    assert found is not None
    types = {each.name: each.type for one in found.dimensions for each in one.attributes}
    assert types["CENTRO"] == "string"
    assert types["year"] == "integer"
    assert found.measures[0].column == "importe"


def test_the_yearly_copies_of_croatia_are_not_counted_again() -> None:
    package, problems = read(DATA / "descriptors/croatia-by-year.json")
    found = model_of(package)[0]
    assert found is not None
    assert found.version == "1.0"
    assert found.fact_resources == ("croatia-budget-plan-2016-2018",)
    assert [one.currency for one in found.measures] == ["HRK"]
    assert len([one for one in problems if one.code == "fiscal/unused-resource"]) == 3
    activity = found.dimensions[1]
    assert activity.key == ("activity1_code", "activity2_code", "activity3_code")
    labels = {one.name: one.label_of for one in activity.attributes if one.label_of}
    assert labels == {f"activity{n}_label": f"activity{n}_code" for n in (1, 2, 3)}


def test_old_types_beside_a_model_leave_the_model_in_charge() -> None:
    found = model("mexico-2015-sample")
    assert found.version == "0.3"
    assert [one.name for one in found.measures] == [
        "Aprobado",
        "Modificado",
        "Devengado",
        "Pagado",
        "Adefas",
        "Ejercicio",
    ]


def test_one_column_in_two_dimensions_is_one_column_of_the_facts() -> None:
    columns = {
        f"{one.name}.{each.name}": each.column for one in model("eu-absorption").dimensions for each in one.attributes
    }
    assert columns["date.year"] == columns["fund.fund"] == "year"
