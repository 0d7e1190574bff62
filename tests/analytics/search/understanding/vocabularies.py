"""Words that a person's words are understood by, asked as an index is asked: by how they begin."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence

from openspending.analytics.search.matching import AllOf, AnyOf, Begins, Code, Phrase, Spoken, Tree, Words
from openspending.analytics.search.understanding import Vocabulary
from openspending.analytics.search.words import words


def vocabulary_of(*texts: str) -> Vocabulary:
    """The words of lines with these texts."""
    counts = Counter(word for text in texts for word in set(words(text)))
    known = sorted(counts)

    def vocabulary(start: str, limit: int) -> Sequence[tuple[str, int]]:
        found = known[bisect_left(known, start) : bisect_left(known, start + "\U0010ffff")]
        return sorted(((one, counts[one]) for one in found), key=lambda one: -one[1])[:limit]

    return vocabulary


def matches(tree: Tree | None, *, text: str = "", codes: Sequence[str] = (), languages: Collection[str] = ()) -> bool:
    """Whether a line with these words, in one value, and codes is found, in a dataset in these languages (none: nobody
    knows which)."""
    return _matches(_as_spoken(tree, languages), words(text), codes)


def _as_spoken(tree: Tree | None, languages: Collection[str]) -> Tree | None:
    """What a tree means in a dataset in these languages."""
    match tree:
        case Spoken(spoken, forms):
            return Words(() if languages and set(spoken).isdisjoint(languages) else forms)
        case AnyOf(parts):
            return AnyOf(tuple(one for part in parts if (one := _as_spoken(part, languages))))
        case AllOf(parts, without):
            return AllOf(tuple(one for part in parts if (one := _as_spoken(part, languages))), without)
    return tree


def _matches(tree: Tree | None, found: list[str], codes: Sequence[str]) -> bool:
    match tree:
        case None:
            return True
        case Words(forms):
            return not set(forms).isdisjoint(found)
        case Phrase(phrase):
            return any(tuple(found[at : at + len(phrase)]) == phrase for at in range(len(found)))
        case Begins("text", start):
            return any(one.startswith(start) for one in found)
        case Begins("code", start):
            return any(one.startswith(start) for one in codes)
        case Code(code):
            return code in codes
        case AnyOf(parts):
            return any(_matches(one, found, codes) for one in parts)
        case AllOf(parts, without):
            left_out = any(_matches(one, found, codes) for one in without)
            return all(_matches(one, found, codes) for one in parts) and not left_out
    raise AssertionError(tree)
