"""What understanding answers: the tree to look for, how each word was read, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from openspending.analytics.search.matching import Tree

Vocabulary = Callable[[str, int], Sequence[tuple[str, int]]]
"""Words that begin with a text, each with the number of lines that have it, at most so many: where there are more,
those with most lines, or the first ones."""

How = Literal["exact", "inflected", "begins", "compound", "typo", "code", "phrase", "excluded", "unknown", "dataset"]


@dataclass(frozen=True, slots=True)
class Word:
    """A part of what was asked, how it was read (`dataset`: as what names one, or the country of one), and the forms
    that are looked for: words; the beginning of words or codes; for a phrase its words, spaces between them."""

    asked: str
    how: How
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """`tree` is None when nothing was asked; `parts` are what it is made of, word by word (None: is not looked
    for). `did_you_mean` is the text with its misspelled words put right."""

    text: str
    tree: Tree | None
    words: tuple[Word, ...]
    did_you_mean: str | None
    parts: tuple[Tree | None, ...] = ()
