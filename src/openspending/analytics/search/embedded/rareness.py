"""How many lines a tree can match at most, told by how often its words are in the index: an estimate from above."""

from __future__ import annotations

import tantivy

from openspending.analytics.search.embedded.state import State
from openspending.analytics.search.matching import AllOf, AnyOf, Phrase, Spoken, Tree, Words


def most_lines(state: State, tree: Tree | None) -> int:
    """As many lines as `tree` may match; all of them where that is not known without asking."""
    return _most(state.searcher, tree, state.searcher.num_docs)


def _most(searcher: tantivy.Searcher, tree: Tree | None, every: int) -> int:
    if isinstance(tree, Words | Spoken):
        return sum(searcher.doc_freq("text", one) for one in tree.forms)
    if isinstance(tree, Phrase):
        return min((searcher.doc_freq("text", one) for one in tree.words), default=every)
    if isinstance(tree, AllOf):
        return min((_most(searcher, one, every) for one in tree.parts), default=every)
    if isinstance(tree, AnyOf):
        return min(every, sum(_most(searcher, one, every) for one in tree.parts))
    return every
