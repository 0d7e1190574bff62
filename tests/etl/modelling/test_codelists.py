"""Texts are compared with well-known lists in their different spellings."""

from __future__ import annotations

import pytest

from openspending.etl.modelling.codelists import (
    cofog_codes,
    cofog_labels,
    cofog_level,
    countries,
    currencies,
    economic_labels,
    esa_codes,
)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("01", "division"), ("1", "division"), ("10", "division"), ("GF01", "division"),
        ("01.1", "group"), ("1.1", "group"), ("011", "group"), ("GF0101", "group"),
        ("01.1.1", "class"), ("0111", "class"), ("10.9.0", "class"),
        ("11", None), ("00", None), ("01.99", None), ("A1", None), ("", None), ("2015", None),
    ],
)  # fmt: skip
def test_cofog_codes_are_known_in_all_spellings(text: str, level: str | None) -> None:
    assert cofog_level(text) == level


def test_the_level_of_codes_is_said_when_it_is_one() -> None:
    assert cofog_codes(["01.1", "02.2", "09.1"]) == (100, "group")
    assert cofog_codes(["01", "01.1"]) == (100, None)
    assert cofog_codes([]) == (0, None)


def test_names_of_cofog_are_known_in_three_languages_with_a_code_before_them() -> None:
    assert cofog_labels(["09 - Education", "Santé", "Defensa"]) == (100, "division")


def test_countries_are_known_by_names_and_codes() -> None:
    assert countries(["France", "DE", "España", "中国"]) == 100
    assert countries(["Lyon", "Kent"]) == 0


def test_namibia_is_a_country() -> None:
    assert countries(["NA"]) == 100


def test_currencies_are_codes_in_capitals() -> None:
    assert currencies(["EUR", "USD", "MXN"]) == 100
    assert currencies(["eur", "ABC"]) == 0


def test_economic_lists_are_known() -> None:
    assert economic_labels(["Taxes", "Social benefits"]) >= 50
    assert esa_codes(["D.1", "D11", "P.2"]) == 100
    assert esa_codes(["1", "11"]) == 0
