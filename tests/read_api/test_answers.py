"""Values as clients of babbage know them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openspending.read_api.answers import plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("100.00"), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("12345678901234567890123456789012345.678"), "12345678901234567890123456789012345.678"),
        (Decimal("0.1200"), "0.12"),
        (None, "None"),
    ],
)
def test_numbers_lose_zeros_and_nothing_else(value: Decimal | None, expected: str) -> None:
    assert str(plain(value)) == expected
