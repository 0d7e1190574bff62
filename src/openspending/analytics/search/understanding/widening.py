"""A single word, read by the words that there are: its forms, else what it begins, is made of, or was meant to be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from openspending.analytics.search.matching import AllOf, AnyOf, Begins, Spoken, Tree, Words
from openspending.analytics.search.understanding.asking import Asked
from openspending.analytics.search.understanding.compounds import SHORTEST_ELSEWHERE, SHORTEST_PART, joined, parted
from openspending.analytics.search.understanding.endings import COMPOUNDING
from openspending.analytics.search.understanding.inflections import Forms, forms_of
from openspending.analytics.search.understanding.nearwords import nearest
from openspending.analytics.search.understanding.remembered import Remembered
from openspending.analytics.search.understanding.understood import How, Vocabulary, Word

SHORTEST_BEGINNING: Final = 3  # letters of a word that is taken for the beginning of one unless asked to


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of what was asked, how it was read, and what is to be looked for."""

    asked: Asked
    word: Word
    tree: Tree


class Known:
    """The words that there are, asked for no more than once, and the languages that they may be in."""

    def __init__(self, vocabulary: Vocabulary, languages: Collection[str]) -> None:
        self._vocabulary = Remembered(vocabulary)
        self._languages = languages
        self._forms: dict[str, Forms] = {}

    def single(self, asked: Asked) -> Reading:
        """A word in its forms, those that are there; one that is there in no form, widened."""
        (word,) = asked.words
        forms = self.forms(word)
        if not forms:
            return self._widened(asked, word)
        how: How = "exact" if forms == (word,) else "inflected"
        forms = tuple(dict.fromkeys((word, *forms)))
        return Reading(asked, Word(asked.text, how, forms), self._meant(word))

    def as_one(self, left: Asked, right: Asked) -> Reading | None:
        """Two words, of which one is not there by itself, as the one word that they are together; else None."""
        (first,), (second,) = left.words, right.words
        if self.forms(first) and self.forms(second):
            return None
        word = joined(first, second, self._vocabulary)
        if word is None:
            return None
        both = replace(left, text=f"{left.text} {right.text}", end=right.end, words=(first, second))
        forms = self.forms(word)
        apart = AllOf((Words((first,)), Words((second,))))
        return Reading(both, Word(both.text, "compound", forms), AnyOf((self._meant(word), apart)))

    def forms(self, word: str) -> tuple[str, ...]:
        """The forms of a word that are there, itself first where it is."""
        return tuple(self._known(word))

    def has(self, word: str) -> bool:
        """Whether a word is there, just so."""
        return self._vocabulary.lines(word) > 0

    def _known(self, word: str) -> Forms:
        if word not in self._forms:
            self._forms[word] = forms_of(word, self._vocabulary, self._languages)
        return self._forms[word]

    def _meant(self, word: str, *others: str) -> Tree:
        """A word wherever it is, and `others`; its forms where the language is that knows them."""
        everywhere = dict.fromkeys((word, *others))
        spoken: dict[tuple[str, ...], list[str]] = {}
        for form, languages in self._known(word).items():
            if languages:
                spoken.setdefault(languages, []).append(form)
            else:
                everywhere[form] = None
        meant = Words(tuple(everywhere))
        if not spoken:
            return meant
        return AnyOf((meant, *(Spoken(languages, tuple(forms)) for languages, forms in spoken.items())))

    def _widened(self, asked: Asked, word: str) -> Reading:
        """What a word that is in no line may mean; itself as well, for what says more than lines do, such as titles."""
        itself = Words((word,))
        if len(word) >= SHORTEST_BEGINNING and self._vocabulary(word):
            return Reading(asked, Word(asked.text, "begins", (word,)), Begins("text", word))
        compounding = not COMPOUNDING.isdisjoint(self._languages)
        parts = parted(word, self._vocabulary, SHORTEST_PART if compounding else SHORTEST_ELSEWHERE)
        near = nearest(word, self._vocabulary)
        rarer = min(map(self._vocabulary.lines, parts)) if parts else 0
        if parts and not (near and (near.sounds or near.lines > rarer)):
            apart = AllOf(tuple(self._meant(part) for part in parts))
            # it may also be that what was published is misspelled
            wrong = (Words((near.word,)),) if near and near.distance == 1 else ()
            return Reading(asked, Word(asked.text, "compound", parts), AnyOf((itself, apart, *wrong)))
        if near is not None:
            forms = self.forms(near.word) or (near.word,)
            return Reading(asked, Word(asked.text, "typo", forms), self._meant(near.word, word))
        return Reading(asked, Word(asked.text, "unknown", (word,)), itself)
