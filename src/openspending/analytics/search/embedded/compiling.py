"""Trees as queries of the index.

A word that was asked for counts as BM25 has it, its other forms less; of the forms of one word the best counts, so that
a line that has two of them is not better than one that has the word itself. A phrase counts more than its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import tantivy

from openspending.analytics.search.embedded import schema
from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.matching import (
    AllOf,
    AnyOf,
    Begins,
    Code,
    Leaf,
    OfDatasets,
    Phrase,
    Spoken,
    Tree,
    Words,
)

Query = tantivy.Query
Compiled = Callable[[Leaf], tantivy.Query]

_OTHER_FORM: Final = 0.5
_PHRASE: Final = 1.5
_WHOLE: Final = 10.0  # a code that is whole; one that begins so counts 1, and words mostly less than 10
_TIE: Final = 0.1  # what the second best of several ways to match counts


def lines_query(state: State, tree: Tree | None) -> tantivy.Query:
    """The lines that a tree matches."""

    def leaf(one: Leaf) -> tantivy.Query:
        if isinstance(one, OfDatasets):
            return all_of(_of_datasets(state, one.uids), Query.const_score_query(_kind(state.schema, schema.LINE), 0.0))
        if isinstance(one, Code):
            return Query.const_score_query(
                Query.term_query(state.schema, "code", one.code, index_option="basic"), _WHOLE
            )
        name = one.field if isinstance(one, Begins) else "text"
        return _among(state, one, _found(state.schema, name, one), schema.LINE)

    return _compiled(tree, leaf, _kind(state.schema, schema.LINE))


def datasets_query(state: State, tree: Tree | None) -> tantivy.Query:
    """The datasets whose description a tree matches, each word of it in any field. Codes are not looked for."""

    def leaf(one: Leaf) -> tantivy.Query:
        if isinstance(one, Code) or (isinstance(one, Begins) and one.field == "code"):
            return Query.empty_query()
        if isinstance(one, OfDatasets):
            return _of_datasets(state, one.uids)
        fields = schema.DESCRIPTION.items()
        found = _best([Query.boost_query(_found(state.schema, name, one), boost) for name, boost in fields])
        return _among(state, one, found, schema.DATASET)

    return _compiled(tree, leaf, _kind(state.schema, schema.DATASET))


def begins(fields: tantivy.Schema, name: str, start: str) -> tantivy.Query:
    """The documents that have a word in a field that begins with `start`, all alike."""
    return Query.const_score_query(Query.regex_query(fields, name, f"{re.escape(start)}.*"), 1.0)


def all_of(*queries: tantivy.Query, without: tuple[tantivy.Query, ...] = ()) -> tantivy.Query:
    """What all `queries` match, and none of `without`."""
    if len(queries) == 1 and not without:
        return queries[0]
    must = [(tantivy.Occur.Must, one) for one in queries]
    return Query.boolean_query([*must, *((tantivy.Occur.MustNot, one) for one in without)])


def any_of(*queries: tantivy.Query) -> tantivy.Query:
    """What at least one of `queries` matches."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(tantivy.Occur.Should, one) for one in queries]) if queries else Query.empty_query()


def _compiled(tree: Tree | None, leaf: Compiled, everything: tantivy.Query) -> tantivy.Query:
    if tree is None:
        return everything
    if isinstance(tree, AnyOf):
        return _best([_compiled(part, leaf, everything) for part in tree.parts])
    if isinstance(tree, AllOf):
        parts = [_compiled(part, leaf, everything) for part in tree.parts] or [everything]
        return all_of(*parts, without=tuple(_compiled(part, leaf, everything) for part in tree.without))
    return leaf(tree)


def _kind(fields: tantivy.Schema, kind: int) -> tantivy.Query:
    return Query.const_score_query(Query.term_query(fields, "kind", kind), 1.0)


def _found(fields: tantivy.Schema, name: str, one: Words | Spoken | Phrase | Begins) -> tantivy.Query:
    if isinstance(one, Begins):
        return begins(fields, name, one.start)
    if isinstance(one, Phrase) and len(one.words) > 1:
        return Query.boost_query(Query.phrase_query(fields, name, list(one.words)), _PHRASE)
    forms = one.words if isinstance(one, Phrase) else one.forms
    terms = [Query.term_query(fields, name, form, index_option="freq") for form in dict.fromkeys(forms)]
    asked = 0 if isinstance(one, Spoken) else 1
    return _best([*terms[:asked], *(Query.boost_query(term, _OTHER_FORM) for term in terms[asked:])])


def _among(state: State, one: Leaf, query: tantivy.Query, kind: int) -> tantivy.Query:
    """What `query` matches in the datasets that `one` is meant for: those in are named, or those out, whichever have
    fewer lines, since the index reads all of their lines."""
    if not isinstance(one, Spoken):
        return query
    inside, outside = state.spoken(one.languages)
    if not outside.uids:
        return query
    if not inside.uids:
        return Query.empty_query()
    if kind == schema.LINE and outside.lines < inside.lines:
        return all_of(query, without=(_of_datasets(state, outside.uids),))
    return all_of(query, _of_datasets(state, inside.uids))


def _of_datasets(state: State, uids: tuple[int, ...]) -> tantivy.Query:
    return Query.const_score_query(Query.term_set_query(state.schema, "uid", list(uids)), 0.0)


def _best(queries: list[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return Query.empty_query()
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, _TIE)
