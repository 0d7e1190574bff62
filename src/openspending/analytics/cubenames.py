"""From a package's Model to the stored cube model, under the names that clients of the original know.

FDP 0.3 packages get the names of babbage_fiscal, FDP 1.0 packages those of dpp-fiscal, though all facts lie in one
wide table. Unlike the originals both keep currency, factor, direction, phase and the names of the package's own
model; what describes a code (its description, kind or URL) is an attribute of that code's dimension.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from openspending.analytics.cubemodel import FACT_COLUMN
from openspending.fdp.model import Attribute, Dimension, Measure, Model
from openspending.fdp.names import Names, slug
from openspending.fdp.package import Package

_LEGACY_LENGTH: Final = 30
_OWNER_LENGTH, _NAME_LENGTH = 16, 22
_KEY_ID: Final = "_fdp__id_"

Spec = dict[str, Any]


def cube_spec(model: Model, package: Package, *, owner: str, name: str) -> Spec:
    """The stored cube model of dataset `owner`:`name`, readable by `cubemodel.from_spec`."""
    return _spec_03(model, package, owner, name) if model.version == "0.3" else _spec_10(model, owner, name)


# ── FDP 0.3: babbage_fiscal ──────────────────────────────────────────────────────────────────────────────────────────


def _spec_03(model: Model, package: Package, owner: str, name: str) -> Spec:
    columns = _legacy_columns(package)
    names = Names()
    measures: Spec = {}
    for measure in model.measures:
        shown = columns.get((measure.resource, measure.source), measure.column)
        measures[names.give(_legacy_slug(measure.name) or "measure")] = _measure(measure, shown)
    dimensions: Spec = {}
    hierarchies: Spec = {}
    for dimension in model.dimensions:
        title = slug(dimension.name, " ").title() or dimension.name
        hierarchy = names.give(_legacy_slug(dimension.name) or "dimension")
        levels = []
        for wanted, members, is_level in _parts_03(dimension):
            given = names.give(wanted)
            dimensions[given] = _dimension_03(dimension, members, columns)
            if is_level:
                levels.append(given)
        hierarchies[hierarchy] = {"label": title, "levels": levels}
    table = _legacy_table(owner, name)
    return {"fact_table": table, "measures": measures, "dimensions": dimensions, "hierarchies": hierarchies}


def _parts_03(dimension: Dimension) -> Iterator[tuple[str, list[Attribute], bool]]:
    """The cube dimensions of one model dimension: name, attributes (key first), whether it is a level of the hierarchy.

    The original forgot what is neither key nor label when there are several keys; it gets a dimension of its own
    here, outside the hierarchy, so that no drilldown by a key falls apart because of it.
    """
    by_name = {one.name: one for one in dimension.attributes}
    keys = [by_name[one] for one in dimension.key]
    if len(keys) == 1:
        rest = [one for one in dimension.attributes if one is not keys[0]]
        yield _legacy_slug(dimension.name) or "dimension", [keys[0], *rest], True
        return
    others = [one for one in dimension.attributes if one not in keys]
    for key in keys:
        members = [key, *(one for one in others if one.label_of == key.name)]
        yield _legacy_slug(f"{dimension.name} {key.name}") or "dimension", members, True
    for one in others:
        if one.label_of not in dimension.key:
            yield _legacy_slug(f"{dimension.name} {one.name}") or "dimension", [one], False


def _dimension_03(dimension: Dimension, members: Sequence[Attribute], columns: dict[tuple[str, str], str]) -> Spec:
    names = Names()
    attributes = {names.give(slug(one.name).lower() or "attribute"): one for one in members}
    key = next(iter(attributes))
    spec: Spec = {
        "attributes": {given: _attribute_03(one, columns) for given, one in attributes.items()},
        "label": _label(members[0]),
        "key_attribute": key,
        "orig_dimension": dimension.name,
    }
    label = next((given for given, one in attributes.items() if one.label_of == members[0].name), None)
    return spec if label is None else spec | {"label_attribute": label}


def _attribute_03(attribute: Attribute, columns: dict[tuple[str, str], str]) -> Spec:
    shown = attribute.column if attribute.source is None else columns.get((attribute.resource, attribute.source))
    return {
        "column": shown or attribute.column,
        "label": _label(attribute),
        "datatype": attribute.type,
        "orig_attribute": attribute.name,
        FACT_COLUMN: attribute.column,
    }


def _legacy_columns(package: Package) -> dict[tuple[str, str], str]:
    """(resource, field) → the column name that the original gave it."""
    columns = {}
    for resource in package.resources:
        names = Names()
        for field in resource.schema.fields:
            columns[resource.name, field.name] = names.give(_legacy_slug(field.name) or "column")
    return columns


def _legacy_table(owner: str, name: str) -> str:
    whole_owner, whole_name = slug(owner).lower(), slug(name).lower()
    digest = hashlib.md5(f"{whole_owner}/{whole_name}".encode(), usedforsecurity=False).hexdigest()[:8]
    return f"fdp__{_fitted(whole_owner, _OWNER_LENGTH)}__{_fitted(whole_name, _NAME_LENGTH)}__{digest}"


def _legacy_slug(text: str) -> str:
    return _fitted(slug(text).lower(), _LEGACY_LENGTH)


def _fitted(words: str, most: int) -> str:
    """`words` (joined by “_”) in at most `most` characters: words that do not fit any more are left out."""
    kept = ""
    for word in words.split("_"):
        longer = f"{kept}_{word}" if kept else word
        if len(longer) <= most:
            kept = longer
    return kept or words[:most]


# ── FDP 1.0: dpp-fiscal ──────────────────────────────────────────────────────────────────────────────────────────────


def _spec_10(model: Model, owner: str, name: str) -> Spec:
    table = f"{owner}{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:16]}"
    numbers = {one: number for number, one in enumerate(sorted(_concept(one) for one in model.dimensions))}
    names = Names()
    measures = {names.give(one.name): {**_measure(one, one.name), "type": "number"} for one in model.measures}
    dimensions: Spec = {}
    hierarchies: Spec = {}
    for dimension in model.dimensions:
        if dimension.name == "unknown":  # the original keeps such columns out of the cube
            continue
        concept = _concept(dimension)
        parts = {one[0].name: (names.give(one[0].name), one) for one in _parts_10(dimension)}
        for given, members in parts.values():
            dimensions[given] = _dimension_10(dimension, members, f"{table}_{numbers[concept]}")
        levels = [parts[key][0] for key in dimension.key if key in parts]
        hierarchies[concept] = {"label": concept, "levels": levels}
    return {"fact_table": table, "measures": measures, "dimensions": dimensions, "hierarchies": hierarchies}


def _parts_10(dimension: Dimension) -> Iterator[list[Attribute]]:
    """The attributes of each cube dimension of one concept: a code, its label, then what describes it."""
    codes = {one.name: _code_of(one, dimension) for one in dimension.attributes}
    for one in dimension.attributes:
        if codes[one.name] is None:
            further = [other for other in dimension.attributes if codes[other.name] == one.name]
            labels = [other for other in further if other.label_of is not None]
            yield [one, *labels, *(other for other in further if other.label_of is None)]


def _code_of(attribute: Attribute, dimension: Dimension) -> str | None:
    """Name of the code that `attribute` labels or describes; None when it stands for itself."""
    codes = [one for one in dimension.attributes if one.label_of is None and one.name in dimension.key]
    if attribute in codes:
        return None
    if attribute.label_of is not None:
        return next((one.name for one in codes if one.name == attribute.label_of), None)
    return next((one.name for one in codes if one.column_type and _stem(one) == _stem(attribute)), None)


def _stem(attribute: Attribute) -> str | None:
    return attribute.column_type and attribute.column_type.rpartition(":")[0]


def _dimension_10(dimension: Dimension, members: Sequence[Attribute], table: str) -> Spec:
    key = members[0]
    spec: Spec = {
        "attributes": {one.name: _attribute_10(one, table) for one in members},
        "key_attribute": key.name,
        "label": _label(key),
        "join_column": [f"{_concept(dimension)}_id", _KEY_ID],
        "orig_dimension": dimension.name,
    }
    label = next((one.name for one in members if one.label_of == key.name), None)
    return spec if label is None else spec | {"label_attribute": label}


def _attribute_10(attribute: Attribute, table: str) -> Spec:
    return {
        "column": f"{table}.{attribute.name}",
        "label": _label(attribute),
        "type": attribute.type,
        "orig_attribute": attribute.name,
        FACT_COLUMN: attribute.column,
    }


def _concept(dimension: Dimension) -> str:
    return slug(dimension.name) or "dimension"


# ── both ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _measure(measure: Measure, column: str) -> Spec:
    """`factor` is what the file's numbers were multiplied by: the facts have it already."""
    kept = {"currency": measure.currency, "direction": measure.direction, "phase": measure.phase}
    spec: Spec = {
        "label": measure.title or measure.source,
        "column": column,
        "orig_measure": measure.name,
        FACT_COLUMN: measure.column,
    }
    if measure.factor != 1:
        whole = measure.factor == measure.factor.to_integral_value()
        spec["factor"] = int(measure.factor) if whole else f"{measure.factor:f}"
    return spec | {key: value for key, value in kept.items() if value is not None}


def _label(attribute: Attribute) -> str:
    """Its title, else its column. The original showed an empty title as it was: nothing at all."""
    return attribute.title or attribute.source or attribute.name
