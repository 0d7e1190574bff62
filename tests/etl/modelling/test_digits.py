"""Digits of any script, numbers with notes and prices without cents are read exactly, or asked about; never lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.etl.modelling.digits import plain
from openspending.etl.modelling.fitting import fits
from openspending.etl.modelling.writing import writing
from tests.etl.modelling.columns import numbers_read, numeric, profiled, written

pytestmark = pytest.mark.slow

SCRIPTS = ["٠١٢٣٤٥٦٧٨٩٫٬-", "۰۱۲۳۴۵۶۷۸۹٫٬-", "０１２３４５６７８９．，－", "०१२३४५६७८९.,-", "๐๑๒๓๔๕๖๗๘๙.,-"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=40, unique=True), st.sampled_from(SCRIPTS))
def test_digits_of_other_scripts_are_read_exactly_or_asked(cents: list[int], script: str) -> None:
    numbers = [Decimal(one).scaleb(-2) for one in cents]
    cells = [f"{one:,.2f}".translate(str.maketrans("0123456789.,-", script)) for one in numbers]
    found = numeric(writing(profiled(cells)))
    assert found is not None
    assert fits(profiled(cells), found.props) == (0, ())
    assert all(one.sure for one in found.proposals)
    assert numbers_read(cells, found.props) == numbers


def test_what_is_read_for_other_digits_is_declared() -> None:
    found = written("١٬٢٣٤٫٥٠", "12.25")
    assert found.props["replace"] == {"١٬٢٣٤٫٥٠": "1,234.50"}
    assert [one.id for one in found.proposals] == ["column:column:script"]


def test_years_in_other_digits_are_years_and_names_stay_as_they_are() -> None:
    assert written("٢٠١٤", "٢٠١٥", "٢٠١٦").kind == "year"
    assert written("第１款", "第２款", "予備費").props == {"type": "string"}


def test_characters_that_are_not_seen_change_no_number() -> None:
    cells = ["\u200e-123.45", "55.10", "\u202a12.00\u202c", "\ufeff7.5"]
    found = written(*cells)
    assert numbers_read(cells, found.props) == [Decimal(one) for one in ("-123.45", "55.10", "12", "7.5")]
    assert plain("\u00ad1\u200b2") == "12"


def test_texts_for_no_value_stay_missing_beside_other_digits() -> None:
    cells = ["٥٬١١٣٫٥٠", "غير متوفر", "١٢٫٣٤"]
    assert numbers_read(cells, written(*cells).props)[1:] == [None, Decimal("12.34")]


def test_a_sign_behind_the_currency_is_read_whatever_the_check_can() -> None:
    cells = ["0.05 kr.-", "113.41 kr.", "3,151.19 kr.-", "17.20 kr."]
    found = written(*cells)
    assert found.kind == "number"
    assert numbers_read(cells, found.props) == [Decimal(one) for one in ("-0.05", "113.41", "-3151.19", "17.20")]
    assert fits(profiled(cells), found.props) == (0, ())


def test_a_dash_for_no_cents_is_no_minus() -> None:
    cells = ["1.234,-", "12,-", "7,- Kč", "-3,-", "5,50"]
    found = written(*cells)
    assert numbers_read(cells, found.props) == [Decimal(one) for one in ("1234", "12", "7", "-3", "5.5")]
    assert fits(profiled(cells), found.props) == (0, ())


def test_a_dash_that_may_be_a_minus_or_no_cents_is_asked_about() -> None:
    cells = ["5 kr.-", "70000 kr.", "12 kr.", "9100 kr.", "1 kr.", "350 kr.", "80 kr.", "29 kr.", "6 kr.", "11 kr."]
    found = written(*cells)
    assert [one.id for one in found.proposals if not one.sure] == ["column:column:words"]


def test_other_cells_decide_whether_a_dash_is_a_minus() -> None:
    cells = ["5 kr.-", "3,867 kr.-", "0.05 kr.-", "1,113.41 kr.", "17.20 kr.", "12,113.40 kr."]
    found = written(*cells)
    truth = [Decimal(one) for one in ("-5", "-3867", "-0.05", "1113.41", "17.20", "12113.40")]
    assert numbers_read(cells, found.props) == truth


@pytest.mark.parametrize("mark", ["*", " (a)", " 1)", " (2)", "(3)", " [b]", "¹"])
def test_amounts_with_notes_stay_numbers_however_many_have_one(mark: str) -> None:
    found = written("1234.50" + mark, "12.00", "99.30" + mark, "17.20", "5.75")
    assert found.kind == "number"
    assert not all(one.sure for one in found.proposals)
    assert found.props["replace"]["1234.50" + mark] == "1234.50"


def test_codes_with_letters_behind_some_are_no_numbers() -> None:
    assert numeric(written("12", "12a", "13", "13b")) is None
    assert numeric(written("1.1", "1.1a", "2.1", "2.2b")) is None
