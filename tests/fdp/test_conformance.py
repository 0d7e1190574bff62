"""What Data Package and Table Schema ask for is checked all at once, each finding with its place and a fix."""

from __future__ import annotations

from typing import Any

import pytest

from openspending.fdp.conformance import check
from openspending.fdp.problems import Problem
from openspending.fdp.versions import package_of

FIELDS = [
    {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
    {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
]


def problems(*more: dict[str, Any], **resource: Any) -> list[Problem]:
    schema = {"fields": [*FIELDS, *more]} | resource.pop("schema", {})
    package, found = package_of(
        {"name": "p", "resources": [{"name": "r", "path": "a.csv", "schema": schema} | resource]}
    )
    assert package is not None
    assert found == []
    return [one for one in check(package) if one.code != "fiscal/unused-column"]


def test_a_good_package_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize("path", ["../a.csv", "/etc/passwd", "s3://b/a.csv", ["a.csv", "http://h/b.csv"], "a/%2e%2e/b"])
def test_unsafe_paths_are_errors(path: Any) -> None:
    [found] = problems(path=path)
    assert (found.code, found.severity, found.pointer, found.resource) == (
        "scheme-error",
        "error",
        "/resources/0/path",
        "r",
    )


def test_resources_of_one_name_are_refused_whatever_their_case() -> None:
    resource = {"path": "a.csv", "schema": {"fields": FIELDS}}
    package, _ = package_of({"name": "p", "resources": [{"name": "R", **resource}, {"name": "r", **resource}]})
    assert package is not None
    assert [one.code for one in check(package)] == ["fiscal/duplicate-resource"]


def test_repeated_columns_matter_when_the_model_uses_them() -> None:
    assert [one.code for one in problems({"name": "x"}, {"name": "x"})] == ["fiscal/repeated-column"]
    assert "fiscal/duplicate-field" in [one.code for one in problems(FIELDS[0])]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"type": "money"}, "fiscal/unknown-type"),
        ({"type": "string", "constraints": {"minimum": 1}}, "fiscal/constraint-unknown"),
        ({"type": "integer", "constraints": {"pattern": "a"}}, "fiscal/constraint-unknown"),
        ({"type": "boolean", "constraints": {"unique": True}}, "fiscal/constraint-unknown"),
        ({"type": "string", "constraints": {"pattern": "("}}, "fiscal/constraint-invalid"),
        ({"type": "string", "constraints": {"enum": []}}, "fiscal/constraint-invalid"),
        ({"type": "integer", "constraints": {"enum": [1, "x"]}}, "fiscal/constraint-invalid"),
        ({"type": "date", "constraints": {"maximum": "soon"}}, "fiscal/constraint-invalid"),
        ({"type": "string", "constraints": {"minLength": -1}}, "fiscal/constraint-invalid"),
        ({"type": "string", "constraints": {"required": "yes"}}, "fiscal/constraint-invalid"),
    ],
)
def test_fields_are_checked(field: dict[str, Any], code: str) -> None:
    [found] = problems({"name": "x", **field})
    assert (found.code, found.field) == (code, "x")
    assert found.pointer is not None
    assert found.pointer.startswith("/resources/0/schema/fields/2")


def test_constraints_are_read_as_the_field_is_written() -> None:
    number = {
        "name": "x",
        "type": "number",
        "decimalChar": ",",
        "groupChar": ".",
        "constraints": {"minimum": "1.000,5"},
    }
    assert problems(number) == []
    date = {"name": "x", "type": "date", "format": "%d.%m.%Y", "constraints": {"minimum": "31.12.2014"}}
    assert problems(date) == []


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"primaryKey": ["year", "id"]}, "fiscal/key-field"),
        ({"foreignKeys": [{"fields": "x", "reference": {"resource": "", "fields": "year"}}]}, "fiscal/key-field"),
        ({"foreignKeys": [{"fields": "year", "reference": {"resource": "", "fields": "x"}}]}, "fiscal/key-field"),
        (
            {"foreignKeys": [{"fields": "year", "reference": {"resource": "gone", "fields": "x"}}]},
            "fiscal/foreign-key-resource",
        ),
        (
            {"foreignKeys": [{"fields": ["year"], "reference": {"fields": ["year", "amount"]}}]},
            "fiscal/foreign-key-length",
        ),
    ],
)
def test_keys_are_checked(schema: dict[str, Any], code: str) -> None:
    assert [one.code for one in problems(schema=schema)] == [code]


