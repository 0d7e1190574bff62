"""What can be asked of a cube, as frozen objects: the text grammar of `grammar.py` makes them, others may too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from openspending.errors import BadQuery
from openspending.speaking.said import said

DEFAULT_PAGE_SIZE: Final = 100
MAX_PAGE_SIZE: Final = 10_000
_MAX_OFFSET: Final = 2**62  # what the database can still count


class Bare(str):
    """A text that was not quoted: where the concept is a number or a date, it is read as one."""

    __slots__ = ()


class Word(Bare):
    """A text that may be a date or a number as well as a text, whatever it looks like: its concept decides."""

    __slots__ = ()


Value = str | int | Decimal | bool | date

# What a cut may say of its concept, as it is written: is one of, is none of, contains, starts with, and the order.
OPERATORS: Final = (":", "!:", "~:", "^:", "<:", "<=:", ">:", ">=:", "..")


@dataclass(frozen=True, slots=True)
class Cut:
    """A filter on `ref`: with “:” facts that have one of `values`, with “!:” those that have none of them.

    All other `OPERATORS` have one value; “..” has two, the first and last that belong to it, None for an open end.
    Else None means the missing member. Letter case does not matter to “~:” (contains) and “^:” (starts with).
    """

    ref: str
    values: tuple[Value | None, ...]
    operator: str = ":"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Facts for which all `parts` hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Facts for which one of `parts` holds at least."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Facts for which `part` does not hold, those with a missing member included."""

    part: Condition


Condition = Cut | AllOf | AnyOf | Not


def cuts_in(conditions: Iterable[Condition]) -> Iterator[Cut]:
    """Every cut in `conditions`, at any depth, in the order in which they are written."""
    for one in conditions:
        if isinstance(one, Cut):
            yield one
        else:
            yield from cuts_in((one.part,) if isinstance(one, Not) else one.parts)


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    ref: str
    descending: bool = False

    @property
    def direction(self) -> str:
        """`asc` or `desc`."""
        return "desc" if self.descending else "asc"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the answer: `number` counts from 1; `size` 0 asks for counts and summary alone. Where `start` is
    given, it says how many rows come before the page, and `number` says nothing."""

    number: int = 1
    size: int = DEFAULT_PAGE_SIZE
    start: int | None = None

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return self.start if self.start is not None else min((self.number - 1) * self.size, _MAX_OFFSET)


@dataclass(frozen=True, slots=True)
class AggregateQuery:
    """Group by `drilldowns` (none: one cell) and compute `aggregates` (none: all of the model)."""

    drilldowns: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ()
    cuts: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """List facts with `fields` (none: every attribute, then every measure)."""

    fields: tuple[str, ...] = ()
    cuts: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class MembersQuery:
    """List the members that `fields` tell apart by the first of their columns."""

    fields: tuple[str, ...]
    cuts: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()

    def __post_init__(self) -> None:
        if not self.fields:
            raise BadQuery(said("Expecting <ref>"))
