"""Amounts in two halves: amount = high × 2^width + low + bias. The index sums halves as floating point numbers, which
is exact as long as a sum stays below 2^53; the record's widths see to that."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Final

from openspending.analytics.search.record import Measure

_WHOLE: Final = 64  # where amounts are too large for exact sums, they are cut for comparing alone
_DIGITS: Final = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """How the amounts of a measure are cut. `summed`: the sums of its halves are exact."""

    width: int
    bias: int
    summed: bool

    def halves(self, units: int) -> tuple[int, int]:
        """The high and the low half of an amount."""
        return units >> self.width, (units & ((1 << self.width) - 1)) - self.bias


def cut_of(measure: Measure) -> Cut:
    """How a measure's amounts are cut. One of width 0 has no sums."""
    if measure.width == 0:
        return Cut(_WHOLE, 1 << (_WHOLE - 1), summed=False)
    return Cut(measure.width, 0, summed=True)


def at_least(amount: Decimal, scale: int) -> int:
    """The least whole number of 10^-scale that is not below `amount`."""
    return _units(amount, scale, ROUND_CEILING)


def at_most(amount: Decimal, scale: int) -> int:
    """The greatest whole number of 10^-scale that is not above `amount`."""
    return _units(amount, scale, ROUND_FLOOR)


def _units(amount: Decimal, scale: int, rounding: str) -> int:
    with localcontext() as context:
        context.prec = _DIGITS
        return int(amount.scaleb(scale).to_integral_value(rounding))
