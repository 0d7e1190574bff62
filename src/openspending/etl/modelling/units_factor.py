"""Factors in a label: words and numbers for thousand, million, lakh, 億 …, where a unit may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import MARK, SCRIPT, Hit, Lexicon, data, lexicon, listed
from openspending.etl.modelling.units_place import Place

# '000, 000s, 1000, 1 000, 1.000.000
_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:(?P<bare>['’‘`´]?000(?:[ .,'’]?000){0,2}['’]?s?)|"
    r"(?P<full>10{3,9}|1(?:[ .,'’\u00a0\u202f]000){1,3})['’]?s?)(?![\d\w]|[.,]\d)"
)
_LAST: Final = frozenset(
    {"mio", "mln", "mrd", "mld", "tsd", "tys", "tis", "млн", "тыс", "тис", "млрд", "хил", "lac", "lacs"}
)
_NEVER_LAST: Final = frozenset({"mill", "milha", "ezer", "mii"})
_COMMON_SCRIPT: Final = re.compile(r"[千仟百佰万萬亿億十兆]+[元円]|[천만억]원|百万|百萬")
_SMALL: Final = {"e": ("HUF",), "t": ("EUR", "CHF", "DKK", "SEK", "NOK", "DEM")}
_CODED: Final = {"yi": Decimal(100_000_000), "wan": Decimal(10_000)}


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor named at `start` to `end`; several `values` when it may mean any of them."""

    values: tuple[Decimal, ...]
    start: int
    end: int
    first: int
    last: int
    written: str
    confidence: int


def factors(place: Place) -> list[Factor]:
    """The factors that `place` names, one for each place."""
    found = [*_numbers(place), *_words(place), *_short(place), *_unsure(place), *_codes(place)]
    kept: list[Factor] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, -one.confidence)):
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _words(place: Place) -> Iterator[Factor]:
    for hit in _word_lexicon().find(place.parts):
        script = place.parts[hit.first].kind == SCRIPT
        confidence = _script_confidence(place, hit) if script else _word_confidence(place, hit)
        if confidence:
            yield _factor(hit, (Decimal(hit.value),), confidence)


def _factor(hit: Hit, values: tuple[Decimal, ...], confidence: int) -> Factor:
    return Factor(values, hit.start, hit.end, hit.first, hit.last, hit.written, confidence)


def _word_confidence(place: Place, hit: Hit) -> int:
    """How sure it is that the word is a unit; 0 if it is not."""
    if place.over_threshold(hit.first):
        return 0
    if place.in_unit_bracket(hit.first, hit.last) or place.beside(hit.first, hit.last):
        return 95
    if place.after_unit_word(hit.first) and place.ends_unit(hit.last):
        return 90
    if place.all_units():
        return 85
    long = (len(hit.pattern.strip("*")) >= 5 or hit.pattern in _LAST) and hit.pattern not in _NEVER_LAST
    return 80 if long and place.is_last(hit.last) else 0


def _script_confidence(place: Place, hit: Hit) -> int:
    part = place.parts[hit.first]
    if place.bracket(hit.first, hit.last) is not None and _mostly(part.text, hit.pattern):
        return 95
    if place.after_unit_word(hit.first) or _after_unit(part.text, hit.pattern):
        return 95
    if len(hit.pattern) > 1 and _COMMON_SCRIPT.fullmatch(hit.pattern) and part.text.endswith(hit.pattern):
        return 90
    return 85 if part.text == hit.pattern and (len(hit.pattern) > 1 or place.all_units()) else 0


def _mostly(text: str, pattern: str) -> bool:
    """Whether a bracket's text is the unit, or ends in it."""
    return text.endswith(pattern) or text.startswith(pattern)


def _after_unit(text: str, pattern: str) -> bool:
    return any(f"{one}{pattern}" in text for one in listed(data("money-units")["script_before"]))


@cache
def _word_lexicon() -> Lexicon:
    said = data("money-units")["words"]
    return lexicon([(words, key.removeprefix("script:")) for key, words in said.items()])


def _short(place: Place) -> Iterator[Factor]:
    """One or two letters right beside a currency: £m, kEUR, $bn, M€."""
    for hit in _short_lexicon().find(place.parts):
        close = place.beside(hit.first, hit.last, close=len(hit.pattern) == 1)
        if close is None or place.over_threshold(hit.first):
            if len(hit.pattern) == 2 and hit.pattern != "th" and place.in_unit_bracket(hit.first, hit.last):
                yield _factor(hit, (Decimal(hit.value),), 75)
            continue
        if hit.pattern in _SMALL and not set(_SMALL[hit.pattern]) & set(close.codes):
            continue
        if hit.pattern == "m" and close.written == "$" and hit.first < close.first:
            # it is millions in English, “miles” in Chile
            yield _factor(hit, (Decimal(1_000_000), Decimal(1000)), 40)
        else:
            yield _factor(hit, (Decimal(hit.value),), 90)


@cache
def _short_lexicon() -> Lexicon:
    return lexicon([(words, key) for key, words in data("money-units")["short"].items()])


def _unsure(place: Place) -> Iterator[Factor]:
    """Words that are thousand in one language and million in another."""
    said = data("money-units")["unsure"]
    texts = {one.text for one in place.parts} | {code.lower() for one in place.money for code in one.codes[:2]}
    for hit in _unsure_lexicon().find(place.parts):
        if not _word_confidence(place, hit):
            continue
        options = said[hit.value]
        fitting = tuple(Decimal(value) for value, words in options.items() if texts & set(map(fold, listed(words))))
        if len(fitting) == 1:
            yield _factor(hit, fitting, 85)
        elif len(options) > 1:
            yield _factor(hit, tuple(map(Decimal, options)), 40)


@cache
def _unsure_lexicon() -> Lexicon:
    return lexicon([(key, key) for key in data("money-units")["unsure"]])


def _codes(place: Place) -> Iterator[Factor]:
    """`total_yi`, `total_wan`: Chinese units in technical names."""
    last = place.parts[-1] if place.parts else None
    if last and last.text in _CODED and "_" in place.label:
        at = len(place.parts) - 1
        yield Factor((_CODED[last.text],), last.start, last.end, at, at, last.written, 80)


def _numbers(place: Place) -> Iterator[Factor]:
    for match in _NUMBER.finditer(place.label):
        inside = [at for at, one in enumerate(place.parts) if one.start < match.end() and match.start() < one.end]
        first, last = inside[0], inside[-1]
        confidence = _number_confidence(place, match, first, last)
        if confidence:
            zeros = match.group().count("0")
            yield Factor((Decimal(10**zeros),), *match.span(), first, last, match.group(), confidence)


def _number_confidence(place: Place, match: re.Match[str], first: int, last: int) -> int:
    if place.over_threshold(first):
        return 0
    bracketed = place.in_unit_bracket(first, last)
    money = place.beside(first, last)
    if bracketed or place.all_units():
        return 95
    if match.group("bare"):
        marked = match.group()[0] in "'’‘`´" or match.group().endswith("s") or money is not None
        return 95 if marked else 0
    multiplied = first > 0 and place.parts[first - 1].kind == MARK and place.parts[first - 1].text in "×*"
    if multiplied or place.after_unit_word(first):
        return 90
    # “1.000 EUR” is a unit, “£1000” an amount
    return 85 if money is not None and money.first > last and not place.prose else 0
