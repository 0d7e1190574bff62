"""What Data Package and Table Schema ask of a descriptor, and can be said without looking at the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from openspending.fdp.literals import BadLiteral, literal
from openspending.fdp.package import Field, ForeignKey, Package, Resource
from openspending.fdp.paths import check_path
from openspending.fdp.place import Place
from openspending.fdp.roles import field_place, resource_place
from openspending.fdp.versions import model_sources, raw_model
from openspending.speaking.said import of_error, said

_LENGTHS: Final = ("minLength", "maxLength")
_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COMMON: Final = ("required", "unique", "enum")
_PARTS_OF_NUMBERS: Final = frozenset("0123456789+-eE()")
_NESTED: Final = (*_COMMON, *_LENGTHS, "jsonSchema")
# Table Schema v2: every type with the constraints that apply to it.
CONSTRAINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": (*_COMMON, *_LENGTHS, "pattern"),
    "boolean": ("required", "enum"),
    "object": _NESTED,
    "array": _NESTED,
    "list": (*_COMMON, *_LENGTHS),
    "geopoint": _COMMON,
    "geojson": (*_COMMON, *_LENGTHS),
    "any": _COMMON,
} | dict.fromkeys(
    ("number", "integer", "date", "datetime", "time", "year", "yearmonth", "duration"), (*_COMMON, *_BOUNDS)
)


def check_resources(package: Package, root: Place) -> None:
    """Report unsafe paths, repeated names, and what is wrong with the schema of each resource."""
    names = Counter(one.name.casefold() for one in package.resources)
    reported: set[str] = set()
    used = model_sources(raw_model(package.raw) or {})
    for resource in package.resources:
        place = resource_place(resource, root)
        folded = resource.name.casefold()
        if names[folded] > 1 and folded not in reported:
            reported.add(folded)
            place.report("fiscal/duplicate-resource", value=resource.name)
        _check_path(resource, place)
        _check_repeated_fields(resource, used, root)
        for field in (*resource.schema.fields, *resource.schema.extra_fields):
            _check_field(field, field_place(resource, field, root))
        _check_keys(package, resource, place.at("schema"))


def _check_path(resource: Resource, place: Place) -> None:
    key = "path" if resource.raw.get("path") is not None else "url"
    path = resource.raw.get(key)
    if not isinstance(path, str | list):  # absent, or reported when it was read
        return
    reason = check_path(path)
    if reason is not None:
        place.at(key).report("scheme-error", value=path, detail=reason)


def _check_repeated_fields(resource: Resource, used: set[str], root: Place) -> None:
    counts = Counter(one.name for one in resource.schema.fields)
    for name, count in counts.items():
        if count > 1:
            same = [one for one in resource.schema.fields if one.name == name]
            meant = name in used or any(one.column_type or one.normalize is not None for one in same)
            code = "fiscal/duplicate-field" if meant else "fiscal/repeated-column"
            field_place(resource, same[-1], root).report(code)


def _check_field(field: Field, place: Place) -> None:
    if field.type not in CONSTRAINTS:
        place.at("type").report("fiscal/unknown-type", value=field.type)
        return
    if field.type in ("integer", "number"):
        _check_marks(field, place)
    for name, value in field.constraints.items():
        here = place.at("constraints", name)
        if name not in CONSTRAINTS[field.type]:
            here.report("fiscal/constraint-unknown", type=field.type, value=name)
            continue
        for detail in _constraint_faults(field, name, value):
            here.report("fiscal/constraint-invalid", constraint=name, value=value, detail=detail)


def _check_marks(field: Field, place: Place) -> None:
    """The characters inside numbers must not be read as something else: 1.000 with “.” for both is 1 or 1000."""
    for key, mark in (("decimalChar", field.decimal_char), ("groupChar", field.group_char or "")):
        if mark in _PARTS_OF_NUMBERS:
            place.at(key).report(
                "fiscal/number-mark", property=key, value=mark, detail=said("is a part of numbers itself")
            )
    if field.group_char == field.decimal_char:
        detail = said("is the decimal character too")
        place.at("groupChar").report("fiscal/number-mark", property="groupChar", value=field.group_char, detail=detail)


def _constraint_faults(field: Field, name: str, value: Any) -> Iterator[str]:
    if name in ("required", "unique"):
        if not isinstance(value, bool):
            yield said("it is neither true nor false")
    elif name in _LENGTHS:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield said("it is not a whole number")
    elif name == "pattern":
        yield from _pattern_faults(value)
    elif name == "enum":
        yield from _enum_faults(field, value)
    elif name in _BOUNDS:
        yield from _literal_faults(field, value)


def _pattern_faults(value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield said("it is not text")
        return
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        yield said("it is not a regular expression")


def _enum_faults(field: Field, value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield said("it is not a list of values")
        return
    for one in value:
        for fault in _literal_faults(field, one):
            yield said("of {value}, {fault}", value=str(one)[:40], fault=fault)


def _literal_faults(field: Field, value: Any) -> Iterator[str]:
    try:
        literal(field, value)
    except BadLiteral as error:
        yield of_error(error)


def _check_keys(package: Package, resource: Resource, place: Place) -> None:
    known = {one.name for one in (*resource.schema.fields, *resource.schema.extra_fields)}
    for name in resource.schema.primary_key:
        if name not in known:
            place.at("primaryKey").report("fiscal/key-field", key=said("primary key"), value=name, target=said("it"))
    for key in resource.schema.foreign_keys:
        _check_foreign_key(package, key, known, place.at("foreignKeys"))


def _check_foreign_key(package: Package, key: ForeignKey, known: set[str], place: Place) -> None:
    for name in key.fields:
        if name not in known:
            place.report("fiscal/key-field", key=said("foreign key"), value=name, target=said("it"))
    here, there = len(key.fields), len(key.reference_fields)
    if here != there or here == 0:
        place.report("fiscal/foreign-key-length", here=here, there=there)
    other = package.resource(key.resource or place.resource or "")
    if other is None:
        place.report("fiscal/foreign-key-resource", value=key.resource)
        return
    theirs = {one.name for one in other.schema.fields}
    for name in key.reference_fields:
        if name not in theirs:
            place.report(
                "fiscal/key-field", key=said("foreign key"), value=name, target=said("resource {name}", name=other.name)
            )
