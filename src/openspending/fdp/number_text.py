"""How numbers are written in a column: the lexical gate for them and their canonical form, as SQL text.

The gate is strict where leniency could change an amount: groups have three digits at the end (so `1,5` is not 15),
brackets and trailing signs are refused, and a currency sign or unit is only passed over when `bareNumber` is false and
it can neither be part of the number nor multiply it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from openspending.fdp.package import Field
from openspending.fdp.sqltext import full_match, literal, plain

_Plain = Callable[[str], str]
_Shifted = Callable[[str, str], str]

SPACES: Final = (" ", "\u00a0", "\u202f", "\u2009")
EXPONENT: Final = r"(?:[eE][+-]?\d{1,4})?"
_NOT_PASSED: Final = r"0-9()+\-\x{2212}\x{2010}-\x{2015}"  # digits, signs, dashes, brackets
# “5 million” stripped to 5 would lose money, so a word that multiplies is refused.
_MULTIPLIERS: Final = (
    r"(?i)(?:^|\PL)(?:k|m|mm|mn|b|bn|t|tn|th|thsd|tsd|tis|mio|mill?|mln|mld|mrd|md|cr|thousands?|millions?|billions?|"
    r"trillions?|tausend|million|millionen|milliarden?|mille|milliards?|milioni?|milione|miliardi?|miljoen|miljard|"
    r"miles|millón|millones|mil|milhão|milhões|lakhs?|crores?|тыс|млн|млрд)(?:\PL|$)|[千百万萬億亿兆]"
)


@dataclass(frozen=True, slots=True)
class NumberText:
    """The written form of one number column."""

    gate: str  # RE2 for the whole cell
    split: str | None  # RE2 with the groups sign, sign, digits; None when the cell is the bare number
    group: tuple[str, ...]
    decimal: str

    def valid(self, text: str) -> str:
        """SQL boolean: is `text` such a number?"""
        gate = full_match(text, self.gate)
        return gate if self.split is None else f"({gate} AND NOT regexp_matches({text}, {literal(_MULTIPLIERS)}))"

    def canonical(self, text: str) -> str:
        """SQL text of the number: optional sign, digits, `.`, digits, optional exponent."""
        if self.split is not None:
            text = f"regexp_replace({text}, {literal('^' + self.split + '$')}, '\\1\\2\\3')"
        for mark in self.group:
            text = f"replace({text}, {literal(mark)}, '')"
        return text if self.decimal == "." else f"replace({text}, {literal(self.decimal)}, '.')"

    def digits(self, text: str) -> str:
        """SQL: how many digits stand left of the point, leading zeros left out; an upper bound with an exponent."""
        number = self.canonical(text)
        return _by_exponent(number, _left_digits, lambda m, e: f"greatest({_left_digits(m)} + {e}, {_left_digits(m)})")

    def scale(self, text: str) -> str:
        """SQL: how many digits stand right of the point, closing zeros left out; an upper bound with an exponent."""
        number = self.canonical(text)
        return _by_exponent(number, _scale, lambda m, e: f"greatest({_scale(m)} - {e}, {_scale(m)})")


def number_text(field: Field, *, whole: bool) -> NumberText:
    """How `field` writes numbers; `whole` ones have neither decimals nor exponent."""
    group = _group_marks(field.group_char)
    digits = r"\d+"
    if group:
        mark = "[" + "".join(plain(one) for one in group) + "]" if len(group) > 1 else plain(group[0])
        # The last group has three digits, earlier ones three or (in South Asia) two. None begins a number with 0:
        # `0,005` is a decimal comma that was not declared.
        digits = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}|\d+)"
    point = plain(field.decimal_char)
    started = digits if whole else rf"{digits}(?:{point}\d*)?{EXPONENT}"
    core = digits if whole else rf"(?:{started}|{point}\d+{EXPONENT})"
    if field.bare_number:
        return NumberText(rf"[+-]?{core}", None, group, field.decimal_char)
    return NumberText(*_dressed(started, core, field, group), group, field.decimal_char)


def _dressed(started: str, core: str, field: Field, group: tuple[str, ...]) -> tuple[str, str]:
    """Gate and split of numbers with other characters before or after them. Right before the digits no decimal or
    group character may stand: `Rs.500` could be 500 as well as .500."""
    marks = plain(field.decimal_char) + "".join(plain(one) for one in group if one not in SPACES)
    passed = f"[^{_NOT_PASSED}]*"
    before = rf"(?:{passed}[^{_NOT_PASSED}{marks}])"
    gate = rf"(?:\s*[+-]?{before}?{started}|{before}[+-]{started}|\s*[+-]?{core}){passed}"
    return gate, rf"\s*([+-]?){before}?([+-]?)({core}){passed}"


def _group_marks(group_char: str | None) -> tuple[str, ...]:
    """All characters that group digits: whoever groups by a space also writes it unbreakable or narrow."""
    if not group_char:
        return ()
    return SPACES if group_char in SPACES else (group_char,)


def _left_digits(number: str) -> str:
    """Signs and leading zeros sort before 1, so only the numbers that have them are trimmed (which is slow)."""
    point = f"instr({number}, '.')"
    trimmed = f"strlen(ltrim(split_part({number}, '.', 1), '+-0'))"
    return f"(CASE WHEN {number} < '1' THEN {trimmed} WHEN {point} = 0 THEN strlen({number}) ELSE {point} - 1 END)"


def _scale(number: str) -> str:
    point = f"instr({number}, '.')"
    trimmed = f"strlen(rtrim(split_part({number}, '.', 2), '0'))"
    return (
        f"(CASE WHEN {point} = 0 THEN 0 WHEN suffix({number}, '0') THEN {trimmed} ELSE strlen({number}) - {point} END)"
    )


def _by_exponent(number: str, without: _Plain, shifted: _Shifted) -> str:
    """`without` for a plain number; for one with an exponent `shifted`, given its mantissa and exponent."""
    lower = f"lower({number})"
    mantissa = f"split_part({lower}, 'e', 1)"
    exponent = f"coalesce(try_cast(split_part({lower}, 'e', 2) AS INTEGER), 0)"
    written = f"(contains({number}, 'e') OR contains({number}, 'E'))"
    return f"(CASE WHEN {written} THEN {shifted(mantissa, exponent)} ELSE {without(number)} END)"
