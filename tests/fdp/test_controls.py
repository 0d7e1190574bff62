"""Control totals are read leniently: each that cannot be used says why and what could stand there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openspending.fdp.conformance import check
from openspending.fdp.controls import Control, read_controls
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.problems import Problem
from openspending.fdp.versions import package_of

FIELDS = [
    {"name": "Fiscal year", "type": "integer", "columnType": "date:fiscal-year"},
    {"name": "chapter", "type": "string", "columnType": "functional-classification:generic:level1:code"},
    {"name": "name", "type": "string", "columnType": "functional-classification:generic:level1:label"},
    {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
]


def package(controls: Any, *more: dict[str, Any]) -> Package:
    resource = {"name": "lines", "path": "lines.csv", "schema": {"fields": [*FIELDS, *more]}}
    found, problems = package_of({"name": "p", "resources": [resource], "controls": controls})
    assert found is not None
    assert problems == []
    return found


def read(controls: Any, *more: dict[str, Any]) -> tuple[tuple[Control, ...], list[Problem]]:
    given = package(controls, *more)
    model, _ = model_of(given)
    assert model is not None
    return read_controls(given, model)


def test_a_control_is_read_with_what_may_be_left_out() -> None:
    (control,), problems = read([{"equals": "812345678900.00"}])
    assert problems == []
    assert (control.measure.name, control.where, control.source) == ("amount", (), None)
    assert (control.equals, control.tolerance, control.title) == (
        Decimal("812345678900.00"),
        Decimal(0),
        "Sum of amount",
    )


@pytest.mark.parametrize("equals", ["12.50", Decimal("12.50"), 12, "-12", "+1e3"])
def test_amounts_are_decimals_as_text_or_number(equals: Any) -> None:
    (control,), problems = read([{"equals": equals, "tolerance": "0.5"}])
    assert (problems, control.equals, control.tolerance) == ([], Decimal(equals), Decimal("0.5"))


@pytest.mark.parametrize(
    "name", ["functional-classification.chapter", "chapter.chapter", "chapter", "functional-classification"]
)
def test_a_column_is_named_by_its_ref_its_field_its_fact_column_or_its_dimension(name: str) -> None:
    (control,), problems = read([{"equals": 1, "where": {name: "01"}}])
    assert problems == []
    assert [(one.column, one.values) for one in control.where] == [("chapter", ("01",))]


def test_a_field_with_spaces_is_found_by_its_own_name_and_by_its_fact_column() -> None:
    (control,), _ = read([{"equals": 1, "where": {"Fiscal year": 2025, "Fiscal_year": [2025, None]}}])
    assert [(one.column, one.values) for one in control.where] == [
        ("Fiscal_year", ("2025",)),
        ("Fiscal_year", ("2025", None)),
    ]


@pytest.mark.parametrize(
    ("control", "code", "pointer", "said"),
    [
        ({}, "fiscal/control-amount", "/controls/0/equals", "missing"),
        ({"equals": "1,000"}, "fiscal/control-amount", "/controls/0/equals", "no decimal"),
        ({"equals": True}, "fiscal/control-amount", "/controls/0/equals", "true or false"),
        ({"equals": "1e999999999"}, "fiscal/control-amount", "/controls/0/equals", "38 digits"),
        ({"equals": "1e-99"}, "fiscal/control-amount", "/controls/0/equals", "38 digits"),
        ({"equals": 1, "tolerance": "-1"}, "fiscal/control-amount", "/controls/0/tolerance", "negative"),
        ({"equals": 1, "measure": "sum"}, "fiscal/control-measure", "/controls/0/measure", "amount"),
        ({"equals": 1, "where": {"chaptr": "1"}}, "fiscal/control-column", "/controls/0/where/chaptr", "chapter"),
        ({"equals": 1, "where": {"amount": "1"}}, "fiscal/control-column", "/controls/0/where/amount", "chapter"),
        ({"equals": 1, "where": {"chapter": []}}, "fiscal/control-value", "/controls/0/where/chapter", "empty list"),
        ({"equals": 1, "where": {"chapter": [{}]}}, "fiscal/control-value", "/controls/0/where/chapter", "an object"),
        ({"equals": 1, "wher": {"chapter": "1"}}, "fiscal/control-key", "/controls/0/wher", "where"),
        ({"equals": 1, "where": "chapter"}, "fiscal/wrong-type", "/controls/0/where", "an object"),
        ("1", "fiscal/wrong-type", "/controls/0", "an object"),
    ],
)
def test_a_control_that_cannot_be_used_is_an_error_with_its_place_and_the_choices(
    control: Any, code: str, pointer: str, said: str
) -> None:
    (found,) = [one for one in check(package([control])) if one.severity == "error"]
    assert (found.code, found.pointer) == (code, pointer)
    assert said in found.message + found.fix


def test_with_several_measures_one_has_to_be_named() -> None:
    other = {"name": "paid", "type": "number", "columnType": "value", "currency": "EUR"}
    (control,), (found,) = read([{"equals": 1}, {"equals": 1, "measure": "paid"}], other)
    assert control.measure.name == "paid"
    assert found.code == "fiscal/control-measure"
    assert "amount, paid" in found.fix


def test_a_name_of_two_columns_is_asked_back() -> None:
    twin = {"name": "Fiscal_year", "type": "string", "columnType": "administrative-classification:generic:code"}
    _, (found,) = read([{"equals": 1, "where": {"Fiscal_year": "2025"}}], twin)
    assert found.code == "fiscal/control-column"
    assert "several columns" in found.message
    assert "date.Fiscal_year" in found.fix


def test_all_mistakes_are_reported_at_once() -> None:
    found = check(package([{"equals": "x", "measure": "y", "where": {"z": {}}}, {"equals": None}]))
    assert [one.code for one in found if one.severity == "error"] == [
        "fiscal/control-amount",
        "fiscal/control-measure",
        "fiscal/control-column",
        "fiscal/control-value",
        "fiscal/control-amount",
    ]


def test_controls_that_are_no_list_are_an_error() -> None:
    assert "fiscal/wrong-type" in [one.code for one in check(package({"equals": 1}))]
