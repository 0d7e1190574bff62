"""What a sum can fall into: whether a query's cells would mix, in words, and with the cuts that do not.

All of it is told by the query and the roles alone; where that is not enough, a mix is assumed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from openspending.analytics.canonical import cut_text
from openspending.analytics.cubemodel import CubeModel
from openspending.analytics.guards.mixing import GIVEN, Cuts, Days, Given, Known
from openspending.analytics.guards.roles import Exclusive, Layer, Member, Nested, Scalar, Years
from openspending.analytics.query import Condition, Cut
from openspending.fdp.problems import shorten
from openspending.speaking.said import Said, later, said, together

LEVEL: Final = "level"
_SHOWN: Final = 5
_NAMED: Final = 60  # characters of a member's name in a sentence
_LONGEST: Final = 4_000  # characters of a cut that is offered
_WHY: Final[Mapping[str, str]] = {
    "phase": said("they are the same money at several stages"),
    "currency": said("amounts of several currencies are no one sum"),
    "direction": said("money that goes out and money that comes in are not to be added"),
    "version": said("they are the same money, stated again"),
    "value-kind": said("they are several kinds of amounts"),
    LEVEL: said("facts of upper levels are sums of those below them, so money would count twice"),
}
_WOULD: Final = later("{members} of {ref} would be added together: {why}.")
_ARE: Final = later("{members} of {ref} are added together: {why}.")
_LEVELS_WOULD: Final = later("Sums over several levels of {ref} would be added together: {why}.")
_LEVELS_ARE: Final = later("Sums over several levels of {ref} are added together: {why}.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to ask without mixing: `conditions` to cut by, what that leaves, and how many facts."""

    conditions: tuple[Condition, ...]
    label: str
    value: Scalar = None
    facts: int | None = None
    default: bool = False

    def to_json(self, model: CubeModel) -> dict[str, Any]:
        """With the text of the cut."""
        found = {"label": self.label, "facts": self.facts, "cut": cut_text(self.conditions, model)}
        return (
            found | ({"value": self.value} if isinstance(self.conditions[0], Cut) else {}) | {"default": self.default}
        )


def kind_of(trap: Exclusive | Nested) -> str:
    """The word for what excludes each other: phase, currency, …, level."""
    return trap.kind if isinstance(trap, Exclusive) else LEVEL


def keys_of(trap: Exclusive | Nested) -> tuple[str, ...]:
    """The attributes to drill down by, so that no cell mixes."""
    if isinstance(trap, Exclusive):
        return (trap.key,)
    return tuple(dict.fromkeys(ref for one in trap.layers for ref in (*one.leave, *one.have))) or (trap.ref,)


def mixes(trap: Exclusive | Nested, cuts: Cuts, drilled: Collection[str]) -> bool:
    """Whether a cell of a query with these cuts and drilldowns may have facts that must not be added together."""
    if isinstance(trap, Nested) and trap.layers:
        return _layers_mix(trap, cuts, drilled)
    if set(trap.told_by) & set(drilled) or cuts.pins(trap.told_by):
        return False
    return _codes_mix(trap, cuts) if isinstance(trap, Nested) else len(members_left(trap, cuts)) > 1


def members_left(trap: Exclusive, cuts: Cuts) -> list[Member | None]:
    """The members that the cuts may leave; None stands for those that are not listed."""
    found: list[Member | None] = [one for one in trap.members if cuts.may_leave(_known(trap, one))]
    unlisted = trap.count - len(trap.members)
    if unlisted > 0:
        listed = frozenset(str(one.value) for one in trap.members)
        if cuts.may_leave({trap.key: Given(listed)}):
            found += [None] * unlisted
    return found


def years_left(years: Years, cuts: Cuts, drilled: Collection[str]) -> list[str | int]:
    """The years that one cell may add up: several, or none."""
    if set(years.told_by) & set(drilled) or cuts.pins(years.told_by):
        return []
    found = [one for one, _ in years.years if cuts.may_leave({years.key: _days(one) if years.dates else one})]
    return found if len(found) > 1 else []


