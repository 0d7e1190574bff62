"""The columns of a dataset: what each means, of which type it is, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.languages import later
from openspending.browse.locales import count
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.words import heading, text
from openspending.view import View

SHOWN: Final = 200
KINDS: Final[Mapping[str, str]] = {
    "text": later("text"),
    "integer": later("whole number"),
    "decimal": later("exact number"),
    "date": later("date"),
    "boolean": later("yes or no"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its ColumnType (or what it belongs to, where it has none), what is in it, and where that can be
    seen."""

    title: str
    ref: str
    meaning: str
    kind: str
    unit: str
    told: str
    about: str
    href: str


def columns(cube: Cube, place: Place, descriptor: Mapping[str, Any], cut: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns that the publisher described, in their order."""
    fields: dict[str, Mapping[str, Any]] = {}
    for name, field in _fields(descriptor):
        if name not in fields or (field.get("columnType") and not fields[name].get("columnType")):
            fields[name] = field
    listed = [one for one in cube.model["columns"] if not str(one["name"]).startswith("_")]
    return tuple(_column(cube, place, one, fields, cut) for one in listed[:SHOWN])


def _column(
    cube: Cube, place: Place, one: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]], cut: tuple[str, ...]
) -> Column:
    ref = str(one["name"])
    name, _dot, attribute = ref.partition(".")
    measure = cube.model["measures"].get(ref)
    dimension = cube.model["dimensions"].get(name, {})
    known = dimension.get("attributes", {}).get(attribute, {})
    field = fields.get(text((measure or {}).get("orig_measure")) or text(known.get("orig_attribute")) or ref, {})
    kind = text(one.get("kind"))
    return Column(
        title=heading(text(one.get("title"), 200) or ref),
        ref=ref,
        meaning=text(field.get("columnType"), 200) or _place_of(cube, measure, dimension),
        kind=_(KINDS[kind]) if kind in KINDS else kind,
        unit=" ".join(each for each in (_unit(one), text(one.get("currency"), 20)) if each),
        told=_signs(cube, ref) if measure else _members(cube, name, attribute, dimension),
        about=text(field.get("description"), 500),
        href=_view(cube, place, name, cut) if attribute and attribute == dimension.get("key_attribute") else "",
    )


def _place_of(cube: Cube, measure: Mapping[str, Any] | None, dimension: Mapping[str, Any]) -> str:
    """What a column of an older profile is: an amount, or part of a hierarchy."""
    if measure is not None:
        return _("amount")
    found = cube.model["hierarchies"].get(dimension.get("hierarchy"), {})
    return heading(text(found.get("label"), 200))


def _unit(one: Mapping[str, Any]) -> str:
    unit = str(one.get("unit") or "1")
    return "" if unit == "1" else f"× {unit}"


def _members(cube: Cube, name: str, attribute: str, dimension: Mapping[str, Any]) -> str:
    level = cube.level(name)
    if level is None or not level.members or attribute != dimension.get("key_attribute"):
        return ""
    return _("%(number)s different") % {"number": count(level.members)}


def _signs(cube: Cube, measure: str) -> str:
    """How many amounts are above, below and at zero."""
    found = next((one for one in cube.roles["signs"] if one["measure"] == measure), None)
    if found is None:
        return ""
    told = (
        (found["positives"], _("%(number)s above zero")),
        (found["negatives"], _("%(number)s below zero")),
        (found["zeros"], _("%(number)s zero")),
        (found["missing"], _("%(number)s missing")),
    )
    return ", ".join(said % {"number": count(how_many)} for how_many, said in told if how_many)


def _view(cube: Cube, place: Place, name: str, cut: tuple[str, ...]) -> str:
    level = cube.level(name)
    if level is None or (level.members or 0) < 2:
        return ""
    kept = tuple(one for one in cut if one.partition(".")[0] != name)
    return place.view(View(chart="line" if level.time else "bar", group=(name,), cut=kept))


def _fields(descriptor: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of all resources by name."""
    resources = descriptor.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        schema = resource.get("schema") if isinstance(resource, Mapping) else None
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, Mapping) and isinstance(field.get("name"), str):
                yield field["name"], field
