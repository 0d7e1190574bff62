"""Search for datasets: those whose description matches, and those of which lines do; with facets and a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import log10
from typing import Any, Final, Literal

from openspending.actor import Actor
from openspending.analytics.search.engine import Tally
from openspending.analytics.search.faceting import DatasetCounts, Facet
from openspending.analytics.search.matching import Matching
from openspending.analytics.search.naming import named, told
from openspending.analytics.search.narrowing import MET, Filters, Left, narrowed
from openspending.analytics.search.record import Record
from openspending.analytics.search.seen import Seen, Sides, did_you_mean, pending, seen_by, words_of
from openspending.analytics.search.sides import Search
from openspending.analytics.search.totals import Total, Totals, amounts_of
from openspending.analytics.search.understanding import Understood, Word

PAGE: Final = 20
BY_LINES: Final = 0.1  # of the best description's score, for each tenfold of matching lines

DatasetOrder = Literal["relevance", "newest", "lines", "title"]


@dataclass(frozen=True, slots=True)
class DatasetQuestion:
    """What is looked for: `text` None, whatever the filters leave."""

    text: str | None = None
    filters: Filters = field(default_factory=dict)
    visibility: Sides = "public"
    order: DatasetOrder = "relevance"
    size: int = PAGE
    begin: int = 0


@dataclass(frozen=True, slots=True)
class FoundDataset:
    """A dataset that was found, and the matching lines of it that meet the filters."""

    visibility: Literal["public", "private"]
    record: Record
    score: float
    lines: int
    totals: tuple[Total, ...]
    understood: Understood | None


@dataclass(frozen=True, slots=True)
class FoundDatasets:
    """The page, and how many were found. `following`: how many come before the next page; None: there is none."""

    datasets: tuple[FoundDataset, ...]
    total: int
    facets: Mapping[str, Facet]
    following: int | None
    words: tuple[Word, ...]
    did_you_mean: str | None
    pending: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A dataset that was found, before its money is added up. `cells` are those that meet all filters."""

    seen: Seen
    record: Record
    score: float
    lines: int
    cells: tuple[Left, ...]


def find_datasets(search: Search, actor: Actor, question: DatasetQuestion) -> FoundDatasets:
    """The datasets that `actor` may read and asks for. Raises BadQuery."""
    sides = seen_by(search, actor, question.visibility, question.text)
    counts, found, tallied = _candidates(sides, question)
    by_name = None if found else named(sides)
    if by_name is not None:
        counts, found, tallied = _candidates(by_name, question)
        sides = (
            [told(one, {each.record.uid for each in found if each.seen is one}) for one in by_name] if found else sides
        )
    best = max((one.score for one in found), default=0) or 1  # engines score in units of their own
    ranked = sorted(found, key=lambda one: _rank(one, question, best))
    page = ranked[question.begin : question.begin + question.size]
    end = question.begin + len(page)
    for seen in sides:
        if seen.tree is None:
            cells = {cell.part.id for one in page if one.seen is seen for cell in one.cells}
            tallied[seen.visibility] = seen.engine.tallies(Matching(None, cells)) if cells else {}
    return FoundDatasets(
        datasets=tuple(_told(one, tallied[one.seen.visibility]) for one in page),
        total=len(found),
        facets=counts.facets(),
        following=end if question.begin < end < len(found) else None,
        words=words_of(sides),
        did_you_mean=did_you_mean(sides),
        pending=pending(sides),
    )


def _candidates(
    sides: Sequence[Seen], question: DatasetQuestion
) -> tuple[DatasetCounts, list[_Candidate], dict[str, Mapping[int, Tally]]]:
    """The datasets that were found on all sides, counted, and the matching lines of each side by cell."""
    counts = DatasetCounts()
    found: list[_Candidate] = []
    tallied: dict[str, Mapping[int, Tally]] = {}
    for seen in sides:
        tallied[seen.visibility], candidates = _found(seen, question, counts)
        found += candidates
    return counts, found, tallied


def _found(
    seen: Seen, question: DatasetQuestion, counts: DatasetCounts
) -> tuple[Mapping[int, Tally], list[_Candidate]]:
    """The matching lines of a side by cell, and the datasets that were found on it."""
    left = narrowed(seen.records, question.filters)
    scores: Mapping[int, float] = {}
    tallies: Mapping[int, Tally] = {}
    if seen.tree is not None and left:
        scores = dict(seen.engine.datasets(seen.tree, None if seen.everything else seen.uids))
        unbound = seen.everything and not question.filters
        tallies = seen.engine.tallies(Matching(seen.tree, None if unbound else left.keys()))
    found = []
    for record, cells in _by_record(left.values()):
        matched = {one.part.id: tally.lines for one in cells if (tally := tallies.get(one.part.id)) and tally.lines}
        if seen.tree is None:
            matched = {one.part.id: one.part.lines for one in cells}
        whole = seen.tree is None or record.uid in scores
        some = cells if whole else [one for one in cells if one.part.id in matched]
        if some and counts.add(some):
            met = tuple(one for one in some if one.met)
            lines = sum(matched.get(one.part.id, 0) for one in met)
            found.append(_Candidate(seen, record, scores.get(record.uid, 0), lines, met))
    return tallies, found


def _by_record(left: Iterable[Left]) -> Iterator[tuple[Record, list[Left]]]:
    """The cells that are left, together for each dataset: as `narrowed` has put them."""
    for described, cells in groupby(left, key=lambda one: one.of):
        yield described.record, list(cells)


def _rank(one: _Candidate, question: DatasetQuestion, best: float) -> tuple[Any, ...]:
    """By which datasets are sorted; the address makes it a total order."""
    address = (one.record.dataset, one.seen.visibility)
    if question.order == "lines":
        return (-one.lines, *address)
    if question.order == "title":
        return (one.record.title.casefold(), *address)
    if question.order == "newest" or one.seen.tree is None:
        return (-one.record.created.timestamp(), *address)
    return (-(one.score / best + BY_LINES * log10(1 + one.lines)), *address)


def _told(one: _Candidate, tallies: Mapping[int, Tally]) -> FoundDataset:
    totals = Totals()
    for cell in one.cells:
        tally = tallies.get(cell.part.id)
        if tally is not None and tally.lines:
            amounts = amounts_of(one.record, cell.part.kinds, tally.sums)
            totals.add(tally.lines, [a for a, missed in zip(amounts, cell.missed, strict=True) if missed == MET])
    seen = one.seen
    return FoundDataset(seen.visibility, one.record, one.score, one.lines, totals.found(), seen.understood)
