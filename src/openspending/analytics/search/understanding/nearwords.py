"""What a misspelled word was meant to be: the nearest word of a vocabulary that can only be asked how words begin.

Most people have the first letters right, so words with the same three are compared first. Then two of them may be
exchanged, one too much, the third one wrong; last, the second may be a wrong or missing vowel, and the first a letter
that sounds alike. Twenty look-ups are the most that a word may cost: more would find little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from openspending.analytics.search.understanding.remembered import MOST_COMPARED, Remembered

SHORTEST: Final = 4  # letters of a word that may be misspelled
LONG: Final = 8  # letters of one that may be so twice
_LONGEST: Final = 40
_VOWELS: Final = {"LATIN": "aeiou", "GREEK": "αεηιουω", "CYRILLIC": "аеиоуыэюя", "HEBREW": "אהוי", "ARABIC": "اوي"}
_SOUNDS: Final = {
    "b": "vp",
    "c": "ksz",
    "d": "t",
    "f": "vp",
    "g": "jk",
    "i": "yj",
    "j": "gy",
    "k": "cqg",
    "m": "n",
    "n": "m",
    "p": "b",
    "q": "k",
    "s": "czx",
    "t": "d",
    "v": "bwf",
    "w": "v",
    "x": "sj",
    "y": "ij",
    "z": "sc",
}


_ALIKE: Final = str.maketrans("ckqzvw", "kkksff")
_SILENT: Final = re.compile("[aeiouyhαεηιουωаеиоуыэюя]")
_DOUBLE: Final = re.compile(r"(.)\1+")


class Near(NamedTuple):
    """A word, how many letters are wrong, and how many lines have it; whether it sounds as what was typed."""

    word: str
    distance: int
    lines: int
    sounds: bool


def nearest(word: str, vocabulary: Remembered) -> Near | None:
    """The word of the vocabulary with the fewest letters wrong, one fewer if it sounds the same, then that of most
    lines; None when all are far."""
    if not SHORTEST <= len(word) <= _LONGEST:
        return None
    most = 1 if len(word) < LONG else 2
    best: Near | None = None
    for starts in ((word[:3],), _moved(word), _replaced(word)):
        candidates = {one: lines for start in starts for one, lines in vocabulary(start, MOST_COMPARED)}
        found = _nearest_of(word, candidates, most)
        if found is not None and (best is None or found.distance < best.distance):
            best = found
        if best is not None and (best.distance == 1 or best.sounds):
            break
    return best


def _nearest_of(word: str, candidates: dict[str, int], most: int) -> Near | None:
    near = extract(word, candidates.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    sound = _sound(word)
    found = [
        Near(one, int(distance), candidates[one], sounds=_sound(one) == sound)
        for one, distance, _ in near
        if one.isalpha()
    ]
    return min(found, key=lambda one: (one.distance - one.sounds, -one.lines, one.word), default=None)


def _moved(word: str) -> Iterator[str]:
    """Beginnings if two of the first letters are exchanged, one of them is too much, or the third one is wrong."""
    a, b, c, d = word[0], word[1], word[2], word[3]
    yield from dict.fromkeys((b + a + c, a + c + b, b + c + d, a + c + d, a + b))


def _replaced(word: str) -> Iterator[str]:
    """Beginnings if the second letter is missing or another one, as far as it is a vowel; or the first one, as far as
    it sounds like another or is not heard."""
    for vowel in _VOWELS.get(_script(word[0]), ""):
        yield word[0] + vowel + word[1:3]
        if word[1] in _VOWELS[_script(word[0])]:
            yield word[0] + vowel + word[2:4]
    for other in _SOUNDS.get(word[0], ""):
        yield other + word[1:4]
    if word[0] in "aeiou":
        yield "h" + word[:3]


def _sound(word: str) -> str:
    """What is left of a word whose vowels, double letters and ways to write a sound do not count."""
    return _DOUBLE.sub(r"\1", _SILENT.sub("", word.replace("ph", "f").translate(_ALIKE)))


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]
