"""Words that name a dataset, taken for a filter where no line has all the words that were asked.

“Constitutional court Moldova”: the lines of a dataset of Moldova do not say that they are Moldovan. So a line is found,
too, when it has some of the words, and all others stand in the title, the owner, the keywords or the country of its
dataset. Only datasets that the asker sees are looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from openspending.analytics.search.languages import country_names
from openspending.analytics.search.matching import AllOf, AnyOf, Begins, OfDatasets, Phrase, Spoken, Tree, Words, leaves
from openspending.analytics.search.record import Record
from openspending.analytics.search.seen import Seen
from openspending.analytics.search.understanding import Understood, Word, together
from openspending.analytics.search.words import words

Name = tuple[str, ...]  # its words


def named(sides: Sequence[Seen]) -> list[Seen] | None:
    """The sides, with words also understood as names of datasets; None where no word is any."""
    found = [replace(one, understood=_named(one.understood, one.records.values())) for one in sides]
    return found if any(one.tree != before.tree for one, before in zip(found, sides, strict=True)) else None


def told(seen: Seen, uids: Collection[int]) -> Seen:
    """A side that `named` has made, which says of its words whether they named any of the datasets `uids`, in which
    something was found."""
    understood = seen.understood
    if understood is None:
        return seen
    read = tuple(
        replace(word, how="dataset") if _names_any(part, uids) else word
        for word, part in zip(understood.words, understood.parts, strict=True)
    )
    wrong = any(one.how == "typo" for one in read)
    return replace(
        seen, understood=replace(understood, words=read, did_you_mean=understood.did_you_mean if wrong else None)
    )


def _named(understood: Understood | None, records: Iterable[Record]) -> Understood | None:
    if understood is None:
        return None
    known = [(one, names_of(one)) for one in records]
    parts = tuple(_or_named(*one, known) for one in zip(understood.words, understood.parts, strict=True))
    return replace(understood, tree=together(understood.words, parts), parts=parts)


def _or_named(word: Word, part: Tree | None, known: Sequence[tuple[Record, Sequence[Name]]]) -> Tree | None:
    """A part, or the datasets that it names."""
    if part is None or word.how == "excluded":
        return part
    uids = tuple(sorted(record.uid for record, names in known if _is_in(part, record, names)))
    return AnyOf((part, OfDatasets(uids))) if uids else part


def _names_any(part: Tree | None, uids: Collection[int]) -> bool:
    return any(not set(one.uids).isdisjoint(uids) for one in leaves(part) if isinstance(one, OfDatasets))


def names_of(record: Record) -> tuple[Name, ...]:
    """What a dataset is called, in words: its title and address, its keywords and its countries."""
    return _names((record.title, record.owner, record.name, *record.keywords), record.countries)


@lru_cache(maxsize=4096)
def _names(texts: tuple[str, ...], countries: tuple[str, ...]) -> tuple[Name, ...]:
    every = (*texts, *(name for one in countries for name in country_names(one)))
    return tuple(dict.fromkeys(tuple(words(one)) for one in every))


def _is_in(tree: Tree, record: Record, names: Sequence[Name]) -> bool:
    """Whether names have what a part of a question asks for. Codes name nothing."""
    match tree:
        case Words(forms):
            return any(form in name for name in names for form in forms)
        case Spoken(languages, forms):
            return record.is_in(languages) and any(form in name for name in names for form in forms)
        case Phrase(asked):
            return any(name[at : at + len(asked)] == asked for name in names for at in range(len(name)))
        case Begins("text", start):
            return any(word.startswith(start) for name in names for word in name)
        case AnyOf(parts):
            return any(_is_in(one, record, names) for one in parts)
        case AllOf(parts, ()):
            return bool(parts) and all(_is_in(one, record, names) for one in parts)
    return False
