"""Numbers, dates and names of the world as readers of the page's language write them. No digit of an amount is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import get_currency_name

from openspending.browse.languages import current
from openspending.fdp.amounts import is_number, plain

_LOCALES: Final = {"en": "en_001"}  # English of no country: the day stands before the month
_GROUP: Final = 3  # digits between two separators


def number(amount: Decimal | int | str) -> str:
    """An amount with its thousands separated, all its digits kept; a text that is no number as it is."""
    text = amount if isinstance(amount, str) else plain(amount)  # not by arithmetic, which rounds to 28 digits
    if not is_number(text) or "e" in text.lower():
        return text
    marks = _locale(current()).number_symbols["latn"]
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole = whole.lstrip("0") or "0"
    first = len(whole) % _GROUP
    groups = [whole[:first]] if first else []
    groups += [whole[at : at + _GROUP] for at in range(first, len(whole), _GROUP)]
    sign = "-" if text.startswith("-") else ""
    return sign + str(marks["group"]).join(groups) + (f"{marks['decimal']}{fraction}" if fraction else "")


def in_line(amounts: Sequence[str]) -> list[str]:
    """Amounts for people, each with as many decimals as the longest one has, so that their points are in line."""
    longest = max((len(one.partition(".")[2]) for one in amounts if is_number(one)), default=0)
    return [number(_padded(one, longest) if longest and is_number(one) else one) for one in amounts]


def count(things: object) -> str:
    """A number of things; nothing for what is no number."""
    return number(things) if isinstance(things, int) else ""


def date(text: str) -> str:
    """The date with which a time of the API begins, such as “26 Nov 2026”; a text that has none as it is."""
    moment = _moment(text)
    return text if moment is None else format_date(moment, "medium", locale=_locale(current()))


def moment(text: str) -> str:
    """A time of the API with its date, to the minute, in UTC; a text that is none as it is."""
    found = _moment(text)
    if found is None:
        return text
    return f"{date(text)}, {format_time(found, 'HH:mm', locale=_locale(current()))} UTC"


def country(code: str) -> str:
    """What a country is called; its code where that is unknown."""
    name = _locale(current()).territories.get(code.upper(), "") if code.isalpha() else ""
    return name or code


def currency(code: str) -> str:
    """What a currency is called; its code where that is unknown."""
    return get_currency_name(code, locale=_locale(current())) if code.isascii() else code


def direction() -> str:
    """`ltr` or `rtl`: to which side the page's language is written."""
    return str(_locale(current()).text_direction)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _padded(amount: str, decimals: int) -> str:
    whole, _, fraction = amount.partition(".")
    return f"{whole}.{fraction.ljust(decimals, '0')}"
