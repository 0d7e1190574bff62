"""The type that facts hold for a column, by the role the model gives it: a code is text even if typed as number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from openspending.fdp.columntypes import ColumnType
from openspending.fdp.package import Field, Resource
from openspending.fdp.place import Place

_KEPT: Final = ("integer", "number", "boolean", "date", "datetime", "time")
_NUMBERS: Final = ("integer", "number")
_DATE_NAMES: Final = ("date", "time", "year", "month", "day")
# 2018/19 is a fiscal year too, so text has to be possible; the others are harmless stand-ins.
_ACCEPTED: Final = {
    "date:fiscal-year": ("integer", "year", "string"),
    "date:fiscal-month": ("integer", "string", "yearmonth"),
}


def attribute_type(declared: str, is_date: bool) -> str:
    """The type of an attribute whose field is typed `declared`: one of Attribute.type's values.

    Numbers are kept in date dimensions only: elsewhere they are codes, whose leading zeros matter.
    """
    if declared == "year":
        return "integer"
    if declared in _NUMBERS and not is_date:
        return "string"
    return declared if declared in _KEPT else "string"


def is_date_dimension(kind: str | None, column_type: str | None, names: Iterable[str]) -> bool:
    """Whether an attribute tells time: by its dimension's kind, by its ColumnType, or, without a kind, by a name."""
    if kind is not None or column_type is not None:
        return kind == "datetime" or (column_type is not None and column_type.split(":")[0] == "date")
    return any(one.lower() in _DATE_NAMES for one in names)


def check_measure(field: Field, place: Place) -> None:
    """Report an amount whose type does not say how its numbers are written."""
    if field.type not in _NUMBERS:
        place.report("fiscal/measure-not-number", field=field.name, type=field.type)


def check_attribute(field: Field, is_date: bool, place: Place) -> None:
    """Report a code or text that is typed as number; it is kept as text."""
    if field.type in _NUMBERS and not is_date:
        place.report("fiscal/code-typed-integer", field=field.name, type=field.type)


def check_column_type(field: Field, type_: ColumnType, place: Place) -> None:
    """Report a field type that its ColumnType does not allow; codes typed as number have their own warning."""
    wanted = type_.data_type
    if wanted is None or field.type in (wanted, "any") or field.type in _ACCEPTED.get(type_.name, ()):
        return
    if wanted == "string" and field.type in _NUMBERS:
        return
    place.report("fiscal/type-mismatch", field=field.name, type=field.type, value=type_.name, wanted=wanted)


def field_place(resource: Resource, field: Field, root: Place) -> Place:
    """The place of `field` in the descriptor, for problems; `root` is the package's place."""
    for key, fields in (("fields", resource.schema.fields), ("extraFields", resource.schema.extra_fields)):
        for number, one in enumerate(fields):
            if one is field:
                return resource_place(resource, root).at("schema", key, number, field=field.name)
    return resource_place(resource, root)


def resource_place(resource: Resource, root: Place) -> Place:
    """The place of `resource`, by the position that its raw object has in the descriptor."""
    found = root.at(resource=resource.name)
    return found if resource.position is None else root.at("resources", resource.position, resource=resource.name)
