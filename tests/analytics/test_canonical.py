"""What a canonical text says is read back as the same question."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openspending.analytics.canonical import cut_text
from openspending.analytics.cubemodel import from_spec
from openspending.analytics.query import Condition, Cut
from openspending.analytics.querytext import parse_cuts

MODEL = from_spec(
    {
        "fact_table": "facts",
        "dimensions": {"year": {"attributes": {"code": {"column": "year"}}, "key_attribute": "code"}},
        "measures": {"amount": {"column": "amount"}},
    }
)


def again(*conditions: Condition) -> str:
    """The canonical text of what the canonical text of `conditions` says."""
    return cut_text(parse_cuts(cut_text(conditions, MODEL)), MODEL)


@pytest.mark.parametrize(
    ("cut", "text"),
    [
        (Cut("year", ("2012", "2014"), ".."), "year.code:2012..2014"),
        (Cut("year", ("2012-01-01", None), ".."), "year.code:2012-01-01.."),
        (Cut("year", (None, "2014"), ".."), "year.code:..2014"),
        (Cut("amount", (Decimal("-1.50"), 3), ".."), "amount:-1.5..3"),
        (Cut("year", ("A|B", "M"), ".."), 'all(year.code<=:"M"|year.code>=:"A|B")'),
        (Cut("year", ("2012/13", None), ".."), 'all(year.code>=:"2012/13")'),
        (Cut("year", ("1..2", "3"), ".."), 'all(year.code<=:"3"|year.code>=:"1..2")'),
        (Cut("year", ("1..2", None), ".."), 'all(year.code>=:"1..2")'),
    ],
)
def test_a_range_is_written_as_it_can_be_read(cut: Cut, text: str) -> None:
    assert cut_text((cut,), MODEL) == text
    assert parse_cuts(text)


@pytest.mark.parametrize("operator", [":", "!:", "~:", "^:", "<:", "<=:", ">:", ">=:"])
@pytest.mark.parametrize("value", ["01", "null", "a;b", 'say "yes"', "x..y", "1..2", "not(", "\n", "ö|ü", "\\"])
def test_every_text_survives_being_written(operator: str, value: str) -> None:
    cut = Cut("year", (value,), operator)

    assert again(cut) == cut_text((cut,), MODEL)
    assert parse_cuts(cut_text((cut,), MODEL)) == (Cut("year.code", (value,), operator),)
