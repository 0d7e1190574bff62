"""No column that is called an amount, or looks like one, becomes text without a word because it cannot be read."""

from __future__ import annotations

import pytest

from openspending.etl.modelling.roles import NOTHING
from tests.etl.modelling.test_roles import AMOUNTS, NAMES, proposed_for, the

MILLIONS = ["5 million", "2,3 million", "7 thousand", "1 million", "12 million", "3 million"]


@pytest.mark.parametrize(
    "label", ["Amount", "Montant 2", "Betrag in EUR", "Сумма", "金額", "المبلغ", "2015", "Aprobado"]
)
def test_a_column_that_its_header_calls_an_amount_is_asked_about_when_it_cannot_be_read(label: str) -> None:
    found = proposed_for(["Ministry", label], NAMES, MILLIONS)
    (asked,) = found.proposals
    assert asked.id == f"column:{label}:role"
    assert not asked.sure
    assert [one.value for one in asked.choices] == [NOTHING, "value"]
    assert "“2,3 million” (once)" in asked.question


def test_other_amounts_beside_it_change_nothing() -> None:
    found = proposed_for(["Ministry", "Montant", "Montant 2"], NAMES, AMOUNTS, MILLIONS)
    assert [one.id for one in found.proposals] == ["column:Montant 2:role"]


def test_cells_with_signs_of_currencies_are_asked_about_whatever_the_header() -> None:
    cells = ["~€ 12.00 z", "~€ 13.00 z", "~€ 1,300 z", "~€ 12.00 q", "€ 55.00?", "?"]
    found = proposed_for(["Ministry", "Foo", "Amount"], NAMES, cells, AMOUNTS)
    assert [one.id for one in found.proposals] == ["column:Foo:role"]


@pytest.mark.parametrize(
    ("label", "cells"),
    [
        ("Grant", ["G-2015-1", "G-2015-2", "G-2015-3", "G-2016-1", "G-2016-2", "G-2016-3"]),
        ("Budget line", ["A-12", "B-13", "C-14", "A-15", "D-1", "E-2"]),
        ("Description", ["Road 12", "Repair 13.50 km", "Bridge", "School 5", "D-1", "E-2"]),
        ("Zonk", ["1.10a", "1.20b", "1.30c", "1.1", "1.2", "x"]),
        ("Contract value code", ["V1", "V2", "V3", "V1", "V2", "V3"]),
        ("Amount type", ["Type 1", "Type 2", "Type 3", "Type 1", "Type 2", "Type 3"]),
        ("Amount (year)", ["2013/2015", "2011/ 2013", "2012", "2010–15", "2014/2015", "2010/2010"]),
        ("Total", ["yes", "no", "yes", "no", "yes", "no"]),
    ],
)
def test_codes_and_texts_with_numbers_are_not_asked_about(label: str, cells: list[str]) -> None:
    found = proposed_for(["Ministry", label, "Amount"], NAMES, cells, AMOUNTS)
    assert found.proposals == ()
    assert the(found, label).column_type != "value"
