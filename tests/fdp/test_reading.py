"""Descriptors in every dialect are read into the same objects, and what deviates is a problem with a place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from openspending.fdp.package import UNSET, Package
from openspending.fdp.problems import Problem
from openspending.fdp.versions import read_package, write_descriptor


def read(descriptor: Any) -> tuple[Package, list[Problem]]:
    package, problems = read_package(json.dumps(descriptor).encode())
    assert package is not None, problems
    return package, problems


def with_resource(**resource: Any) -> dict[str, Any]:
    return {"name": "p", "resources": [{"name": "r", "path": "a.csv", **resource}]}


def with_field(**field: Any) -> dict[str, Any]:
    return with_resource(schema={"fields": [{"name": "f", **field}]})


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def test_numbers_come_back_digit_for_digit() -> None:
    text = (
        b'{"name": "p", "resources": [{"name": "r", "path": "a.csv", "x": [0.10, 1E+2, 12345678901234567890.5, -0.0]}]}'
    )
    package, problems = read_package(text)
    assert package is not None
    assert problems == []
    assert package.raw["resources"][0]["x"][0] == Decimal("0.10")
    written = write_descriptor(package.raw)
    assert b"0.10," in written
    again = read_package(written)[0]
    assert again is not None
    assert again.raw == package.raw
    assert write_descriptor(again.raw) == written


def test_a_number_of_five_thousand_digits_is_kept() -> None:
    digits = "7" * 5000
    package, _ = read_package(b'{"name": "p", "resources": [{"name": "r", "path": "a", "x": %s}]}' % digits.encode())
    assert package is not None
    assert digits.encode() in write_descriptor(package.raw)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"name": "p",\n "resources": [}', "line 2, column 16"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1e99999999999999999999}', "beyond any size"),
        (b"[" * 101 + b"]" * 101, "more than 100 levels"),
        (b"[" * 200_000, "more than 100 levels"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b"", "line 1, column 1"),
        (b" " * (10 * 1024 * 1024 + 1), "more than 10485760 are not read"),
    ],
)
def test_json_that_cannot_be_trusted_is_refused_with_its_reason(data: bytes, words: str) -> None:
    package, problems = read_package(data)
    assert package is None
    assert codes(problems) == ["fiscal/json-error"]
    assert words in problems[0].message


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_package(b"\xef\xbb\xbf" + json.dumps(with_resource()).encode())[1] == []


def test_a_key_with_two_values_is_an_error_and_with_two_equal_ones_a_warning() -> None:
    start = b'{"name": "p", "resources": [{"name": "r", "path": "a.csv"}], '
    assert [one.severity for one in read_package(start + b'"x": 1, "x": 2}')[1]] == ["error"]
    assert [one.severity for one in read_package(start + b'"x": 1, "x": 1}')[1]] == ["warning"]


@pytest.mark.parametrize("descriptor", [[], 1, None, "x", {}, {"resources": []}, {"resources": {}}])
def test_what_has_no_resources_is_no_package(descriptor: Any) -> None:
    package, problems = read_package(json.dumps(descriptor).encode())
    assert package is None
    assert any(one.severity == "error" for one in problems)


def test_a_field_without_type_is_any_and_keeps_the_defaults() -> None:
    field = read(with_field())[0].resources[0].schema.fields[0]
    assert (field.type, field.format, field.decimal_char, field.group_char) == ("any", "default", ".", None)
    assert field.constant is UNSET


def test_version_1_and_2_spellings_mean_the_same() -> None:
    schema = {
        "fields": [{"name": "a", "format": "fmt:%d.%m.%Y", "type": "date", "missingValues": ["-"]}, {"name": "b"}],
        "primaryKey": "a",
        "missingValues": [{"value": "", "label": "empty"}, "n/a"],
        "foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}],
    }
    found = read(with_resource(schema=schema, path=None, url="HTTP://example.org/a.csv"))[0].resources[0]
    assert found.paths == ("http://example.org/a.csv",)
    assert found.schema.primary_key == ("a",)
    assert found.schema.missing_values == ("", "n/a")
    assert found.schema.fields[0].format == "%d.%m.%Y"
    assert found.schema.fields[0].missing_values == ("-",)
    assert found.schema.foreign_keys[0].fields == ("b",)
    assert found.schema.foreign_keys[0].resource == ""


def test_foreign_keys_may_stand_on_the_resource_and_name_this_package() -> None:
    key = {"fields": "f", "reference": {"datapackage": "p", "resource": "other", "fields": ["code"]}}
    found, problems = read(with_field() | {"resources": [with_field()["resources"][0] | {"foreignKeys": [key]}]})
    assert found.resources[0].schema.foreign_keys[0].resource == "other"
    key["reference"] = {"datapackage": "elsewhere", "resource": "other", "fields": ["code"]}
    _, problems = read({"name": "p", "resources": [with_field()["resources"][0] | {"foreignKeys": [key]}]})
    assert codes(problems) == ["fiscal/foreign-key-resource"]
    assert problems[0].pointer == "/resources/0/foreignKeys/0/reference"


def test_a_currency_format_lets_symbols_stand_beside_the_number() -> None:
    field = read(with_field(type="number", format="currency"))[0].resources[0].schema.fields[0]
    assert (field.format, field.bare_number) == ("default", False)


def test_os_type_is_column_type_under_its_old_name() -> None:
    package, problems = read(with_field(osType="value", type="number"))
    assert package.resources[0].schema.fields[0].column_type == "value"
    assert package.version == "1.0"
    assert codes(problems) == ["fiscal/older-dialect"]


@pytest.mark.parametrize(
    ("descriptor", "version"),
    [
        (with_field(columnType="value"), "1.0"),
        (with_resource(schema={"fields": [], "extraFields": [{"name": "x", "constant": 1}]}), "1.0"),
        (with_field() | {"model": {"measures": {"m": {"source": "f"}}}}, "0.3"),
        (with_field() | {"mapping": {"measures": {"m": {"source": "f"}}}}, "0.3"),
        (with_field(osType="value") | {"model": {"measures": {"m": {"source": "f"}}}}, "0.3"),
        (with_field(columnType="value") | {"model": {"measures": {"m": {"source": "f"}}}}, "1.0"),
        (with_field(columnType="value") | {"model": {"measures": {"m": {"source": "untyped"}}}}, "0.3"),
        (with_resource(financialStatement="expenditure"), "0.2"),
        (with_field() | {"mapping": {"amount": {"source": "f"}}}, "0.2"),
        (with_field(), "none"),
    ],
)
def test_the_dialect_is_recognised(descriptor: dict[str, Any], version: str) -> None:
    assert read(descriptor)[0].version == version


@pytest.mark.parametrize(
    ("descriptor", "pointer"),
    [
        (with_field(type=5), "/resources/0/schema/fields/0/type"),
        (with_resource(schema={"fields": ["a"]}), "/resources/0/schema/fields/0"),
        (with_resource(schema={"fields": [{"name": 5}]}), "/resources/0/schema/fields/0/name"),
        (with_resource(schema="schema.json"), "/resources/0/schema"),
        (with_resource(dialect="dialect.json"), "/resources/0/dialect"),
        (with_resource(dialect={"header": "no"}), "/resources/0/dialect/header"),
        (with_resource(dialect={"quoteChar": "''"}), "/resources/0/dialect/quoteChar"),
        (with_resource(path=["a.csv", 5]), "/resources/0/path/1"),
        (with_field(missingValues=[5]), "/resources/0/schema/fields/0/missingValues/0"),
        (with_field() | {"model": []}, "/model"),
    ],
)
def test_a_wrong_type_is_an_error_with_its_pointer(descriptor: dict[str, Any], pointer: str) -> None:
    problems = read(descriptor)[1]
    assert [one.pointer for one in problems if one.severity == "error"] == [pointer]
    assert all(one.fix for one in problems)


def test_what_matters_little_is_only_a_warning() -> None:
    problems = read(with_resource(bytes="many", hash=5, title=[]) | {"name": 5})[1]
    assert problems
    assert {one.severity for one in problems} == {"warning"}


def test_a_resource_has_exactly_one_source() -> None:
    assert codes(read(with_resource(data=[]))[1]) == ["fiscal/resource-source"]
    assert codes(read({"name": "p", "resources": [{"name": "r"}]})[1]) == ["fiscal/resource-source"]


def test_positions_of_columns_survive_a_broken_field() -> None:
    package, _ = read(with_resource(schema={"fields": [{"name": "a"}, None, {"name": "c"}]}))
    assert [one.name for one in package.resources[0].schema.fields] == ["a", "field2", "c"]


def test_how_a_table_is_cut_out_of_a_workbook_is_read() -> None:
    dialect = {"sheetName": "Plan", "sheetNumber": 2, "property": "a.b", "itemType": "object", "headerFill": True}
    package, problems = read(with_resource(innerpath="x/a.xlsx", dialect=dialect))
    found = package.resources[0].dialect

    assert problems == []
    assert package.resources[0].innerpath == "x/a.xlsx"
    assert (found.sheet_name, found.sheet_number, found.property, found.item_type) == ("Plan", 2, "a.b", "object")
    assert found.header_fill


def test_how_cells_are_mended_is_read() -> None:
    said = {
        "negative": ["parentheses", "dash"],
        "trim": True,
        "replace": {"O1": "01", "?": None},
        "fillDown": True,
        "aliases": ["F", "g"],
    }
    package, problems = read(with_field(**said))
    field = package.resources[0].schema.fields[0]

    assert problems == []
    assert (field.negative, field.trim, field.fill_down) == (("parentheses", "dash"), True, True)
    assert (field.replace, field.aliases) == ({"O1": "01", "?": None}, ("F", "g"))
    plain = read(with_field())[0].resources[0].schema.fields[0]
    assert (plain.negative, plain.trim, plain.fill_down, plain.replace, plain.aliases) == ((), False, False, {}, ())


def test_rules_for_rows_to_leave_out_are_read() -> None:
    rules = [
        {"kind": "total", "reason": "why", "empty": ["a"], "where": {"b": ["x", "y"], "c": "z"}},
        {"rows": [[1, 3], [7, 7]], "part": 2},
    ]
    package, problems = read(with_resource(leaveOut=rules))
    first, second = package.resources[0].leave_out

    assert problems == []
    assert (first.kind, first.reason, first.empty) == ("total", "why", ("a",))
    assert (first.where, first.fields) == ({"b": ("x", "y"), "c": ("z",)}, ("a", "b", "c"))
    assert (second.kind, second.rows, second.part) == ("other", ((1, 3), (7, 7)), 2)
    assert package.raw["resources"][0]["leaveOut"] == rules


@pytest.mark.parametrize(
    ("descriptor", "pointer", "code"),
    [
        (with_resource(dialect={"sheetNumber": 0}), "/resources/0/dialect/sheetNumber", "fiscal/wrong-type"),
        (with_resource(dialect={"sheetNumber": "2"}), "/resources/0/dialect/sheetNumber", "fiscal/wrong-type"),
        (with_resource(dialect={"sheetName": 2}), "/resources/0/dialect/sheetName", "fiscal/wrong-type"),
        (with_resource(dialect={"headerFill": "yes"}), "/resources/0/dialect/headerFill", "fiscal/wrong-type"),
        (with_resource(innerpath=["a"]), "/resources/0/innerpath", "fiscal/wrong-type"),
        (with_resource(leaveOut={"rows": []}), "/resources/0/leaveOut", "fiscal/wrong-type"),
        (with_resource(leaveOut=["Total"]), "/resources/0/leaveOut/0", "fiscal/wrong-type"),
        (with_resource(leaveOut=[{"rows": [[3, 1]]}]), "/resources/0/leaveOut/0/rows/0", "fiscal/wrong-type"),
        (with_resource(leaveOut=[{"rows": [5]}]), "/resources/0/leaveOut/0/rows/0", "fiscal/wrong-type"),
        (with_resource(leaveOut=[{"where": {"a": 1}}]), "/resources/0/leaveOut/0/where/a", "fiscal/wrong-type"),
        (with_resource(leaveOut=[{"part": 0}]), "/resources/0/leaveOut/0/part", "fiscal/wrong-type"),
        (with_resource(leaveOut=[{"kind": 1}]), "/resources/0/leaveOut/0/kind", "fiscal/ignored-property"),
        (with_field(negative="dash"), "/resources/0/schema/fields/0/negative", "fiscal/wrong-type"),
        (with_field(trim=1), "/resources/0/schema/fields/0/trim", "fiscal/wrong-type"),
        (with_field(fillDown="x"), "/resources/0/schema/fields/0/fillDown", "fiscal/wrong-type"),
        (with_field(replace=["a"]), "/resources/0/schema/fields/0/replace", "fiscal/wrong-type"),
        (with_field(replace={"a": 1}), "/resources/0/schema/fields/0/replace/a", "fiscal/wrong-type"),
        (with_field(aliases=[1]), "/resources/0/schema/fields/0/aliases/0", "fiscal/wrong-type"),
    ],
)
def test_a_property_of_ours_that_has_the_wrong_type_is_a_problem_with_its_place(
    descriptor: dict[str, Any], pointer: str, code: str
) -> None:
    _, problems = read(descriptor)

    assert [(one.pointer, one.code) for one in problems] == [(pointer, code)]
