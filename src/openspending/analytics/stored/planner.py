"""The planner: which cuboid answers a query. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.analytics import refs
from openspending.analytics.cubemodel import Aggregate, Attribute, CubeModel
from openspending.analytics.query import AggregateQuery, Condition, MembersQuery, cuts_in
from openspending.analytics.stored.catalogue import Cuboid
from openspending.fdp.sqltext import identifier

FACTS: Final = "facts"  # the plan where no cuboid covers a query


@dataclass(frozen=True, slots=True)
class Stored:
    """The cuboids that are tables of the attached database `schema`, the smallest first."""

    cuboids: tuple[Cuboid, ...] = ()
    schema: str = ""

    def relation(self, cuboid: Cuboid) -> str:
        """The table of a cuboid as SQL."""
        return f"{identifier(self.schema)}.{identifier(cuboid.id)}"


NOTHING_STORED: Final = Stored()


def for_aggregate(
    cuboids: Sequence[Cuboid], query: AggregateQuery, cuts: Sequence[Condition], model: CubeModel
) -> Cuboid | None:
    """The smallest of `cuboids`, which are in order of their cells, that has everything that `query` with its checked
    `cuts` asks for; None when only the facts have. Raises BadQuery for refs that do not exist."""
    if not cuboids:
        return None
    groups = refs.drilldowns(model, query.drilldowns)
    asked = {one.concept.ref for one in groups}
    wanted = list(refs.aggregates(model, query.aggregates))
    wanted += [one for one, _ in refs.cell_sorting(model, query.order, groups) if isinstance(one, Aggregate)]
    measures = {one.measure.ref for one in wanted if one.measure is not None}
    return _smallest(cuboids, asked | _filtered(cuts, model), measures)


def for_members(
    cuboids: Sequence[Cuboid], query: MembersQuery, cuts: Sequence[Condition], model: CubeModel
) -> Cuboid | None:
    """As `for_aggregate`, for members: their order is always one of the listed fields."""
    if not cuboids:
        return None
    listed = [one.concept for one in refs.fields(model, query.fields)]
    if not all(isinstance(one, Attribute) for one in listed):
        return None
    return _smallest(cuboids, {one.ref for one in listed} | _filtered(cuts, model), ())


def _filtered(cuts: Sequence[Condition], model: CubeModel) -> set[str]:
    return {refs.cut_concept(model, one).ref for one in cuts_in(cuts)}


def _smallest(cuboids: Sequence[Cuboid], attributes: set[str], measures: Iterable[str]) -> Cuboid | None:
    needed = set(measures)
    covering = (one for one in cuboids if attributes <= one.columns.keys() and needed <= set(one.measures))
    return next(covering, None)
