"""Search for lines: what matches over all datasets that the asker may read, with exact totals, facets and a page.

Counts, facets and totals come of one request to each index; its page of lines is asked for in exactly those cells.
Where no line has all words, those that name datasets are taken for a filter (`naming`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from typing import Any, Literal

from openspending.actor import Actor
from openspending.analytics.search.engine import Line, Order
from openspending.analytics.search.faceting import Facet, LineCounts, OfRecord
from openspending.analytics.search.matching import Amounts, Matching
from openspending.analytics.search.naming import named, told
from openspending.analytics.search.narrowing import Filters, narrowed
from openspending.analytics.search.record import Record, uid_of
from openspending.analytics.search.seen import PLACES, Seen, Sides, did_you_mean, pending, seen_by, words_of
from openspending.analytics.search.sides import Search
from openspending.analytics.search.totals import Total, exact
from openspending.analytics.search.understanding import Understood, Word

PAGE = 20
MOST_LISTED = 100  # datasets that are told with what was found in them

Begins = tuple[int, int]  # how many lines come before a page: of the public side, and of the private one


@dataclass(frozen=True, slots=True)
class LineQuestion:
    """What is looked for: `text` None, whatever the filters leave."""

    text: str | None = None
    filters: Filters = field(default_factory=dict)
    amounts: Amounts | None = None
    visibility: Sides = "public"
    order: Order = "relevance"
    size: int = PAGE
    begins: Begins = (0, 0)


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that was found, and its dataset."""

    visibility: Literal["public", "private"]
    record: Record
    line: Line
    understood: Understood | None


@dataclass(frozen=True, slots=True)
class FoundIn:
    """What was found in one dataset."""

    visibility: Literal["public", "private"]
    record: Record
    lines: int
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class FoundLines:
    """The page, and what all that was found comes to. `datasets` are those with most lines, `more` were left out;
    `nested` are datasets in which facts are sums of others. `following` None: this is the last page."""

    lines: tuple[FoundLine, ...]
    total: int
    totals: tuple[Total, ...]
    datasets: tuple[FoundIn, ...]
    more: int
    facets: Mapping[str, Facet]
    nested: tuple[str, ...]
    following: Begins | None
    words: tuple[Word, ...]
    did_you_mean: str | None
    pending: int


@dataclass(frozen=True, slots=True)
class _Matched:
    """What a side has: the cells with lines that meet all filters; None where that is the whole index."""

    seen: Seen
    matching: Matching


@dataclass(frozen=True, slots=True)
class _Counted:
    """What all sides have, and in which datasets."""

    sides: Sequence[Seen]
    counts: LineCounts
    datasets: list[tuple[Seen, OfRecord]]
    matched: Sequence[_Matched]


def find_lines(search: Search, actor: Actor, question: LineQuestion) -> FoundLines:
    """The lines that `actor` may read and asks for. Raises BadQuery."""
    found = _counted(seen_by(search, actor, question.visibility, question.text), question)
    counts, datasets = found.counts, found.datasets
    page, following = _page(found.matched, question) if counts.whole.lines else ([], question.begins)
    datasets.sort(key=lambda one: (-one[1].met.lines, one[1].described.record.dataset))
    return FoundLines(
        lines=tuple(page),
        total=counts.whole.lines,
        totals=counts.whole.totals.found(),
        datasets=tuple(_found_in(*one) for one in datasets[:MOST_LISTED]),
        more=max(0, len(datasets) - MOST_LISTED),
        facets=counts.facets(),
        nested=tuple(record.dataset for record in (one.described.record for _, one in datasets) if record.nested),
        following=following if sum(question.begins) < sum(following) < counts.whole.lines else None,
        words=words_of(found.sides),
        did_you_mean=did_you_mean(found.sides),
        pending=pending(found.sides),
    )


def _counted(sides: Sequence[Seen], question: LineQuestion) -> _Counted:
    """What is found; where nothing is, with words that name datasets."""
    found = _with_all_words(sides, question)
    by_name = None if found.counts.whole.lines else named(sides)
    if by_name is None:
        return found
    again = _with_all_words(by_name, question)
    if not again.counts.whole.lines:
        return found
    uids = {(seen.visibility, one.described.record.uid) for seen, one in again.datasets}
    return replace(again, sides=[told(one, {uid for side, uid in uids if side == one.visibility}) for one in by_name])


def _with_all_words(sides: Sequence[Seen], question: LineQuestion) -> _Counted:
    counts = LineCounts()
    datasets: list[tuple[Seen, OfRecord]] = []
    matched: list[_Matched] = []
    for seen in sides:
        before = len(counts.datasets)
        matched.append(_matched(seen, question, counts))
        datasets += [(seen, one) for one in counts.datasets[before:]]
    return _Counted(sides, counts, datasets, matched)


def _found_in(seen: Seen, one: OfRecord) -> FoundIn:
    return FoundIn(seen.visibility, one.described.record, one.met.lines, one.met.totals.found())


def _matched(seen: Seen, question: LineQuestion, counts: LineCounts) -> _Matched:
    """Count what a side has, and say where its lines are."""
    left = narrowed(seen.records, question.filters)
    unbound = seen.everything and not question.filters
    wanted = Matching(seen.tree, None if unbound else left.keys(), question.amounts)
    tallies = seen.engine.tallies(wanted) if left else {}
    counts.add(left, tallies)
    if unbound and all(cell in left for cell in tallies):
        return _Matched(seen, wanted)
    cells = frozenset(cell for cell, tally in tallies.items() if tally.lines and cell in left and left[cell].met)
    return _Matched(seen, Matching(seen.tree, cells, question.amounts))


def _page(matched: Sequence[_Matched], question: LineQuestion) -> tuple[list[FoundLine], Begins]:
    """The page out of the lines of all sides, and where the next one begins on each."""
    begins = dict(zip(PLACES, question.begins, strict=True))
    some = (_lines(one, question, begins[one.seen.visibility]) for one in matched)
    merged = merge(*some, key=lambda one: _place(one, question.order))
    page: list[FoundLine] = []
    for one in merged:
        if len(page) == question.size:
            break
        page.append(one)
        begins[one.visibility] += 1
    return page, (begins["public"], begins["private"])


def _lines(matched: _Matched, question: LineQuestion, begin: int) -> Iterator[FoundLine]:
    """The lines of one side from `begin` on, as many as a page may need. One of a dataset that came into the index only
    after its datasets were looked up is passed over."""
    if not question.size or matched.matching.cells == frozenset():
        return
    seen = matched.seen
    for one in seen.engine.lines(matched.matching, question.order, question.size, begin):
        record = seen.by_uid.get(uid_of(one.cell))
        if record is not None:
            yield FoundLine(seen.visibility, record, one, seen.understood)


def _place(found: FoundLine, order: Order) -> tuple[Any, ...]:
    """Where a line stands among those of other sides; within its side the engine has put it in its place."""
    units = found.line.amounts[0] if found.line.amounts else None
    amount = None if units is None else exact(units, found.record.measures[0].scale)
    if order == "newest":
        return (-found.record.created.timestamp(),)
    if order == "relevance":
        return (-found.line.score, amount is None, 0 if amount is None else amount.copy_abs().copy_negate())
    return (amount is None, 0 if amount is None else amount.copy_negate() if order == "largest" else amount)
