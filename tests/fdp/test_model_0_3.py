"""What a `model` of FDP 0.3 says, and every way it can be wrong."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from openspending.fdp.conformance import check
from openspending.fdp.model import Model
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.problems import Problem
from openspending.fdp.versions import package_of

BASE: dict[str, Any] = {
    "name": "p",
    "resources": [
        {
            "name": "budget",
            "path": "budget.csv",
            "schema": {
                "fields": [
                    {"name": "Amount", "type": "number"},
                    {"name": "year", "type": "integer"},
                    {"name": "code", "type": "string"},
                    {"name": "code label", "type": "string"},
                    {"name": "予算", "type": "string"},
                ]
            },
        },
        {"name": "other", "path": "other.csv", "schema": {"fields": [{"name": "x", "type": "string"}]}},
    ],
    "model": {
        "measures": {"amount": {"source": "Amount", "currency": "EUR", "factor": 1000}},
        "dimensions": {
            "date": {"attributes": {"year": {"source": "year"}}, "primaryKey": "year"},
            "what": {
                "dimensionType": "classification",
                "attributes": {
                    "code": {"source": "code"},
                    "label": {"source": "code label", "labelfor": "code"},
                    "version": {"constant": Decimal("2.10")},
                    "jp": {"source": "予算", "parent": "code"},
                },
                "primaryKey": ["code", "jp"],
            },
        },
    },
}


def changed(path: str, value: Any) -> Package:
    """BASE with the value at `path` (keys joined by “/”) replaced; None removes it."""
    raw = copy.deepcopy(BASE)
    *way, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    place: Any = raw
    for key in way:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    package, _ = package_of(raw)
    assert package is not None
    return package


def found(package: Package) -> list[Problem]:
    return [one for one in check(package) if one.code != "fiscal/unused-resource"]


def test_a_model_is_read_as_it_says() -> None:
    package, _ = package_of(BASE)
    assert package is not None
    model, problems = model_of(package)
    assert model is not None
    assert [one.code for one in problems] == ["fiscal/unused-resource"]
    [measure] = model.measures
    assert (measure.column, measure.factor, measure.resource) == ("amount", Decimal(1000), "budget")
    assert [one.column for one in model.dimensions[1].attributes] == ["code", "code_label", "what_version", "column_5"]
    version = model.dimensions[1].attributes[2]
    assert (version.source, version.constant) == (None, Decimal("2.10"))
    assert model.dimensions[0].attributes[0].type == "integer"
    assert Model.from_dict(json.loads(json.dumps(model.to_dict()))) == model


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        ("model/measures/amount/source", "Amoun", "fiscal/unknown-source", "/model/measures/amount/source"),
        ("model/measures/amount/source", None, "fiscal/wrong-type", "/model/measures/amount/source"),
        ("model/measures/amount/resource", "none", "fiscal/unknown-resource", "/model/measures/amount/resource"),
        ("model/measures/amount/currency", "eur", "fiscal/currency-form", "/model/measures/amount"),
        ("model/measures/amount/factor", 0, "fiscal/factor", "/model/measures/amount"),
        ("model/measures/amount/direction", "out", "fiscal/direction", "/model/measures/amount"),
        ("model/measures", {}, "fiscal/no-measure", ""),
        ("model/dimensions/what/primaryKey", "x", "fiscal/dimension-key", "/model/dimensions/what/primaryKey"),
        ("model/dimensions/what/attributes", {}, "fiscal/no-attribute", "/model/dimensions/what"),
        (
            "model/dimensions/what/attributes/label/labelfor",
            "x",
            "fiscal/attribute-target",
            "/model/dimensions/what/attributes/label/labelfor",
        ),
        (
            "model/dimensions/what/attributes/label/labelfor",
            "label",
            "fiscal/attribute-target",
            "/model/dimensions/what/attributes/label/labelfor",
        ),
        ("model/dimensions/what/attributes/code/parent", "jp", "fiscal/cycle", ""),
        (
            "model/dimensions/what/attributes/code",
            {},
            "fiscal/attribute-source",
            "/model/dimensions/what/attributes/code",
        ),
        (
            "resources/0/schema/fields/0/type",
            "string",
            "fiscal/measure-not-number",
            "/resources/0/schema/fields/0",
        ),
    ],
)
def test_a_model_that_is_wrong_says_where(path: str, value: Any, code: str, pointer: str) -> None:
    package = changed(path, value)
    errors = [(one.code, one.pointer) for one in found(package) if one.severity == "error"]
    assert (code, pointer) in errors
    assert model_of(package)[0] is None


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("model/dimensions/what/dimensionType", "thing", "fiscal/dimension-type"),
        ("model/dimensions/what/classificationType", "legal", "fiscal/dimension-type"),
        ("model/dimensions/what/primaryKey", None, "fiscal/dimension-no-key"),
        ("model/measures/amount/currency", None, "fiscal/no-currency"),
        ("model/measures/amount/phase", "late", "fiscal/phase"),
        ("model/dimensions/what/attributes/code/constant", "x", "fiscal/attribute-both"),
        ("resources/0/schema/fields/2/type", "integer", "fiscal/code-typed-integer"),
        ("model/dimensions/date", None, "fiscal/no-date"),
        ("granularity", "daily", "fiscal/package-property"),
        ("countryCode", ["Germany"], "fiscal/package-property"),
        ("fiscalPeriod", {"end": "2014-12-31"}, "fiscal/package-property"),
    ],
)
def test_what_loses_nothing_is_a_warning(path: str, value: Any, code: str) -> None:
    package = changed(path, value)
    assert code in {one.code for one in found(package)}
    assert not [one for one in found(package) if one.severity == "error"]


def test_an_attribute_elsewhere_needs_a_foreign_key() -> None:
    package = changed("model/dimensions/what/attributes/x", {"source": "x", "resource": "other"})
    assert {one.code for one in found(package) if one.severity == "error"} == {"fiscal/no-path-to-resource"}


def test_measures_of_two_resources_are_refused() -> None:
    package = changed("model/measures/second", {"source": "x", "resource": "other", "currency": "EUR"})
    assert "fiscal/measures-apart" in {one.code for one in found(package)}


def test_a_dimension_without_key_takes_what_is_no_label() -> None:
    model, _ = model_of(changed("model/dimensions/what/primaryKey", None))
    assert model is not None
    assert model.dimensions[1].key == ("code", "version", "jp")


def test_long_column_names_are_cut_and_kept_apart() -> None:
    fields = [{"name": f"{'x' * 40}{n}", "type": "number"} for n in range(2)]
    package, _ = package_of(
        {
            "name": "p",
            "resources": [{"name": "r", "path": "r.csv", "schema": {"fields": fields}}],
            "model": {"measures": {str(n): {"source": one["name"]} for n, one in enumerate(fields)}},
        }
    )
    assert package is not None
    model, _ = model_of(package)
    assert model is not None
    assert [one.column for one in model.measures] == ["x" * 30, "x" * 30 + "_2"]
