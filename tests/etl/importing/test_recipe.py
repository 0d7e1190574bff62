"""Recipes in YAML, and the old OpenSpending's source-specs read as such."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from openspending.etl.importing.recipe import files_of, read_recipe, read_yaml, write_recipe
from openspending.fdp.problems import PackageRejected

SOURCE_SPEC = """\
title: "Budget plan"
dataset-name: budget-plan
owner-id: ministry
sources:
- url: plan.xlsx
  sheet: 3
  format: xlsx
  headers: [admin_code, admin_label, plan_2016, plan_2017]
  skip_rows: 2
fields:
- header: Year
  columnType: date:fiscal-year
- header: admin_code
  title: Department
  aliases: [Razdjel]
  columnType: administrative-classification:generic:level1:code
- header: admin_label
  columnType: administrative-classification:generic:level1:label
measures:
  currency: HRK
  mapping:
    plan_2016: {Year: "2016"}
    plan_2017: {Year: "2017"}
  currency-conversion: {}
deduplicate: true
postprocessing:
- processor: add_metadata
  parameters: {homepage: "https://example.org", countryCode: HR}
- processor: clean-dashes
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "package.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    descriptor = {
        "name": "budget",
        "title": "Budżet – 2025",
        "resources": [
            {
                "name": "lines",
                "path": "lines.csv",
                "schema": {"fields": [{"name": "007", "type": "string"}, {"name": "no", "factor": 1000}]},
            }
        ],
        "controls": [{"equals": "812.50", "tolerance": Decimal("0.01")}],
    }

    found = read_yaml(write(tmp_path, write_recipe(descriptor)))

    assert descriptor == found


def test_what_two_fields_share_is_written_twice(tmp_path: Path) -> None:
    shared: dict[str, object] = {"factor": Decimal(1000), "missingValues": ["-"]}
    descriptor = {"resources": [{"fields": [{"name": "a", **shared}, {"name": "b", **shared}]}]}

    assert read_yaml(write(tmp_path, write_recipe(descriptor))) == descriptor


def test_numbers_in_yaml_keep_their_digits_and_dates_stay_text(tmp_path: Path) -> None:
    found = read_yaml(write(tmp_path, "a: 0.10\nb: 12345678901234567890.123\nc: 2025-01-31\nd: 1\n"))

    assert {"a": Decimal("0.10"), "b": Decimal("12345678901234567890.123"), "c": "2025-01-31", "d": 1} == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "repeats"),
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("- 1\n", "no object"),
        ("a: [\n", "not YAML"),
        ("a: !!python/object/apply:os.system ['true']\n", "not YAML"),
        ("[" * 5000 + "\n", "not YAML"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PackageRejected, match=said):
        read_yaml(write(tmp_path, text))


def test_a_file_that_is_neither_package_nor_source_spec_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRejected, match="neither"):
        read_recipe(write(tmp_path, "title: x\n"))


def test_a_source_spec_says_what_its_columns_mean(tmp_path: Path) -> None:
    precedent = read_recipe(write(tmp_path, SOURCE_SPEC))

    (table,) = precedent.tables
    fields = {str(one["name"]): one for one in table.fields}
    assert list(fields) == ["admin_code", "admin_label", "plan_2016", "plan_2017"]
    assert fields["admin_code"]["columnType"] == "administrative-classification:generic:level1:code"
    assert fields["admin_code"]["aliases"] == ["Razdjel"]
    assert fields["plan_2017"] == {"name": "plan_2017", "normalize": {"Year": "2017"}}


def test_the_mapping_of_measures_becomes_columns_turned_into_rows(tmp_path: Path) -> None:
    (table,) = read_recipe(write(tmp_path, SOURCE_SPEC)).tables

    assert list(table.extra_fields) == [
        {"type": "integer", "name": "Year", "columnType": "date:fiscal-year"},
        {"name": "value", "type": "number", "columnType": "value", "normalizationTarget": True, "currency": "HRK"},
    ]


def test_a_source_spec_says_where_its_table_is(tmp_path: Path) -> None:
    precedent = read_recipe(write(tmp_path, SOURCE_SPEC))

    (table,) = precedent.tables
    dialect = {"sheetNumber": 3, "header": False, "commentRows": [1, 2]}
    assert table.of_file == {"format": "xlsx", "dialect": dialect}
    assert precedent.properties == {
        "name": "budget-plan",
        "title": "Budget plan",
        "homepage": "https://example.org",
        "countryCode": "HR",
    }


def test_what_a_source_spec_asks_for_and_is_not_done_is_said(tmp_path: Path) -> None:
    notes = " ".join(read_recipe(write(tmp_path, SOURCE_SPEC)).notes)

    assert all(word in notes for word in ("deduplicate", "clean-dashes", "currency-conversion", "private"))
    assert "add_metadata" not in notes


def test_options_and_local_phases_of_a_source_spec_are_understood(tmp_path: Path) -> None:
    text = """\
title: x
sources: [{url: a.csv, encoding: windows-1252}]
fields:
- {header: MONTO, columnType: value, options: {currency: UYU, phase: modified, decimalChar: ","}}
"""
    (table,) = read_recipe(write(tmp_path, text)).tables

    expected = {"name": "MONTO", "columnType": "value", "decimalChar": ",", "currency": "UYU", "phase": "adjusted"}
    expected["type"] = "number"
    assert table.fields == (expected,)
    assert table.of_file == {"encoding": "windows-1252"}


def test_a_recipe_names_its_files_beside_it(tmp_path: Path) -> None:
    text = "resources:\n- {name: a, path: [jan.csv, sub/feb.csv]}\n- {name: b, path: 'https://example.org/x.csv'}\n"
    path = write(tmp_path, text)

    found = files_of(read_recipe(path), path)

    assert found == [str(tmp_path / "jan.csv"), str(tmp_path / "sub/feb.csv"), "https://example.org/x.csv"]


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "sub/../../x.csv", "file:///etc/passwd"])
def test_a_recipe_leads_nowhere_outside_of_its_folder(tmp_path: Path, path: str) -> None:
    recipe = write(tmp_path, f"resources:\n- {{name: a, path: '{path}'}}\n")

    with pytest.raises(PackageRejected):
        files_of(read_recipe(recipe), recipe)
