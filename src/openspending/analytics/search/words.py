"""Words and codes as they are indexed and as they are asked for: one way to read both, so that they meet.

A text becomes folded words; scripts without spaces become single characters, which a phrase finds next to each other. A
code becomes its letters and digits without separators, and, where that differs, its parts without leading zeros.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from openspending.etl.folding import NO_SPACES, fold

LONGEST_CODE: Final = 40  # characters
_PLAIN: Final = re.compile("[a-z0-9]+")
_MARKS: Final = "\u0300-\u036f\u0900-\u0dff\u0f00-\u109f"  # vowel signs and the like, which \w leaves out
_WORD: Final = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_DIGIT: Final = re.compile(r"\d")
_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")
# what is not seen within words: soft hyphens of copied texts, and joiners, which only choose the form of letters
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\u200d\u2060\ufeff"))
_SYLLABLE_ENDS: Final = range(0x1160, 0x1200)  # Korean vowels and finals, which join what is before them


class Span(NamedTuple):
    """A word, and where it stands in the text that it was read from."""

    word: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of `text`, in order: folded, without marks; each character of a script without spaces is one."""
    if text.isascii():
        return _PLAIN.findall(text.lower())
    found: list[str] = []
    for word in _WORD.findall(_folded(text)):
        found.extend(_parts(word))
    return found


def spans(text: str) -> list[Span]:
    """The words of `text` as `words` makes them, each with the characters of `text` that it was made from."""
    if text.isascii():
        return [Span(found[0], *found.span()) for found in _PLAIN.finditer(text.lower())]
    folded, places = _placed(text)
    found = []
    for run in _WORD.finditer(folded):
        begin = run.start()
        for part in _parts(run[0]):
            end = begin + len(part)
            found.append(Span(part, places[begin][0], places[end - 1][1]))
            begin = end
    return found


def placed_code_parts(value: str) -> list[list[Span]]:
    """The parts of a code as `code_parts` makes them, each letter with the characters that it was made from."""
    folded, places = _placed(value)
    return [[Span(folded[at], *places[at]) for at in range(*run.span())] for run in _WORD.finditer(folded)]


def is_code(value: str) -> bool:
    """Whether a value is a code rather than a text: short, with a digit, and of one word or without letters."""
    if not 0 < len(value) <= LONGEST_CODE or not _DIGIT.search(value):
        return False
    return not any(one.isspace() for one in value) or not any(one.isalpha() for one in value)


def codes(value: str) -> list[str]:
    """What a code is indexed as: “09.1” as “091” and “9.1.”, “1101-23-4” as “1101234” and “1101.23.4.”."""
    parts = code_parts(value)
    joined, apart = "".join(parts), segments(parts)
    if not joined:
        return []
    return [joined] if apart == f"{joined}." else [joined, apart]


def code_parts(value: str) -> list[str]:
    """The runs of letters and digits of a code, folded."""
    return _WORD.findall(_folded(value))


def segments(parts: list[str]) -> str:
    """The parts of a code without leading zeros, each with a dot behind it: so “9.1.” begins “9.1.3.”, not “9.10.”."""
    return "".join(f"{part.lstrip('0') or '0'}." for part in parts)


def _folded(text: str) -> str:
    folded = text.lower() if text.isascii() else fold(text.translate(_UNSEEN))
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), folded)


def _placed(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` folded, and for each character of that the characters of `text` that it comes from."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for begin, end in _clusters(text):
        piece = _folded_piece(text[begin:end])
        folded.append(piece)
        places.extend([(begin, end)] * len(piece))
    together = _folded(text)
    if "".join(folded) != together:  # letters that fold otherwise beside each other: marked all or not at all
        return together, [(0, len(text))] * len(together)
    return together, places


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends, with the marks that follow it."""
    begin = 0
    for place, one in enumerate(text):
        if place and not _joins(one):
            yield begin, place
            begin = place
    if text:
        yield begin, len(text)


@lru_cache(maxsize=4096)
def _joins(one: str) -> bool:
    """Whether a character may become one with those before it."""
    plain = unicodedata.normalize("NFKD", one)[0]
    return unicodedata.category(plain).startswith("M") or ord(plain) in _SYLLABLE_ENDS


@lru_cache(maxsize=4096)
def _folded_piece(piece: str) -> str:
    return _folded(piece)


def _parts(word: str) -> list[str]:
    """A word; one that has characters of scripts without spaces, cut before and after each of these."""
    if NO_SPACES.search(word) is None:
        return [word]
    parts: list[str] = []
    begin = 0
    for found in NO_SPACES.finditer(word):
        if found.start() > begin:
            parts.append(word[begin : found.start()])
        parts.append(found[0])
        begin = found.end()
    if begin < len(word):
        parts.append(word[begin:])
    return parts
