"""What a measure says about its money: currency, factor, direction and phase, wherever a dialect puts them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Final

from openspending.fdp.amounts import is_number
from openspending.fdp.place import Place
from openspending.speaking.said import said

DIRECTIONS: Final = ("expenditure", "revenue")
PHASES: Final = ("proposed", "approved", "adjusted", "executed")
# Beyond these a factor is a mistake, and amounts times it would fit no decimal column.
_MAX_DIGITS: Final = 30


@dataclass(frozen=True, slots=True)
class Money:
    """The four properties; `factor` 1 and None elsewhere when nothing is said."""

    currency: str | None = None
    factor: Decimal = Decimal(1)
    direction: str | None = None
    phase: str | None = None


def read_money(raw: Mapping[str, Any], thing: str, place: Place) -> Money:
    """The properties at `raw`. What cannot be used is reported at `place`, as a problem of `thing` in plain words."""
    return Money(
        currency=_currency(place.text(raw, "currency") or None, thing, place),
        factor=_factor(raw.get("factor"), thing, place),
        direction=_direction(place.text(raw, "direction") or None, thing, place),
        phase=_phase(place.text(raw, "phase") or None, thing, place),
    )


def _currency(code: str | None, thing: str, place: Place) -> str | None:
    if code is None:
        return None
    if not re.fullmatch(r"[A-Z]{3}", code):
        place.report("fiscal/currency-form", value=code, thing=thing)
        return None
    status = currency_status(code)
    if status != "active":
        detail = said("no longer valid") if status == "historic" else said("not listed")
        place.report("fiscal/currency-unknown", value=code, thing=thing, detail=detail)
    return code


def currency_status(code: str) -> str:
    """Whether ISO 4217 lists `code`: “active”, “historic” (withdrawn) or “unknown”."""
    lists = _currencies()
    return next((status for status in ("active", "historic") if code in lists[status]), "unknown")


@cache
def _currencies() -> Mapping[str, frozenset[str]]:
    text = files("openspending.fdp").joinpath("codelists", "iso4217.json").read_text("utf-8")
    found = json.loads(text)
    return {status: frozenset(found[status]) for status in ("active", "historic")}


def _factor(value: Any, thing: str, place: Place) -> Decimal:
    if value is None or value == "":
        return Decimal(1)
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal) or not is_number(str(value)):
        place.report("fiscal/factor", thing=thing, value=value, detail=said("it is not a number"))
        return Decimal(1)
    try:
        factor = Decimal(value)
    except InvalidOperation:  # an exponent beyond any size
        place.report("fiscal/factor", thing=thing, value=value, detail=said("it is not finite"))
        return Decimal(1)
    reason = _bad_factor(factor)
    if reason:
        place.report("fiscal/factor", thing=thing, value=value, detail=reason)
        return Decimal(1)
    return factor


def _bad_factor(factor: Decimal) -> str | None:
    if not factor.is_finite():
        return said("it is not finite")
    if factor == 0:
        return said("every amount would become 0")
    exponent = factor.as_tuple().exponent
    if factor.adjusted() > _MAX_DIGITS or (isinstance(exponent, int) and exponent < -_MAX_DIGITS):
        return said("it has more than {max_digits} digits", max_digits=_MAX_DIGITS)
    return None


def _direction(value: str | None, thing: str, place: Place) -> str | None:
    if value is None:
        return None
    if value.lower() in DIRECTIONS:
        return value.lower()
    place.report("fiscal/direction", value=value, thing=thing)
    return None


def _phase(value: str | None, thing: str, place: Place) -> str | None:
    if value is not None and value.lower() not in PHASES:
        place.report("fiscal/phase", value=value, thing=thing)
        return value
    return value.lower() if value else None
