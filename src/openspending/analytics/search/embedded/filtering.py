"""Cells and amounts as queries: what a search is narrowed by, which does not count for the order of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

import tantivy

from openspending.analytics.search.embedded import schema
from openspending.analytics.search.embedded.compiling import all_of, any_of, lines_query
from openspending.analytics.search.embedded.cutting import Cut, at_least, at_most
from openspending.analytics.search.embedded.state import Held, State
from openspending.analytics.search.matching import Amounts, Matching

Query = tantivy.Query

_MOST: Final = (1 << 63) - 1
_FEW: Final = 1_000
_FURTHER: Final = "member"  # a field that has to be named where a query is read from text, and is not asked


def matching_query(state: State, matching: Matching) -> tantivy.Query:
    """The lines that match, narrowed by cells and amounts."""
    wanted = state.cells if matching.cells is None else state.cells & matching.cells
    if not wanted:
        return Query.empty_query()
    parts = [lines_query(state, matching.tree)]
    if len(wanted) < len(state.cells):
        parts.append(_unscored(_in_cells(state, wanted)))
    if matching.amounts is not None:
        parts.append(_unscored(_with_amounts(state, wanted, matching.amounts)))
    return all_of(*parts)


def in_uids(state: State, uids: Collection[int] | None) -> tantivy.Query | None:
    """The documents of these datasets; None where that is all of them."""
    if uids is None or state.held.keys() <= set(uids):
        return None
    return _unscored(Query.term_set_query(state.schema, "uid", sorted(state.held.keys() & set(uids))))


def in_cells(state: State, cells: AbstractSet[int] | None) -> tantivy.Query | None:
    """The lines of these cells; None where that is all of them."""
    if cells is None or state.cells <= cells:
        return None
    return _unscored(_in_cells(state, state.cells & cells))


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return Query.const_score_query(query, 0.0)


def _in_cells(state: State, wanted: AbstractSet[int]) -> tantivy.Query:
    """Those in or those out, whichever are said in fewer words; datasets that are all in, or out, by their number.

    A few cells are joined faster than a few datasets, whose lines are many more.
    """
    if len(wanted) <= _FEW:
        return _named(state, (), wanted)
    inside: tuple[list[int], set[int]] = ([], set())
    outside: tuple[list[int], set[int]] = ([], set())
    for uid, held in state.held.items():
        if held.cells <= wanted:
            inside[0].append(uid)
        elif held.cells.isdisjoint(wanted):
            outside[0].append(uid)
        else:
            inside[1].update(held.cells & wanted)
            outside[1].update(held.cells - wanted)
    if sum(map(len, inside)) <= sum(map(len, outside)):
        return _named(state, *inside)
    return all_of(lines_query(state, None), without=(_named(state, *outside),))


def _named(state: State, uids: Collection[int], cells: Collection[int]) -> tantivy.Query:
    return any_of(
        *([Query.term_set_query(state.schema, "uid", [*uids])] if uids else []),
        *([Query.term_set_query(state.schema, "cell", [*cells])] if cells else []),
    )


def _with_amounts(state: State, wanted: AbstractSet[int], amounts: Amounts) -> tantivy.Query:
    """Lines with any amount within the bounds. Datasets whose amounts are cut alike are asked together."""
    holders = [held for held in state.held.values() if not held.cells.isdisjoint(wanted)]
    groups: dict[tuple[int, int, Cut], list[Held]] = defaultdict(list)
    for held in holders:
        for number, (measure, cut) in enumerate(zip(held.record.measures, held.cuts, strict=True)):
            groups[number, measure.scale, cut].append(held)
    found = []
    for (number, scale, cut), group in groups.items():
        within = _within(state, number, cut, *_bounds(amounts, scale))
        uids = sorted(held.record.uid for held in group)
        alone = len(group) < len(holders)
        found.append(all_of(Query.term_set_query(state.schema, "uid", uids), within) if alone else within)
    return any_of(*found)


def _bounds(amounts: Amounts, scale: int) -> tuple[int | None, int | None]:
    least = None if amounts.least is None else at_least(amounts.least, scale)
    return least, None if amounts.most is None else at_most(amounts.most, scale)


def _within(state: State, number: int, cut: Cut, least: int | None, most: int | None) -> tantivy.Query:
    """Lines whose amount is from `least` to `most`, compared half by half."""
    high, low = schema.high(number), schema.low(number)
    below, above = (None if least is None else cut.halves(least)), (None if most is None else cut.halves(most))
    if below and above and below[0] == above[0]:
        return all_of(_between(state, high, below[0], below[0]), _between(state, low, below[1], above[1]))
    inner = _between(state, high, below and below[0] + 1, above and above[0] - 1)
    edges: Iterator[tantivy.Query] = (
        all_of(_between(state, high, half[0], half[0]), _between(state, low, *bounds))
        for half, bounds in ((below, (below and below[1], None)), (above, (None, above and above[1])))
        if half
    )
    return any_of(inner, *edges)


def _between(state: State, name: str, least: int | None, most: int | None) -> tantivy.Query:
    """Lines whose whole number in a field is from `least` to `most`; that there is one at all, where both are None."""
    low, high = -_MOST if least is None else max(least, -_MOST), _MOST if most is None else min(most, _MOST)
    if low > high:
        return Query.empty_query()
    if "." in name:
        return state.index.parse_query(f"{name}:[{low} TO {high}]", [_FURTHER])
    return Query.range_query(state.schema, name, tantivy.FieldType.Integer, low, high)
