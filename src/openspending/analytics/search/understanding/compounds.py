"""Words made of words: one that was typed as two, and two that were typed as one.

A vocabulary can only be asked how words begin. So “Haushalts plan” finds Haushaltsplan, and “Straßenbau” finds Straßen
and Bau; a word that another one ends with is not found by that ending.
"""

from __future__ import annotations

from typing import Final

from openspending.analytics.search.understanding.endings import LINKS
from openspending.analytics.search.understanding.remembered import MOST_COMPARED, Remembered

SHORTEST_PART: Final = 3  # letters, in languages that write compounds as one word
SHORTEST_ELSEWHERE: Final = 4
_LONGEST: Final = 40


def joined(left: str, right: str, vocabulary: Remembered) -> str | None:
    """The word of the vocabulary that two words are, written as one, perhaps with a link between them: the one that
    most lines have."""
    lines, word = max((vocabulary.lines(one), one) for link in LINKS if (one := f"{left}{link}{right}"))
    return word if lines else None


def parted(word: str, vocabulary: Remembered, shortest: int) -> tuple[str, str] | None:
    """The two words of the vocabulary that `word` is made of, perhaps with a link between them: those of which the
    shorter one is longest, then the one whose rarer part most lines have."""
    if not 2 * shortest <= len(word) <= _LONGEST:
        return None
    firsts = dict(vocabulary(word[:SHORTEST_PART], MOST_COMPARED))
    found: list[tuple[int, int, str, str]] = []
    for left, right in _cuts(word, shortest):
        size = min(len(left), len(right))
        if found and size < found[0][0]:
            break
        if left in firsts and (lines := vocabulary.lines(right)):
            found.append((size, min(firsts[left], lines), left, right))
    return max(found)[2:] if found else None


def _cuts(word: str, shortest: int) -> list[tuple[str, str]]:
    """Each way to cut a word in two, from the middle outwards, a link between them left out or left with the first."""
    cuts = {
        (word[: place - len(link)], word[place:])
        for place in range(shortest, len(word) - shortest + 1)
        for link in LINKS
        if word[:place].endswith(link) and place - len(link) >= shortest
    }
    return sorted(cuts, key=lambda cut: (-min(map(len, cut)), cut))
