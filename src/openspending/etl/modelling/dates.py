"""How a column writes its dates: the one format that reads all of them, or which of several it could be.

Only formats that the check reads are proposed: digits with marks between them, and English names of months.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_LONGEST: Final = 40  # characters of a date
_CLOCK: Final = re.compile(r"(?P<day>.*?)(?P<clock>[T ] ?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?Z?)")
_MIDNIGHT: Final = re.compile(r"[T ] ?(?:0?0:00(?::00(?:\.0+)?)?(?: ?[Aa][Mm])?|12:00(?::00)? ?[Aa][Mm])Z?")
_NUMERIC: Final = re.compile(r"(\d{1,4})([./\-] ?)(\d{1,2})\2(\d{1,4})(\.?)")
_NAMED: Final = re.compile(r"(?:(\d{1,2})([ \-/.]|\. ))?([A-Za-z]{3,9})([ \-/.]|, )(\d{4}|\d{2})")
_AMERICAN: Final = re.compile(r"([A-Za-z]{3,9})([ \-])(\d{1,2})(, ?|[ \-])(\d{4}|\d{2})")
# Each number with its word behind it, as in `2021年12月10日`, `2021년 12월 10일`, `ngày 10 tháng 12 năm 2021`.
_WORDED: Final = re.compile(r"(\d{4})( ?[年년] ?)(\d{1,2})( ?[月월])(?:( ?)(\d{1,2})( ?[日일号號]))?")
_WORDS_FIRST: Final = re.compile(r"((?:[Nn]gày )?)\d{1,2}( tháng )\d{1,2}( năm )\d{4}")
_YEAR_WORD: Final = re.compile(r"(?P<day>.*\d)(?P<word> ?(?:г|р|ж)\.?| ?(?:год|года|року)| m\.)")
_COMPACT: Final = re.compile(r"(?:19|20)\d{6}")
_MONTH: Final = re.compile(r"(\d{1,4})([./\-])(\d{1,4})")
_ORDERS: Final = (
    ("%d", re.compile(r"\b(?:dd|jj|tt|gg|дд)\W?(?:mm|мм)\W?(?:yy|aa|jj|гг|εε|rr)", re.IGNORECASE)),
    ("%m", re.compile(r"\bmm\W?(?:dd|jj)\W?(?:yy|aa)", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Dates:
    """The formats that read most texts, all of them reading the same ones, each differently; the likelier first.

    `rest` are texts that they do not read. `kind` is month where there are no days; `type` is Table Schema's.
    """

    kind: str
    type: str
    formats: tuple[str, ...]
    rest: tuple[str, ...]
    read: int  # cells that these formats read
    like: int  # cells that any format reads


def dates(counts: Mapping[str, int]) -> Dates | None:
    """How the texts in `counts` (each with its number of cells) write dates; None when none of them is one."""
    reads: dict[str, dict[str, datetime]] = {}
    for text in counts:
        for pattern in _patterns(text):
            value = _parsed(text, pattern)
            if value is not None:
                reads.setdefault(pattern, {})[text] = value
    weights = {pattern: sum(counts[text] for text in values) for pattern, values in reads.items()}
    if not weights:
        return None
    most = max(weights.values())
    best: list[str] = []
    for pattern, values in reads.items():
        if weights[pattern] == most and all(values != reads[other] for other in best):
            best.append(pattern)
    timed = any("%H" in one or "%I" in one for one in best)
    return Dates(
        kind="date" if "%d" in best[0] else "month",
        type="datetime" if timed else "date",
        formats=tuple(_named(one) for one in best),
        rest=tuple(text for text in counts if text not in reads[best[0]]),
        read=most,
        like=sum(counts[text] for text in set().union(*reads.values())),
    )


def order_said(label: str) -> str | None:
    """The directive that a header such as “Date (dd/mm/yyyy)” puts first, or None."""
    return next((first for first, said in _ORDERS if said.search(label)), None)


def order_of(pattern: str) -> str | None:
    """“%d” or “%m”, whichever comes first in a format with both as numbers before the year; else None."""
    found = re.match(r"(%[dm])\W+%[dm]\W+%[yY]", pattern)
    return found[1] if found is not None else None


def _named(pattern: str) -> str:
    return "default" if pattern == "%Y-%m-%d" else pattern


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - what has no zone gets none
    except ValueError:
        return None


def _patterns(text: str) -> Iterable[str]:
    """Formats in which `text` could be a date, the likelier first."""
    if len(text) > _LONGEST or not any(one.isdigit() for one in text):
        return ()
    found = _CLOCK.fullmatch(text)
    if found is None:
        return _days(text)
    clock = found["clock"]
    if not _MIDNIGHT.fullmatch(clock):
        half = "%I" if clock.rstrip("Z")[-1:] in "mM" else "%H"
        clock = re.sub(r"\d{1,2}:\d{2}", f"{half}:%M", clock, count=1)
        clock = re.sub(r":\d{2}", ":%S", clock)
        clock = re.sub(r"\.\d+", ".%f", re.sub(r"[AaPp][Mm]", "%p", clock))
    return (day + clock for day in _days(found["day"]) if "%d" in day)


def _days(text: str) -> Iterable[str]:
    """Formats of a date without a clock."""
    if (found := _NUMERIC.fullmatch(text)) is not None:
        return _numeric(*found.groups())
    if _COMPACT.fullmatch(text):
        return ("%Y%m%d",)
    if (found := _NAMED.fullmatch(text)) is not None:
        day, first, name, second, year = found.groups()
        start = "" if day is None else f"%d{first}"
        return tuple(f"{start}{one}{second}{_year(year)}" for one in _names(name))
    if (found := _AMERICAN.fullmatch(text)) is not None:
        name, first, _, second, year = found.groups()
        return tuple(f"{one}{first}%d{second}{_year(year)}" for one in _names(name))
    if (found := _MONTH.fullmatch(text)) is not None:
        return _month(*found.groups())
    return _worded(text)


def _worded(text: str) -> Iterable[str]:
    """Formats of a date whose numbers have words beside them that say what each is."""
    if (found := _WORDED.fullmatch(text)) is not None:
        _, year, _, month, gap, day, last = found.groups()
        return (f"%Y{year}%m{month}" + (f"{gap}%d{last}" if day else ""),)
    if (found := _WORDS_FIRST.fullmatch(text)) is not None:
        first, month, year = found.groups()
        return (f"{first}%d{month}%m{year}%Y",)
    if (found := _YEAR_WORD.fullmatch(text)) is not None and not _YEAR_WORD.fullmatch(found["day"]):
        return (one + found["word"] for one in _days(found["day"]) if one.endswith("%Y"))
    return ()


def _numeric(first: str, mark: str, second: str, last: str, closing: str) -> tuple[str, ...]:
    if len(first) == 4 and len(last) <= 2:
        return (f"%Y{mark}%m{mark}%d{closing}",)
    if len(first) > 2 or len(last) not in (2, 4) or int(first) == 0 or int(second) == 0:
        return ()
    if len(first) == 2 and len(last) == 2 and int(first) > 31:
        return (f"%y{mark}%m{mark}%d{closing}",)
    year = _year(last)
    return (f"%d{mark}%m{mark}{year}{closing}", f"%m{mark}%d{mark}{year}{closing}")


def _month(first: str, mark: str, last: str) -> tuple[str, ...]:
    """A month and a year between 1900 and 2100; without one of these a number with a decimal point is meant."""
    if len(first) == 4 and len(last) == 2 and first[:2] in ("19", "20"):
        return (f"%Y{mark}%m",)
    if len(first) <= 2 and len(last) == 4 and last[:2] in ("19", "20"):
        return (f"%m{mark}%Y",)
    return ()


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _names(name: str) -> tuple[str, ...]:
    """Directives for a month's name: the short one has three letters, and may is both."""
    return ("%b", "%B") if len(name) == 3 else ("%B",)
