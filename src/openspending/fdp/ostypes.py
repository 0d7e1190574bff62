"""Columns with ColumnTypes → schema and model, as os-types did it for the packager: the form that its users rely on.

The relations between columns are those of `relations.py`, which FDP 1.0 packages use too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from openspending.fdp.columntypes import ColumnType, bundled, canonical, resolve
from openspending.fdp.literals import BadLiteral, literal
from openspending.fdp.names import Names, slug
from openspending.fdp.package import Field
from openspending.fdp.relations import Typed, labelled_by, ordered_key, parent_of

_KEYS: Final = ("name", "type", "title", "format", "data", "options", "resource", "description", "constant")
_VALUE_OPTIONS: Final = ("currency", "factor", "direction", "phase")
_DATA_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "number": {"decimalChar": ".", "groupChar": ","},
    "date": {"format": "%Y-%m-%d"},
    "time": {"format": "%H:%M:%S"},
    "datetime": {"format": "%Y-%m-%dT%H:%M:%SZ"},
}


class _Errors:
    """Messages about the whole and about single columns."""

    def __init__(self) -> None:
        self.general: list[str] = []
        self.per_field: dict[str, list[str]] = {}

    def add(self, name: str, message: str) -> None:
        """Add `message` about the column `name`."""
        self.per_field.setdefault(name, []).append(message)

    def __bool__(self) -> bool:
        return bool(self.general or self.per_field)

    def to_dict(self) -> dict[str, Any]:
        """As os-types answers them."""
        return {"errors": {"general": self.general, "perField": self.per_field}}


def model_fields(fields: object) -> dict[str, Any]:
    """`{"model", "schema"}` for the columns `fields`, a list of `{name, type, title?, format?, data?, options?, …}`.

    With `"errors"` beside them when labels or parents miss their column, and `"errors"` alone when the columns cannot
    be used; the checks stop at the first group that fails. Messages are os-types'.
    """
    errors = _Errors()
    for check in (_check_shape, _check_properties, _check_samples):
        check(fields, errors)
        if errors:
            return errors.to_dict()
    assert isinstance(fields, list)
    return _modelled([one for one in fields if one["type"]], errors)


def _check_shape(fields: Any, errors: _Errors) -> None:
    if not isinstance(fields, list):
        errors.general.append("Fields should be an array")
    elif not all(isinstance(one, dict) for one in fields):
        errors.general.append("Field items should be objects")
    elif not all(_is_named(one) for one in fields):
        errors.general.append("Field items should have 'name' and 'type'")


def _is_named(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("name"), str) and "type" in item and isinstance(item["type"], str | None)


def _check_properties(fields: Any, errors: _Errors) -> None:
    for one in fields:
        unknown = [key for key in one if key not in _KEYS]
        if unknown:
            errors.add(one["name"], f"Got unknown properties {','.join(unknown)}")
        if one["type"] and canonical(one["type"]) not in bundled():
            errors.add(one["name"], f"Got unknown type {one['type']}")
        elif one["type"]:
            allowed = _options(resolve(one["type"]))
            for key in _given_options(one):
                if key not in allowed:
                    errors.add(one["name"], f"Got unknown options key {key}")
    for key in ("name", "title"):
        values = [str(one.get(key) or one["name"]) for one in fields]
        for value in dict.fromkeys(value for value in values if values.count(value) > 1):
            # a title that is only the default repeats the complaint about the name
            if key == "name" or any(one.get("title") == value for one in fields):
                errors.add(value, f"Got duplicate {key} {value}")


def _check_samples(fields: Any, errors: _Errors) -> None:
    """The samples must be readable, as the options say: os-types forgot those, so that 31/12/2019 could never pass."""
    for one in fields:
        samples = one.get("data")
        if not one["type"] or not isinstance(samples, list):
            continue
        field = _field(one, resolve(one["type"]))
        for value in samples:
            try:
                literal(field, value)
            except BadLiteral:
                errors.add(one["name"], f"Data cannot be cast to this type '{value}'")


def _field(raw: Mapping[str, Any], type_: ColumnType) -> Field:
    schema = _schema_field(raw, type_, "")
    plain = Field(name=raw["name"], type=schema["type"], format=schema["format"])
    if schema["type"] == "number":
        return replace(plain, decimal_char=str(schema["decimalChar"]), group_char=str(schema["groupChar"]))
    return plain


def _given_options(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    options = raw.get("options")
    return options if isinstance(options, dict) else {}


def _options(type_: ColumnType) -> list[str]:
    own = _VALUE_OPTIONS if type_.concept == "value" else ()
    return [*_DATA_OPTIONS.get(type_.data_type or "", {}), *own]


def _modelled(fields: Sequence[Mapping[str, Any]], errors: _Errors) -> dict[str, Any]:
    names, columns, schema = Names(), [], {}
    for one in fields:
        type_ = resolve(one["type"])
        typed = Typed(names.give(slug(one["name"]) or slug(type_.name)), type_)
        columns.append(typed)
        schema[one["name"]] = _schema_field(one, type_, typed.slug)
    measures = {
        typed.slug: _measure(one) for one, typed in zip(fields, columns, strict=True) if typed.type.concept == "value"
    }
    dimensions = _dimensions(fields, columns, errors)
    key = [one["name"] for one, typed in zip(fields, columns, strict=True) if typed.type.unique]
    result = {
        "model": {"dimensions": dimensions, "measures": measures},
        "schema": {"fields": schema, "primaryKey": key},
    }
    return result | errors.to_dict() if errors else result


def _schema_field(raw: Mapping[str, Any], type_: ColumnType, slug_: str) -> dict[str, Any]:
    given = _given_options(raw)
    data_type = type_.data_type or "string"
    found = {
        "title": raw.get("title") or raw["name"],
        "name": raw["name"],
        "slug": slug_,
        "type": data_type,
        "format": raw.get("format") or "default",
        "columnType": raw["type"],
        "conceptType": type_.concept,
        "options": _options(type_),
    }
    if raw.get("resource"):
        found["resource"] = raw["resource"]
    for key, default in _DATA_OPTIONS.get(data_type, {}).items():
        found[key] = given.get(key) or (raw.get(key) if key == "format" else None) or default
    return found


def _measure(raw: Mapping[str, Any]) -> dict[str, Any]:
    given = _given_options(raw)
    return {"source": raw["name"], "title": raw.get("title") or raw["name"]} | {
        key: value
        for key, value in [("resource", raw.get("resource")), *((k, given.get(k)) for k in _VALUE_OPTIONS)]
        if value
    }


def _dimensions(fields: Sequence[Mapping[str, Any]], columns: list[Typed], errors: _Errors) -> dict[str, Any]:
    dimensions: dict[str, dict[str, Any]] = {}
    unique: dict[str, list[str]] = {}
    for one, typed in zip(fields, columns, strict=True):
        type_ = typed.type
        if type_.concept == "value":
            continue
        dimension = dimensions.setdefault(type_.concept, _empty_dimension(type_))
        dimension["attributes"][typed.slug] = _attribute(one, typed, columns, errors)
        unique.setdefault(type_.concept, []).extend([typed.slug] if type_.unique else [])
    for concept, dimension in dimensions.items():
        attributes = dimension["attributes"]
        parents = {name: attribute.get("parent") for name, attribute in attributes.items()}
        dimension["primaryKey"] = list(ordered_key(unique[concept] or attributes, parents))
    return dimensions


def _empty_dimension(type_: ColumnType) -> dict[str, Any]:
    found: dict[str, Any] = {"dimensionType": type_.kind, "primaryKey": [], "attributes": {}}
    return found | ({"classificationType": type_.classification} if type_.classification else {})


def _attribute(raw: Mapping[str, Any], typed: Typed, columns: list[Typed], errors: _Errors) -> dict[str, Any]:
    found = {"source": raw["name"], "title": raw.get("title") or raw["name"]}
    found |= {key: raw[key] for key in ("resource", "constant") if raw.get(key)}
    if typed.type.label_of is not None:
        code = labelled_by(typed, columns)
        if code is None:
            errors.add(raw["name"], f"Couldn't find a column mapped to the matching 'code' ({typed.type.label_of})")
        else:
            found["labelfor"] = code.slug
    if typed.type.prior is not None:
        parent = parent_of(typed, columns)
        if parent is None:
            errors.add(raw["name"], f"Couldn't find a column mapped to the parent of this type ({typed.type.prior})")
        else:
            found["parent"] = parent.slug
    return found
