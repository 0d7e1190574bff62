"""Currencies in a label: ISO codes, symbols, and names in many languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import (
    MARK,
    SCRIPT,
    WORD,
    Hit,
    Lexicon,
    Token,
    data,
    lexicon,
    listed,
)
from openspending.fdp.money import currency_status

_CAPITAL: Final = frozenset({"km", "ft", "nis", "rm", "tl", "bs", "cfa", "sh", "gh", "ps", "sk", "lek", "rand"})
_RAND: Final = re.compile(r"(?<![A-Za-z])R\s?(?=['’‘`]?000|(?:thousand|million|billion|bn|mn|m)\b)|(?<=\()R(?=\))")
_NO_MONEY: Final = ("XAU", "XAG", "XPT", "XPD", "XTS", "XXX", "XBA", "XBB", "XBC", "XBD", "XSU", "XUA")
_OLD: Final = frozenset({"DEM", "FRF", "ITL", "ESP", "HRK", "SKK", "LVL", "LTL", "EEK", "GRD", "NLG", "BYR", "MXP"})


@dataclass(frozen=True, slots=True)
class Money:
    """A currency named at `start` to `end`: one code, or several that it may be. A `weak` one counts only where it
    stands as a unit does."""

    codes: tuple[str, ...]
    start: int
    end: int
    first: int  # tokens
    last: int
    written: str
    weak: bool

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end

    @property
    def is_word(self) -> bool:
        """Whether it is a code that is a word too: `BALANCE ALL`."""
        return self.weak and self.written in _code_words()


def currencies(label: str, parts: Sequence[Token]) -> list[Money]:
    """Everything in `label` that may name a currency, from left to right."""
    found = [*_symbols(label, parts), *_names(parts), *_codes(label, parts)]
    kept: list[Money] = []
    for one in sorted(found, key=lambda one: (one.weak, one.start - one.end)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _symbols(label: str, parts: Sequence[Token]) -> Iterator[Money]:
    said = data("money-currencies")
    taken: list[tuple[int, int]] = []
    for sign, codes in sorted(said["compound"].items(), key=lambda one: -len(one[0])):
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(sign)}", label):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
                yield _at(parts, match.start(), match.end(), codes, sign, weak=False)
    for sign, codes in said["symbols"].items():
        for match in re.finditer(re.escape(sign), label):
            if not any(start <= match.start() < end for start, end in taken):
                weak = sign.isalpha()  # 元, 円, 원 are parts of other words too
                yield _at(parts, match.start(), match.end(), codes, sign, weak=weak)
    for match in _RAND.finditer(label):
        yield _at(parts, match.start(), match.start() + 1, "ZAR", "R", weak=False)


def _at(parts: Sequence[Token], start: int, end: int, codes: str, written: str, *, weak: bool) -> Money:
    inside = [number for number, one in enumerate(parts) if one.start < end and start < one.end]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    return Money(tuple(codes.split()), start, end, first, last, written, weak)


def _names(parts: Sequence[Token]) -> Iterator[Money]:
    short = _short()
    for hit in _lexicon().find(parts):
        weak = hit.pattern in short
        if hit.pattern in _CAPITAL and not hit.written[:1].isupper():
            continue
        if hit.pattern == "km" and hit.written != "KM":
            continue
        yield _money(hit, weak=weak)


def _money(hit: Hit, *, weak: bool) -> Money:
    return Money(tuple(hit.value.split()), hit.start, hit.end, hit.first, hit.last, hit.written, weak)


@cache
def _lexicon() -> Lexicon:
    said = data("money-currencies")
    named = [(words, code) for code, words in said["names"].items()]
    return lexicon([*named, *((words, codes) for codes, words in said["unsure"].items())])


@cache
def _short() -> frozenset[str]:
    return frozenset(fold(one) for one in listed(data("money-currencies")["short"]))


def _codes(label: str, parts: Sequence[Token]) -> Iterator[Money]:
    """ISO codes in capitals; in small letters as a part of a technical name (`amount_usd`)."""
    technical = " " not in label.strip()
    shouted = label.upper() == label and sum(one.kind == WORD for one in parts) > 1
    words = _code_words()
    for number, part in enumerate(parts):
        code = part.text.upper()
        if part.kind != WORD or len(code) != 3 or not _is_code(code):
            continue
        if part.written.isupper():
            weak = code in words or (shouted and number not in (0, len(parts) - 1))
        elif technical and part.written.islower() and len(parts) > 1 and code not in words:
            weak = False
        elif part.written.istitle() and code not in words:
            weak = True
        else:
            continue
        yield Money((code,), part.start, part.end, number, number, part.written, weak)


@cache
def _code_words() -> frozenset[str]:
    return frozenset(listed(data("money-currencies")["words"]))


def _is_code(code: str) -> bool:
    return code in _OLD or (code not in _NO_MONEY and currency_status(code) == "active")


def is_text(part: Token) -> bool:
    """Whether `part` is made of letters."""
    return part.kind in (WORD, SCRIPT)


def is_bracket(part: Token, *, opening: bool) -> bool:
    """Whether `part` opens (or closes) a bracket."""
    return part.kind == MARK and part.text in ("([{（【［" if opening else ")]}）】］")
