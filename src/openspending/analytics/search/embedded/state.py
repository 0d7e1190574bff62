"""What the index holds as of one commit: a searcher, and the records by which it is asked."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import tantivy

from openspending.analytics.search.embedded import schema
from openspending.analytics.search.embedded.cutting import Cut, cut_of
from openspending.analytics.search.embedded.kept import Kept
from openspending.analytics.search.record import Record, record_from

Key = tuple[int, int]  # a record's number and its stamp: nothing that is known of it ever changes


@dataclass(frozen=True, slots=True)
class Held:
    """A record in the index; `cells` are the ids of its cells, `cuts` say how the amounts of its measures are cut."""

    key: Key
    record: Record
    cells: frozenset[int]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some datasets: their numbers, and how many lines they have."""

    uids: tuple[int, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class State:
    """What one commit holds. `held` has its records by their number, `cells` the ids of all cells, `records` the
    records by `owner/name`; `whole`: no line that was deleted is still counted among the words."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    held: Mapping[int, Held]
    cells: frozenset[int]
    records: Mapping[str, Record]
    whole: bool
    kept: Kept = field(default_factory=Kept, repr=False)
    divided: dict[tuple[str, ...], tuple[Some, Some]] = field(default_factory=dict, repr=False)

    def spoken(self, languages: tuple[str, ...]) -> tuple[Some, Some]:
        """The datasets in one of these languages, or in none that is known, and all others."""
        known = self.divided.get(languages)
        if known is None:
            inside = [one for one in self.records.values() if one.is_in(languages)]
            outside = [one for one in self.records.values() if not one.is_in(languages)]
            known = self.divided[languages] = _some(inside), _some(outside)
        return known

    @property
    def schema(self) -> tantivy.Schema:
        """The schema of the index."""
        return self.index.schema


def _some(records: Collection[Record]) -> Some:
    return Some(tuple(sorted(one.uid for one in records)), sum(one.lines for one in records))


def state_of(index: tantivy.Index, known: Mapping[Key, Held]) -> State:
    """What the index holds, as of the commit that it has loaded. Records that are `known` are not read again."""
    searcher = index.searcher()
    held = _held(index.schema, searcher, known)
    newest = sorted(held.values(), key=lambda one: one.record.uid)
    return State(
        index,
        searcher,
        held,
        frozenset().union(*(one.cells for one in newest)),
        {one.record.dataset: one.record for one in newest},
        whole=searcher.doc_freq("kind", schema.LINE) == sum(one.record.lines for one in newest),
    )


def _held(fields: tantivy.Schema, searcher: tantivy.Searcher, known: Mapping[Key, Held]) -> dict[int, Held]:
    datasets = tantivy.Query.term_query(fields, "kind", schema.DATASET)
    most = max(1, searcher.doc_freq("kind", schema.DATASET))
    addresses = [address for _, address in searcher.search(datasets, most, count=False).hits]
    uids = searcher.fast_field_values("uid", addresses)
    stamps = searcher.fast_field_values("stamp", addresses)
    held = {}
    for address, uid, stamp in zip(addresses, uids, stamps, strict=True):
        key = (int(uid or 0), int(stamp or 0))
        held[key[0]] = known.get(key) or _read(searcher, address, key)
    return held


def _read(searcher: tantivy.Searcher, address: tantivy.DocAddress, key: Key) -> Held:
    record = record_from(json.loads(searcher.doc(address)["stored"][0]))
    cells = frozenset(record.cell_id(cell) for cell in record.cells)
    return Held(key, record, cells, tuple(cut_of(measure) for measure in record.measures))
