"""Totals of a search in words: amounts of different kinds beside each other, never added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.languages import ngettext
from openspending.browse.locales import count, in_line
from openspending.browse.words import our_word, text

_KNOWN: Final = ("currency", "phase", "direction", "measure", "lines", "amount")


@dataclass(frozen=True, slots=True)
class Figure:
    """The exact sum of the amounts of one kind; `note` says of which, such as “executed expenditure”, and `lines` how
    many they are. `amount` is empty where no exact sum can be had."""

    amount: str
    currency: str
    note: str
    lines: str = ""


def figures(totals: object) -> tuple[Figure, ...]:
    """The totals of an answer, with their decimal points in line."""
    listed = [one for one in totals if isinstance(one, Mapping)] if isinstance(totals, list) else []
    amounts = in_line([text(one.get("amount"), 100) for one in listed])
    return tuple(
        Figure(amount, text(one.get("currency"), 20), kind(one), lines(one.get("lines")))
        for one, amount in zip(listed, amounts, strict=True)
    )


def kind(said: Mapping[str, Any]) -> str:
    """What kind of money it is: phase and direction, what else keeps it apart, and the measure where that is named."""
    phase, direction = (text(said.get(name), 80) for name in ("phase", "direction"))
    marks = [our_word(one) for one in (phase, direction) if one]
    if len(marks) > 1:
        marks = [_("%(phase)s %(direction)s") % {"phase": marks[0], "direction": marks[1]}]
    further = [text(value, 80) for name, value in said.items() if name not in _KNOWN]
    measure = text(said.get("measure"), 120)
    words = " ".join(one for one in (*marks, *further) if one)
    named = measure.lower() not in {words.lower(), f"{phase} {direction}".strip().lower()}
    return " · ".join(one for one in (words, measure if named else "") if one)


def lines(number: object) -> str:
    """A number of lines with its noun: “1 line”, “1,204 lines”."""
    found = number if isinstance(number, int) else 0
    return ngettext("%(number)s line", "%(number)s lines", found) % {"number": count(found)}


def datasets(number: object) -> str:
    """A number of datasets with its noun."""
    found = number if isinstance(number, int) else 0
    return ngettext("%(number)s dataset", "%(number)s datasets", found) % {"number": count(found)}