def choices(trap: Exclusive | Nested, cuts: Cuts) -> list[Choice]:
    """The cuts to choose from: to one member each, or to one level; the default first."""
    if isinstance(trap, Exclusive):
        found = [_member(trap, one) for one in members_left(trap, cuts) if one is not None]
    else:
        found = list(_layer_choices(trap) if trap.layers else _code_choices(trap))
    short = [one for one in found if len(cut_text(one.conditions, cuts.model)) <= _LONGEST]
    return sorted(short, key=lambda one: not one.default)


def sentence(trap: Exclusive | Nested, cuts: Cuts, *, added: bool = False) -> Said:
    """What would be added together, or is, and why that is no sum."""
    if isinstance(trap, Nested):
        return Said(_LEVELS_ARE if added else _LEVELS_WOULD, {"ref": trap.ref, "why": _WHY[LEVEL]})
    left = members_left(trap, cuts)
    names = [_name(one) for one in left[:_SHOWN] if one is not None]
    shown = together(*names, between=", ")
    if len(left) > len(names):
        shown = said("{members} and {count} more", members=shown, count=len(left) - len(names))
    return Said(_ARE if added else _WOULD, {"members": shown, "ref": trap.ref, "why": _WHY[trap.kind]})


def _name(member: Member) -> Said:
    if member.value is None:
        return said("the missing member")
    return said("“{name}”", name=shorten(str(member.label or member.value), _NAMED))


def _known(trap: Exclusive, member: Member) -> Known:
    known: dict[str, object] = {trap.key: member.value}
    return known | {trap.label: member.label} if trap.label and member.label is not None else known


def _days(year: str | int) -> Days:
    return Days(f"{year}-01-01", f"{year}-12-31")


def _member(trap: Exclusive, one: Member) -> Choice:
    cut = Cut(trap.key, (one.value,))
    label = "(missing)" if one.value is None else shorten(one.label or str(one.value))
    return Choice((cut,), label, one.value, one.facts, default=one.value == trap.default.value)


# ── levels ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _codes_mix(trap: Nested, cuts: Cuts) -> bool:
    """Whether the cuts may leave a code together with one that lies below it."""

    def left(code: str | None) -> bool:
        return cuts.may_leave({trap.ref: code})

    if trap.parents is not None:
        return any(left(code) and any(map(left, _above(code, trap.parents))) for code in trap.parents)
    upper = sum(map(left, trap.above))
    others = cuts.may_leave({trap.ref: Given(frozenset(trap.above))}) or left(None)
    return upper > 1 or (upper == 1 and others)


def _above(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen = {code}
    while (above := parents.get(code)) is not None and above not in seen:
        seen.add(above)
        yield above
        code = above


def _layers_mix(trap: Nested, cuts: Cuts, drilled: Collection[str]) -> bool:
    left = [one for one in trap.layers if cuts.may_leave(_known_of(one))]
    return any(not _apart(one, other, drilled) for one, other in combinations(left, 2))


def _known_of(layer: Layer) -> Known:
    return dict.fromkeys(layer.given, GIVEN) | dict.fromkeys(layer.missing)


def _apart(one: Layer, other: Layer, drilled: Collection[str]) -> bool:
    """Whether no cell has facts of both: some drilldown is missing in all of one, and in none of the other."""
    return any(
        (ref in one.given and ref in other.missing) or (ref in one.missing and ref in other.given) for ref in drilled
    )


def _layer_choices(trap: Nested) -> Iterator[Choice]:
    for one in reversed(trap.layers):
        cuts = [*(Cut(ref, (None,)) for ref in one.leave), *(Cut(ref, (None,), "!:") for ref in one.have)]
        yield Choice(tuple(cuts), one.name, facts=one.facts, default=one is trap.layers[-1])


def _code_choices(trap: Nested) -> Iterator[Choice]:
    yield Choice((Cut(trap.ref, trap.above, "!:"),), "lowest level", default=True)
    if trap.parents is not None:
        yield Choice((Cut(trap.ref, trap.tops),), "top level")
