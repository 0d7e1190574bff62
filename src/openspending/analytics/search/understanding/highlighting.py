"""Where in a value the asked words stand, so that a reader sees why a line was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from openspending.analytics.search.matching import Begins, Code, Phrase, Spoken, Tree, Words, asked_forms
from openspending.analytics.search.understanding.understood import Understood
from openspending.analytics.search.words import Span, codes, is_code, placed_code_parts, spans

Range = tuple[int, int]


def highlighted(value: str, understood: Understood) -> list[Range]:
    """Where words, forms, beginnings, whole phrases and beginnings of codes of `understood` stand in `value`: first
    character and the one after the last, in order; what overlaps is one."""
    sought = _sought(understood.tree)
    if sought is None:
        return []
    found = spans(value)
    words = [one.word for one in found]
    marked = [(one.start, one.end) for one in found if sought.has(one.word)]
    for phrase in sought.phrases:
        marked.extend(_phrases(phrase, words, found))
    if (sought.codes or sought.code_starts) and is_code(value):
        marked.extend(_codes(sought, value))
    return _merged(marked)


@dataclass(frozen=True, slots=True)
class _Sought:
    words: frozenset[str]
    word_starts: tuple[str, ...]
    codes: frozenset[str]
    code_starts: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def has(self, word: str) -> bool:
        return word in self.words or word.startswith(self.word_starts)


@lru_cache(maxsize=64)
def _sought(tree: Tree | None) -> _Sought | None:
    """What a tree asks for, sorted out; None when it is nothing that can be marked."""
    forms = list(asked_forms(tree))
    if not forms:
        return None
    begins = [one for one in forms if isinstance(one, Begins)]
    return _Sought(
        frozenset(form for one in forms if isinstance(one, Words | Spoken) for form in one.forms),
        tuple(one.start for one in begins if one.field == "text"),
        frozenset(one.code for one in forms if isinstance(one, Code)),
        tuple(one.start for one in begins if one.field == "code"),
        tuple(one.words for one in forms if isinstance(one, Phrase)),
    )


def _phrases(phrase: tuple[str, ...], words: list[str], found: list[Span]) -> Iterator[Range]:
    for at in range(len(words) - len(phrase) + 1):
        if words[at] == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase:
            yield found[at].start, found[at + len(phrase) - 1].end


def _codes(sought: _Sought, value: str) -> Iterator[Range]:
    """A code that was asked for, or its beginning: of all of its letters, else its first parts, zeros or not."""
    indexed = codes(value)
    parts = placed_code_parts(value)
    letters = [letter for part in parts for letter in part]
    if not sought.codes.isdisjoint(indexed):
        yield letters[0].start, letters[-1].end
    for start in sought.code_starts:
        if indexed and indexed[0].startswith(start):
            yield letters[0].start, letters[len(start) - 1].end
        elif indexed and indexed[-1].startswith(start):
            yield letters[0].start, parts[start.rstrip(".").count(".")][-1].end


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
