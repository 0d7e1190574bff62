"""Values of cuts: checked against the type that the model declares, then fitted to the column they are compared with.

No value reaches the database unread, so a cut that makes no sense is an error of the asker's, never of the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from openspending.analytics.query import Bare, Cut, Value
from openspending.errors import BadQuery

Parameter = str | int | Decimal | bool | date | time

TEXTUAL: Final = frozenset({"~:", "^:"})  # operators that look into a text, of a concept of whatever type

_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,100}(?:\.\d{1,100})?", re.ASCII)
_DATE_LIKE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DECIMAL_TYPE: Final = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
INTEGER_BITS: Final = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64, "HUGEINT": 128}


_KINDS: Final = {"VARCHAR": "string", "DECIMAL": "number", "DOUBLE": "number", "BOOLEAN": "boolean", "DATE": "date"}


class Nowhere(Exception):
    """The value is readable, but no row of this column can hold it."""


# ── the declared type ────────────────────────────────────────────────────────────────────────────────────────────────


def checked(cut: Cut, declared: str | None) -> Cut:
    """`cut` with its values read as the `declared` type; without a type, or with one we do not know, as they are.

    As in the original, texts fit `string` and digits fit `integer` alone; unlike there, dates, signed and decimal
    numbers and booleans can be used on concepts of their types. None stays None. Raises BadQuery.
    """
    kind = "string" if cut.operator in TEXTUAL else declared
    return replace(cut, values=tuple(None if one is None else _read(one, cut, kind) for one in cut.values))


def _read(value: Value, cut: Cut, declared: str | None) -> Value:
    found = _DECLARED.get(declared or "", _as_it_is)(value)
    if found is None:
        raise BadQuery(
            f"Invalid value {_shown(value)} parsed as type {_kind(value)!r} for cut {cut.ref} of type {declared!r}"
        )
    return found


def _as_it_is(value: Value) -> Value | None:
    return str(value) if isinstance(value, Bare) else value


def _as_string(value: Value) -> Value | None:
    if type(value) is Bare and _DATE_LIKE.fullmatch(value):
        return None  # an unquoted date, though there is no such day
    return str(value) if isinstance(value, str) else None


def _as_integer(value: Value) -> Value | None:
    if isinstance(value, Bare) and _INTEGER.fullmatch(value):
        return int(value)
    return value if type(value) is int else None


def _as_number(value: Value) -> Value | None:
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    return value if type(value) in (int, Decimal) else None


def _as_date(value: Value) -> Value | None:
    if isinstance(value, str):
        return _date_of(value)
    return value if isinstance(value, date) else None


def _as_boolean(value: Value) -> Value | None:
    if isinstance(value, str):
        return _BOOLEANS.get(value.lower())
    return value if isinstance(value, bool) else None


_DECLARED: Final[dict[str, Callable[[Value], Value | None]]] = {
    "string": _as_string,
    "integer": _as_integer,
    "number": _as_number,
    "date": _as_date,
    "boolean": _as_boolean,
}


# ── the column's type ────────────────────────────────────────────────────────────────────────────────────────────────


def fitted(value: Value, cut: Cut, column_type: str) -> Parameter:
    """`value` as a parameter for a column of the database type `column_type`.

    Raises Nowhere when it is a value that such a column cannot hold, BadQuery when it cannot be read as one at all.
    """
    fit = _fitter(column_type)
    found = None if fit is None else fit(value)
    if found is None:
        raise BadQuery(f"Invalid value {_shown(value)} for cut {cut.ref}: its column is of type {column_type}")
    return found


def _fitter(column_type: str) -> Callable[[Value], Parameter | None] | None:
    if column_type in ("VARCHAR", "JSON", "UUID") or column_type.startswith("ENUM"):
        return _to_text
    if column_type.removeprefix("U") in INTEGER_BITS:
        return lambda value: _to_integer(value, column_type)
    if column_type.startswith("DECIMAL"):
        return lambda value: _to_decimal(value, column_type)
    return _OTHER_TYPES.get(column_type)


def _to_text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def to_number(value: Value) -> Decimal | None:
    """`value` as a number with all its digits; None when it is none."""
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _to_integer(value: Value, column_type: str) -> int | None:
    number = to_number(value)
    if number is None:
        return None
    signed = not column_type.startswith("U")
    bits = INTEGER_BITS[column_type.removeprefix("U")]
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    if number != number.to_integral_value() or not least <= number <= most:
        raise Nowhere
    return int(number)


def _to_decimal(value: Value, column_type: str) -> Decimal | None:
    number = to_number(value)
    shape = DECIMAL_TYPE.fullmatch(column_type)
    if number is None or shape is None:
        return None
    width, scale = int(shape[1]), int(shape[2])
    _, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    after_point = -int(exponent) - (len(digits) - len(text))
    if text and (after_point > scale or len(text) - after_point > width - scale):
        raise Nowhere
    return number


def _to_double(value: Value) -> str | None:
    """As text: the database reads it, and a decimal of more than 38 digits could not be bound."""
    number = to_number(value)
    return None if number is None else f"{number:f}"


def _to_boolean(value: Value) -> bool | None:
    return _BOOLEANS.get(str(value).lower())


def _date_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE_LIKE.fullmatch(text) else None
    except ValueError:
        return None


def _to_date(value: Value) -> date | None:
    if isinstance(value, str):
        return _date_of(value)
    return value if isinstance(value, date) else None


def _to_timestamp(value: Value) -> datetime | None:
    try:
        return datetime.fromisoformat(value.isoformat() if isinstance(value, date) else str(value))
    except ValueError:
        return None


def _to_time(value: Value) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None


_OTHER_TYPES: Final[dict[str, Callable[[Value], Parameter | None]]] = {
    "BOOLEAN": _to_boolean,
    "DATE": _to_date,
    "TIME": _to_time,
    "TIMESTAMP": _to_timestamp,
    "TIMESTAMP WITH TIME ZONE": _to_timestamp,
    "DOUBLE": _to_double,
    "FLOAT": _to_double,
}


def _shown(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else repr(value)


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {int: "integer", Decimal: "number", date: "date"}
    return names.get(type(value), "string")


def kind_of(database_type: str) -> str | None:
    """The type in the words of models (string, integer, number, boolean, date) of a column; None for other types."""
    word = database_type.partition("(")[0]
    return "integer" if word.removeprefix("U") in INTEGER_BITS else _KINDS.get(word)