def test_everything_is_reported_at_once() -> None:
    found = problems(
        {"name": "x", "type": "money"},
        {"name": "y", "type": "string", "constraints": {"pattern": "("}},
        path="../a",
        schema={"primaryKey": "z"},
    )
    assert len([one for one in found if one.severity == "error"]) == 4
    assert all(one.message and one.fix and "{" not in one.message + one.fix for one in found)


@pytest.mark.parametrize(
    "marks",
    [
        {"decimalChar": "1"},
        {"decimalChar": "-"},
        {"groupChar": "e"},
        {"groupChar": "."},
        {"decimalChar": ",", "groupChar": ","},
    ],
)
def test_marks_that_could_be_read_in_two_ways_are_refused(marks: dict[str, str]) -> None:
    [found] = problems({"name": "other", "type": "number", **marks})
    assert (found.code, found.severity, found.field) == ("fiscal/number-mark", "error", "other")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "total"}, "no condition"),
        ({"part": 1}, "no condition"),
        ({"empty": ["town"]}, "“town”"),
        ({"where": {"town": ["x"]}}, "“town”"),
        ({"where": {"year": []}}, "no text"),
        ({"rows": [[1, 2]], "part": 2}, "part 2"),
    ],
)
def test_a_rule_for_rows_to_leave_out_must_make_sense(rule: dict[str, Any], words: str) -> None:
    [found] = problems(leaveOut=[{"rows": [[9, 9]]}, rule])

    assert (found.code, found.severity, found.pointer) == ("fiscal/leave-out", "error", "/resources/0/leaveOut/1")
    assert "Rule 2" in found.message
    assert words in found.message


def test_an_unknown_kind_of_rows_to_leave_out_is_only_told() -> None:
    [found] = problems(leaveOut=[{"kind": "footer", "rows": [[9, 9]]}])

    assert (found.code, found.severity) == ("fiscal/leave-out-kind", "warning")


def test_an_amount_may_not_be_filled_from_above() -> None:
    [found] = problems({"name": "more", "type": "number", "columnType": "value", "currency": "EUR", "fillDown": True})

    assert (found.code, found.severity, found.field) == ("fiscal/fill-down", "error", "more")
    assert found.pointer == "/resources/0/schema/fields/2/fillDown"
    assert problems({"name": "text", "type": "string", "fillDown": True}) == []


def test_an_amount_of_a_model_may_not_be_filled_from_above() -> None:
    fields = [{"name": "a", "type": "number", "fillDown": True}, {"name": "y", "type": "integer"}]
    year = {"dimensionType": "datetime", "attributes": {"y": {"source": "y"}}, "primaryKey": "y"}
    model = {"measures": {"a": {"source": "a", "currency": "EUR"}}, "dimensions": {"date": year}}
    resource = {"name": "r", "path": "a.csv", "schema": {"fields": fields}}
    package, _ = package_of({"name": "p", "resources": [resource], "model": model})

    assert package is not None
    assert [one.code for one in check(package) if one.severity == "error"] == ["fiscal/fill-down"]


def test_only_known_forms_of_negative_numbers_are_taken() -> None:
    known = {"name": "more", "type": "number", "negative": ["parentheses", "trailing", "dash"]}
    [found] = problems(known, {"name": "other", "type": "number", "negative": ["dash", "brackets"]})

    assert (found.code, found.severity, found.field) == ("fiscal/negative-form", "error", "other")
    assert "“brackets”" in found.message
