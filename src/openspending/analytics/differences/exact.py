"""Adding and subtracting sums with all their digits. Python's own signs round to 28 of them."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final

_EXACT: Final = Context(prec=100)


def minus(one: Decimal | None, other: Decimal | None) -> Decimal:
    """`one` − `other`; no amount counts as nothing."""
    return _EXACT.subtract(one or Decimal(0), other or Decimal(0))


def total_of(*amounts: Decimal | None) -> Decimal:
    """The sum of `amounts`; no amount counts as nothing."""
    total = Decimal(0)
    for one in amounts:
        total = _EXACT.add(total, one or Decimal(0))
    return total
