"""A typed text as a tree: every part must be in a line, and none of those that were left out.

A part of several words is a phrase, and one with a digit also a code. A single word stands for its forms; only one that
the vocabulary has in no form is widened, see `widening`. What is left out or quoted means exactly what it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from openspending.analytics.search.matching import AllOf, AnyOf, Begins, Code, Phrase, Tree, Words
from openspending.analytics.search.understanding.asking import Asked, asked_parts
from openspending.analytics.search.understanding.endings import AND
from openspending.analytics.search.understanding.understood import Understood, Vocabulary, Word
from openspending.analytics.search.understanding.widening import Known, Reading
from openspending.analytics.search.words import code_parts, segments, words
from openspending.etl.folding import NO_SPACES

_RUN: Final = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_SEPARATED: Final = 12
_SHORTEST_BEGINNING: Final = 4  # characters of a code typed with separators, that begins others without them
_SHORTEST_WHOLE: Final = 3  # digits of one that may be written without them: 3-2 is not 32


def understand(text: str, vocabulary: Vocabulary, languages: Collection[str]) -> Understood:
    """What `text` asks for, given the words that there are and the languages (ISO 639-1) that they may be in. Raises
    BadQuery when it has more than 300 characters or 20 words, and for nothing else."""
    asked = asked_parts(text)
    known = Known(vocabulary, languages)
    readings = list(_readings(asked, known))
    more = any(not _is_and(one.asked) for one in readings if one.word.how != "excluded")
    parts = tuple(None if more and _is_and(one.asked) else one.tree for one in readings)
    read = tuple(one.word for one in readings)
    return Understood(text, together(read, parts), read, _corrected(text, readings), parts)


def together(read: Sequence[Word], parts: Sequence[Tree | None]) -> Tree | None:
    """What words mean together, each of which means one of `parts` (None: is not looked for); None when nothing is."""
    said = [(part, word.how) for word, part in zip(read, parts, strict=True) if part is not None]
    wanted = tuple(part for part, how in said if how != "excluded")
    without = tuple(part for part, how in said if how == "excluded")
    if not said:
        return None
    return wanted[0] if len(wanted) == 1 and not without else AllOf(wanted, without)


def _readings(asked: list[Asked], known: Known) -> Iterator[Reading]:
    place = 0
    while place < len(asked):
        one = asked[place]
        following = asked[place + 1] if place + 1 < len(asked) else None
        together = known.as_one(one, following) if following and _is_plain(one) and _is_plain(following) else None
        if together is not None:
            place += 1
        yield together or _reading(one, known)
        place += 1


def _reading(asked: Asked, known: Known) -> Reading:
    if asked.excluded:
        tree, forms = _beginning(asked) if asked.begins else _exactly(asked)
        return Reading(asked, Word(asked.text, "excluded", forms), tree)
    if asked.quoted:
        tree, forms = _exactly(asked)
        return Reading(asked, Word(asked.text, "phrase", forms), tree)
    if asked.has_digit:
        return _code(asked, known)
    if asked.begins:
        tree, forms = _beginning(asked)
        return Reading(asked, Word(asked.text, "begins", forms), tree)
    if len(asked.words) > 1:
        return _together(asked, known)
    return known.single(asked)


def _is_plain(asked: Asked) -> bool:
    """Whether a part is one word, and nothing else was said of it."""
    marked = asked.quoted or asked.excluded or asked.begins or asked.has_digit
    return not marked and len(asked.words) == 1 and NO_SPACES.search(asked.words[0]) is None


def _is_and(asked: Asked) -> bool:
    return _is_plain(asked) and asked.words[0] in AND


def _exactly(asked: Asked) -> tuple[Tree, tuple[str, ...]]:
    return _these(asked.words), (" ".join(asked.words),)


def _these(sought: tuple[str, ...]) -> Tree:
    return Words(sought) if len(sought) == 1 else Phrase(sought)


def _beginning(asked: Asked) -> tuple[Tree, tuple[str, ...]]:
    """Of several words only the last one may go on; a character of a script without spaces never does."""
    *before, last = asked.words
    if NO_SPACES.search(last):
        return _exactly(asked)
    begins = Begins("text", last)
    if not before:
        return begins, (last,)
    return AllOf((_these(tuple(before)), begins)), (" ".join(asked.words),)


def _code(asked: Asked, known: Known) -> Reading:
    """“091” begins 0911. “09.1” begins 09.1.1 and 09.01.2, and is 091; others without separators it begins only when it
    is longer. In a text a code is itself, whatever separates it: “S8” is also “S-8”, and “G40HF” “G4 0HF”, if there
    are such words."""
    parts = code_parts(asked.text)
    joined, apart = "".join(parts), segments(parts)
    codes = (joined,) if apart == f"{joined}." else (joined, apart)
    separated, starts = len(parts) > 1, codes
    if separated and joined.isdigit() and len(joined) < _SHORTEST_WHOLE:
        codes = starts = (apart,)
    elif separated and len(joined) < _SHORTEST_BEGINNING and not asked.begins:
        starts = (apart,)
    text, _ = _beginning(asked) if asked.begins else _exactly(asked)
    written = [text, _these(tuple(words(joined)))] if separated and joined in codes else [text]
    if not asked.begins and len(asked.words) == 1:
        written += (Phrase(one) for one in _separated(joined, known))
    whole = (Code(one) for one in codes if separated)
    tree = AnyOf((*whole, *(Begins("code", one) for one in starts), *written))
    return Reading(asked, Word(asked.text, "code", codes), tree)


def _separated(code: str, known: Known) -> Iterator[tuple[str, ...]]:
    """A code of letters and digits, with a space between them, or where it parts two words that have digits."""
    runs = tuple(_RUN.findall(code))
    if not 1 < len(runs) <= len(code) <= _LONGEST_SEPARATED or "".join(runs) != code:
        return
    yield runs
    for place in range(2, len(code) - 1):
        parts = code[:place], code[place:]
        if all(any(letter.isdigit() for letter in one) and known.has(one) for one in parts):
            yield parts


def _together(asked: Asked, known: Known) -> Reading:
    """Words without a space between them are a phrase, or the one word that they would be without anything."""
    tree, forms = _exactly(asked)
    whole = "".join(asked.words)
    if not NO_SPACES.search(whole) and known.has(whole):
        return Reading(asked, Word(asked.text, "phrase", (*forms, whole)), AnyOf((tree, Words((whole,)))))
    return Reading(asked, Word(asked.text, "phrase", forms), tree)


def _corrected(text: str, readings: list[Reading]) -> str | None:
    """The text with the words in place that misspelled ones were meant to be; None when none was."""
    wrong = [one for one in readings if one.word.how == "typo"]
    for one in reversed(wrong):
        text = f"{text[: one.asked.start]}{one.word.forms[0]}{text[one.asked.end :]}"
    return text if wrong else None
