"""Lines in order, page by page.

The index gives lines in blocks, by score or by amount as a floating point number; within a block they are put in order
exactly, so that a page is the same whoever asks for it. The order of lines by score has their amounts in it: a weight
of some thousandths, so that among lines that match equally well the largest come first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import tantivy

from openspending.analytics.search.embedded.compiling import all_of
from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.embedded.summing import counts
from openspending.analytics.search.engine import Line, Order
from openspending.analytics.search.record import uid_of

BLOCK: Final = 128
_DECIMALS: Final = 38


def page(
    state: State, query: tantivy.Query, order: Order, limit: int, offset: int, *, scored: bool = True
) -> list[Line]:
    """The lines that match `query` from the one at `offset` on, at most `limit`; not `scored`: they match all alike."""
    if limit <= 0:
        return []
    if order == "newest":
        return list(_newest(state, query, limit, offset, scored=scored))
    first = offset // BLOCK
    blocks = -(-(offset + limit) // BLOCK) - first
    by = None if order == "relevance" and scored else "weight" if order == "relevance" else "amount"
    way = tantivy.Order.Asc if order == "smallest" else tantivy.Order.Desc
    hits = _hits(state.searcher, query, by, way, blocks * BLOCK, first * BLOCK)
    cells = state.searcher.fast_field_values("cell", [address for _, address in hits])
    lines = [_line(state, int(cell or 0), *hit) for cell, hit in zip(cells, hits, strict=True)]
    ordered: list[Line] = []
    for begin in range(0, len(lines), BLOCK):
        ordered += sorted(lines[begin : begin + BLOCK], key=lambda line: _rank(state, line, order))
    begin = offset - first * BLOCK
    return ordered[begin : begin + limit]


def _hits(
    searcher: tantivy.Searcher, query: tantivy.Query, by: str | None, way: tantivy.Order, limit: int, offset: int
) -> list[tuple[Any, Any]]:
    """Scores and addresses, in the order of a field, or by score."""
    if by is None:
        return searcher.search(query, limit, count=False, offset=offset, weight_by_field="weight").hits
    hits = searcher.search(query, limit, count=False, offset=offset, order_by_field=by, order=way).hits
    return [(0.0, address) for _, address in hits]


def _newest(state: State, query: tantivy.Query, limit: int, offset: int, *, scored: bool) -> Iterator[Line]:
    """One dataset after the other, the newest first, the lines of each by relevance."""
    found = counts(state, query)
    for uid in sorted(found, key=lambda uid: (state.held[uid].record.created, uid), reverse=True):
        if limit > 0 and offset < found[uid]:
            alone = tantivy.Query.const_score_query(tantivy.Query.term_query(state.schema, "uid", uid), 0.0)
            lines = page(state, all_of(query, alone), "relevance", limit, offset, scored=scored)
            yield from lines
            limit -= len(lines)
        offset = max(0, offset - found[uid])


def _line(state: State, cell: int, score: float, address: Any) -> Line:
    fact, amounts, values = json.loads(state.searcher.doc(address)["stored"][0])
    return Line(cell, fact, tuple(values), tuple(amounts), score)


def _rank(state: State, line: Line, order: Order) -> tuple[float, bool, int, int, str]:
    """What is less comes first. Amounts are compared in units of the smallest scale that there is."""
    measures = state.held[uid_of(line.cell)].record.measures
    amount = line.amounts[0] if line.amounts else None
    units = 0 if amount is None else amount * 10 ** (_DECIMALS - measures[0].scale)
    size = units if order == "smallest" else -units if order == "largest" else -abs(units)
    return -line.score, amount is None, size, line.cell, line.fact
