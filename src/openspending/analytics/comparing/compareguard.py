"""Judges a comparison before it is answered: each side by itself, and whether one may be subtracted from the other.

Phases, directions and years may differ between the sides: that is what is compared. Currencies may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openspending.analytics.canonical import cut_text
from openspending.analytics.comparing.compare import Comparison
from openspending.analytics.comparing.sides import Side
from openspending.analytics.guards import guard, traps
from openspending.analytics.guards.guard import Stamp
from openspending.analytics.guards.mixing import Cuts, Days
from openspending.analytics.guards.roles import CURRENCY, Exclusive, Roles, Scalar
from openspending.analytics.query import AggregateQuery, AllOf, AnyOf, Condition
from openspending.errors import Mixed
from openspending.speaking.said import said, together


@dataclass(frozen=True, slots=True)
class SideStamp:
    """A warning on a comparison; `side` None: on both, or on their difference."""

    stamp: Stamp
    side: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As answers have it."""
        return self.stamp.to_json() | ({} if self.side is None else {"side": self.side})


def judged(asked: Comparison, *, allow_mixed: bool = False) -> tuple[SideStamp, ...]:
    """The stamps for the answer to `asked`. Raises Mixed when a side, or the difference, would mix what is no one sum
    and that is not allowed."""
    left = _side(asked, asked.left, "left", allow_mixed=allow_mixed)
    right = _side(asked, asked.right, "right", allow_mixed=allow_mixed)
    found = [SideStamp(one, None if one in right else "left") for one in left]
    found += [SideStamp(one, "right") for one in right if one not in left]
    found += [SideStamp(one) for one in _currencies(asked, allow_mixed=allow_mixed)]
    return (*found, *(SideStamp(one) for one in (*_nominal(asked), *_same(asked))))


def _side(asked: Comparison, side: Side, name: str, *, allow_mixed: bool) -> tuple[Stamp, ...]:
    query = _query(asked, side, side.cuts)
    cells = guard.counting(side.cube, query)
    try:
        return guard.judged(query, side.cube.roles, side.cube.model, allow_mixed=allow_mixed, cells=cells)
    except Mixed as error:
        error.parameter = name
        raise


def _query(asked: Comparison, side: Side, cuts: tuple[Condition, ...]) -> AggregateQuery:
    """What a side sums, as an aggregate query. Labels that are only shown divide nothing."""
    matched = [one.left if side is asked.left else one.right for one in asked.groups if one.code is None]
    return AggregateQuery(tuple(one.key for one in matched), (f"{side.measure.ref}.sum",), cuts)


# ── currencies ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _currencies(asked: Comparison, *, allow_mixed: bool) -> Iterator[Stamp]:
    """A stamp when one currency is subtracted from another. Raises Mixed when that is not allowed."""
    left, right = asked.left, asked.right
    names = [_currencies_of(one) for one in (left, right)]
    if not names[0] or not names[1] or (names[0] == names[1] and len(names[0]) == 1) or _apart(asked):
        return
    if left.cube is right.cube and left.currency is None and right.currency is None:
        yield from _of_one_cube(asked, allow_mixed=allow_mixed)
        return
    shown = said("{some} and {one}", some=_listed(names[0]), one=_listed(names[1]))
    text = said(
        "Amounts in {currencies} would be subtracted from each other: that is no amount of any currency.",
        currencies=shown,
    )
    if not allow_mixed:
        drilled = [f"drilldown={one.key}" for one in _told(left.cube.roles)]
        choices = [*drilled, "allow=mixed"]
        detail = {"ref": "measure", "kind": CURRENCY, "message": text, "choices": choices}
        advised = together(text, said("Compare amounts of one currency, or say allow=mixed."))
        raise Mixed(advised, choices, [detail])
    members: tuple[Scalar, ...] = tuple(sorted({str(one) for each in names for one in each}))
    sentence = said(
        "Amounts in {currencies} are subtracted from each other: that is no amount of any currency.", currencies=shown
    )
    yield Stamp("mixed-currency", sentence, None, members)


def _of_one_cube(asked: Comparison, *, allow_mixed: bool) -> tuple[Stamp, ...]:
    """The facts of both sides together, judged for their currencies alone."""
    left, right = asked.left, asked.right
    either = (AnyOf((AllOf(left.cuts), AllOf(right.cuts))),) if left.cuts and right.cuts else ()
    query = _query(asked, left, either)
    roles = Roles(exclusive=tuple(_told(left.cube.roles)))
    cells = guard.counting(left.cube, query)
    found = guard.judged(query, roles, left.cube.model, allow_mixed=allow_mixed, cells=cells)
    return tuple(one for one in found if one.where == guard.CELLS)


def _told(roles: Roles) -> list[Exclusive]:
    """The dimensions that tell currencies."""
    return [one for one in roles.exclusive if one.kind == CURRENCY]


def _currencies_of(side: Side) -> frozenset[str]:
    """The currencies that a side may have; none when nothing says so."""
    if side.currency is not None:
        return frozenset({side.currency})
    cuts = Cuts(side.cuts, side.cube.model)
    left = [member for one in _told(side.cube.roles) for member in traps.members_left(one, cuts)]
    return frozenset("others" if one is None else str(one.value) for one in left)


def _apart(asked: Comparison) -> bool:
    """Whether members are told apart by their currency, on both sides."""
    for side in (asked.left, asked.right):
        drilled = set(_query(asked, side, ()).drilldowns)
        told = {ref for one in _told(side.cube.roles) for ref in one.told_by}
        concepts = {one.left.concept.ref for one in asked.groups if one.left.key in drilled}
        if not concepts & told:
            return False
    return True


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


# ── years, and sides that are one ────────────────────────────────────────────────────────────────────────────────────


def _nominal(asked: Comparison) -> Iterator[Stamp]:
    """A stamp when the sides are of different years: nothing is adjusted for prices here."""
    years, known = [_years_of(asked.left), _years_of(asked.right)], asked.left.cube.roles.years
    if known is not None and years[0] != years[1] and all(years):
        text = said(
            "The sides are of different years. Amounts are as stated in each; they are not adjusted for prices."
        )
        yield Stamp("nominal", text, known.ref)


def _years_of(side: Side) -> list[str]:
    """The years that a side may have."""
    years = side.cube.roles.years
    if years is None:
        return []
    cuts = Cuts(side.cuts, side.cube.model)
    known: list[tuple[str, object]] = [
        (str(one), Days(f"{one}-01-01", f"{one}-12-31") if years.dates else one) for one, _ in years.years
    ]
    return [name for name, value in known if cuts.may_leave({years.key: value})]


def _same(asked: Comparison) -> Sequence[Stamp]:
    left, right = asked.left, asked.right
    model = left.cube.model
    same = left.cube is right.cube and left.measure == right.measure
    if not same or cut_text(left.cuts, model) != cut_text(right.cuts, model):
        return ()
    return (Stamp("same-sides", said("Both sides are the same, so that there is no difference anywhere."), None),)
