"""Single values written in a descriptor: constants, values of `normalize`, bounds of constraints."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from openspending.fdp.package import Field


def literal(field: Field, value: Any) -> Any:
    """`value` as `field`'s type: a JSON value of that type, or text that is written as the field says.

    Numbers become int or Decimal, dates become date, datetime or time; None stays None; types without a reading of
    their own keep the value. Raises ValueError with the reason, in words that follow “: ”.
    """
    if value is None:
        return None
    reader = _READERS.get(field.type)
    return value if reader is None else reader(field, value)


def _number(field: Field, value: Any) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str):
        number = _decimal(field, value)
    else:
        raise ValueError("it is not a number")
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("it is not a finite number")
    return number


def _decimal(field: Field, text: str) -> Decimal:
    plain = text.strip()
    if field.group_char:
        plain = plain.replace(field.group_char, "")
    if field.decimal_char != ".":
        if "." in plain:
            raise ValueError(f"it has a “.”, but the decimal character is “{field.decimal_char}”")
        plain = plain.replace(field.decimal_char, ".")
    try:
        # Decimal also takes underscores, which are no part of a number in a table
        return Decimal(plain) if "_" not in plain else Decimal("")
    except InvalidOperation:
        raise ValueError("it is not a number") from None


def _integer(field: Field, value: Any) -> int:
    number = _number(field, value)
    if abs(number) >= Decimal("1e38"):
        raise ValueError("it is too large")
    if number != int(number):
        raise ValueError("it is not a whole number")
    return int(number)


def _boolean(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in field.true_values:
        return True
    if value in field.false_values:
        return False
    raise ValueError("it is neither of the texts for true and false")


def _string(field: Field, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)  # FDP 0.3 allows numbers as constants of text attributes
    raise ValueError("it is not text")


def _date(field: Field, value: Any) -> date:
    if field.format in ("default", "any"):
        return date.fromisoformat(_text(value))
    return _strptime(field, value).date()


def _datetime(field: Field, value: Any) -> datetime:
    if field.format in ("default", "any"):
        return datetime.fromisoformat(_text(value))
    return _strptime(field, value)


def _time(field: Field, value: Any) -> time:
    if field.format in ("default", "any"):
        return time.fromisoformat(_text(value))
    return _strptime(field, value).time()


def _strptime(field: Field, value: Any) -> datetime:
    try:
        return datetime.strptime(_text(value), field.format)
    except re.error:  # raised for a format that names one part twice
        raise ValueError(f"the format “{field.format}” cannot be used") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it is not text")
    return value


_READERS = {
    "number": _number,
    "integer": _integer,
    "year": _integer,
    "boolean": _boolean,
    "string": _string,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
