"""ColumnTypes: the fiscal concepts of columns. The taxonomies are bundled; nothing is ever fetched.

Both canonical taxonomy URLs of FDP 1.0 are dead, so they stand for the bundled files. A third bundled taxonomy holds
the types that only OpenSpending had.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from openspending.fdp.place import Place
from openspending.speaking.said import said

_URL: Final = "https://specs.frictionlessdata.io/taxonomies/fiscal/"
BUNDLED_URLS: Final[Mapping[str, str]] = {f"{_URL}{one}.json": one for one in ("budgets", "spending", "openspending")}
PLACEHOLDERS: Final = 40  # os-types' columns that are kept but not classified: unknown:string-1 … -40
_PROPERTIES: Final = {"name": str, "dataType": str, "unique": bool, "labelOf": str, "prior": str}
_ALIASES: Final = {"invoice-id": "transaction-id:invoice-id", "phase": "phase:id"} | {
    "expenditure-type": "expenditure-type:code"
}


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A fiscal concept of a column, with what it inherits. `concept` is the first segment: the dimension it is in."""

    name: str
    data_type: str | None
    unique: bool
    label_of: str | None
    prior: str | None
    concept: str
    kind: str | None  # the concept's dimensionType
    classification: str | None  # the concept's classificationType
    defined: bool  # whether the name or a beginning of it is defined at all


Definition = Mapping[str, Any]  # name, dataType, unique, labelOf, prior, as a taxonomy writes them


def resolve(name: str, custom: Sequence[Definition] = ()) -> ColumnType:
    """The ColumnType called `name`; `custom` are the descriptor's own definitions, which come before the bundled ones.

    FDP 1.0: an unknown type takes the properties of every defined type whose name begins it, the longest winning.
    “Begins” is read by whole segments: `value-basis` has nothing to do with `value`.
    """
    full = canonical(name)
    own = {canonical(one["name"]): one for one in custom}
    properties: dict[str, Any] = {}
    defined = False
    segments = full.split(":")
    for count in range(1, len(segments) + 1):
        beginning = ":".join(segments[:count])
        found = own.get(beginning) or bundled().get(beginning)
        if found is not None:
            properties |= found
            defined = True
    return _column_type(full, properties, defined)


def canonical(name: str) -> str:
    """`name` in today's spelling: old names, `geo:` for `geo-source:`, and the old endings of codes replaced."""
    for ending in (":code:full", ":code:part"):
        if name.endswith(ending):
            name = name.removesuffix(ending) + ":code"
    if name.startswith("geo:"):
        name = "geo-source:" + name.removeprefix("geo:")
    return _ALIASES.get(name, name)


def is_partial(name: str | None) -> bool:
    """Whether the type says that a code is unique inside its parent only (OpenSpending's old `…:code:part`)."""
    return name is not None and name.endswith(":code:part")


def is_value(name: str | None) -> bool:
    """Whether a column of this type is a measure: `value` itself or a type below it."""
    return name is not None and name.split(":")[0] == "value"


@cache
def bundled() -> Mapping[str, Definition]:
    """All bundled definitions by name: budgets, spending, OpenSpending's own, and the numbered `unknown` ones."""
    found = {one["name"]: one for taxonomy in BUNDLED_URLS.values() for one in taxonomy_definitions(taxonomy)}
    return found | {one["name"]: one for one in _numbered_unknowns()}


@cache
def taxonomy_definitions(taxonomy: str) -> tuple[Definition, ...]:
    """The definitions of one bundled taxonomy: “budgets”, “spending” or “openspending”."""
    return tuple(_load(taxonomy))


def custom_definitions(raw: object, place: Place) -> tuple[Definition, ...]:
    """The definitions in a descriptor's `columnTypes`: objects, lists of them, and URLs of the bundle only.

    What cannot be used is reported to `place` and left out; so are definitions that go round in circles.
    """
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raw = [raw]  # one URL or one object was common practice
    found = [one for number, item in enumerate(raw) for one in _definitions(item, place.at(number))]
    by_name = {canonical(one["name"]): one for one in found}
    circular = {name for name in by_name if _goes_round(name, by_name)}
    for name in sorted(circular):
        place.report(
            "fiscal/column-types", detail=said("{name} leads back to itself by “prior” or “labelOf”", name=name)
        )
    return tuple(one for name, one in by_name.items() if name not in circular)


def _definitions(item: object, place: Place) -> Iterator[Definition]:
    if isinstance(item, list):
        for number, one in enumerate(item):
            yield from _definitions(one, place.at(number))
    elif isinstance(item, str):
        if item not in BUNDLED_URLS and item.replace("http:", "https:", 1) not in BUNDLED_URLS:
            place.report(
                "fiscal/column-types",
                detail=said("“{item}” is not one of the taxonomies that we hold", item=item[:120]),
            )
    elif isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]:
        yield {key: item[key] for key in _PROPERTIES if _usable(item, key, place)}
    else:
        place.report("fiscal/column-types", detail=said("A definition is not an object with a name"))


def _usable(item: Mapping[str, Any], key: str, place: Place) -> bool:
    if item.get(key) is None:
        return False
    if isinstance(item[key], _PROPERTIES[key]):
        return True
    place.wrong(key, item[key], said("true or false") if key == "unique" else said("text"))
    return False


def _goes_round(name: str, own: Mapping[str, Definition]) -> bool:
    """Whether following `prior`, or `labelOf`, from `name` comes back to `name`."""
    for key in ("prior", "labelOf"):
        seen: set[str] = set()
        current: str | None = name
        while current is not None and current not in seen:
            seen.add(current)
            definition = own.get(current) or bundled().get(current) or {}
            following = definition.get(key)
            current = canonical(following) if following else None
            if current == name:
                return True
    return False


def _column_type(name: str, properties: Mapping[str, Any], defined: bool) -> ColumnType:
    concept = name.split(":", maxsplit=1)[0]
    kinds = _concepts().get(concept, {})
    return ColumnType(
        name=name,
        data_type=properties.get("dataType"),
        unique=properties.get("unique", False),
        label_of=_canonical_or_none(properties.get("labelOf")),
        prior=_canonical_or_none(properties.get("prior")),
        concept=concept,
        kind=kinds.get("dimensionType"),
        classification=kinds.get("classificationType"),
        defined=defined,
    )


def _canonical_or_none(name: str | None) -> str | None:
    return canonical(name) if name else None


def _numbered_unknowns() -> Iterator[Definition]:
    for number in range(1, PLACEHOLDERS + 1):
        name = f"unknown:string-{number}"
        yield {"name": f"{name}:code", "dataType": "string", "unique": True}
        yield {"name": f"{name}:label", "dataType": "string", "labelOf": f"{name}:code"}


@cache
def _concepts() -> Mapping[str, Mapping[str, str]]:
    return dict(_load("concepts"))


def _load(name: str) -> Any:
    return json.loads(files("openspending.fdp").joinpath("taxonomies", f"{name}.json").read_text("utf-8"))
