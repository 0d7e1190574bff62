"""How the raw text of a column becomes values: missing values, lexical gate, cast. All of it is SQL text, no engine.

Order, for every cell: physical text → missing values → gate of the declared type → cast → (elsewhere) constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openspending.fdp.date_text import DateText, date_text
from openspending.fdp.number_text import NumberText, number_text
from openspending.fdp.package import Field
from openspending.fdp.spaces import BLANK, BLANKS, unless_blank
from openspending.fdp.sqltext import full_match, literals, plain

Decimals = tuple[int, int]  # digits left of the point, digits right of it

_STRING_FORMATS: Final = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "uri": r"[A-Za-z][A-Za-z0-9+.\-]*:\S+",
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "binary": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
_LEXICAL: Final = {
    "year": r"-?\d{4}",
    "yearmonth": r"-?\d{4}-(?:0[1-9]|1[0-2])",
    "duration": r"-?P(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "geopoint": r"\s*-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?\s*",
}
_JSON_TYPES: Final = {"object": "OBJECT", "geojson": "OBJECT", "array": "ARRAY"}
_SQL_TYPES: Final = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "time": "TIME",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one column is read: its texts must pass the gate of `declared` and become values of `type`.

    Made by `reading`. The methods take SQL for the raw text and give SQL.
    """

    type: str  # string, integer, number, boolean, date, datetime, time
    declared: str  # the Table Schema type whose written form the cells must have
    format: str
    missing: tuple[str, ...]
    true_values: tuple[str, ...]
    false_values: tuple[str, ...]
    number: NumberText | None
    date: DateText | None

    @property
    def gated(self) -> bool:
        """Whether there are texts that this column may not contain."""
        return self.declared not in ("string", "any") or self.format in _STRING_FORMATS

    @property
    def inked(self) -> bool:
        """Whether a cell of nothing but spaces is as good as an empty one: it cannot be a value."""
        return "" in self.missing and self.declared not in ("string", "any")

    @property
    def loose(self) -> bool:
        """Whether missing values may have spaces around them, as the numbers may."""
        return self.number is not None and not self.number.bare and any(self.missing)

    def text(self, col: str) -> str:
        """SQL text of the cell as written; NULL when missing."""
        if not self.missing:
            return col
        if self.loose:
            words = "|".join(plain(one.strip(BLANKS)) for one in self.missing)
            return f"CASE WHEN NOT {full_match(col, f'{BLANK}*(?:{words}){BLANK}*')} THEN {col} END"
        if len(self.missing) > 1:
            found = f"CASE WHEN {col} NOT IN ({literals(self.missing)}) THEN {col} END"
            return unless_blank(col, found) if self.inked else found
        return unless_blank(col, col) if self.inked else f"nullif({col}, {literals(self.missing)})"

    def is_missing(self, text: str | None) -> bool:
        """Whether a cell with this text is missing: the same in Python as what `text` says in SQL."""
        if text is None or text in self.missing:
            return True
        bare = text.strip(BLANKS)
        if self.loose:
            return bare in {one.strip(BLANKS) for one in self.missing}
        return self.inked and not bare

    def valid(self, col: str) -> str:
        """SQL boolean, never NULL: is the cell missing or written as its type says?"""
        if not self.gated:
            return "TRUE"
        text = self.text(col)
        return f"({text} IS NULL OR coalesce({self._gate(text)}, FALSE))"

    def value(self, col: str, decimal: Decimals | None = None) -> str:
        """SQL value of `sql_type`; fails on cells that are not valid. Numbers need `decimal`, wide enough for all
        cells (see `digits` and `scale`): the engine rounds what does not fit."""
        text = self.text(col)
        if self.type == "string":
            return text
        if self.type == "boolean":
            return (
                f"CASE WHEN {text} IN ({literals(self.true_values)}) THEN TRUE WHEN {text} IS NOT NULL THEN FALSE END"
            )
        if self.date is not None:
            return self.date.value(text)
        return f"CAST({self._canonical(text)} AS {self.sql_type(decimal)})"

    def digits(self, col: str) -> str:
        """SQL integer: digits left of the point of a valid number (with an exponent: not fewer than that)."""
        return self._numbers().digits(self.text(col))

    def scale(self, col: str) -> str:
        """SQL integer: digits right of the point of a valid number (with an exponent: not fewer than that)."""
        return self._numbers().scale(self.text(col))

    def sql_type(self, decimal: Decimals | None = None) -> str:
        """The SQL type of `value`. Raises ValueError for a number without `decimal` or with more than 38 digits."""
        if self.type != "number":
            return _SQL_TYPES[self.type]
        if decimal is None or sum(decimal) > 38:
            raise ValueError(f"a number needs a width of at most 38 digits, not {decimal}")
        return f"DECIMAL({max(sum(decimal), 1)}, {decimal[1]})"

    def _canonical(self, text: str) -> str:
        return self.number.canonical(text) if self.number is not None else text

    def _numbers(self) -> NumberText:
        if self.number is None:
            raise ValueError(f"a {self.type} has no digits to count")
        return self.number

    def _gate(self, text: str) -> str:
        """SQL boolean for a cell that is not missing."""
        if self.date is not None:
            return self.date.valid(text)
        if self.number is not None:
            fits = f" AND try_cast({self._canonical(text)} AS BIGINT) IS NOT NULL" if self.type == "integer" else ""
            return f"({self.number.valid(text)}{fits})"
        if self.declared == "boolean":
            return f"({text} IN ({literals((*self.true_values, *self.false_values))}))"
        if self.declared in _JSON_TYPES:
            return f"(json_valid({text}) AND json_type({text}) = '{_JSON_TYPES[self.declared]}')"
        lexical = _LEXICAL.get(self.declared) or _STRING_FORMATS.get(self.format)
        return full_match(text, lexical) if lexical is not None else f"({text} IS NOT NULL)"


def reading(field: Field, missing: tuple[str, ...], role: str) -> Reading:
    """How the column `field` is read when its values have the `role` (string, integer, number, boolean, date,
    datetime, time). `missing` are the schema's missing values; the field's own replace them.

    The written form is the declared type's, also where the role keeps the text (a code typed integer is text with its
    leading zeros, but must look like an integer). A format that `format_known` refuses is read as ISO 8601.
    """
    declared = _declared(field, role)
    number = date = None
    if declared in ("integer", "number"):
        number = number_text(field, whole=declared == "integer")
    elif declared in ("date", "datetime", "time"):
        date = date_text(declared, field.format) or date_text(declared, "default")
    declared_missing = missing if field.missing_values is None else field.missing_values
    if field.trim:  # the cells have no spaces around them any more
        declared_missing = tuple(dict.fromkeys(one.strip(BLANKS) for one in declared_missing))
    return Reading(
        type=role,
        declared=declared,
        format=field.format if declared == "string" else "default",
        missing=declared_missing,
        true_values=field.true_values,
        false_values=field.false_values,
        number=number,
        date=date,
    )


def format_known(field: Field) -> bool:
    """Whether the format of a date, datetime or time field can be read."""
    return field.type not in ("date", "datetime", "time") or date_text(field.type, field.format) is not None


def _declared(field: Field, role: str) -> str:
    """The type whose written form counts: the role's for amounts and for years in a date column, else the field's."""
    if role == "number":
        return "number"
    if role == "integer":
        return "integer" if field.type == "integer" else "year"
    if role == "string":
        return field.type
    return role
