"""Bytes read in one code page after the other: which can be, and how plausible each is.

Code pages that give the same text are one answer. Measured in benchmarks/encodings.py against chardet and
charset-normalizer, which are right less often, and never say that they do not know.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from openspending.etl.inspecting.letters import OTHERS, at_home
from openspending.etl.inspecting.plausible import Surroundings, expectations, plausibility, plausible_east

LONGEST: Final = 60  # bytes of a word that are looked at
_AWAY: Final = 6.0  # what a code page costs for a language that it was not made for
_TEMPER: Final = 0.35  # words of one file are alike, so they prove less than independent ones would
# What each costs before anything is known, in logarithms: Windows wrote most files, old DOS and Mac the fewest.
_PAGES: Final = {
    "windows-1252": 0.0,
    "windows-1250": 0.5,
    "windows-1251": 0.5,
    "windows-1253": 0.5,
    "windows-1254": 1.0,
    "windows-1255": 0.5,
    "windows-1256": 0.5,
    "windows-1257": 1.0,
    "windows-1258": 4.0,
    "cp874": 0.5,
    "iso-8859-1": 1.0,
    "iso-8859-15": 2.0,
    "iso-8859-2": 1.5,
    "iso-8859-5": 2.0,
    "iso-8859-7": 2.0,
    "iso-8859-9": 2.0,
    "iso-8859-13": 5.0,
    "iso-8859-16": 6.0,
    "cp850": 2.0,
    "cp852": 2.0,
    "cp866": 1.5,
    "cp437": 2.5,
    "cp737": 2.5,
    "cp775": 4.0,
    "cp857": 2.5,
    "cp862": 3.0,
    "koi8-r": 1.5,
    "koi8-u": 2.0,
    "macintosh": 2.0,
    "mac-cyrillic": 2.5,
    "mac-latin2": 5.0,
}
_EASTERN: Final = {"gb18030": "gb2312", "cp932": "euc_jp", "euc-jp": "euc_jp", "cp950": "big5", "cp949": "euc_kr"}


@dataclass(frozen=True, slots=True)
class PageReading:
    """The file in one encoding: how plausible, how unusual the encoding is, in which language, and some words."""

    name: str
    evidence: float
    cost: float
    language: str
    words: tuple[str, ...]

    @property
    def chance(self) -> float:
        """The logarithm of how likely it is, as far as compared with others."""
        return _TEMPER * self.evidence - self.cost


def read_in_pages(
    words: Sequence[tuple[bytes, int]], high: AbstractSet[int], around: Surroundings
) -> list[PageReading]:
    """The readings of words, each with its weight, that differ, the likeliest first. `high` are all bytes outside ASCII
    that the file has anywhere."""
    found: dict[tuple[str, ...], PageReading] = {}
    for reading in sorted(_readings(words, high, around), key=lambda one: -one.chance):
        same = found.setdefault(reading.words, reading)
        if reading.cost < same.cost:  # the more usual name of the same text
            found[reading.words] = replace(same, name=reading.name, cost=reading.cost)
    return sorted(found.values(), key=lambda one: -one.chance)


def _readings(
    words: Sequence[tuple[bytes, int]], high: AbstractSet[int], around: Surroundings
) -> Iterator[PageReading]:
    """Each encoding that the file can be in."""
    every = bytes(sorted(high))
    expected = expectations(around)
    for name, cost in _PAGES.items():
        texts = _decoded(words, name, every)
        if texts is not None:
            homely = {one: fit - (0 if at_home(one, name) else _AWAY) for one, fit in expected.items()}
            reading = plausibility(texts, homely)
            yield PageReading(name, reading.score, cost, reading.language, tuple(text for text, _ in texts))
    for name, level in _EASTERN.items():
        texts = _decoded(words, name, b"")
        if texts is not None:
            evidence = plausible_east(texts, level) + max(expected[one] for one in OTHERS)
            yield PageReading(name, evidence, 1.0, "", tuple(text for text, _ in texts))


def _decoded(words: Sequence[tuple[bytes, int]], codec: str, every: bytes) -> list[tuple[str, int]] | None:
    """The words as text; None when the file cannot be in this encoding: bytes without a meaning, control characters."""
    try:
        if any("\x7f" <= char <= "\x9f" for char in every.decode(codec)):
            return None
        return [(_cut(word, codec), weight) for word, weight in words]
    except UnicodeDecodeError:
        return None


def _cut(word: bytes, codec: str) -> str:
    """A word as text; one that was cut may end inside a character."""
    if len(word) < LONGEST:
        return word.decode(codec)
    return codecs.getincrementaldecoder(codec)().decode(word)
