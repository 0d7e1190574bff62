"""Exact arithmetic for tables: no digit of an amount is rounded, however many it has."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, localcontext

from openspending.fdp.amounts import is_number

_EXACT = Context(prec=1000)

Amount = Decimal | None


def amount(value: object) -> Amount:
    """An amount of the API; None where it has none."""
    text = "" if value is None else str(value)
    return Decimal(text) if is_number(text) else None


def total(amounts: Iterable[Amount]) -> Amount:
    """The exact sum; None where there is no amount at all."""
    found = [one for one in amounts if one is not None]
    with localcontext(_EXACT):
        return sum(found, Decimal(0)) if found else None


def rest(whole: Amount, parts: Iterable[Amount]) -> Amount:
    """What is left of the whole beside the parts; None where nobody knows the whole."""
    if whole is None:
        return None
    taken = total(parts)
    with localcontext(_EXACT):
        return whole - (taken or Decimal(0))


def part(one: Amount, whole: Amount, digits: int = 1) -> str:
    """How many per cent of the whole it is, rounded to so many digits; empty where that says nothing."""
    if one is None or not whole:
        return ""
    with localcontext(_EXACT):
        return f"{(one * 100 / whole).quantize(Decimal(1).scaleb(-digits)):f}"


def width(one: Amount, largest: Amount) -> str:
    """The width of a bar, in per cent of the longest."""
    return part(None if one is None else abs(one), largest, 2) or "0"
