"""What a record says of a package, and how its amounts are cut."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openspending.analytics.search.languages import languages_of, official_languages
from openspending.analytics.search.recording import _author, _units, fiscal_year, width_for


@given(st.integers(0, 10**9), st.integers(0, 10**40))
def test_halves_of_amounts_sum_up_exactly_as_floats_or_there_is_no_width(lines: int, absolute: int) -> None:
    def fits(width: int) -> bool:
        return lines << width < 1 << 53 and (absolute >> width) + lines < 1 << 53

    width = width_for(lines, absolute)
    assert fits(width) if width else not any(fits(one) for one in range(1, 60))


def test_sums_of_38_digits_lose_none() -> None:
    assert _units(Decimal("1234567890123456789012345678901234.5678"), 4) == 12345678901234567890123456789012345678
    assert _units(0, 2) == 0


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2014-01-01", "2014-12-31", "2014"),
        ("2014-01-01", "2015-01-01", "2014"),
        ("2014-04-01", "2015-03-31", "2014/15"),
        ("2014-01-01", "2016-12-31", None),
        ("2014", None, None),
        (None, None, None),
    ],
)
def test_a_period_of_one_year_is_the_year_of_all_facts(start: str, end: str, expected: str | None) -> None:
    assert fiscal_year({"fiscalPeriod": {"start": start, "end": end}}) == expected


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        ({"author": "A Ministry <mail@example.org>"}, "A Ministry"),
        ({"author": {"name": "A", "email": "a@example.org"}}, "A"),
        ({"contributors": [{"title": "B"}, {"title": "C"}]}, "B, C"),
        ({"contributors": "B", "author": 5}, ""),
        ({}, ""),
    ],
)
def test_authors_are_told_without_addresses(descriptor: dict[str, Any], expected: str) -> None:
    assert _author(descriptor) == expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [("MX", ("es",)), ("HR", ("hr",)), ("BE", ("nl", "fr", "de")), ("NO", ("no",)), ("RS", ("sr",)), ("EU", ())],
)
def test_a_country_speaks_its_official_languages(country: str, expected: tuple[str, ...]) -> None:
    assert official_languages(country) == expected


@pytest.mark.parametrize(
    ("descriptor", "expected"),
    [
        ({"language": "de-AT"}, ("de",)),
        ({"languages": ["FR", {"code": "nl"}, 5]}, ("fr", "nl")),
        ({"language": "en", "languages": ["cy", "en"]}, ("en", "cy")),
        ({"language": "Klingon"}, ("hr", "en")),
        ({}, ("hr", "en")),
    ],
)
def test_what_a_package_says_of_its_language_comes_first(descriptor: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert languages_of(descriptor, ["HR"]) == expected


def test_what_a_country_publishes_may_be_in_english_and_of_what_has_none_nobody_knows() -> None:
    assert languages_of({}, ["GB", "IE"]) == ("en", "ga")
    assert languages_of({}, ["IN"])[-1] == "en"
    assert languages_of({}, ["EU"]) == languages_of({}, []) == ()
