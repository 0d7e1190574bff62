"""Parts of years in a label: quarters, halves, months, accounting periods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.folding import fold
from openspending.etl.modelling.moneywords import MARK, WORD, Hit, Lexicon, Token, data, lexicon, listed

_CODED: Final = (
    ("quarter", re.compile(r"(?<![A-Za-z\d])(?:Q|q|T|ET|TR|Trim)[\s.-]?(?P<n>[1-4])(?![\d])")),
    ("quarter", re.compile(r"(?<![A-Za-z\d.])(?P<n>[1-4])\s?(?:Q|q|T)(?=[^A-Za-z\d]|20\d\d|$)")),
    ("half", re.compile(r"(?<![A-Za-z\d])(?:H|S)[\s.-]?(?P<n>[12])(?![\d])")),
    ("half", re.compile(r"(?<![A-Za-z\d.])(?P<n>[12])\s?(?:H|S)(?=[^A-Za-z\d]|20\d\d|$)")),
    ("month", re.compile(r"(?<![A-Za-z\d])M(?P<n>0[1-9]|1[0-2]|[1-9])(?![\d])")),
    ("period", re.compile(r"(?<![A-Za-z\d])P(?P<n>0[1-9]|1[0-9]|[1-9])(?![\d])")),
    ("range", re.compile(r"(?<!\d)(?:1[0-2]|[1-9])月?\s?[-~〜～至–]\s?(?P<n>1[0-2]|[1-9])\s?(?:月|월)")),
    ("month", re.compile(r"(?<!\d)(?P<n>1[0-2]|[1-9])\s?(?:月份?|월)")),
    ("quarter", re.compile(r"第?\s?(?P<n>[1-4一二三四])\s?(?:四半期|季度|季|분기)")),
    ("half", re.compile(r"(?P<n>[上下])(?:半年|半期)|(?P<m>[상하])반기")),
)
_LOOSE: Final = re.compile(r"(?:T|S|ET|TR|P|H|M)")  # letters that mean a period only when nothing else is said
_ODD: Final = frozenset({"TQ"})  # the quarter between two fiscal years of the United States, 1976
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_CJK: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2, "상": 1, "하": 2}
_NUMBERED: Final = {"quarter": 4, "half": 2, "period": 16}
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th", "er", "eme", "e", "o", "a", "re", "do", "ro", "й"})


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a year: its kind (quarter, half, month, period, range, date, years, other), number and text."""

    kind: str
    number: int | None
    written: str
    start: int = 0
    end: int = 0
    confidence: int = 90
    year: int | None = None  # Jan-16


def parts_of_year(label: str, parts: Sequence[Token], taken: Sequence[tuple[int, int]], dated: bool) -> list[Period]:
    """The parts of a year that `label` names outside of `taken`; `dated` if it names a year."""
    free = [one for one in parts if not any(one.start < end and start < one.end for start, end in taken)]
    bare = _is_bare(free)
    if label.strip() in _ODD or any(one.written in _ODD for one in free):
        odd = next(one for one in parts if one.written in _ODD)
        return [Period("other", None, odd.written, odd.start, odd.end)]
    found = [*_coded(label, taken, bare=bare), *_worded(label, free), *_months(free, dated=dated)]
    kept: list[Period] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return kept


def _is_bare(free: Sequence[Token]) -> bool:
    return sum(one.kind != MARK for one in free) <= 2


def _coded(label: str, taken: Sequence[tuple[int, int]], *, bare: bool) -> Iterator[Period]:
    for kind, pattern in _CODED:
        for match in pattern.finditer(label):
            start, end = match.span()
            loose = _LOOSE.search(match.group()) is not None
            if any(start < last and first < end for first, last in taken) or (loose and not bare):
                continue
            text = match["n"] or match["m"]
            number = None if kind == "range" else _CJK.get(text) or int(text)
            yield Period(kind, number, match.group(), start, end, 85 if loose else 95)


def _worded(label: str, free: Sequence[Token]) -> Iterator[Period]:
    """First quarter, 1er trimestre, II квартал, 2. Halbjahr, Period 3."""
    for kind in ("quarter", "half", "period"):
        for hit in _lexicon(f"{kind}s" if kind != "half" else "halves").find(free):
            numbers = [*_numbers_before(free, hit), *_numbers_after(free, hit)]
            if numbers and 1 <= numbers[0][0] <= _NUMBERED[kind] and len(hit.pattern) > 1:
                number, start, end = numbers[0]
                start, end = min(start, hit.start), max(end, hit.end)
                yield Period(kind, number, label[start:end].strip(), start, end, 90)


def _numbers_before(free: Sequence[Token], hit: Hit) -> Iterator[tuple[int, int, int]]:
    for back in range(1, 4):
        at = hit.first - back
        if at < 0:
            return
        part = free[at]
        if part.kind == MARK or part.text in _ORDINAL_ENDS:
            continue
        number = _number(part.text)
        if number is not None:
            yield number, part.start, part.end
        return


def _numbers_after(free: Sequence[Token], hit: Hit) -> Iterator[tuple[int, int, int]]:
    part = next((one for one in free[hit.last + 1 :] if one.kind != MARK), None)
    number = _number(part.text) if part else None
    if part and number is not None:
        yield number, part.start, part.end


def _number(text: str) -> int | None:
    if text.isdecimal() and len(text) <= 2:
        return int(text)
    if text in _ROMAN:
        return _ROMAN[text]
    hits = _ordinals()
    return hits.get(text)


@cache
def _ordinals() -> dict[str, int]:
    order = ("first primer premier primo primeiro erstes первый prvi первое", "second segundo deuxieme secondo zweites",
             "third tercer troisieme terzo terceiro drittes", "fourth cuarto quatrieme quarto viertes")  # fmt: skip
    return {fold(word): number for number, words in enumerate(order, 1) for word in words.split()}


@cache
def _lexicon(name: str) -> Lexicon:
    return lexicon([(data("money-periods")[name], name)])


def _months(free: Sequence[Token], *, dated: bool) -> Iterator[Period]:
    """Names of months; a short one, which may be another word, only if nothing else but numbers is said."""
    words = [one for one in free if one.kind == WORD]
    for hit in _month_lexicon().find(free):
        others = [one for one in words if not hit.start <= one.start < hit.end]
        months = all(_month_lexicon().find([one]) for one in others)
        if len(hit.pattern) <= 4 and not months:
            continue
        number = int(hit.value) or None
        year = _short_year(free, hit)
        end = year.end if year else hit.end
        confidence = 90 if dated or year or len(hit.pattern) > 4 else 80
        shown = 2000 + int(year.text) if year else None
        yield Period("month", number, hit.written, hit.start, end, confidence, shown)


def _short_year(free: Sequence[Token], hit: Hit) -> Token | None:
    """The year of two digits after a month: Jan-16."""
    rest = [one for one in free[hit.last + 1 :] if one.kind != MARK]
    alone = len(rest) == 1 and rest[0].text.isdecimal() and len(rest[0].text) == 2
    return rest[0] if alone else None


@cache
def _month_lexicon() -> Lexicon:
    numbers: dict[str, set[int]] = {}
    for names in data("money-periods")["months"].values():
        for number, name in enumerate(listed(names), 1):
            numbers.setdefault(name, set()).add(number)
    # a name that is of different months in two languages (listopad) keeps its text and has no number
    return lexicon([(name, str(min(found) if len(found) == 1 else 0)) for name, found in numbers.items()])
