"""What is found beside lines: datasets by their description, members and words by how they begin."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import tantivy

from openspending.analytics.search.embedded.compiling import all_of, begins, datasets_query
from openspending.analytics.search.embedded.filtering import in_cells, in_uids
from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.engine import Member
from openspending.analytics.search.matching import Tree
from openspending.analytics.search.words import words

_AT_ONCE: Final = 10  # times as many members are read as are asked for, since not all of them have the words in a row
_MOST: Final = 20_000  # members that are looked at


def datasets(state: State, tree: Tree | None, uids: Collection[int] | None) -> list[tuple[int, float]]:
    """The numbers of the datasets that match, each with its score, best first, then the newest."""
    query, among = datasets_query(state.schema, tree), in_uids(state, uids)
    hits = state.searcher.search(query if among is None else all_of(query, among), max(1, len(state.held)), count=False)
    found = state.searcher.fast_field_values("uid", [address for _, address in hits.hits])
    scored = ((int(uid or 0), score) for uid, (score, _) in zip(found, hits.hits, strict=True))
    return sorted(scored, key=lambda one: (-one[1], -one[0]))


def members(state: State, start: Sequence[str], uids: Collection[int] | None, limit: int) -> list[Member]:
    """Members that have the words `start` in a row, of which the last may only begin a word; most used first."""
    if not start or limit <= 0:
        return []
    query, among = _has_words(state, start), in_uids(state, uids)
    found: list[Member] = []
    step = limit if len(start) == 1 else limit * _AT_ONCE
    for offset in range(0, _MOST, step):
        hits = state.searcher.search(
            query if among is None else all_of(query, among), step, count=False, offset=offset, order_by_field="uses"
        ).hits
        found += (one for one in _read(state, hits) if _in_a_row(one, start))
        if len(found) >= limit or len(hits) < step:
            break
    return found[:limit]


def vocabulary(state: State, start: str, cells: AbstractSet[int] | None, limit: int) -> list[tuple[str, int]]:
    """Words of lines that begin with `start`, the most frequent first; never those of deleted lines."""
    among = in_cells(state, cells)
    if among is None and not state.whole:
        among = tantivy.Query.all_query()
    found = state.searcher.terms_with_prefix("text", start, filter_query=among, limit=limit)
    return [(word, count) for word, count in found if count]


def _has_words(state: State, start: Sequence[str]) -> tantivy.Query:
    terms = (tantivy.Query.term_query(state.schema, "member", word) for word in start[:-1])
    return all_of(*terms, begins(state.schema, "member", start[-1]))


def _read(state: State, hits: list[tuple[Any, Any]]) -> Iterator[Member]:
    uids = state.searcher.fast_field_values("uid", [address for _, address in hits])
    for uid, (uses, address) in zip(uids, hits, strict=True):
        ref, code, label = json.loads(state.searcher.doc(address)["stored"][0])
        yield Member(int(uid or 0), ref, code, label, int(uses))


def _in_a_row(member: Member, start: Sequence[str]) -> bool:
    return len(start) == 1 or any(_has(words(text), start) for text in (member.label, member.code))


def _has(text: list[str], start: Sequence[str]) -> bool:
    *whole, last = start
    return any(
        text[at : at + len(whole)] == whole and text[at + len(whole)].startswith(last)
        for at in range(len(text) - len(whole))
    )
