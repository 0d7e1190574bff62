"""Names are made from what people write, and never clash."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.fdp.names import Names, dataset_name, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("func1 (code)", "func1_code"),
        ("AÑO", "ANO"),
        ("héllô₪wörld", "hello_world"),
        ("שלום", ""),
        ("Łódź", "Lodz"),
        ("Straße", "Strasse"),
        ("2014-15", "2014_15"),
        ("admin2!", "admin2"),
        ("", ""),
    ],
)
def test_a_slug_is_plain_letters_and_digits(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Boost Moldova", "boost-moldova"),
        ("eu_allocations", "eu_allocations"),
        ("a.b-c", "a.b-c"),
        ("予算", "dataset-e18c54d4"),
        ("../etc", "etc"),
        (".hidden", "hidden"),
    ],
)
def test_dataset_names_fit_a_url(name: str, expected: str) -> None:
    assert dataset_name(name) == expected


def test_packages_with_names_in_other_scripts_are_not_one_dataset() -> None:
    assert dataset_name("Бюджет") != dataset_name("預算")


@given(st.text())
def test_every_text_gives_a_valid_dataset_name(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._-]*", dataset_name(text))


def test_names_differ_also_without_case() -> None:
    names = Names()
    assert [names.give(one) for one in ("Year", "year", "YEAR", "year_2")] == ["Year", "year_2", "YEAR_3", "year_2_2"]
