"""What a spreadsheet's value is as text: nothing rounded, nothing added, dates as ISO."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

Value = str | int | float | bool | date | time | timedelta | None


def text_of(value: Value) -> str:
    """A cell's text. Numbers are the shortest decimal that gives the same number again, without exponent or `.0`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(repr(value))
    return _time_text(value)


def number_text(written: str) -> str:
    """A number as written in a file (`1e-07`, `7.0`), in plain digits; what is no number stays as it is."""
    if written.isdecimal() and written.isascii() and (written[0] != "0" or written == "0"):
        return written
    number = Decimal(written)
    if not number.is_finite():
        return written
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def padded(text: str, width: int) -> str:
    """A code that a cell shows with leading zeros: `7` in the number format `000` is 007."""
    digits = text.removeprefix("-")
    return text[: len(text) - len(digits)] + digits.zfill(width) if digits.isdecimal() else text


def _time_text(value: date | time | timedelta) -> str:
    """ISO 8601, a day alone when the time is midnight; a length of time as hours:minutes:seconds."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, timedelta):
        sign, seconds = ("-", -value) if value < timedelta() else ("", value)
        minutes, rest = divmod(seconds, timedelta(minutes=1))
        return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{rest.seconds:02}"
    return value.isoformat()
