"""Compares two sums of facts member by member: years, phases, entities or revisions, all with one operator.

Difference is right - left. A member, or an amount, that one side lacks counts as nothing there, so that the differences
of all members are that of the whole; `unmatched` says so. Rate is difference / |left|: its sign is that of the change,
whatever the sign of the amounts. What would be divided by nothing or by zero is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

import duckdb

from openspending.analytics import refs
from openspending.analytics.comparing import comparesql
from openspending.analytics.comparing.comparesql import SORTED, Group
from openspending.analytics.comparing.sides import Side
from openspending.analytics.cube import Row
from openspending.analytics.cubemodel import Attribute
from openspending.analytics.differences.exact import minus
from openspending.analytics.query import Order, Page
from openspending.errors import BadQuery
from openspending.speaking.said import said

PLACES: Final = 12  # decimals of rates and shares
RESULTS: Final = tuple(name for name in SORTED if name != "magnitude")
_UNIT: Final = Decimal(1).scaleb(-PLACES)
# Quotients of 38 digits that are no tie at the 13th decimal differ from one by more than 10^-60: the first rounding
# never makes a tie for the second.
_ROOMY: Final = Context(prec=200, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that can be computed. `order` without keys: the greatest |difference| first."""

    left: Side
    right: Side
    groups: tuple[Group, ...]
    order: tuple[Order, ...] = ()
    page: Page = field(default_factory=Page)


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A member with other labels on one side than on the other, or several: its codes, and by ref one label of each
    side."""

    member: Row
    left: Row
    right: Row


@dataclass(frozen=True, slots=True)
class Compared:
    """`rows` of the page, keyed by the drilldowns and `RESULTS`; `summary` over all members, `total` of them.

    `unmatched` counts the members of one side alone; `relabelled` are the first of `relabelled_count` ones.
    """

    rows: list[Row]
    summary: Row
    total: int
    unmatched: Mapping[str, int]
    relabelled: tuple[Relabelled, ...]
    relabelled_count: int


def comparison(
    left: Side, right: Side, drilldowns: Sequence[str], order: Sequence[Order] = (), page: Page | None = None
) -> Comparison:
    """Understands `drilldowns`, which both sides must have, and `order`. Raises BadQuery."""
    groups = _groups(left, right, drilldowns)
    return Comparison(left, right, groups, tuple(_sort_key(one, groups, left) for one in order), page or Page())


def compared(asked: Comparison) -> Compared:
    """The result. Raises BadQuery for sums that have more than 38 digits, or are not exact."""
    statement = comparesql.statement(asked.left, asked.right, asked.groups, asked.order, asked.page)
    try:
        whole, *rows = asked.left.cube.rows(statement)
    except duckdb.ConversionException as error:  # a sum of one side does not fit the decimals of the other
        raise BadQuery(said("A sum has more than 38 digits with the decimals of the other side.")) from error
    _, total, left_alone, right_alone, relabelled_count, relabelled, *sums = whole
    keys = [one.left.key for one in asked.groups]
    left, right, _, _, left_count, right_count = sums[len(keys) :]
    summary = _results(left, right, (left, right), (left_count, right_count))
    if not keys:
        rows = rows if left_count or right_count else []
    return Compared(
        rows=[_row(row[6:], keys, (left, right)) for row in rows],
        summary=summary,
        total=total if keys else len(rows),
        unmatched={"left": left_alone, "right": right_alone},
        relabelled=tuple(_relabelled(one, asked.groups) for one in relabelled or ()),
        relabelled_count=relabelled_count,
    )


def _groups(left: Side, right: Side, drilldowns: Sequence[str]) -> tuple[Group, ...]:
    ours = refs.drilldowns(left.cube.model, drilldowns)
    theirs = ours
    if right.cube is not left.cube:
        theirs = refs.drilldowns(right.cube.model, [one.key for one in ours])
    for one in ours:
        if one.key in SORTED:
            raise BadQuery(said("“{key}” is the name of a result; write the drilldown in another way.", key=one.key))
    return comparesql.groups_of(ours, theirs, (left.cube, right.cube))


def _sort_key(order: Order, groups: Sequence[Group], left: Side) -> Order:
    if order.ref in SORTED:
        return order
    concept = refs.order_concept(left.cube.model, order)
    grouped = [one.left.concept.ref for one in groups]
    if not isinstance(concept, Attribute) or concept.ref not in grouped:
        message = said("Invalid sorting criterion: {ref!r} is not among the drilldowns and the results", ref=order.ref)
        raise BadQuery(message, [*SORTED, *grouped])
    return replace(order, ref=concept.ref)


def _row(row: Sequence[Any], keys: Sequence[str], totals: tuple[Decimal | None, Decimal | None]) -> Row:
    left, right, _, unmatched, left_count, right_count = row[len(keys) :]
    found = _results(left, right, totals, (left_count, right_count), unmatched)
    return dict(zip(keys, row, strict=False)) | found


def _results(
    left: Decimal | None,
    right: Decimal | None,
    totals: tuple[Decimal | None, Decimal | None],
    counts: tuple[int, int],
    unmatched: str | None = None,
) -> Row:
    """The results of one row, in the order of `RESULTS`."""
    difference = None if left is None and right is None else minus(right, left)
    return {
        "left": left,
        "right": right,
        "difference": difference,
        "rate": quotient(difference, None if left is None else left.copy_abs()),
        "left_share": quotient(left, totals[0]),
        "right_share": quotient(right, totals[1]),
        "unmatched": unmatched,
        "left_count": counts[0],
        "right_count": counts[1],
    }


def quotient(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """`one` / `other`, rounded half even to `PLACES` decimals; None where one is missing or `other` 0."""
    if one is None or not other:
        return None
    return _ROOMY.divide(one, other).quantize(_UNIT, context=_ROOMY)


def _relabelled(found: Mapping[str, Any], groups: Sequence[Group]) -> Relabelled:
    keys = [(at, one.left.key) for at, one in enumerate(groups) if one.code is None]
    labels = [(at, one.left.key) for at, one in enumerate(groups) if one.code is not None]
    return Relabelled(
        member={key: found[f"g{at}"] for at, key in keys},
        left={key: found[f"l{at}"] for at, key in labels},
        right={key: found[f"r{at}"] for at, key in labels},
    )
