"""A revision made ready for an index: its lines, amounts, words, codes and members are those of its facts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.analytics.search.preparing import PreparedDataset
from openspending.analytics.search.words import words
from tests.analytics.search.preparedpackages import field, lines, members, prepared, shorter, write

pytestmark = pytest.mark.slow

PACKAGES = sorted((Path(__file__).parents[3] / "examples" / "packages").iterdir())
NAMES = [one.name for one in PACKAGES]
FIELDS = [
    field("year", "date:fiscal-year", "integer"),
    field("phase", "phase:id"),
    field("money", "value-currency:code"),
    field("group", "functional-classification:cofog:group:code"),
    field("group_name", "functional-classification:cofog:group:label"),
    field("supplier", "supplier:generic:name"),
    field("contract", "activity:generic:contract:code"),
    field("what", "activity:generic:contract:label"),
    field("amount", "value", "number"),
]
ROWS: list[list[Any]] = [
    [2014, "Ejercido", "EUR", "09.1", "Educación", "Müller & Söhne GmbH", "K-2014/007", "Neue Heizung", "10.50"],
    [2014, "Ejercido", "EUR", "09.1", "Educación", "Müller & Söhne GmbH", "K-2014/007", "Neue Heizung", "10.50"],
    [2014, "Ejercido", "USD", "09.1", "Educación", "", "", "", "-3.25"],
    [2015, "Proyecto de presupuesto", "EUR", "09.2", "議会費", "", "K-2015/1", "K-2015/1", "99999999999.99"],
    [2015, "Aprobado", "EUR", "", "", "", "K-2015/2", 'Say "hello"\\', ""],
    [2015, "Aprobado", "", "10.1", "Health", "", "", "", "1"],
]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PreparedDataset]]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("packages")
        yield {one.name: stack.enter_context(prepared(shorter(one, folder / one.name), folder)) for one in PACKAGES}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedDataset]:
    folder = tmp_path_factory.mktemp("small")
    package = write(folder / "small", FIELDS, ROWS, title="Small", countryCode=["mx", "HR"], cityCode="x")
    with prepared(package, folder / "store") as one:
        yield one


@pytest.mark.parametrize("name", NAMES)
def test_amounts_are_exactly_those_of_the_facts(packages: dict[str, PreparedDataset], name: str) -> None:
    one = packages[name]
    found: Any = one.prepared
    columns = found._recorded.measures
    asked = ", ".join(f"sum({column})" for column in columns)
    (sums,) = found._connection.execute(f"SELECT {asked} FROM {found._source}").fetchall()
    rows = lines(one)
    for number, (measure, total) in enumerate(zip(one.record.measures, sums, strict=True)):
        units = sum(int(row[f"m{number}"]) for row in rows if row[f"m{number}"] is not None)
        assert Decimal(units).scaleb(-measure.scale) == total
        assert measure.width >= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_in_one_of_the_cells(packages: dict[str, PreparedDataset], name: str) -> None:
    record = packages[name].record
    assert Counter(row["cell"] for row in lines(packages[name])) == {one.number: one.lines for one in record.cells}
    assert [one.number for one in record.cells] == list(range(len(record.cells)))
    assert record.lines == sum(one.lines for one in record.cells)


@pytest.mark.parametrize("name", NAMES)
def test_lines_have_the_values_of_the_record_s_columns(packages: dict[str, PreparedDataset], name: str) -> None:
    one = packages[name]
    row = lines(one)[0]
    values = dict(zip((column.ref for column in one.record.columns), json.loads(row["values"]), strict=True))
    searched = [text for text in row["text"].split("\n") if text]
    for label, code in ((column.ref, column.label_of) for column in one.record.columns if column.label_of):
        if values[label] is not None and not any(each.isdigit() for each in values[label]):
            assert " ".join(words(values[label])) in searched
        assert code in values


def test_years_and_marks_are_those_of_the_packages(packages: dict[str, PreparedDataset]) -> None:
    found = {name: one.record for name, one in packages.items()}
    assert {one.year for one in found["uk-country-regional-analysis"].cells} == {str(one) for one in range(2004, 2011)}
    assert [one.year for one in found["suginami-2013"].cells] == ["2013"]
    mexico = {one.marks["phase"] for one in found["mexico-2015"].cells}
    assert mexico == {"approved", "adjusted", "Accrued", "executed"}, "two phases of one word stay apart"
    assert {one.marks["direction"] for one in found["mexico-2015"].cells} == {"expenditure"}
    moldova = found["moldova-boost-2014"]
    assert [one.phase for one in moldova.measures] == ["approved", "adjusted", "executed"]
    assert {one.currency for one in moldova.measures} == {"MDL"}
    assert [one.marks for one in moldova.cells] == [{}]


def test_a_record_says_what_the_descriptor_and_the_columns_say(packages: dict[str, PreparedDataset]) -> None:
    found = packages["mexico-2015"].record
    assert (found.countries, found.level, found.languages) == (("MX",), "country", ("es", "en"))
    assert found.classifications == ("administrative", "economic", "functional")
    assert found.licence == "MIT"
    assert found.columns[0].label_of is not None, "labels come first"
    assert packages["suginami-2013"].record.languages == ("ja", "en")


def test_cells_tell_years_phases_and_currencies_apart(small: PreparedDataset) -> None:
    cells = {(one.year, one.marks["phase"], one.marks["currency"]): one.lines for one in small.record.cells}
    assert cells == {
        ("2014", "executed", "EUR"): 2,
        ("2014", "executed", "USD"): 1,
        ("2015", "proposed", "EUR"): 1,
        ("2015", "approved", "EUR"): 1,
        ("2015", "approved", None): 1,
    }
    assert small.record.measures[0].phase is None


def test_texts_are_folded_and_codes_lose_their_separators(small: PreparedDataset) -> None:
    first, _, bare, chinese, quoted, health = lines(small)
    assert first["text"].split("\n") == ["neue heizung", "muller sohne gmbh", "educacion", "ejercido", "eur"]
    assert first["codes"] == ["k2014007", "k.2014.7.", "091", "9.1.", "2014"]
    assert bare["text"].split("\n") == ["educacion", "ejercido", "usd"]
    assert "議 会 費" in chinese["text"].split("\n")
    assert chinese["codes"] == ["k20151", "k.2015.1.", "092", "9.2.", "2015"], "a name that is its code is there once"
    assert "say hello" in quoted["text"]
    assert health["codes"] == ["101", "10.1.", "2015"]


def test_missing_values_and_amounts_stay_missing(small: PreparedDataset) -> None:
    refs = [one.ref for one in small.record.columns]
    rows = [dict(zip(refs, json.loads(one["values"]), strict=True)) for one in lines(small)]
    assert rows[2]["supplier.supplier"] is None
    assert rows[4]["contract.what"] == 'Say "hello"\\'
    assert rows[4]["year.year"] == "2015"
    assert [one["m0"] for one in lines(small)] == [1050, 1050, -325, 9999999999999, None, 100]


def test_two_identical_rows_are_two_lines(small: PreparedDataset) -> None:
    first, second = lines(small)[:2]
    assert first["fact"] != second["fact"]
    assert {**first, "fact": ""} == {**second, "fact": ""}


def test_members_are_counted_with_their_code_and_label(small: PreparedDataset) -> None:
    found = {(one["ref"], one["code"], one["label"]): (one["lines"], one["text"]) for one in members(small)}
    assert found["group.group_name", "09.1", "Educación"] == (3, "educacion\n09 1")
    assert found["supplier.supplier", "Müller & Söhne GmbH", "Müller & Söhne GmbH"] == (2, "muller sohne gmbh")
    assert found["contract.what", "K-2015/1", "K-2015/1"] == (1, "k 2015 1")
    assert {ref for ref, _, _ in found} == {"group.group_name", "supplier.supplier", "contract.what"}


def test_the_words_of_small_dimensions_tell_what_a_dataset_is_about(small: PreparedDataset) -> None:
    found = small.prepared.text().split()
    assert {"educacion", "heizung", "health", "費"} <= set(found)
    assert len(found) == len(set(found))


def test_the_place_and_the_languages_are_the_narrowest_that_are_said(small: PreparedDataset) -> None:
    assert small.record.level == "city"
    assert small.record.countries == ("MX", "HR")
    assert small.record.languages == ("es", "hr", "en")
    assert small.record.classifications == ("functional:cofog",)


def test_amounts_too_large_for_exact_floats_have_no_sums(tmp_path: Path) -> None:
    fields = [field("name", "supplier:generic:name"), field("amount", "value", "number")]
    package = write(tmp_path / "huge", fields, [["A", "1" + "0" * 33], ["B", "-7"]])
    with prepared(package, tmp_path / "store") as one:
        assert one.record.measures[0].width == 0
        assert [row["m0"] for row in lines(one)] == [10**33, -7]
        assert [(cell.year, dict(cell.marks), cell.lines) for cell in one.record.cells] == [(None, {}, 2)]
