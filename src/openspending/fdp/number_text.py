"""How numbers are written in a column: the lexical gate for them and their canonical form, as SQL text.

The gate is strict where leniency could change an amount: groups have three digits at the end (so `1,5` is not 15),
brackets and trailing signs are refused unless the field declares them, and a currency sign or unit is only passed over
when `bareNumber` is false and it can neither be part of the number nor multiply it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from openspending.fdp.negatives import MONEY, as_minus, minus
from openspending.fdp.package import Field
from openspending.fdp.spaces import BLANK
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
    split: str | None  # RE2 with groups for signs and digits; None when the cell is the bare number
    parts: str  # the groups of `split` in the order of a plain number
    group: tuple[str, ...]
    decimal: str
    negative: tuple[str, ...] = ()
    bare: bool = True

    def valid(self, text: str) -> str:
        """SQL boolean: is `text` such a number?"""
        gate = full_match(text, self.gate)
        return gate if self.bare else f"({gate} AND NOT regexp_matches({text}, {literal(_MULTIPLIERS)}))"

    def canonical(self, text: str) -> str:
        """SQL text of the number: optional sign, digits, `.`, digits, optional exponent."""
        if self.split is not None:
            text = f"regexp_replace({text}, {literal('^' + self.split + '$')}, {literal(self.parts)})"
        for mark in self.group:
            text = f"replace({text}, {literal(mark)}, '')"
        text = as_minus(text, self.negative)
        return text if self.decimal == "." else f"replace({text}, {literal(self.decimal)}, '.')"

    def digits(self, text: str) -> str:
        """SQL: how many digits stand left of the point, leading zeros left out; an upper bound with an exponent."""
        number = self.canonical(text)
        return _by_exponent(number, _left_digits, lambda m, e: f"{_left_digits(m)} + greatest({e}, 0)")

    def scale(self, text: str) -> str:
        """SQL: how many digits stand right of the point, closing zeros left out; an upper bound with an exponent."""
        number = self.canonical(text)
        return _by_exponent(number, _scale, lambda m, e: f"{_scale(m)} + greatest(-{e}, 0)")


def number_text(field: Field, *, whole: bool) -> NumberText:
    """How `field` writes numbers; `whole` ones have neither decimals nor exponent."""
    group = _group_marks(field.group_char)
    form = _Form(field, group, whole)
    gate, split, parts = form.bare() if field.bare_number else form.dressed()
    return NumberText(gate, split, parts, group, field.decimal_char, field.negative, field.bare_number)


class _Form:
    """The pieces of RE2 from which gate and split of a column are made. `core` is any number without its sign,
    `started` one that begins with a digit, and `ended` and `started_ended` the same where they do not end in the
    decimal character: `5,-` is five, not minus five."""

    def __init__(self, field: Field, group: tuple[str, ...], whole: bool) -> None:
        digits = r"\d+"
        if group:
            mark = "[" + "".join(plain(one) for one in group) + "]" if len(group) > 1 else plain(group[0])
            # The last group has three digits, earlier ones three or (in South Asia) two. None begins a number with 0:
            # `0,005` is a decimal comma that was not declared.
            digits = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}|\d+)"
        point = plain(field.decimal_char)
        self.started = digits if whole else rf"{digits}(?:{point}\d*)?{EXPONENT}"
        self.core = digits if whole else rf"(?:{self.started}|{point}\d+{EXPONENT})"
        self.started_ended = digits if whole else rf"{digits}(?:{point}\d+)?{EXPONENT}"
        self.ended = digits if whole else rf"(?:{self.started_ended}|{point}\d+{EXPONENT})"
        self.negative = field.negative
        self.minus = minus(field.negative)
        self.signs = f"[+{self.minus}]"
        # Right before the digits no decimal or group character may stand: `Rs.500` could be 500 as well as .500.
        marks = plain(field.decimal_char) + "".join(plain(one) for one in group if one not in SPACES)
        self.passed = f"[^{_NOT_PASSED}]*"
        self.before = rf"(?:{self.passed}[^{_NOT_PASSED}{marks}])"

    def bare(self) -> tuple[str, str | None, str]:
        """Gate, split and parts of numbers with nothing beside them."""
        gates = [f"{self.signs}?{self.core}"]
        if "parentheses" in self.negative:
            gates.append(rf"\({BLANK}*{self.core}{BLANK}*\)")
        if "trailing" in self.negative:
            gates.append(f"{self.ended}[{self.minus}]")
        if len(gates) == 1:
            return gates[0], None, ""
        split = rf"([(+{self.minus}]?){BLANK}*({self.core}){BLANK}*\)?([{self.minus}]?)"
        return f"(?:{'|'.join(gates)})", split, r"\1\3\2"

    def dressed(self) -> tuple[str, str, str]:
        """Gate, split and parts of numbers with other characters before or after them."""
        before, passed, signs = self.before, self.passed, self.signs
        gate = (
            rf"(?:{BLANK}*{signs}?{before}?{self.started}|{before}{signs}{self.started}"
            rf"|{BLANK}*{signs}?{self.core}){passed}"
        )
        split = rf"{BLANK}*({signs}?){before}?({signs}?)({self.core}){passed}"
        gates = [gate]
        if "parentheses" in self.negative:
            gates.append(rf"{MONEY}\((?:{MONEY}{self.started}|{BLANK}*{self.core}){passed}\){passed}")
        if "trailing" in self.negative:
            number = rf"(?:{BLANK}*{before}?{self.started_ended}|{BLANK}*{self.ended})"
            gates.append(f"{number}{MONEY}[{self.minus}]{MONEY}")
        if len(gates) == 1:
            return gate, split, r"\1\2\3"
        split = (
            rf"{BLANK}*({signs}?){before}?({signs}?)(\(?){before}?({self.core}){passed}\)?{passed}"
            rf"([{self.minus}]?){passed}"
        )
        return f"(?:{'|'.join(gates)})", split, r"\1\2\3\5\4"


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
