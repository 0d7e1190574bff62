"""Totals of a search in words: amounts of different kinds beside each other, never added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.words import text
from openspending.fdp.amounts import is_number

_KNOWN: Final = ("currency", "phase", "direction", "measure", "lines", "amount")


@dataclass(frozen=True, slots=True)
class Figure:
    """The exact sum of the amounts of one kind; `note` says of which, such as “executed expenditure”. `amount` is empty
    where no exact sum can be had."""

    amount: str
    currency: str
    note: str
    lines: str = ""


def figures(totals: object) -> tuple[Figure, ...]:
    """The totals of an answer, with their decimal points in line."""
    listed = [one for one in totals if isinstance(one, Mapping)] if isinstance(totals, list) else []
    amounts = in_line([text(one.get("amount"), 100) for one in listed])
    return tuple(
        Figure(amount, text(one.get("currency"), 20), kind(one), count(one.get("lines")))
        for one, amount in zip(listed, amounts, strict=True)
    )


def kind(said: Mapping[str, Any]) -> str:
    """What kind of money it is: phase and direction, what else keeps it apart, and the measure where that is named."""
    marks = [text(said.get(name), 80) for name in ("phase", "direction")]
    further = [text(value, 80) for name, value in said.items() if name not in _KNOWN]
    measure = text(said.get("measure"), 120)
    words = " ".join(one for one in (*marks, *further) if one)
    return " · ".join(one for one in (words, measure if measure.lower() != words.lower() else "") if one)


def separated(amount: str) -> str:
    """An amount of the API with its thousands separated, all its digits kept; anything else as it is."""
    if not is_number(amount) or "e" in amount.lower():
        return amount
    sign = "-" if amount.startswith("-") else ""
    whole, point, fraction = amount.lstrip("+-").partition(".")
    return f"{sign}{int(whole or '0'):,}{point}{fraction}"


def in_line(amounts: Sequence[str]) -> list[str]:
    """Amounts separated, each with as many decimals as the longest one has."""
    shown = [separated(one) for one in amounts]
    longest = max((len(one.partition(".")[2]) for one in shown), default=0)
    return [_padded(one, longest) if one and longest else one for one in shown]


def count(number: object) -> str:
    """A number of lines or datasets for people."""
    return f"{number:,}" if isinstance(number, int) else ""


def counted(number: object, one: str, several: str = "") -> str:
    """A number with its noun: “1 line”, “1,204 lines”."""
    return f"{count(number)} {one if number == 1 else several or one + 's'}"


def _padded(amount: str, decimals: int) -> str:
    whole, _, fraction = amount.partition(".")
    return f"{whole}.{fraction.ljust(decimals, '0')}"
