"""Columns that say a unit in each row."""

from __future__ import annotations

from decimal import Decimal

from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.unitcolumns import UnitColumn, unit_columns


def found(*texts: str) -> list[UnitColumn]:
    counts = {one: texts.count(one) for one in texts if one}
    filled = sum(counts.values())
    profile = Profile(0, "Unit", len(texts), filled, len(counts), tuple(counts.items()), (), 20, 0)
    return list(unit_columns([profile]))


def test_different_units_are_a_question() -> None:
    (one,) = found("thousands", "millions", "thousands")
    assert one.same is None
    assert not one.question.sure
    assert "“thousands” (2 times)" in one.question.question


def test_a_unit_of_some_rows_only_is_a_question() -> None:
    assert [one.same for one in found("thousands", "", "thousands")] == [None]


def test_a_currency_beside_a_multiple_of_it_is_a_question() -> None:
    assert [one.factors for one in found("EUR", "EUR million")] == [{Decimal(1), Decimal(1_000_000)}]


def test_the_same_unit_everywhere_is_no_question() -> None:
    assert [one.same for one in found("тыс. руб.", "тыс. руб.")] == ["тыс. руб."]


def test_currencies_names_and_codes_are_no_units() -> None:
    assert found("EUR", "USD", "EUR") == []
    assert found("Health", "Transport", "One Million Trees") == []
    assert found("1000", "1000000") == []
