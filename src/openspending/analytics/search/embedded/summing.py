"""The lines and the exact sums of each cell that a search finds."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final

import tantivy

from openspending.analytics.search.embedded import schema
from openspending.analytics.search.embedded.compiling import all_of
from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.engine import Tally
from openspending.analytics.search.record import uid_of

BUCKETS: Final = 60_000  # tantivy refuses an answer of more than 65,000
_MEASURES: Final = 8  # whose sums are asked for at once; few datasets have more


def tallies(state: State, query: tantivy.Query, cells: AbstractSet[int]) -> dict[int, Tally]:
    """The lines and sums of those of `cells` that have lines which match `query`, which names no others."""
    if not cells:
        return {}
    measures = _measures(state, cells)
    if len(cells) <= BUCKETS:
        return _counted(state, query, measures)
    found: dict[int, Tally] = {}
    ordered = sorted(cells)
    for begin in range(0, len(ordered), BUCKETS):
        part = ordered[begin : begin + BUCKETS]
        found |= _counted(state, all_of(query, _between(state, part[0], part[-1])), measures)
    return found


def counts(state: State, query: tantivy.Query) -> dict[int, int]:
    """The number of lines of each dataset that match `query`."""
    uids = sorted(state.held)
    found: dict[int, int] = {}
    for begin in range(0, len(uids), BUCKETS):
        some = tantivy.Query.term_set_query(state.schema, "uid", uids[begin : begin + BUCKETS])
        asked = query if len(uids) <= BUCKETS else all_of(query, tantivy.Query.const_score_query(some, 0.0))
        found |= {key: bucket["doc_count"] for key, bucket in _buckets(state, asked, "uid", range(0))}
    return found


def _counted(state: State, query: tantivy.Query, measures: int) -> dict[int, Tally]:
    """Sums of a few measures at a time: the lines of a cell that has no more are not asked about again."""
    sums: dict[int, list[int]] = {}
    lines: dict[int, int] = {}
    for begin in range(0, max(measures, 1), _MEASURES):
        numbers = range(begin, min(begin + _MEASURES, measures))
        for cell, bucket in _buckets(state, query, "cell", numbers):
            lines[cell] = bucket["doc_count"]
            sums.setdefault(cell, []).extend(_sums(state, cell, bucket, numbers))
    return {cell: Tally(count, tuple(sums[cell])) for cell, count in lines.items()}


def _sums(state: State, cell: int, bucket: dict[str, Any], numbers: range) -> Iterator[int]:
    cuts = state.held[uid_of(cell)].cuts
    for number in range(numbers.start, min(numbers.stop, len(cuts))):
        cut = cuts[number]
        high, low = bucket[f"high{number}"]["value"], bucket[f"low{number}"]["value"]
        yield (int(high) << cut.width) + int(low) if cut.summed else 0


def _buckets(state: State, query: tantivy.Query, name: str, numbers: range) -> Iterator[tuple[int, dict[str, Any]]]:
    halves = {f"high{number}": {"sum": {"field": schema.high(number)}} for number in numbers}
    halves |= {f"low{number}": {"sum": {"field": schema.low(number)}} for number in numbers}
    asked: dict[str, Any] = {"by": {"terms": {"field": name, "size": BUCKETS}, "aggs": halves}}
    for bucket in state.searcher.aggregate(query, asked)["by"]["buckets"]:
        yield int(bucket["key"]), bucket


def _measures(state: State, cells: AbstractSet[int]) -> int:
    return max((len(held.cuts) for held in state.held.values() if not held.cells.isdisjoint(cells)), default=0)


def _between(state: State, least: int, most: int) -> tantivy.Query:
    within = tantivy.Query.range_query(state.schema, "cell", tantivy.FieldType.Unsigned, least, most)
    return tantivy.Query.const_score_query(within, 0.0)
