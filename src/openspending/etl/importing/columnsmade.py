"""From what is known of a column to its field in the descriptor, and to what people are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openspending.etl.decisions import SURE, said_by
from openspending.etl.importing.prepared import ColumnMade
from openspending.etl.importing.rawtables import without_marks
from openspending.etl.modelling.headings import Heading
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.roles import RoleGuess
from openspending.etl.modelling.writing import Writing
from openspending.fdp.amounts import is_number
from openspending.fdp.columntypes import is_value
from openspending.speaking.said import said

# What is declared of a column of text: the rest of a writing is about values that it does not have there.
_OF_TEXT: Final = ("trim", "replace", "fillDown")
MONEY: Final = ("currency", "factor", "direction", "phase")
_ASKED: Final = {"factor": "unit", **{name: name for name in MONEY if name != "factor"}}  # as it is asked about
_DATES: Final = ("date", "datetime", "time")


@dataclass(frozen=True, slots=True)
class Column:
    """All that is known of one column."""

    profile: Profile
    heading: Heading
    writing: Writing
    role: RoleGuess

    @property
    def label(self) -> str:
        """Its label."""
        return self.profile.label

    @property
    def measure(self) -> bool:
        """Whether it holds amounts."""
        return is_value(self.role.column_type)

    @property
    def dated(self) -> bool:
        """Whether it tells the time."""
        return (self.role.column_type or "").startswith("date:")

    @property
    def number(self) -> Writing:
        """How its cells are written as numbers, also where they look like codes rather."""
        return self.writing.number or self.writing


def field_of(column: Column, money: Mapping[str, Any]) -> dict[str, Any]:
    """The field; `money` are the properties that hold for every measure of the table, where the column says nothing."""
    field: dict[str, Any] = {"name": without_marks(column.label) or column.label}
    type_ = column.role.column_type
    if column.measure:
        field |= {"type": "number", **column.writing.props, **_money(column, money)}
        if field["type"] != "number":
            field["type"] = "number"
    elif _is_dated(column):
        field |= column.writing.props
    else:
        type_ = _of_text(type_, column.writing)
        field |= {"type": "string", **{key: one for key, one in column.writing.props.items() if key in _OF_TEXT}}
        if column.profile.padded:
            field["trim"] = True
    if type_ is not None:
        field["columnType"] = type_
    return field


def _is_dated(column: Column) -> bool:
    """Whether the cells are read as dates or years: where the role is one of time, and they are written so."""
    type_ = column.role.column_type or ""
    return type_.startswith("date:") and column.writing.props.get("type") in (*_DATES, "integer", "year", "yearmonth")


def _of_text(type_: str | None, writing: Writing) -> str | None:
    """A ColumnType that a column of text can have: a date that cannot be read as one has none."""
    if type_ is None or not type_.startswith("date:"):
        return type_
    return type_ if type_ == "date:fiscal-year" and writing.kind in ("fiscal-year", "year", "code", "text") else None


def _money(column: Column, money: Mapping[str, Any]) -> dict[str, Any]:
    """Currency, factor, direction and phase: of the label, of the cells, of the table, in this order."""
    found = dict(money)
    if column.writing.currency is not None:
        found["currency"] = column.writing.currency
    for name in MONEY:
        said = column.heading.word(name)
        if said is not None and said.value is not None and said.confidence >= SURE:
            found[name] = said.value
    if found.get("factor") == 1:
        del found["factor"]
    return {name: found[name] for name in MONEY if found.get(name) is not None}


def told(
    column: Column, field: Mapping[str, Any], *, by: str = "proposal", said: Mapping[str, str] | None = None
) -> ColumnMade:
    """What people are told of a column; `said` is who said what of its own money, by the name of the property."""
    role = column.role
    reason = role.reason if by == "proposal" else said_by(by)
    others = tuple((str(value), sure, why) for value, sure, why in role.others)
    means = field.get("columnType") or ("value" if field.get("normalize") is not None else None)
    confidence = role.confidence if by == "proposal" else 100
    money = _of_money(column, field, said or {}) if is_value(means) else ()
    return ColumnMade(column.label, written(field, column.writing), means, confidence, reason, others, by, money)


def _of_money(column: Column, field: Mapping[str, Any], said: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Unit, currency, direction and phase of a column of amounts, each with its value and why."""
    found = []
    for name, asked in _ASKED.items():
        value = field.get(name, 1 if name == "factor" else None)
        found.append((asked, _plainly(value), _why(column, name, value, said.get(asked))))
    return tuple(found)


def _plainly(value: Any) -> str:
    """As people write it; "" for nothing."""
    text = "" if value is None else str(value)
    return f"{Decimal(text):f}" if is_number(text) else text


def _why(column: Column, name: str, value: Any, by: str | None) -> str:
    """Why a column has its unit, currency, direction or phase; "" where what holds for all amounts holds for it."""
    if by is not None:
        return said_by(by)
    word = column.heading.word(name)
    if word is not None and word.value is not None and _plainly(word.value) == _plainly(value):
        return said("its label: {why}", why=word.why)
    if name == "currency" and value is not None and column.writing.currency == value:
        return said("its cells say {value}", value=value)
    return ""


def written(field: Mapping[str, Any], writing: Writing | None = None) -> str:
    """How cells are written, in a few words, such as “number 1.234,56”."""
    type_ = str(field.get("type", "string"))
    if type_ in ("number", "integer"):
        example = f"1{field.get('groupChar', '')}234{field.get('decimalChar', '.')}56"
        form = f"number {example}" if type_ == "number" else "whole number"
        return form + (", (1) is −1" if "parentheses" in (field.get("negative") or ()) else "")
    if type_ in _DATES and field.get("format", "default") not in ("default", "any"):
        return f"{type_} {field['format']}"
    return writing.kind if writing is not None and type_ == "string" else type_
