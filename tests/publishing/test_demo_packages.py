"""The demo packages, real data of several countries and dialects, publish with exactly the sums of their sources."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openspending.publishing import Published

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples" / "packages"
KNOWN: dict[str, tuple[int, dict[str, str]]] = {
    "moldova-boost-2014": (
        2000,
        {"approved": "730448500000", "adjusted": "779486656.62", "executed": "73828820178"},
    ),
    "uk-country-regional-analysis": (2000, {"amount": "12008553000.04"}),
    "suginami-2013": (12, {"amount": "155853000000"}),
    "mexico-2015": (400, {"amount": str(Decimal(196847494) + Decimal("193119321.02") + Decimal("225980402.23"))}),
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_rows_and_sums_are_those_of_the_source(name: str, published: Callable[[Path], Published]) -> None:
    rows, sums = KNOWN[name]
    done = published(EXAMPLES / name)

    assert done.rows == rows
    assert done.measures == {measure: Decimal(total) for measure, total in sums.items()}


def test_the_first_fact_of_moldova_is_the_one_that_the_original_loaded(
    published: Callable[[Path], Published], facts: Callable[[Published], list[dict[str, Any]]]
) -> None:
    """Expected values recorded from babbage_fiscal: factors applied, partial codes behind their parents'."""
    first = facts(published(EXAMPLES / "moldova-boost-2014"))[0]
    expected = {
        "approved": Decimal(49756100000),
        "adjusted": Decimal(51906100),
        "executed": Decimal(5171022338),
        "admin1": "Central",
        "admin2": "Central - 101",
        "admin3_code": "0101",
        "admin6_code": "010",
        "func1_code": "01",
        "func2_code": "01 - 01.01",
        "econ1_code": "111",
        "econ2_code": "111.00",
        "admin4_code": None,
    }

    assert {name: first[name] for name in expected} == expected


def test_every_demo_package_is_tested_here() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == set(KNOWN)
