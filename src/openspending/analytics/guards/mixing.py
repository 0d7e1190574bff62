"""Which members a query's cuts may leave: each condition tried on what is known of a member, without asking any facts.

The answer is never too small: where a condition cannot be decided, its members may be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from openspending.analytics.cubemodel import CubeModel
from openspending.analytics.query import AllOf, AnyOf, Condition, Cut, Not
from openspending.analytics.refs import cut_concept


@dataclass(frozen=True, slots=True)
class Given:
    """A value of which only is known that it is not missing, and is none of `but`."""

    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Days:
    """Some day of those from `first` to `last`, as ISO texts."""

    first: str
    last: str


GIVEN: Final = Given()
_RANGES: Final = ("..", "<:", "<=:", ">:", ">=:")
Known = Mapping[str, object]  # attribute ref → the value that a member has there; None: it is missing there


@dataclass(frozen=True, slots=True)
class Cuts:
    """The conditions of a query, all of which must hold."""

    conditions: Sequence[Condition]
    model: CubeModel

    def may_leave(self, known: Known) -> bool:
        """Whether facts of which `known` is true may be left."""
        return _holds(AllOf(tuple(self.conditions)), known, self.model) is not False

    def pins(self, refs: Iterable[str]) -> bool:
        """Whether one of these attributes is cut to a single value."""
        wanted = set(refs)
        return any(
            cut.operator == ":" and len(cut.values) == 1 and cut_concept(self.model, cut).ref in wanted
            for cut in _each(self.conditions)
        )


def _each(conditions: Iterable[Condition]) -> Iterator[Cut]:
    """The cuts that must hold whatever else does."""
    for one in conditions:
        if isinstance(one, Cut):
            yield one
        elif isinstance(one, AllOf) or (isinstance(one, AnyOf) and len(one.parts) == 1):
            yield from _each(one.parts)


def _holds(condition: Condition, known: Known, model: CubeModel) -> bool | None:
    """Whether it holds; None when that cannot be known."""
    if isinstance(condition, Cut):
        ref = cut_concept(model, condition).ref
        return _compared(condition, known[ref]) if ref in known else None
    if isinstance(condition, Not):
        held = _holds(condition.part, known, model)
        return None if held is None else not held
    parts = [_holds(one, known, model) for one in condition.parts]
    decisive = isinstance(condition, AnyOf)
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _compared(cut: Cut, value: object) -> bool | None:
    if cut.operator in (":", "!:"):
        found = _among(cut, value)
        return found if found is None or cut.operator == ":" else not found
    if value is None:
        return False
    if isinstance(value, Given):
        return None
    return _of_days(cut, value) if isinstance(value, Days) else _in_order(cut, value)


def _among(cut: Cut, value: object) -> bool | None:
    """Whether a cut names the value."""
    if isinstance(value, Given):
        named = {str(one) for one in cut.values if one is not None}
        return None if named - value.but else False
    if isinstance(value, Days):
        named = {_text(one) for one in cut.values if one is not None}
        return None if any(value.first <= one <= value.last for one in named) else False
    return any(_same(one, value) for one in cut.values)


def _same(asked: object, value: object) -> bool:
    if asked is None or value is None:
        return asked is value
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(asked) == value
    return _text(asked) == _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _of_days(cut: Cut, days: Days) -> bool | None:
    """Whether all of the days lie where the cut says, or none does; None for some, and for other operators."""
    if cut.operator not in _RANGES:
        return None
    low, high = _bounds(cut)
    if (low and days.last < low) or (high and days.first > high):
        return False
    return True if (not low or low <= days.first) and (not high or days.last <= high) else None


def _bounds(cut: Cut) -> tuple[str | None, str | None]:
    """The ends of a cut's range as texts. A day on the border counts as inside, which is the careful side."""
    values = [None if one is None else _text(one) for one in cut.values]
    if cut.operator == "..":
        return values[0], values[1]
    return (values[0], None) if cut.operator[0] == ">" else (None, values[0])


def _in_order(cut: Cut, value: object) -> bool | None:
    """Whether a number lies where the cut says; None for other values and operators."""
    if not isinstance(value, int) or cut.operator not in _RANGES:
        return None
    bounds = [None if one is None else _number(one) for one in cut.values]
    if cut.operator == "..":
        low, high = bounds
        return (low is None or value >= low) and (high is None or value <= high)
    bound = bounds[0]
    if bound is None:
        return None
    tests = {"<:": value < bound, "<=:": value <= bound, ">:": value > bound, ">=:": value >= bound}
    return tests[cut.operator]
