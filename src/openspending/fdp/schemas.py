"""Reading schemas: fields, keys and missing values of Table Schema v1 and v2, with FDP's properties on fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from openspending.fdp.package import UNSET, Field, ForeignKey, Schema
from openspending.fdp.place import Place
from openspending.speaking.said import said

_MATCHES: Final = ("exact", "equal", "subset", "superset", "partial")


def read_schema(raw: Mapping[str, Any], place: Place, resource: Mapping[str, Any], package_name: str) -> Schema:
    """The Schema of `raw`; `resource` may hold the foreign keys, as in FDP 0.3's example. Oddities go to `place`."""
    keys = [(place.at("foreignKeys", number), one) for number, one in enumerate(place.items(raw, "foreignKeys"))]
    if "foreignKeys" in resource:
        above = Place(place.pointer.rpartition("/")[0], place.resource, problems=place.problems)
        found = above.items(resource, "foreignKeys")
        keys += [(above.at("foreignKeys", number), one) for number, one in enumerate(found)]
    foreign = [_foreign_key(one, here, package_name) for here, one in keys]
    missing = read_missing(raw, place)
    return Schema(
        fields=tuple(_fields(raw, "fields", place)),
        extra_fields=tuple(_fields(raw, "extraFields", place)),
        missing_values=("",) if missing is None else missing,
        primary_key=place.names(raw, "primaryKey"),
        foreign_keys=tuple(one for one in foreign if one is not None),
        fields_match=_fields_match(raw, place),
    )


def read_missing(raw: Mapping[str, Any], place: Place) -> tuple[str, ...] | None:
    """The missing values at `raw`: texts, or v2's objects of `value` and `label`. None when absent."""
    if raw.get("missingValues") is None:
        return None
    found = []
    for number, one in enumerate(place.items(raw, "missingValues")):
        value = one.get("value") if isinstance(one, dict) else one
        if isinstance(value, str):
            found.append(value)
        else:
            place.at("missingValues").wrong(number, one, said("text, or an object with “value”"))
    return tuple(found)


def _fields_match(raw: Mapping[str, Any], place: Place) -> str:
    value = raw.get("fieldsMatch")
    if isinstance(value, list) and len(value) == 1:  # the published 2.0 profile wrongly asks for a list
        value = value[0]
    if value is None:
        return "exact"
    if isinstance(value, str) and value in _MATCHES:
        return value
    place.wrong("fieldsMatch", value, said("one of {choices}", choices=", ".join(_MATCHES)))
    return "exact"


def _fields(raw: Mapping[str, Any], key: str, place: Place) -> list[Field]:
    # A field that cannot be read keeps its position, since columns are matched by order.
    fields = []
    for number, one in enumerate(place.items(raw, key)):
        if isinstance(one, dict):
            fields.append(_field(one, place.at(key, number), number))
        else:
            place.at(key).wrong(number, one, said("an object that describes a field"))
            fields.append(Field(name=f"field{number + 1}"))
    return fields


def _field(raw: Mapping[str, Any], place: Place, number: int) -> Field:
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        place.wrong("name", name, said("the name of the column"))
        name = f"field{number + 1}"
    place = place.at(field=name)
    options = raw.get("options")
    # os-types' input carries these under `options`; in its output `options` is a list of descriptions.
    merged = {**options, **raw} if isinstance(options, dict) else raw
    format_ = (place.text(raw, "format") or "default").removeprefix("fmt:")
    return Field(
        name=name,
        type=place.text(raw, "type") or "any",
        format="default" if format_ == "currency" else format_,
        title=place.text(raw, "title", error=False),
        description=place.text(raw, "description", error=False),
        constraints=place.mapping(raw, "constraints"),
        missing_values=read_missing(raw, place),
        decimal_char=place.character(merged, "decimalChar") or ".",
        group_char=place.character(merged, "groupChar") or None,
        # `format: currency` was the old way to say that symbols stand beside the number
        bare_number=place.flag(raw, "bareNumber", format_ != "currency"),
        true_values=_texts(raw, "trueValues", place, ("true", "True", "TRUE", "1")),
        false_values=_texts(raw, "falseValues", place, ("false", "False", "FALSE", "0")),
        negative=_texts(raw, "negative", place, ()),
        trim=place.flag(raw, "trim", False),
        replace=_replacements(raw, place),
        fill_down=place.flag(raw, "fillDown", False),
        aliases=place.names(raw, "aliases"),
        column_type=_column_type(raw, place),
        normalize=place.mapping(raw, "normalize") if raw.get("normalize") is not None else None,
        normalization_target=place.flag(raw, "normalizationTarget", False),
        constant=raw.get("constant", UNSET),
        raw=raw,
    )


def _column_type(raw: Mapping[str, Any], place: Place) -> str | None:
    """`columnType`, or its name until 2018, `osType`; empty text means none, as os-types writes it."""
    return place.text(raw, "columnType") or place.text(raw, "osType") or None


def _replacements(raw: Mapping[str, Any], place: Place) -> dict[str, str | None]:
    """`replace`: texts of cells with the text, or null, that stands in their place."""
    found = place.mapping(raw, "replace")
    for text, value in found.items():
        if value is not None and not isinstance(value, str):
            place.at("replace").wrong(text, value, said("text or null"))
    return {text: value for text, value in found.items() if value is None or isinstance(value, str)}


def _texts(raw: Mapping[str, Any], key: str, place: Place, default: tuple[str, ...]) -> tuple[str, ...]:
    if raw.get(key) is None:
        return default
    found = place.items(raw, key)
    for number, one in enumerate(found):
        if not isinstance(one, str):
            place.at(key).wrong(number, one, said("text"))
    return tuple(one for one in found if isinstance(one, str))


def _foreign_key(raw: object, place: Place, package_name: str) -> ForeignKey | None:
    if not isinstance(raw, dict):
        place.report(
            "fiscal/wrong-type", property="foreignKeys", found=said("not an object"), wanted=said("a list of objects")
        )
        return None
    reference = place.mapping(raw, "reference")
    here = place.at("reference")
    other = here.text(reference, "datapackage") or here.text(reference, "package")
    if other and other != package_name:
        here.report("fiscal/foreign-key-resource", value=other)
        return None
    resource = here.text(reference, "resource") or ""
    return ForeignKey(
        fields=place.names(raw, "fields"),
        resource="" if resource == "self" else resource,
        reference_fields=here.names(reference, "fields"),
    )
