"""Codes are never damaged, and numbers that could be codes or amounts leave it to the header."""

from __future__ import annotations

import pytest

from tests.etl.modelling.columns import numeric, written


@pytest.mark.parametrize(
    "cells",
    [
        ["007", "008", "010"],
        ["01.1", "01.2", "02.1"],
        ["1101-23", "1102-24"],
        ["10/2", "10/31"],
        ["A12", "B7"],
        ["123456789012", "123456789013", "123456789112"],
        ["555 123 456", "555 223 444", "600 000 100"],
        ["10115", "01067", "80331"],
        ["1", "1.1", "1.2", "1.10", "2", "2.1"],
        ["3.1.2", "3.1.3"],
        ["0", "00", "000"],
        ["E12E3", "12E10"],
        ["NA", "FR", "DE", "NA"],
        ["SW1A 1AA", "EC1A 1BB"],
        ["+44 20 7946 0000", "+44 20 7946 0001"],
        ["2014/15-3", "2014/15-4"],
    ],
)
def test_codes_stay_text_as_they_are(cells: list[str]) -> None:
    found = written(*cells)
    assert found.props == {"type": "string"}
    assert found.amount in (False, None)


def test_a_column_of_codes_keeps_what_would_be_missing_among_numbers() -> None:
    assert "missingValues" not in written("NA", "FR", "DE", "-").props


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        (["1", "2", "3"] * 20, False),
        ([str(number) for number in range(1, 40)], False),
        (["12.50", "3.75"], True),
        (["1,200", "15,000", "1,000,000"], True),
        (["£5", "£1200"], True),
        (["-5", "120000", "3"], True),
        (["100", "2500", "130000", "4500000", "0", "12"], True),
        (["1203", "4711", "8122"], None),
    ],
)
def test_cells_say_whether_numbers_are_amounts_as_far_as_they_can(cells: list[str], amount: bool | None) -> None:
    assert written(*cells).amount is amount


def test_whole_numbers_that_are_proposed_as_codes_have_their_reading_as_numbers_beside_them() -> None:
    found = written("1203", "4711", "8122", "n/a")
    assert (found.kind, found.props["type"]) == ("integer-code", "string")
    assert found.number is not None
    assert found.number.props == {"type": "number", "missingValues": ["", "n/a"]}


def test_whole_numbers_among_texts_are_codes_rather_than_amounts() -> None:
    cells = [*(str(30_000_000 + 7 * number) for number in range(40)), "5000006496", "BAC 123", "NHS-7"]
    assert written(*cells).props == {"type": "string"}


def test_years_and_fiscal_years_are_told_from_numbers() -> None:
    assert (written("2015", "2016").kind, written("2015", "2016").props) == ("year", {"type": "integer"})
    for cells in (["2015/16", "2016/17"], ["2015-16"], ["FY16-17"], ["FY2016"], ["2015/2016"], ["16/17", "17/18"]):
        assert (written(*cells).kind, written(*cells).props) == ("fiscal-year", {"type": "string"})


def test_what_does_not_follow_is_no_fiscal_year() -> None:
    assert written("2015/11", "2015/12").kind == "month"
    assert written("15/31", "16/44").kind != "fiscal-year"


def test_years_with_missing_ones_stay_years() -> None:
    assert written("2015", "2016", "n/a").props == {"type": "integer", "missingValues": ["", "n/a"]}


def test_shares_in_percent_are_no_amounts() -> None:
    found = written("12%", "5,5 %", "100%")
    assert (found.kind, found.props, found.amount, numeric(found)) == ("percent", {"type": "string"}, False, None)


@pytest.mark.parametrize("cells", [["yes", "no"], ["Ano", "Ne"], ["TAK", "NIE"], ["si", "no"], ["true", "false"]])
def test_words_for_yes_and_no_are_booleans_kept_as_text(cells: list[str]) -> None:
    assert (written(*cells).kind, written(*cells).props) == ("boolean", {"type": "string"})


def test_numbers_that_count_the_rows_identify_them() -> None:
    assert written(*(str(number) for number in range(1_000, 1_050))).kind == "identifier"


def test_spaces_around_texts_are_declared_to_be_none() -> None:
    assert written(" London", "Leeds ").props == {"type": "string", "trim": True}
