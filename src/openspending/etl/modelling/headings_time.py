"""Years, fiscal years and parts of years in a label, as ministries write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from openspending.etl.modelling.headings_parts import Period, parts_of_year
from openspending.etl.modelling.moneywords import MARK, Lexicon, Said, Token, data, lexicon
from openspending.speaking.said import said

_EARLIEST: Final = 1900
_SPAN: Final = 15  # years of a programme, when its end has two digits
_LATEST: Final = 2049  # what is later is a year of another calendar
_DASHES: Final = str.maketrans("–—−‐‑‒／－．", "------/-.")
_DATE: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?P<last>(?:19|20)\d\d)|(?P<first>(?:19|20)\d\d)[./-]\d{1,2}[./-]\d{1,2})(?!\d)"
)
_PAIR: Final = re.compile(r"(?<![\d.,])(?P<a>\d{4})\s?[-/_]\s?(?P<b>\d{4}|\d\d)(?![\d]|[.,/-]\d)")
_SHORT: Final = re.compile(r"(?<![\d./-])(?P<a>\d\d)(?P<sep>[-/])(?P<b>\d\d)(?![\d./-])")
_FY: Final = re.compile(r"(?i)(?<![a-z])FY[\s_]*['’]?(?P<year>\d\d)(?!\d)")
_YEAR: Final = re.compile(r"(?<![\d.,])(?P<year>\d{4})(?!\d|[.,]\d)")
_ERA: Final = re.compile(r"(?P<era>令和|平成|昭和|大正|(?<![A-Za-z])[RHS](?=\d{1,2}年))\s?(?P<n>\d{1,2}|元)\s?年?度?")
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "R": 2018, "H": 1988, "S": 1925}
_ROC: Final = re.compile(r"(?:(?:中華)?民國\s?(?P<n>\d{2,3})|(?<!\d)(?P<m>1[01]\d)(?=\s?年度))\s?年?度?")
_MONTH: Final = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-/.]?M|[-/.])?(?P<month>0[1-9]|1[0-2])(?!\d)")
_THAI: Final = range(2480, 2620)
_SOLAR: Final = range(1330, 1430)
_SOLAR_WORD: Final = re.compile(r"سال|هـ?\.?ش|مالی|کال")


@dataclass(frozen=True, slots=True)
class Time:
    """A year, or a fiscal year as written, found at `start` to `end`."""

    year: int | None
    fiscal: str | None
    start: int
    end: int
    why: str
    period: Period | None = None


def read_time(label: str, parts: Sequence[Token], taken: Sequence[tuple[int, int]]) -> list[Said]:
    """What `label` says of time. `taken` are the places of what else was recognised in it."""
    flat = _flat(label)
    times = [one for one in _times(flat, label) if not _overlaps((one.start, one.end), taken)]
    spans = [_widened(parts, one) for one in times]
    periods = [one.period for one in times if one.period]
    periods += parts_of_year(label, parts, [*taken, *spans], bool(times))
    times += [Time(one.year, None, one.start, one.end, label[one.start : one.end]) for one in periods if one.year]
    spans = [_widened(parts, one) for one in times]
    return [*_said_years(times, spans), *_said_period(label, periods)]


def _said_years(times: Sequence[Time], spans: Sequence[tuple[int, int]]) -> Iterator[Said]:
    years = {one.year for one in times if one.year is not None}
    fiscal = {one.fiscal for one in times if one.fiscal}
    written = ", ".join(one.why for one in times)
    if len(years) == 1:
        yield Said("year", next(iter(years)), written, 95, said("it says “{written}”", written=written), tuple(spans))
    elif years:
        why = said("it names {count} years", count=len(years))
        yield Said("year", None, written, 40, why, tuple(spans), tuple(sorted(years)))
    if len(fiscal) == 1:
        yield Said(
            "fiscal_year", next(iter(fiscal)), written, 95, said("it says “{written}”", written=written), tuple(spans)
        )


def _said_period(label: str, periods: Sequence[Period]) -> Iterator[Said]:
    if not periods:
        return
    start, end = min(one.start for one in periods), max(one.end for one in periods)
    spans = tuple((one.start, one.end) for one in periods)
    months = [one for one in periods if one.kind == "month"]
    if len(months) == 2:
        first = months[0]
        period = Period("range", None, label[start:end].strip(), start, end)
        yield Said(
            "period",
            period,
            period.written,
            first.confidence,
            said("it says “{written}”", written=period.written),
            ((start, end),),
        )
        return
    best = max(periods, key=lambda one: one.confidence)
    yield Said("period", best, best.written, best.confidence, said("it says “{written}”", written=best.written), spans)


@cache
def _flat(label: str) -> str:
    """`label`, character by character, with ASCII digits and plain dashes."""
    digits = (str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one for one in label)
    return "".join(digits).translate(_DASHES)


def _times(flat: str, label: str) -> Iterator[Time]:
    """Every time in `flat`; what was read is blanked out for the patterns that follow."""
    for find in (_eras, _dates, _pairs, _short, _months, _plain):
        found = list(find(flat, label))
        yield from found
        for one in found:
            flat = flat[: one.start] + " " * (one.end - one.start) + flat[one.end :]


def _eras(flat: str, label: str) -> Iterator[Time]:
    for match in _ERA.finditer(flat):
        number = 1 if match["n"] == "元" else int(match["n"])
        yield Time(_ERAS[match["era"]] + number, None, *match.span(), label[slice(*match.span())])
    for match in _ROC.finditer(flat):
        yield Time(1911 + int(match["n"] or match["m"]), None, *match.span(), label[slice(*match.span())])


def _dates(flat: str, label: str) -> Iterator[Time]:
    for match in _DATE.finditer(flat):
        written = label[slice(*match.span())]
        period = Period("date", None, written, *match.span())
        yield Time(int(match["last"] or match["first"]), None, *match.span(), written, period)


def _pairs(flat: str, label: str) -> Iterator[Time]:
    """2014-15 and 2014/2015 are fiscal years, 2014-2020 is a span of years, 2016-05 a month."""
    for match in _PAIR.finditer(flat):
        first, second = int(match["a"]), int(match["b"])
        written = label[slice(*match.span())]
        follows = second in (first + 1, (first + 1) % 100)
        if follows and (_EARLIEST <= first <= 2200 or first in _SOLAR):
            yield Time(first if first <= _LATEST else None, _tidy(written), *match.span(), written)
        elif len(match["b"]) == 2 and 1 <= second <= 12 and match.group()[4] == "-" and _is_year(first):
            yield Time(first, None, *match.span(), written, Period("month", second, written, *match.span()))
        elif _is_year(first) and (second > first or 0 < second - first % 100 <= _SPAN):
            yield Time(None, None, *match.span(), written, Period("years", None, written, *match.span()))


def _short(flat: str, label: str) -> Iterator[Time]:
    """FY16-17, FY16, 16/17; a bare 16-17 only if the label is nothing else."""
    for match in _SHORT.finditer(flat):
        first, second = int(match["a"]), int(match["b"])
        marked = re.search(r"(?i)FY[\s_]*['’]?$", flat[: match.start()])
        alone = not flat[: match.start()].strip() and not flat[match.end() :].strip()
        if second == (first + 1) % 100 and (marked or alone or match["sep"] == "/"):
            start = marked.start() if marked else match.start()
            written = label[start : match.end()]
            yield Time(_century(first), _tidy(written), start, match.end(), written)
    for match in _FY.finditer(flat):
        if not re.match(r"[-/]\d\d", flat[match.end() :]):
            written = label[slice(*match.span())]
            yield Time(_century(int(match["year"])), _tidy(written), *match.span(), written)


def _months(flat: str, label: str) -> Iterator[Time]:
    for match in _MONTH.finditer(flat):
        alone = not flat[: match.start()].strip() and not flat[match.end() :].strip()
        if alone or "M" in match.group():
            written = label[slice(*match.span())]
            period = Period("month", int(match["month"]), written, *match.span())
            yield Time(int(match["year"]), None, *match.span(), written, period)


def _plain(flat: str, label: str) -> Iterator[Time]:
    thai = any("\u0e00" <= one <= "\u0e7f" for one in label)
    for match in _YEAR.finditer(flat):
        year = int(match["year"])
        written = label[slice(*match.span())]
        if re.match(r"\s?E\.?F\.?Y", flat[match.end() :]):
            yield Time(None, f"{written} EFY", *match.span(), written)
        elif _is_year(year):
            yield Time(year, None, *match.span(), written)
        elif year in _THAI and (thai or "B.E." in label):
            yield Time(year - 543, None, *match.span(), written)
        elif year in _SOLAR and _SOLAR_WORD.search(label):
            yield Time(None, written, *match.span(), written)


def _is_year(year: int) -> bool:
    return _EARLIEST <= year <= _LATEST


def _century(two: int) -> int:
    return 2000 + two if two < 70 else 1900 + two


def _tidy(written: str) -> str:
    return re.sub(r"\s+", " ", written).strip()


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _widened(parts: Sequence[Token], time: Time) -> tuple[int, int]:
    """The place of a year with the word for year beside it: FY 2016, 2016. godina, r. 2016."""
    start, end = time.start, time.end
    hits = _year_words().find(parts)
    before = [one for one in hits if one.end <= start and _near(parts, one.end, start)]
    after = [one for one in hits if one.start >= end and _near(parts, end, one.start)]
    inside = [one for one in hits if one.start < end and start < one.end]
    places = [*before[-1:], *after[:1], *inside]
    return min([start, *(one.start for one in places)]), max([end, *(one.end for one in places)])


def _near(parts: Sequence[Token], start: int, end: int) -> bool:
    between = [one for one in parts if start <= one.start and one.end <= end]
    return all(one.kind == MARK and one.text in "._-'’" for one in between)


@cache
def _year_words() -> Lexicon:
    return lexicon([(data("money-periods")["years"], "year")])
