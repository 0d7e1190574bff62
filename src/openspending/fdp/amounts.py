"""Exact amounts as text: plain for programs, grouped for people. No digit is added, lost or rounded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def is_number(text: str) -> bool:
    """Whether `text` is a number with a decimal point. (`Decimal` alone also takes underscores, spaces, words such as
    NaN, and the digits of every script.)"""
    return _NUMBER.fullmatch(text) is not None


def plain(amount: Decimal | int) -> str:
    """`amount` with all its digits and nothing else: no exponent, no trailing zeros, no negative zero."""
    text = f"{Decimal(amount):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def plain_sums(sums: Mapping[str, Decimal | None]) -> dict[str, str | None]:
    """Exact sums as text, for JSON; None where there is no amount at all."""
    return {name: None if total is None else plain(total) for name, total in sums.items()}


def grouped(amount: Decimal | int, separator: str = ",") -> str:
    """`amount` with its thousands separated, such as 12,008,553,000.04."""
    text = plain(amount)  # not by arithmetic: even a minus sign would round to the context's 28 digits
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}".replace(",", separator) + point + fraction
