"""Single values written in a descriptor: constants, values of `normalize`, bounds of constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from openspending.fdp.amounts import is_number
from openspending.fdp.date_text import ISO
from openspending.fdp.negatives import signed
from openspending.fdp.package import Field
from openspending.speaking.said import said

_T = TypeVar("_T")
_INTEGER_LIMIT: Final = 2**63  # beyond it no column of whole numbers can hold the value


class BadLiteral(ValueError):
    """A value that cannot be read as its field's type; the text says why."""


def literal(field: Field, value: Any) -> Any:
    """`value` as `field`'s type: a JSON value of that type, or text that is written as the field says.

    Numbers become int or Decimal, dates become date, datetime or time; None stays None; types without a reading of
    their own keep the value. Raises BadLiteral with the reason, in words that follow “: ”.
    """
    if value is None:
        return None
    reader = _READERS.get(field.type)
    return value if reader is None else reader(field, value)


def _number(field: Field, value: Any) -> int | Decimal:
    number: int | Decimal
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str):
        number = _decimal(field, value)
    else:
        raise BadLiteral(said("it is not a number"))
    if isinstance(number, Decimal) and not number.is_finite():
        raise BadLiteral(said("it is not a finite number"))
    return number


def _decimal(field: Field, text: str) -> Decimal:
    plain = signed(text, field.negative)
    if field.group_char:
        plain = plain.replace(field.group_char, "")
    if field.decimal_char != ".":
        if "." in plain:
            raise BadLiteral(
                said("it has a “.”, but the decimal character is “{decimal_char}”", decimal_char=field.decimal_char)
            )
        plain = plain.replace(field.decimal_char, ".")
    if not is_number(plain):
        raise BadLiteral(said("it is not a number"))
    try:
        return Decimal(plain)
    except InvalidOperation:  # an exponent beyond any size
        raise BadLiteral(said("it is not a finite number")) from None


def _integer(field: Field, value: Any) -> int:
    number = Decimal(_number(field, value))
    if not -_INTEGER_LIMIT <= number < _INTEGER_LIMIT:
        raise BadLiteral(said("it is too large"))
    if number != int(number):
        raise BadLiteral(said("it is not a whole number"))
    return int(number)


def _boolean(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in field.true_values:
        return True
    if value in field.false_values:
        return False
    raise BadLiteral(said("it is neither of the texts for true and false"))


def _string(_field: Field, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)  # FDP 0.3 allows numbers as constants of text attributes
    raise BadLiteral(said("it is not text"))


def _date(field: Field, value: Any) -> date:
    if field.format in ("default", "any"):
        return _iso("date", date.fromisoformat, value)
    return _strptime(field, value).date()


def _datetime(field: Field, value: Any) -> datetime:
    if field.format in ("default", "any"):
        return _iso("datetime", datetime.fromisoformat, value)
    return _strptime(field, value)


def _time(field: Field, value: Any) -> time:
    if field.format in ("default", "any"):
        return _iso("time", time.fromisoformat, value)
    return _strptime(field, value).time()


def _strptime(field: Field, value: Any) -> datetime:
    try:
        return datetime.strptime(_text(value), field.format)  # noqa: DTZ007 - what has no zone gets none
    except BadLiteral:
        raise
    except (ValueError, re.error):  # re.error for a format that names one part twice
        raise BadLiteral(said("it is not written as “{format}”", format=field.format)) from None


def _iso(kind: str, read: Callable[[str], _T], value: Any) -> _T:
    text = _text(value)
    try:
        # cells are held to the same form: Python also takes 20150203 and 2015-W05-1
        return read(text if re.fullmatch(ISO[kind], text, re.ASCII) else "")
    except ValueError:
        raise BadLiteral(said("it is not written as ISO 8601 says")) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadLiteral(said("it is not text"))
    return value


_READERS: Final[Mapping[str, Callable[[Field, Any], Any]]] = {
    "number": _number,
    "integer": _integer,
    "year": _integer,
    "boolean": _boolean,
    "string": _string,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
