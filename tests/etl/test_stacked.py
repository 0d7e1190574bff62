"""Tables of amounts that hold the same rows are not stacked: every amount would count twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked
from openspending.fdp.problems import PackageRejected

Check = Callable[[Path], Checked]
YEAR = {"name": "year", "type": "integer", "columnType": "date:fiscal-year"}
CODE = {"name": "code", "type": "string", "columnType": "functional-classification:generic:level1:code"}
AMOUNT = {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"}
HEAD = "year,code,amount\n"
FIRST, SECOND = "2015,01,10.50\n2015,02,20\n", "2016,01,11\n"


def package(folder: Path, tables: Mapping[str, str], **schemas: Mapping[str, Any]) -> Path:
    """A package with a resource for each of `tables` (name → text), of the fields above unless `schemas` differ."""
    resources = []
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        schema = schemas.get(name, {"fields": [YEAR, CODE, AMOUNT]})
        resources.append({"name": name, "path": f"{name}.csv", "schema": schema})
    (folder / "datapackage.json").write_text(json.dumps({"name": "budget", "resources": resources}), encoding="utf-8")
    return folder


def doubled(found: Checked) -> list[tuple[str | None, int]]:
    return [(one.resource, one.count) for one in found.report if one.code == "fiscal/stacked-twice"]


def test_a_table_for_each_year_is_stacked(tmp_path: Path, checked: Check) -> None:
    found = checked(package(tmp_path, {"first": HEAD + FIRST, "second": HEAD + SECOND}))

    assert list(found.report) == []


@pytest.mark.parametrize("order", [("all", "first", "second"), ("second", "all", "first")])
def test_a_table_of_all_years_beside_them_is_refused(tmp_path: Path, checked: Check, order: tuple[str, ...]) -> None:
    tables = {"first": HEAD + FIRST, "second": HEAD + SECOND, "all": HEAD + SECOND + FIRST.replace("10.50", "10.5")}
    found = checked(package(tmp_path, {name: tables[name] for name in order}))

    assert sorted(doubled(found)) == [("first", 2), ("second", 1)]


def test_the_year_may_be_a_constant_in_one_of_them(tmp_path: Path, checked: Check) -> None:
    schema = {"fields": [CODE, AMOUNT], "extraFields": [YEAR | {"constant": 2016}]}
    tables = {"second": "code,amount\n01,11\n", "all": HEAD + FIRST + SECOND}
    found = checked(package(tmp_path, tables, second=schema))

    assert doubled(found) == [("second", 1)]


def test_of_two_equal_tables_the_second_is_too_many(tmp_path: Path, checked: Check) -> None:
    assert doubled(checked(package(tmp_path, {"a": HEAD + FIRST, "b": HEAD + FIRST}))) == [("b", 2)]


def test_rows_that_repeat_more_often_than_elsewhere_are_not_contained(tmp_path: Path, checked: Check) -> None:
    found = checked(package(tmp_path, {"a": HEAD + SECOND + SECOND, "b": HEAD + SECOND + FIRST}))

    assert doubled(found) == []


def test_equal_rows_of_different_years_are_different_facts(tmp_path: Path, checked: Check) -> None:
    schemas = {
        name: {"fields": [CODE, AMOUNT], "extraFields": [YEAR | {"constant": year}]}
        for name, year in (("a", 2015), ("b", 2016))
    }
    found = checked(package(tmp_path, dict.fromkeys(schemas, "code,amount\n01,11\n"), **schemas))

    assert doubled(found) == []


def test_a_part_that_is_named_or_stored_twice_is_refused(tmp_path: Path, checked: Check) -> None:
    folder = package(tmp_path, {"a": HEAD + FIRST, "b": HEAD + SECOND})
    (folder / "copy.csv").write_bytes((folder / "a.csv").read_bytes())
    descriptor = json.loads((folder / "datapackage.json").read_text())
    for paths, wrong in ((["a.csv", "b.csv", "a.csv"], "a.csv"), (["a.csv", "b.csv", "copy.csv"], "copy.csv")):
        descriptor["resources"] = [descriptor["resources"][0] | {"path": paths}]
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")

        assert [(one.code, one.file) for one in checked(folder).report] == [("fiscal/part-twice", wrong)]


@pytest.mark.parametrize(
    ("said", "error"),
    [({"currency": "USD"}, True), ({"factor": 1000}, True), ({"direction": "revenue"}, True), ({"title": "x"}, False)],
)
def test_amounts_that_are_stacked_must_mean_the_same(
    tmp_path: Path, checked: Check, said: dict[str, Any], error: bool
) -> None:
    schema = {"fields": [YEAR, CODE, AMOUNT | said]}
    folder = package(tmp_path, {"a": HEAD + FIRST, "b": HEAD + SECOND}, b=schema)
    if not error:
        assert checked(folder).report.valid
        return
    with pytest.raises(PackageRejected) as refusal:
        checked(folder)
    assert [one.code for one in refusal.value.report.errors] == ["fiscal/amounts-differ"]


def test_currencies_may_differ_where_a_column_tells_them(tmp_path: Path, checked: Check) -> None:
    plain = {key: value for key, value in AMOUNT.items() if key != "currency"}
    schemas = {
        name: {
            "fields": [YEAR, CODE, plain],
            "extraFields": [
                {"name": "money", "type": "string", "columnType": "value-currency:code", "constant": currency}
            ],
        }
        for name, currency in (("a", "EUR"), ("b", "USD"))
    }
    found = checked(package(tmp_path, {"a": HEAD + FIRST, "b": HEAD + SECOND}, **schemas))

    assert found.report.valid
    assert [one.currency for one in found.model.measures] == [None]


def test_long_amounts_and_fine_ones_may_not_meet_in_one_column(tmp_path: Path, checked: Check) -> None:
    tables = {"a": HEAD + f"2015,01,{'9' * 30}\n", "b": HEAD + "2016,01,0." + "1" * 20 + "\n"}

    assert [one.code for one in checked(package(tmp_path, tables)).report] == ["fiscal/amounts-too-long"]
