"""The most important promise: a proposed reading gives back exactly the numbers that were written, or it asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openspending.etl.modelling.writing import writing
from tests.etl.modelling.columns import numbers_read, numeric, profiled

pytestmark = pytest.mark.slow

NEGATIVES = ("-{}", "({})", "{}-", "−{}", "- {}", "–{}")
MONEY = ("{}", "£{}", "£ {}", "{} €", "{}€", "$ {}", "EUR {}", "{} PLN", "R$ {}", "kr {}", "{} zł", "US$ {}")
MARKS = (
    (".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", " "), (",", "\u00a0"), (",", "\u202f"),
    (".", "'"), (".", "’"), (",", "'"), (".", "\u2009"),
)  # fmt: skip


def grouped(digits: str, mark: str, *, indian: bool) -> str:
    head, tail = digits[:-3], digits[-3:]
    size = 2 if indian else 3
    parts = [head[max(0, end - size) : end] for end in range(len(head), 0, -size)]
    return mark.join([*reversed(parts), tail]) if head else tail


def rendered(number: Decimal, style: dict[str, Any]) -> str:
    digits, _, decimals = f"{abs(number):f}".partition(".")
    if style["group"]:
        digits = grouped(digits, style["group"], indian=style["indian"] and style["group"] == ",")
    text = style["money"].format(digits + (style["decimal"] + decimals if decimals else ""))
    return str(style["negative"].format(text)) if number < 0 else text


@st.composite
def styles(draw: st.DrawFn) -> dict[str, Any]:
    decimal, group = draw(st.sampled_from(MARKS))
    return {
        "decimal": decimal,
        "group": group,
        "indian": draw(st.booleans()),
        "negative": draw(st.sampled_from(NEGATIVES)),
        "money": draw(st.sampled_from(MONEY)),
    }


@st.composite
def amounts(draw: st.DrawFn, most_decimals: int = 4, least: int = 5, most: int = 200) -> list[Decimal]:
    """Numbers of one column: as many decimals each, or without closing zeros."""
    places = draw(st.integers(0, most_decimals))
    stripped = draw(st.booleans())
    size = draw(st.sampled_from((10**3, 10**5, 10**7, 10**10)))
    random = draw(st.randoms(use_true_random=False))
    lowest = -size if draw(st.booleans()) else 0
    found = []
    for _ in range(draw(st.integers(least, most))):
        number = Decimal(random.randint(lowest * 10**places, size * 10**places)).scaleb(-places)
        found.append(Decimal(f"{number.normalize():f}") if stripped else number)
    return found


def assert_exact_or_asked(cells: list[str], truth: list[Decimal]) -> None:
    found = numeric(writing(profiled(cells)))
    if found is None or not all(one.sure for one in found.proposals):
        return
    assert numbers_read(cells, found.props) == truth, (cells, found.props)


@settings(max_examples=150, deadline=None)
@given(amounts(), styles())
def test_numbers_in_one_format_come_back_exactly_or_are_asked_for(
    numbers: list[Decimal], style: dict[str, Any]
) -> None:
    assert_exact_or_asked([rendered(one, style) for one in numbers], numbers)


@settings(max_examples=150, deadline=None)
@given(amounts(2, 20, 60), styles(), styles(), st.integers(1, 5))
def test_a_few_numbers_in_another_format_come_back_exactly_or_are_asked_for(
    numbers: list[Decimal], style: dict[str, Any], other: dict[str, Any], few: int
) -> None:
    cells = [rendered(one, other if place < few else style) for place, one in enumerate(numbers)]
    assert_exact_or_asked(cells, numbers)


@settings(max_examples=60, deadline=None)
@given(amounts(2), st.sampled_from(MARKS), st.sampled_from(MONEY))
def test_plain_formats_with_cents_are_read_without_asking(
    numbers: list[Decimal], marks: tuple[str, str], money: str
) -> None:
    style = {"decimal": marks[0], "group": marks[1], "indian": False, "negative": "-{}", "money": money}
    truth = [*numbers, Decimal("1234567.25"), Decimal("0.50")]
    cells = [rendered(one, style) for one in truth]
    found = numeric(writing(profiled(cells)))
    assert found is not None
    assert [one.question for one in found.proposals if not one.sure] == []
    assert numbers_read(cells, found.props) == truth
