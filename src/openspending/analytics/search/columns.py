"""The columns of a fact table as search has them: which there are, the most telling first, and what is done with each.

A line is shown by the labels of what was paid, to whom and what for before the rest, and is searched by all its texts
and codes. Times are not: cells tell the years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from openspending.analytics.cubemodel import CubeModel
from openspending.analytics.guards.roles import TIME, Roles
from openspending.analytics.search.record import Column
from openspending.fdp.model import Attribute, Dimension, Model

Use = Literal["searched", "code", "kept"]

_RANKS: Final = ("activity", "entity", "functional", "object", "administrative", "economic", "location")
_USES: Final[Mapping[str, Use]] = {"string": "searched", "integer": "code"}
_ENTITIES: Final = frozenset({"supplier", "recipient", "entity", "payee", "beneficiary"})


@dataclass(frozen=True, slots=True)
class FactColumn:
    """An attribute: `name` is its column in the fact table, whose values have the `type` of the Model.

    Values are `searched` as texts or codes, whichever each is; or are each a `code`; or only `kept` with the line.
    `divides`: its members are times or kinds of money, of which nobody looks for the name. `partial`: values have the
    codes above before them, “parent - own”. `key`: it tells the members of its dimension apart.
    """

    shown: Column
    name: str
    type: str
    use: Use
    divides: bool = False
    partial: bool = False
    key: bool = False


def columns_of(cube: CubeModel, model: Model, roles: Roles) -> tuple[FactColumn, ...]:
    """All attributes of the facts, the most telling first; `cube` need not know those in none of its dimensions."""
    found: dict[str, tuple[tuple[int, int, int], FactColumn]] = {}
    groups = {one.name: one for one in model.dimensions}
    dividing = {one.key for one in roles.exclusive} | {one.ref for one in roles.exclusive}
    times = {one.ref for one in roles.dimensions if one.role == TIME}
    for column, attribute, group in _attributes(cube, groups):
        time = column.dimension in times or (attribute.column == column.ref and group.kind == "datetime")
        divides = time or not dividing.isdisjoint((column.ref, column.dimension))
        dimension = cube.dimensions.get(column.dimension)
        key = dimension is None or dimension.key.ref == column.ref
        names = column.label_of is not None or (key and (dimension is None or dimension.label is dimension.key))
        use = "kept" if time else _USES.get(attribute.type, "kept")
        one = FactColumn(column, attribute.column, attribute.type, use, divides, attribute.partial, key)
        aside = 2 if divides or use != "searched" else int(not names)
        found.setdefault(attribute.column, ((aside, _rank(attribute, group), len(found)), one))
    return tuple(one for _, one in sorted(found.values(), key=lambda pair: pair[0]))


def _attributes(cube: CubeModel, groups: Mapping[str, Dimension]) -> Iterator[tuple[Column, Attribute, Dimension]]:
    """The attributes of the cube, then those of the Model that the cube has in no dimension, under their own names."""
    known = set()
    for dimension in cube.dimensions.values():
        raw = cube.spec["dimensions"][dimension.ref]
        group = groups[raw["orig_dimension"]]
        by_name = {one.name: one for one in group.attributes}
        for one in dimension.attributes:
            stored = raw["attributes"][one.name]
            attribute = by_name[stored["orig_attribute"]]
            known.add(attribute.column)
            labels = one is dimension.label and one is not dimension.key
            title = str(stored.get("label") or one.name)
            yield Column(one.ref, title, dimension.ref, dimension.key.ref if labels else None), attribute, group
    for group in groups.values():
        for attribute in group.attributes:
            if attribute.column not in known:
                title = attribute.title or attribute.source or attribute.name
                yield Column(attribute.column, title, attribute.column), attribute, group


def _rank(attribute: Attribute, group: Dimension) -> int:
    """How telling the values are, the most telling first."""
    concept = (attribute.column_type or "").partition(":")[0]
    concept = "entity" if concept in _ENTITIES else concept.removesuffix("-classification")
    for one in (concept, group.classification, group.kind):
        if one in _RANKS:
            return _RANKS.index(one)
    return len(_RANKS)
