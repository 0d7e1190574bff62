"""The rules that a stored cube model should obey, as babbage has them. The read path is lenient and never asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from openspending.analytics.cubemodel import FUNCTIONS

_TABLE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-]*[a-zA-Z0-9]")
_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*[a-zA-Z0-9]")
_LENGTHS: Final = {"label": (2, 500), "column": (2, 250), "description": (0, 1000)}


def validate(spec: object) -> list[str]:
    """Everything that is wrong with `spec`, one plain sentence each; empty when it is valid."""
    if not isinstance(spec, Mapping):
        return ["The model is not a JSON object."]
    return [*_fact_table(spec), *_measures(spec), *_dimensions(spec), *_hierarchies(spec)]


def _fact_table(spec: Mapping[str, Any]) -> Iterator[str]:
    table = spec.get("fact_table")
    if not isinstance(table, str) or not _TABLE.fullmatch(table):
        yield f"fact_table {table!r} is no table name."


def _measures(spec: Mapping[str, Any]) -> Iterator[str]:
    measures = _objects(spec, "measures")
    if not measures:
        yield "There is no measure."
    for name, raw in measures.items():
        place = f"measure {name!r}"
        yield from _named(place, name)
        yield from _texts(place, raw, required=("label", "column"))
        functions = raw.get("aggregates", [])
        if not isinstance(functions, list):
            yield f"{place}: aggregates is not a list."
        elif unknown := [one for one in functions if one not in FUNCTIONS]:
            yield f"{place}: there are no aggregates {unknown!r}."


def _dimensions(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, raw in _objects(spec, "dimensions").items():
        place = f"dimension {name!r}"
        yield from _named(place, name)
        yield from _texts(place, raw, required=("label",))
        attributes = _objects(raw, "attributes")
        if not attributes:
            yield f"{place} has no attributes."
        for attribute, inner in attributes.items():
            yield from _named(f"{place}, attribute {attribute!r}", attribute)
            yield from _texts(f"{place}, attribute {attribute!r}", inner, required=("label", "column"))
        if raw.get("key_attribute") not in attributes:
            yield f"{place}: key_attribute {raw.get('key_attribute')!r} is none of its attributes."
        if "label_attribute" in raw and raw["label_attribute"] not in attributes:
            yield f"{place}: label_attribute {raw['label_attribute']!r} is none of its attributes."


def _hierarchies(spec: Mapping[str, Any]) -> Iterator[str]:
    dimensions = _objects(spec, "dimensions")
    owner: dict[str, str] = {}
    for name, raw in _objects(spec, "hierarchies").items():
        place = f"hierarchy {name!r}"
        yield from _named(place, name)
        yield from _texts(place, raw, required=("label",))
        for level in raw.get("levels", ()):
            if level not in dimensions:
                yield f"{place}: there is no dimension {level!r}."
            elif owner.setdefault(level, name) != name:
                yield f"{place}: dimension {level!r} is in hierarchy {owner[level]!r} already."


def _objects(spec: Mapping[str, Any], key: str) -> Mapping[str, Mapping[str, Any]]:
    """The entries of `spec[key]`; what is not an object counts as an empty one."""
    found = spec.get(key)
    if not isinstance(found, Mapping):
        return {}
    return {str(name): raw if isinstance(raw, Mapping) else {} for name, raw in found.items()}


def _named(place: str, name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"{place}: a name is of letters, digits and “_”, two at least, starts with a letter and ends without “_”."


def _texts(place: str, raw: Mapping[str, Any], required: tuple[str, ...]) -> Iterator[str]:
    for key, (least, most) in _LENGTHS.items():
        value = raw.get(key)
        if value is None:
            if key in required:
                yield f"{place} has no {key}."
        elif not isinstance(value, str) or not least <= len(value) <= most:
            yield f"{place}: {key} is not a text of {least} to {most} characters."
