"""One number as somebody wrote it: its sign, what stands around it, and what its marks can mean.

A `Format` reads the digits and marks; that several read the same text differently is what `numbers` is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from openspending.etl.modelling.currencies import currencies
from openspending.fdp.number_text import SPACES

_DASHES: Final = "−‐‑‒–—－"
_LONGEST: Final = 60  # characters of a number with what stands around it
_CORE: Final = re.compile(r"[0-9][0-9.,'’ \u00a0\u202f\u2009]*(?:[eE][+-][0-9]{1,3})?")
# Letters that could multiply (k, m, b, t) mark no footnote.
_FOOTNOTE: Final = re.compile(
    r"(?P<number>.*?[0-9)€£$%]) ?"
    r"(?P<mark>[*†‡§¹²³⁰⁴⁵⁶⁷⁸⁹ª°]+|\^?\[[0-9a-z]{1,2}\]|\([a-z*]{1,2}\)|\([0-9]{1,2}\)|"
    r"(?<= )[0-9]{1,2}\)|[ac-jln-su-z]|#)"
)
# Where cents would stand: `12,-` is twelve, as is `12.– CHF` or `100:-`.
_NO_CENTS: Final = re.compile(r"([.,:]) ?(?:-{1,2}|[−–—]|=)(?=\W|$)")
_HARMLESS: Final = re.compile(r"[*†‡§¹²³⁰⁴⁵⁶⁷⁸⁹]+")


@dataclass(frozen=True, slots=True)
class Format:
    """Which mark is the decimal one, and which groups digits (None: none does)."""

    decimal: str
    group: str | None = None

    def read(self, core: str) -> Decimal | None:
        """The number that `core` is in this format, without any sign; None when it is written differently."""
        if core.isdecimal():
            return Decimal(core)
        if not _pattern(self).fullmatch(core):
            return None
        for mark in _marks(self.group):
            core = core.replace(mark, "")
        return Decimal(core.replace(self.decimal, "."))

    def write(self, number: Decimal) -> str:
        """`number` as this format has it, without groups."""
        return f"{number:f}".replace(".", self.decimal)


# The simplest first: of two that read a column alike, the earlier is proposed.
FORMATS: Final = tuple(
    Format(decimal, group) for group in (None, ",", ".", " ", "'", "’") for decimal in ".," if decimal != group
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A text taken apart. `negative` is the form of its minus sign beside the plain one (descriptor's `negative`)."""

    core: str  # digits and the marks among them
    minus: bool = False
    negative: str | None = None
    dressed: bool = False  # something stands around the number: `bareNumber` is false
    currency: tuple[str, ...] = ()  # what the sign or code beside it can mean
    unsure: bool = False  # `5 kr.-` is minus five, or five without cents

    def read(self, form: Format) -> Decimal | None:
        """Its value in `form`, or None."""
        number = form.read(self.core)
        return -number if self.minus and number is not None else number


def numeral(text: str) -> Numeral | None:
    """`text` as a number with at most a sign and a currency; None when anything else stands there."""
    if len(text) > _LONGEST:
        return None
    first = next((place for place, one in enumerate(text) if one in "0123456789"), None)
    if first is None:
        return None
    last = max(place for place, one in enumerate(text) if one in "0123456789")
    before, core, after = text[:first], text[first : last + 1], text[last + 1 :]
    if before[-1:] in (".", ",") and not before[:-1].strip("+-($€£ " + _DASHES):
        before, core = before[:-1], before[-1] + core
    if not _CORE.fullmatch(core.lstrip(".,")):
        return None
    return _undressed(before, core, after)


def _undressed(before: str, core: str, after: str) -> Numeral | None:
    """Take signs and currency from what stands before and after the digits."""
    minus, negative = False, None
    if "(" in before or ")" in after:
        if before.count("(") != 1 or after.count(")") != 1:
            return None
        before, after, minus, negative = before.replace("(", ""), after.replace(")", ""), True, "parentheses"
    if (whole := _NO_CENTS.match(after)) is not None:
        core, after = core + whole[1].strip(":"), after[whole.end() :]
    signs = [one for one in before if one in "+-" + _DASHES]
    closing = [one for one in after if one in "-−"]
    if len(closing) == 1 and not signs and not minus:
        unsure = bool(re.search(r"[.,:] ?[-−]", after)) and not re.search("[.,][0-9]{1,2}$", core)
        found = _valued(before, core, after.replace(closing[0], ""), minus=True, negative="trailing")
        return replace(found, unsure=unsure) if found is not None else None
    if len(signs) > 1 or (signs and minus):
        return None
    if signs:
        before = before.replace(signs[0], "", 1)
        minus, negative = signs[0] != "+", "dash" if signs[0] in _DASHES else None
    return _valued(before, core, after, minus=minus, negative=negative)


def _valued(before: str, core: str, after: str, *, minus: bool, negative: str | None) -> Numeral | None:
    """A number between nothing, or one currency, on either side."""
    words = [(one, place == 0) for place, one in enumerate((before, after)) if one.strip()]
    if len(words) > 1:
        return None
    money: tuple[str, ...] = ()
    for word, leads in words:
        money = currencies(word, before=leads)
        if not money:
            return None
    return Numeral(core, minus, negative, bool(before or after), money)


def without_footnote(text: str) -> tuple[str, bool] | None:
    """`text` without the mark of a footnote after its number, and whether the mark can be nothing else; or None."""
    found = _FOOTNOTE.fullmatch(text)
    if found is None:
        return None
    return found["number"].strip(), bool(_HARMLESS.fullmatch(found["mark"].strip()))


def cut_off(core: str) -> bool:
    """Whether digits were lost to an exponent: `5.56E+15` has three of sixteen, as a program shows what is too long."""
    mantissa, _, exponent = core.upper().partition("E+")
    return bool(exponent) and len(re.sub(r"\D", "", mantissa)) <= int(exponent)


def loose_readings(text: str, decimal: str = ".") -> tuple[str, ...]:
    """What a number with misplaced marks, such as `12,681,882,27`, may have meant, with `decimal` as decimal mark: its
    last mark that, or all of its marks between groups."""
    core = text.strip().strip("€£$ ")
    if not re.fullmatch(r"\d[\d., ']*[.,]\d+", core):
        return ()
    *groups, last = re.split(r"\D+", core)
    digits = "".join(groups)
    return f"{digits}{decimal}{last}", f"{digits}{last}"


def _marks(group: str | None) -> tuple[str, ...]:
    if group is None:
        return ()
    return SPACES if group in SPACES else (group,)


@cache
def _pattern(form: Format) -> re.Pattern[str]:
    """Groups of three; of two before the last three where a comma groups them, as in South Asia."""
    digits, point = "[0-9]+", re.escape(form.decimal)
    if form.group is not None:
        mark = "[" + re.escape("".join(_marks(form.group))) + "]"
        grouped = rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+"
        indian = r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}" if form.group == "," else ""
        digits = f"(?:{grouped}{indian}|[0-9]+)"
    return re.compile(rf"(?:{digits}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-][0-9]{{1,3}})?")
