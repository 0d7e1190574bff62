"""What is found beside lines: datasets by their description, members and words by how they begin."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, Final

import tantivy

from openspending.analytics.search.embedded.compiling import all_of, any_of, begins, datasets_query
from openspending.analytics.search.embedded.filtering import in_cells, in_uids
from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.engine import Member
from openspending.analytics.search.matching import Tree
from openspending.analytics.search.words import words

_ENDINGS: Final = 100  # words with as many beginnings are looked for in a row by the index itself
_MOST: Final = 1_000  # else: members that have the words somewhere, of which those with them in a row are taken


def datasets(state: State, tree: Tree | None, uids: Collection[int] | None) -> list[tuple[int, float]]:
    """The numbers of the datasets that match, each with its score, best first, then the newest."""
    query, among = datasets_query(state, tree), in_uids(state, uids)
    hits = state.searcher.search(query if among is None else all_of(query, among), max(1, len(state.held)), count=False)
    found = state.searcher.fast_field_values("uid", [address for _, address in hits.hits])
    scored = ((int(uid or 0), score) for uid, (score, _) in zip(found, hits.hits, strict=True))
    return sorted(scored, key=lambda one: (-one[1], -one[0]))


def members(state: State, start: Sequence[str], uids: Collection[int] | None, limit: int) -> list[Member]:
    """Members that have the words `start` in a row, of which the last may only begin a word; most used first."""
    if not start or limit <= 0:
        return []
    among = in_uids(state, uids)
    endings = _endings(state, start) if len(start) > 1 else []
    if endings:
        query, most = any_of(*(_phrase(state, [*start[:-1], ending]) for ending in endings)), limit
    else:
        query, most = _has_words(state, start), limit if len(start) == 1 else max(limit, _MOST)
    asked = query if among is None else all_of(query, among)
    hits = state.searcher.search(asked, most, count=False, order_by_field="uses").hits
    return list(islice((one for one in _read(state, hits) if endings or _in_a_row(one, start)), limit))


def vocabulary(state: State, start: str, cells: AbstractSet[int] | None, limit: int) -> list[tuple[str, int]]:
    """Words of lines that begin with `start`, the most frequent first; never those of deleted lines."""
    among = in_cells(state, cells)
    if among is None and not state.whole:
        among = tantivy.Query.all_query()
    found = state.searcher.terms_with_prefix("text", start, filter_query=among, limit=limit)
    return [(word, count) for word, count in found if count]


def _endings(state: State, start: Sequence[str]) -> list[str]:
    """The words that the last of `start` begins, if they are few."""
    found = state.searcher.terms_with_prefix("member", start[-1], limit=_ENDINGS + 1)
    return [word for word, _ in found] if len(found) <= _ENDINGS else []


def _phrase(state: State, asked: Sequence[str]) -> tantivy.Query:
    return tantivy.Query.phrase_query(state.schema, "member", [*asked])


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
