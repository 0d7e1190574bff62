"""The forms of a word that a vocabulary has: those that share a stem with it in one of the languages asked for, and in
which of them. A form that one language knows means nothing in the lines of another.

A stem is looked for by its beginning, which all forms have in common but for a letter; then the stems decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from typing import Final

from rapidfuzz.distance import Prefix
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from openspending.analytics.search.languages import STEMMERS
from openspending.analytics.search.understanding.endings import GRAMMARS, LITTLE, STANDING_IN, Grammar
from openspending.analytics.search.understanding.remembered import Remembered

SHORTEST: Final = 3  # letters of a word that has forms, and of what is left of one without its ending
LONGEST: Final = 40
_MOST_COMPARED: Final = 300
MOST_FORMS: Final = 24
_LONGEST_ENDING: Final = 7  # letters
_LONGER: Final = 6  # letters that a form may have more than another


Forms = Mapping[str, tuple[str, ...]]
"""Forms, each with the languages that know it; those of none are meant wherever they are."""


def forms_of(word: str, vocabulary: Remembered, languages: Collection[str]) -> Forms:
    """The forms of `word` that the vocabulary has, `word` itself first where it does, then those of most lines. A word
    of one or two letters is taken to be there, and has no others; nor has a little one such as
    “las”. A word with a number right behind it is a form, too, in any language: “covid19”."""
    if not SHORTEST <= len(word) <= LONGEST:
        return {word: ()} if len(word) < SHORTEST or vocabulary.lines(word) else {}
    asked = [_Way(some, roots(word, some[0]), _starts(word, some[0])) for some in _spoken(word, languages)]
    found: dict[str, int] = {}
    for start in sorted({word, *(start for one in asked for start in one.starts)}, key=len):
        found |= dict(vocabulary(start))
    near = [one for one in found if one != word and abs(len(one) - len(word)) <= _LONGER]
    if len(near) > _MOST_COMPARED:
        near = nlargest(_MOST_COMPARED, near, key=lambda one: Prefix.similarity(word, one))
    alike = {one: _known_by(one, word, asked) for one in near}
    forms: dict[str, tuple[str, ...]] = {word: ()} if vocabulary.lines(word) else {}
    for one in sorted(alike, key=lambda one: (-found[one], one)):
        known_by = alike[one]
        if known_by is not None and len(forms) < MOST_FORMS:
            forms[one] = known_by
    return forms


@dataclass(frozen=True, slots=True)
class _Way:
    """How a word is read in languages that have the same forms."""

    languages: tuple[str, ...]
    roots: frozenset[str]
    starts: tuple[str, ...]


def _known_by(one: str, word: str, asked: list[_Way]) -> tuple[str, ...] | None:
    """The languages in which `one` is a form of `word`; none: in all, None: in no language."""
    if _is_numbered(one, word):
        return ()
    languages = [
        language
        for way in asked
        if one.startswith(way.starts)
        and not way.roots.isdisjoint(roots(one, way.languages[0]))
        and _is_near(one, word, way.languages[0])
        for language in way.languages
    ]
    return tuple(sorted(languages)) or None


@lru_cache(maxsize=50_000)
def roots(word: str, language: str) -> frozenset[str]:
    """What `word` may be a form of in `language`: stems, in one that has a stemmer."""
    grammar = GRAMMARS[language]
    read = {word}
    for bare in _without_particles(word, grammar):
        read.add(bare)
        read |= set(_with_other_endings(bare, language))
    stemmer = _stemmer(language)
    stems = read if stemmer is None else (stem for one in read for stem in stemmer.analyze(one))
    return frozenset(one for one in stems if len(one) >= SHORTEST)


def _starts(word: str, language: str) -> tuple[str, ...]:
    """What words with one of the roots of `word` begin with."""
    grammar = GRAMMARS[language]
    starts: set[str] = set()
    for bare in _without_particles(word, grammar):
        common = min((_common(bare, root) for root in roots(word, language)), key=len, default=word)
        start = common[: max(SHORTEST, len(common) - grammar.unlike)]
        starts |= {start, *(particle + start for particle in grammar.particles)}
    return tuple(starts)


def _common(word: str, root: str) -> str:
    """The beginning of `word` up to where its root stops to be in it; all of it when it has nothing of the root."""
    if root[:2] == word[:2]:
        return word[: Prefix.similarity(word, root)]
    place = word.find(root)  # some stemmers take off what is before the stem, too
    return word[: place + len(root)] if place >= 0 else word


def _without_particles(word: str, grammar: Grammar) -> list[str]:
    cut = [word[len(one) :] for one in grammar.particles if word.startswith(one)]
    return [word, *(one for one in cut if len(one) >= SHORTEST)]


def _with_other_endings(word: str, language: str) -> Iterator[str]:
    endings = _endings(language)
    for length in range(1, min(_LONGEST_ENDING, len(word) - 1) + 1):
        for instead in endings.get(word[-length:], ()):
            if len(word) - length + len(instead) >= SHORTEST:
                yield word[:-length] + instead


def _is_near(one: str, other: str, language: str) -> bool:
    """Whether words differ in no more letters than forms do in a language that has a stemmer; short ones in an ending
    that short ones have."""
    grammar = GRAMMARS[language]
    short, long = sorted((one, other), key=len)
    if len(short) <= SHORTEST and grammar.scripts == ("LATIN",):
        return long.startswith(short) and long[len(short) :] in grammar.short
    if _stemmer(language) is None or grammar.particles:
        return True
    return max(len(one), len(other)) - Prefix.similarity(one, other) <= grammar.longest + grammar.unlike - 1


def _is_numbered(one: str, word: str) -> bool:
    return len(word) > SHORTEST and one.startswith(word) and one[len(word) :].isdigit()


def _spoken(word: str, languages: Collection[str]) -> list[tuple[str, ...]]:
    """The languages that a word can be of by its first and last letter, of those whose forms are known; those that are
    known to have the same ones, together."""
    script = unicodedata.name(word[0], "").split(" ")[0]
    known: dict[object, tuple[str, ...]] = {}
    for one in languages if word not in LITTLE else ():
        grammar = GRAMMARS.get(one)
        if grammar is not None and script in grammar.scripts and (not grammar.last or word[-1] in grammar.last):
            alike = (_stemmer(one), grammar)
            known[alike] = (*known.get(alike, ()), one)
    return list(known.values())


@cache
def _endings(language: str) -> dict[str, list[str]]:
    endings: dict[str, list[str]] = {}
    for ending, instead in GRAMMARS[language].endings:
        endings.setdefault(ending, []).append(instead)
    return endings


@cache
def _stemmer(language: str) -> TextAnalyzer | None:
    name = STEMMERS.get(language) or STANDING_IN.get(language)
    if name is None:
        return None
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer(name)).build()
