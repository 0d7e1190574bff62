"""What was decided about a table before: its columns are found again by labels and aliases."""

from __future__ import annotations

from typing import Any

import pytest

from openspending.etl.importing.precedent import Known, precedent_of

FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "Year", "columnType": "date:fiscal-year"},
    {"name": "Ministry", "columnType": "administrative-classification:generic:label", "aliases": ["Department"]},
    {"name": "2024", "normalize": {"Year": 2024}},
    {"name": "Remarks"},
)


def known(**properties: Any) -> Known:
    return Known("budget", FIELDS, **properties)


def named(labels: list[str]) -> dict[str, str]:
    return {label: str(one["name"]) for label, one in known().by_label(labels).items()}


def test_a_column_is_found_by_its_label_its_alias_and_without_regard_to_case_and_spaces() -> None:
    found = named(["Year", "Department", " remarks ", "Region"])

    assert found == {"Year": "Year", "Department": "Ministry", " remarks ": "Remarks"}


def test_an_exact_label_comes_before_one_that_is_only_like_it() -> None:
    assert named(["MINISTRY", "Ministry"]) == {"Ministry": "Ministry"}


def test_two_columns_never_take_one_field() -> None:
    assert named(["Department", "Ministry"]) == {"Department": "Ministry"}


@pytest.mark.parametrize(
    ("labels", "share"),
    [
        (["Year", "Ministry", "2024"], 100),
        (["year", "department", "2024", "more", "and more"], 100),
        (["Year", "Ministry", "Remarks"], 66),
        (["Remarks"], 0),
        ([], 0),
    ],
)
def test_a_header_covers_what_of_its_columns_means_something(labels: list[str], share: int) -> None:
    assert known().covers(labels) == share


def test_rules_that_name_rows_are_not_carried_over_to_the_next_file() -> None:
    rules = [{"kind": "total", "where": {"Ministry": ["Total"]}}, {"kind": "note", "rows": [[30, 31]]}]

    assert known(rest={"leaveOut": rules}).rules() == rules[:1]


def test_what_a_descriptor_says_of_its_bytes_is_not_carried_over() -> None:
    resource = {
        "name": "lines",
        "path": ["files/a/2024.csv"],
        "hash": "sha256:00",
        "bytes": 7,
        "encoding": "windows-1252",
        "title": "Lines",
        "schema": {"fields": list(FIELDS), "missingValues": ["-"]},
    }
    found = precedent_of({"name": "budget", "title": "Budget", "resources": [resource]}, "dataset")

    (table,) = found.tables
    assert (table.rest, table.of_file, table.schema) == (
        {"title": "Lines"},
        {"encoding": "windows-1252"},
        {"missingValues": ["-"]},
    )
    assert found.properties == {"name": "budget", "title": "Budget"}


def test_answers_that_a_recipe_spells_out_are_answers() -> None:
    found = precedent_of({"resources": [], "decisions": {"unit": 1000, "wide": "rows"}}, "recipe")

    assert found.answers == {"unit": "1000", "wide": "rows"}
    assert "decisions" not in found.properties


def test_of_several_tables_the_one_with_most_of_the_columns_is_meant_and_of_equal_ones_that_of_the_same_name() -> None:
    names = [{"name": name, "schema": {"fields": list(FIELDS)}} for name in ("first", "second")]
    other = {"name": "other", "schema": {"fields": [{"name": "Town", "columnType": "geo:generic:label"}]}}
    found = precedent_of({"resources": [*names, other]}, "dataset")

    best, share = found.best(["Year", "Ministry", "2024"], "second")
    town, whole = found.best(["Town"])
    assert best is not None
    assert town is not None
    assert (best.name, share, town.name, whole) == ("second", 100, "other", 100)


@pytest.mark.parametrize("resources", [None, [], [7], [{"schema": []}], [{"schema": {"fields": [3, {}]}}]])
def test_a_descriptor_without_sense_sets_no_precedent_and_fails_nothing(resources: object) -> None:
    found = precedent_of({"resources": resources}, "recipe")

    assert found.best(["Year"])[1] == 0
