"""Judges an aggregate query before it is answered: would its sums add up what is no one sum?

What would is refused, with choices that can be asked as they stand, or allowed and stamped. Counts are not judged: they
count facts. Minima and maxima are judged for currencies alone: the largest of several approved and executed amounts is
still an amount, but 100 JPY are not more than 90 EUR.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.analytics import refs
from openspending.analytics.cube import Cube
from openspending.analytics.cubemodel import Aggregate, CubeModel
from openspending.analytics.guards import traps
from openspending.analytics.guards.mixing import Cuts
from openspending.analytics.guards.roles import CURRENCY, Exclusive, Nested, Roles, Scalar, Years
from openspending.analytics.query import AggregateQuery
from openspending.errors import Mixed
from openspending.speaking.said import said, together

CELLS, SUMMARY = "cells", "summary"
# how many cells the facts of a query's cuts have, grouped by each of several lists of refs
Cells = Callable[[Sequence[Sequence[str]]], Sequence[int]]

_SUMS: Final = ("sum", "avg", "positive", "negative", "gross")
_ENDS: Final = ("min", "max")
_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Stamp:
    """A warning on an answer. `where` is “cells”, or “summary” where the cells are sound and only their sum mixes."""

    code: str
    sentence: str
    ref: str | None
    members: tuple[Scalar, ...] = ()
    where: str = CELLS

    def to_json(self) -> dict[str, Any]:
        """As answers have it."""
        found = {"code": self.code, "message": self.sentence, "ref": self.ref, "in": self.where}
        return found | ({"members": list(self.members)} if self.members else {})


def judged(
    query: AggregateQuery, roles: Roles, model: CubeModel, *, allow_mixed: bool = False, cells: Cells | None = None
) -> tuple[Stamp, ...]:
    """The stamps for the answer to `query`. Raises Mixed when its cells would mix and that is not allowed, and BadQuery
    for refs that do not exist.

    `cells` is asked only where the query does not tell by itself that each cell is sound.
    """
    return _Judge(query, roles, model, cells).stamps(allow_mixed=allow_mixed)


def counting(cube: Cube, query: AggregateQuery) -> Cells:
    """Counts cells by asking the cube."""

    def cells(groupings: Sequence[Sequence[str]]) -> Sequence[int]:
        return cube.cell_counts(groupings, query.cuts)

    return cells


class _Judge:
    def __init__(self, query: AggregateQuery, roles: Roles, model: CubeModel, cells: Cells | None) -> None:
        self._roles = roles
        self._model = model
        self._cuts = Cuts(query.cuts, model)
        self._cells = cells
        self._drilled = tuple(one.concept.ref for one in refs.drilldowns(model, query.drilldowns))
        wanted = list(refs.aggregates(model, query.aggregates))
        wanted += [
            one for one in (refs.order_concept(model, order) for order in query.order) if isinstance(one, Aggregate)
        ]
        self._measures = {one.measure.ref for one in wanted if one.measure is not None and one.function in _SUMS}
        self._traps = list(self._of({one.function for one in wanted}))

    def _of(self, functions: set[str]) -> Iterator[Exclusive | Nested]:
        """The traps that these functions can fall into."""
        summed = bool(functions & set(_SUMS))
        compared = bool(functions & set(_ENDS))
        known: list[Exclusive | Nested] = [*self._roles.exclusive, *self._roles.nested]
        for one in known:
            if summed or (compared and traps.kind_of(one) == CURRENCY):
                yield one

    def stamps(self, *, allow_mixed: bool) -> tuple[Stamp, ...]:
        mixed = self._mixing()
        if mixed and not allow_mixed:
            raise self._refusal(mixed)
        found = [self._stamp(one, CELLS) for one in mixed]
        if self._drilled:
            others = [one for one in self._traps if one not in mixed]
            found += [self._stamp(one, SUMMARY) for one in others if traps.mixes(one, self._cuts, ())]
        return (*found, *self._further())

    def _mixing(self) -> list[Exclusive | Nested]:
        """The traps of which cells hold several members: by what the query says, then by the facts, asked at once."""
        found = [one for one in self._traps if traps.mixes(one, self._cuts, self._drilled)]
        open_ones = [one for one in found if not (isinstance(one, Nested) and one.layers)]
        if self._cells is None or not open_ones or not (self._drilled or self._cuts.conditions):
            return found
        differ = self._differ(self._cells, [traps.keys_of(one) for one in open_ones])
        sound = [one for one, several in zip(open_ones, differ, strict=True) if not several]
        return [one for one in found if one not in sound]

    def _differ(self, cells: Cells, ways: Sequence[Sequence[str]]) -> list[bool]:
        """Whether facts of one cell differ in each of these lists of refs."""
        groupings = [(*self._drilled, *one) for one in ways]
        if not self._drilled:
            return [count > 1 for count in cells(groupings)]
        whole, *counts = cells([self._drilled, *groupings])
        return [count > whole for count in counts]

    def _years_added(self, years: Years) -> list[str | int]:
        """The years that are added together, as far as the query tells, and none where the facts say that none are.
        Without conditions nobody is asked: a dataset of several years has facts of them."""
        found = traps.years_left(years, self._cuts, self._drilled)
        if not found or self._cells is None or not self._cuts.conditions:
            return found
        return found if any(self._differ(self._cells, [(years.key,)])) else []

    def _further(self) -> Iterator[Stamp]:
        """What is worth knowing of any sum."""
        if not self._measures:
            return
        for one in self._roles.suspects:
            if one.ref is None or one.ref not in self._drilled:
                yield Stamp(one.code, one.sentence, one.ref, one.members)
        years = self._roles.years
        if years is not None and (added := self._years_added(years)):
            text = said(
                "Amounts of several years are added together, as far as there are facts of them: {years}.",
                years=_listed(added),
            )
            yield Stamp("years-added", text, years.ref, tuple(added[:_SHOWN]))
        for signs in self._roles.signs:
            if signs.negatives and signs.measure in self._measures:
                text = said(
                    "Sums are net: {count} amounts of {measure} in this dataset are below zero, {negative} together; "
                    "those above zero are {positive}.",
                    count=signs.negatives,
                    measure=signs.measure,
                    negative=signs.negative,
                    positive=signs.positive,
                )
                yield Stamp("negatives", text, signs.measure)

    def _stamp(self, trap: Exclusive | Nested, where: str) -> Stamp:
        left = traps.members_left(trap, self._cuts) if isinstance(trap, Exclusive) else []
        members = tuple(one.value for one in left if one is not None)
        text = traps.sentence(trap, self._cuts, added=True)
        text = text if where == CELLS else together(said("Each cell is sound, the summary is not."), text)
        return Stamp(f"mixed-{traps.kind_of(trap)}", text, trap.ref, members[:_SHOWN], where)

    def _refusal(self, mixed: Sequence[Exclusive | Nested]) -> Mixed:
        described = [self._described(one) for one in mixed]
        offered = [f"cut={one['cut']}" for each in described for one in each["choices"]]
        offered += [f"drilldown={each['drilldown']}" for each in described]
        sentences = [traps.sentence(one, self._cuts) for one in mixed]
        text = together(*sentences, said("Cut to one of the choices, drill down by it, or say allow=mixed."))
        return Mixed(text, [*offered, "allow=mixed"], described)

    def _described(self, trap: Exclusive | Nested) -> dict[str, Any]:
        left = traps.members_left(trap, self._cuts) if isinstance(trap, Exclusive) else []
        return {
            "ref": trap.ref,
            "kind": traps.kind_of(trap),
            "message": traps.sentence(trap, self._cuts),
            "reason": trap.reason,
            "members": len(left) or None,
            "choices": [one.to_json(self._model) for one in traps.choices(trap, self._cuts)],
            "drilldown": "|".join(traps.keys_of(trap)),
        }


def _listed(years: Sequence[str | int]) -> str:
    shown = [str(one) for one in years]
    if len(shown) <= 6:
        return ", ".join(shown)
    return said("{first}, …, {last} ({count} years)", first=", ".join(shown[:3]), last=shown[-1], count=len(shown))
