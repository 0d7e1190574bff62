"""The axes of cuboids: the dimensions that stored aggregates may be grouped by, the likeliest asked first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openspending.analytics.cubemodel import Attribute, CubeModel, Dimension
from openspending.analytics.guards import roles
from openspending.analytics.guards.roles import Role, Roles

MOST_MEMBERS: Final = 20_000  # of an axis; a dimension with more is asked for its greatest, or in parts
MOST_AXES: Final = 24  # each costs a pass over the facts
_RANK: Final = {roles.EXCLUSIVE: 0, roles.TIME: 1, roles.LEVEL: 2, roles.PARTITION: 2, roles.ATTRIBUTE: 3}


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension with its `attributes`, the key first.

    `common` axes are cut in most queries, since sums over them would mix or add up years: exclusive dimensions, and
    the one of years, for which `time` is true.
    """

    ref: str
    attributes: tuple[Attribute, ...]
    common: bool = False
    time: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact columns of the attributes, each once."""
        return tuple(dict.fromkeys(one.column.name for one in self.attributes))


def possible_axes(model: CubeModel, known: Roles) -> list[Axis]:
    """The axes of a cube, ordered by how likely they are asked for: what excludes, years, then levels and partitions,
    upper levels and dimensions with few members first. None for dimensions with too many members."""
    found: Mapping[str, Role] = {one.ref: one for one in known.dimensions if 0 < one.members <= MOST_MEMBERS}
    excluding = {one.ref for one in known.exclusive if one.count > 1}
    year = known.years.ref if known.years is not None else None

    def rank(dimension: Dimension) -> tuple[int, int, int]:
        role = found[dimension.ref]
        return (-1 if dimension.ref == year else _RANK[role.role], role.depth or 1, role.members)

    dimensions = sorted((one for one in model.dimensions.values() if one.ref in found), key=rank)
    return [_axis(one, excluding, year) for one in dimensions if _is_own(one)][:MOST_AXES]


def _is_own(dimension: Dimension) -> bool:
    return all(one.column.table is None for one in dimension.attributes)


def _axis(dimension: Dimension, excluding: set[str], year: str | None) -> Axis:
    time = dimension.ref == year
    return Axis(dimension.ref, dimension.attributes, common=time or dimension.ref in excluding, time=time)
