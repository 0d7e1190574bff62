"""What can be asked of a cube, as frozen objects: the text grammar of `grammar.py` makes them, others may too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from openspending.errors import BadQuery

DEFAULT_PAGE_SIZE: Final = 100
MAX_PAGE_SIZE: Final = 10_000
_MAX_OFFSET: Final = 2**62  # what the database can still count


class Bare(str):
    """A text that was not quoted: where the concept is a number or a date, it is read as one."""

    __slots__ = ()


Value = str | int | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Cut:
    """A filter: facts whose `ref` equals one of `values`. The only operator is “:”."""

    ref: str
    values: tuple[Value, ...]
    operator: str = ":"


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
    """Which part of the answer: `number` counts from 1; `size` 0 asks for counts and summary alone."""

    number: int = 1
    size: int = DEFAULT_PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return min((self.number - 1) * self.size, _MAX_OFFSET)


@dataclass(frozen=True, slots=True)
class AggregateQuery:
    """Group by `drilldowns` (none: one cell) and compute `aggregates` (none: all of the model)."""

    drilldowns: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """List facts with `fields` (none: every attribute, then every measure)."""

    fields: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class MembersQuery:
    """List the members that `fields` tell apart by the first of their columns."""

    fields: tuple[str, ...]
    cuts: tuple[Cut, ...] = ()
    order: tuple[Order, ...] = ()
    page: Page = Page()

    def __post_init__(self) -> None:
        if not self.fields:
            raise BadQuery("Expecting <ref>")
