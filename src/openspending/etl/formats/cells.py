"""What a spreadsheet's value is as text: nothing rounded, nothing added, dates as ISO, codes with their zeros.

A spreadsheet computes with binary numbers and writes them with 17 digits (0.07 as 7.0000000000000007E-2). The shortest
decimal that is the same binary number is what was typed, and what is shown.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

# How a cell shows its number: as day or time, as a length of time, with at least so many digits (0: as it is).
Shown = str | int
DAY: Final = "day"
SPAN: Final = "span"
PLAIN: Final = 0

_binary: Final = float  # the one place where numbers are binary: they are so in the file
_SHORT: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
_DIGITS: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_ZEROS: Final = re.compile(r"0{2,}")
_EXACT: Final = 15  # digits that a binary number always keeps
_WRITTEN: Final = 17  # digits that a spreadsheet writes; who writes more means them
_LONGEST: Final = 400  # characters; a binary number in plain digits has no more


def shown_as(code: str) -> Shown:
    """How cells of the number format `code` show their numbers."""
    first = code.split(";", 1)[0].strip()
    if _ZEROS.fullmatch(first):
        return len(first)
    if first.lower() in ("general", "standard", "@", ""):
        return PLAIN
    if is_timedelta_format(code):
        return SPAN
    return DAY if is_date_format(code) else PLAIN


def number_text(written: str, shown: Shown = PLAIN, *, mac: bool = False) -> str:
    """The text of a number as a spreadsheet's file has it, such as `1E-3`; what is no number stays as it is. `mac`:
    days are counted from 1904."""
    if isinstance(shown, str):
        return _time(written, shown, mac)
    if len(written) <= _EXACT and _SHORT.fullmatch(written):
        text = written if written != "-0" else "0"
    else:
        text = _plain(written.strip())
    return padded(text, shown) if shown else text


def padded(text: str, width: int) -> str:
    """A whole number that a cell shows with leading zeros: 7 in the format `000` is 007."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return text
    return text[: len(text) - len(digits)] + digits.zfill(width)


def _plain(written: str) -> str:
    """A number without exponent and needless zeros."""
    try:
        number = Decimal(written)
        if len(number.as_tuple().digits) <= _WRITTEN and not _whole(written):
            number = Decimal(repr(_binary(written)))
    except (InvalidOperation, ValueError):
        return written
    if not number.is_finite():
        return written
    text = format(number, "f")
    if len(text) > _LONGEST:
        return written
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _whole(written: str) -> bool:
    """Whether all digits are there: no spreadsheet writes so many, so a program wrote them and means them."""
    return _DIGITS.fullmatch(written) is not None and "." not in written


@lru_cache(maxsize=1 << 14)
def _time(written: str, shown: str, mac: bool) -> str:
    """The day or time that a number of days stands for; the number itself where there is no such day."""
    try:
        days = _binary(written)
        found = from_excel(days, MAC_EPOCH if mac else WINDOWS_EPOCH, timedelta=shown == SPAN)
    except (ValueError, OverflowError):
        return _plain(written)
    return time_text(found) if days >= 0 or shown == SPAN else _plain(written)


def time_text(value: date | time | timedelta) -> str:
    """ISO 8601, a day alone when the time is midnight; a length of time as hours:minutes:seconds."""
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, timedelta):
        sign, seconds = ("-", -value) if value < timedelta() else ("", value)
        minutes, rest = divmod(seconds, timedelta(minutes=1))
        return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{rest.seconds:02}"
    return value.isoformat()
