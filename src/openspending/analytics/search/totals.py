"""Exact totals of what was found: amounts are added within one kind of money only, never over two.

A kind is what divides money: currency, phase, direction, version, kind of amount; and the measure, where a dataset has
several that would else be alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from openspending.analytics.guards.roles import CURRENCY, DIRECTION, PHASE, VALUE_KIND, VERSION
from openspending.analytics.search.record import Cell, Measure, Record

FURTHER: Final = (VERSION, VALUE_KIND)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of money; None is what nobody says. `further` has those of version and kind of amount that are said;
    `measure` a title, where it takes one to tell measures of a dataset apart."""

    currency: str | None = None
    phase: str | None = None
    direction: str | None = None
    further: tuple[tuple[str, str], ...] = ()
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The money of one kind in some lines: how many they are, and their exact amount; None where it cannot be had."""

    kind: Kind
    lines: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Amount:
    """The amount of one measure in some lines: `units` of 10^-scale; None: it cannot be had. `of` is the dataset, where
    nobody says in which currency that has its amounts."""

    kind: Kind
    units: int | None
    scale: int
    of: str = ""


def kinds_of(record: Record, cell: Cell, names: Sequence[str | None]) -> tuple[Kind, ...]:
    """The kind of each measure of a record in one of its cells; without measures, that of the cell alone. `names` are
    those of `names_of`."""
    marks = cell.marks
    further = tuple((one, found) for one in FURTHER if (found := marks.get(one)) is not None)
    whole = Kind(marks.get(CURRENCY), marks.get(PHASE), marks.get(DIRECTION), further)
    if not record.measures:
        return (whole,)
    return tuple(
        replace(
            whole,
            currency=one.currency or whole.currency,
            phase=one.phase or whole.phase,
            direction=one.direction or whole.direction,
            measure=name,
        )
        for one, name in zip(record.measures, names, strict=True)
    )


def names_of(record: Record) -> tuple[str | None, ...]:
    """For each measure of a record the name that tells it from others of the same kind; None where there are none."""
    marked = {name for cell in record.cells[:1] for name in cell.marks}
    return tuple(
        _name(one, record.measures)
        if any(other is not one and _alike(one, other, marked) for other in record.measures)
        else None
        for one in record.measures
    )


def _name(one: Measure, measures: Sequence[Measure]) -> str:
    same = sum(other.title == one.title for other in measures)
    return one.title if one.title and same == 1 else one.ref


def _alike(one: Measure, other: Measure, marked: set[str]) -> bool:
    """Whether two measures may have amounts of one kind in some cell; those `marked` are told by cells."""
    pairs = (
        (one.currency, other.currency, CURRENCY),
        (one.phase, other.phase, PHASE),
        (one.direction, other.direction, DIRECTION),
    )
    return all(left == right or (None in (left, right) and mark in marked) for left, right, mark in pairs)


def amounts_of(record: Record, kinds: Sequence[Kind], sums: Sequence[int]) -> list[Amount]:
    """The amounts of some lines of one cell, by its kinds."""
    if not record.measures:
        return [Amount(one, None, 0) for one in kinds]
    return [
        Amount(kind, units if measure.width else None, measure.scale, "" if kind.currency else record.dataset)
        for kind, measure, units in zip(kinds, record.measures, sums, strict=True)
    ]


class Totals:
    """Adds up. Amounts stay whole numbers until the end, so that none is rounded. Amounts of several datasets are not
    added where nobody says their currencies, which may be different ones: of these there is no amount."""

    __slots__ = ("_sums",)

    def __init__(self) -> None:
        self._sums: dict[Kind, _Sum] = {}

    def add(self, lines: int, amounts: Iterable[Amount]) -> None:
        """Add the amounts of so many lines."""
        for one in amounts:
            found = self._sums.get(one.kind)
            if found is None:
                self._sums[one.kind] = _Sum(lines, one)
            else:
                found.add(lines, one)

    def merge(self, other: Totals) -> None:
        """Add what another has added up."""
        for kind, one in other._sums.items():
            self.add(one.lines, (Amount(kind, one.units, one.scale, one.of),))

    def found(self) -> tuple[Total, ...]:
        """The totals, those of most lines first."""
        made = [Total(kind, one.lines, one.amount()) for kind, one in self._sums.items()]
        return tuple(sorted(made, key=lambda one: (-one.lines, _words(one.kind))))


class _Sum:
    """A sum of one kind, in units of the smallest scale so far."""

    __slots__ = ("lines", "of", "scale", "units")

    def __init__(self, lines: int, first: Amount) -> None:
        self.lines = lines
        self.units = first.units
        self.scale = first.scale
        self.of = first.of

    def add(self, lines: int, more: Amount) -> None:
        self.lines += lines
        if more.units is None or self.units is None or more.of != self.of:
            self.units = None
            return
        if more.scale > self.scale:
            self.units *= 10 ** (more.scale - self.scale)
            self.scale = more.scale
        self.units += more.units * 10 ** (self.scale - more.scale)

    def amount(self) -> Decimal | None:
        return None if self.units is None else exact(self.units, self.scale)


def exact(units: int, scale: int) -> Decimal:
    """So many units of 10^-scale; by its text, as arithmetic would round to the digits of its context."""
    return Decimal(f"{units}E-{scale}")


def marks_of(kind: Kind) -> Mapping[str, str | None]:
    """Currency, phase and direction of a kind, by the names of their facets."""
    return {CURRENCY: kind.currency, PHASE: kind.phase, DIRECTION: kind.direction}


def _words(kind: Kind) -> tuple[str, ...]:
    further = "|".join(f"{name}={value}" for name, value in kind.further)
    return (kind.currency or "", kind.phase or "", kind.direction or "", further, kind.measure or "")
