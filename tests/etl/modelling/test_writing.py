"""How columns of amounts are written: formats, mended cells, currencies; what is doubtful is asked, never guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from openspending.etl.modelling.fitting import fits
from openspending.etl.modelling.settling import settle_numbers
from openspending.etl.modelling.writing import writing
from tests.etl.modelling.columns import numbers_read, profiled, written


@pytest.mark.parametrize(
    ("cells", "props", "numbers"),
    [
        (["1.234,56", "12,00"], {"decimalChar": ",", "groupChar": "."}, ["1234.56", "12"]),
        (["1,234.56", "12.00"], {"groupChar": ","}, ["1234.56", "12"]),
        (["1 234,5", "12\u00a0345,5", "1\u202f000\u2009000"], {"decimalChar": ",", "groupChar": " "},
         ["1234.5", "12345.5", "1000000"]),
        (["1'234.50", "12.25"], {"groupChar": "'"}, ["1234.5", "12.25"]),
        (["1’234.50", "12.25"], {"groupChar": "’"}, ["1234.5", "12.25"]),
        (["12,34,567", "1,00,000"], {"groupChar": ","}, ["1234567", "100000"]),
        (["(1,234)", "1,500,000"], {"groupChar": ",", "negative": ["parentheses"]}, ["-1234", "1500000"]),
        (["1,234.50-", "15.50"], {"groupChar": ",", "negative": ["trailing"]}, ["-1234.5", "15.5"]),
        (["−5", "10.25"], {"negative": ["dash"]}, ["-5", "10.25"]),
        ([" £38,148.43 ", "£1,200.00"], {"groupChar": ",", "bareNumber": False, "trim": True}, ["38148.43", "1200"]),
        (["40.000,00 €", "1,50 €"], {"decimalChar": ",", "groupChar": ".", "bareNumber": False}, ["40000", "1.5"]),
        (["EUR 5", "EUR 1234.5"], {"bareNumber": False}, ["5", "1234.5"]),
        (["3.5;", "2"], None, []),
    ],
)  # fmt: skip
def test_number_formats_are_told_by_the_cells(
    cells: list[str], props: dict[str, Any] | None, numbers: list[str]
) -> None:
    found = written(*cells)
    if props is None:
        assert found.props["type"] == "string"
        return
    assert found.props == {"type": "number", **props}
    assert found.proposals == ()
    assert numbers_read(cells, found.props) == [Decimal(one) for one in numbers]


@pytest.mark.parametrize(
    ("cells", "currency", "possible"),
    [
        (["£5.00"], "GBP", ()),
        (["5,00 €"], "EUR", ()),
        (["12 zł", "5 zł"], "PLN", ()),
        (["R$ 5,00"], "BRL", ()),
        (["₪5.00"], "ILS", ()),
        (["5.00 CHF"], "CHF", ()),
        (["$5.00", "US$6.00"], "USD", ()),
        (["5.00", "6.00"], None, ()),
    ],
)
def test_currency_signs_are_known(cells: list[str], currency: str | None, possible: tuple[str, ...]) -> None:
    found = written(*cells)
    assert (found.currency, found.currencies) == (currency, possible)


def test_a_sign_of_several_currencies_leaves_them_open() -> None:
    assert written("$5.00", "$6.00").currency is None
    assert written("$5.00").currencies[:2] == ("USD", "CAD")
    assert set(written("kr 5,00").currencies) == {"SEK", "NOK", "DKK", "ISK"}


def test_amounts_in_several_currencies_are_asked_about() -> None:
    found = written("£5.00", "€6.00", label="Amount")
    assert [(one.id, one.sure) for one in found.proposals] == [("column:Amount:currency", False)]


@pytest.mark.parametrize("cells", [["1.234", "2.345", "567"], ["1,234", "12,500"], ["-1.234", "5"]])
def test_a_mark_before_three_digits_is_asked_about_when_nothing_decides(cells: list[str]) -> None:
    found = written(*cells, label="Amount")
    (asked,) = found.proposals
    assert (asked.id, asked.sure) == ("column:Amount:writing", False)
    readings = [numbers_read(cells, found.answered({asked.id: one.value})) for one in asked.choices[:2]]
    assert readings[0] != readings[1]
    for choice, numbers in zip(asked.choices, readings, strict=False):
        assert f"{sum((one for one in numbers if one is not None), Decimal(0)).normalize():f}" in choice.reason


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["1.234", "12.5", "0.5"], "1.234"),
        (["1.234", "0.123"], "1.234"),
        (["1.234", "1.234.567"], "1234"),
        (["1,234", "1,234,567"], "1234"),
        (["1,234", "12,5"], "1.234"),
        (["1.234", "1.234,50"], "1234"),
        (["1.234", "1234.125"], "1.234"),
    ],
)
def test_other_cells_decide_what_a_mark_before_three_digits_is(cells: list[str], first: str) -> None:
    found = written(*cells)
    assert all(one.sure for one in found.proposals)
    assert numbers_read(cells, found.props)[0] == Decimal(first)


def test_thousands_that_end_in_zero_beside_small_whole_numbers_are_no_decimals() -> None:
    cells = [f"{number},{500 + number}" for number in range(1, 40)] + ["12,500", "7,000", "812", "25"]
    found = written(*cells)
    assert found.proposals == ()
    assert numbers_read(cells, found.props)[:1] == [Decimal(1501)]


def test_one_cell_with_three_decimals_among_cents_is_asked_about() -> None:
    cells = [f"{number}.25" for number in range(100, 140)] + ["7.891"]
    found = written(*cells, label="Paid")
    (asked,) = found.proposals
    assert not asked.sure
    assert {numbers_read(cells, found.answered({asked.id: one.value}))[-1] for one in asked.choices[:2]} == {
        Decimal("7.891"),
        Decimal(7891),
    }


def test_a_decimal_comma_elsewhere_in_the_table_decides_an_open_column() -> None:
    open_, decided = written("1.234", "2.345"), written("1.234,50", "7,25")
    settled, _ = settle_numbers([open_, decided])
    assert all(one.sure for one in settled.proposals)
    assert numbers_read(["1.234"], settled.props) == [Decimal(1234)]


def test_in_a_spreadsheet_columns_of_numbers_say_nothing_about_one_of_texts() -> None:
    open_, decided = written("1.234", "2.345"), written("12.5", "1234.25")
    assert settle_numbers([open_, decided], typed=True) == (open_, decided)


def test_texts_that_can_be_one_number_only_are_mended_on_record() -> None:
    cells = [f"{number}.25" for number in range(1_000, 1_040)] + ["7.891.250", "2.645.000***", "12.5*"]
    found = written(*cells, label="Paid")
    (mended,) = found.proposals
    assert (mended.id, mended.sure) == ("column:Paid:replace", True)
    assert mended.best.effect == {
        "replace": {"7.891.250": "7891250", "2.645.000***": "2645000", "12.5*": "12.5"},
    }
    assert numbers_read(cells, found.props)[-3:] == [Decimal(7891250), Decimal(2645000), Decimal("12.5")]


@pytest.mark.parametrize("text", ["123 (1)", "12.5 p", "45(a)"])
def test_what_may_be_the_mark_of_a_footnote_is_asked_about(text: str) -> None:
    found = written(*(f"{number}.25" for number in range(100, 140)), text, label="Paid")
    assert [(one.id, one.sure) for one in found.proposals] == [("column:Paid:notes", False)]


@pytest.mark.parametrize("text", ["5 million", "3m", "2.5 bn", "7 tis.", "12 ha"])
def test_a_word_that_multiplies_is_never_passed_over(text: str) -> None:
    found = written(*(f"{number}.25" for number in range(100, 140)), text)
    assert not all(one.sure for one in found.proposals)


def test_a_number_with_misplaced_marks_is_asked_about_with_its_readings() -> None:
    found = written(*(f"{number}.25" for number in range(100, 140)), "£ 12,681,882,27")
    (asked,) = found.proposals
    assert [one.effect.get("replace") for one in asked.choices[1:]] == [
        {"£ 12,681,882,27": "12681882.27"},
        {"£ 12,681,882,27": "1268188227"},
    ]


def test_digits_lost_to_an_exponent_are_asked_about() -> None:
    assert not all(one.sure for one in written("12.5", "5.56E+15").proposals)
    assert written("12.5", "5E-05").proposals == ()


@pytest.mark.parametrize(
    "cells",
    [
        ["1.234,56", "x", "(5)", "7 kr"],
        ["£1", "$2", "3 €", "-4"],
        ["1", "2.5.6", "a", "", "12/13"],
        ["Rs.500", "Rs.1,200.00"],
        ["1E5", "12,5,7", "--5", "5--"],
        ["٣٤٥", "１２３"],
        ["5,-", "500,–", "12.50"],
    ],
)
def test_whatever_is_proposed_lets_all_cells_pass(cells: list[str]) -> None:
    profile = profiled(cells)
    found = writing(profile)
    assert fits(profile, found.props) == (0, ())
    if found.number is not None:
        assert fits(profile, found.number.props) == (0, ())
