"""What is looked for, understood: the tree that every engine can answer. Nothing here is text that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Field = Literal["text", "code"]


@dataclass(frozen=True, slots=True)
class Words:
    """Any of `forms`, words as `words.words` makes them; the first is what was asked for, and counts most."""

    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Any of `forms`, in datasets that are in one of `languages` (ISO 639-1), or of which nobody knows the language:
    what a word of these languages may have become. Counts less than the word itself."""

    languages: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words, next to each other in one value."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begins:
    """A word, or a code as `words.codes` makes it, that begins with `start`."""

    field: Field
    start: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is `code`, as `words.codes` makes it, to its end: it counts more than one that only begins so."""

    code: str


@dataclass(frozen=True, slots=True)
class OfDatasets:
    """Every line of these datasets, by their numbers; which counts nothing for the order of lines."""

    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of `parts`, and none of `without`. With no parts: every line that has none of `without`."""

    parts: tuple[Tree, ...]
    without: tuple[Tree, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of `parts`."""

    parts: tuple[Tree, ...]


Leaf = Words | Spoken | Phrase | Begins | Code | OfDatasets
Tree = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Amounts:
    """Lines with an amount, of any measure, from `least` to `most`, both included; None: without end."""

    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Lines that `tree` matches (None: all of them), in these cells (ids; None: in all of the index), with these
    amounts. Cells say which datasets may be seen: whoever asks a private index always names them."""

    tree: Tree | None = None
    cells: AbstractSet[int] | None = None
    amounts: Amounts | None = None


def leaves(tree: Tree | None) -> Iterator[Leaf]:
    """All that a tree is made of."""
    if isinstance(tree, AllOf | AnyOf):
        for part in (*tree.parts, *(tree.without if isinstance(tree, AllOf) else ())):
            yield from leaves(part)
    elif tree is not None:
        yield tree


def asked_forms(tree: Tree | None) -> Iterator[Leaf]:
    """The words, phrases and beginnings of a tree that a match has to have: what can be highlighted."""
    if isinstance(tree, AllOf | AnyOf):
        for part in tree.parts:
            yield from asked_forms(part)
    elif tree is not None:
        yield tree
