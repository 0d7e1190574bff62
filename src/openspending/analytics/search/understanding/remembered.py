"""A vocabulary that is asked for nothing twice: a complete answer also answers for every longer beginning.

With an index that counts only the lines that may be seen, each look-up has its price, whatever it finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openspending.analytics.search.understanding.understood import Vocabulary

MOST: Final = 1000  # words of an answer
MOST_COMPARED: Final = 5000  # … of one whose words are compared with a misspelled one


class Remembered:
    """A `Vocabulary` over another one, for one text; not for threads to share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._complete: dict[str, Sequence[tuple[str, int]]] = {}
        self._cut: dict[str, tuple[int, Sequence[tuple[str, int]]]] = {}

    def __call__(self, start: str, limit: int = MOST) -> Sequence[tuple[str, int]]:
        """Words that begin with `start`, at most `limit` unless more of them are known."""
        for length in range(len(start), 0, -1):
            if (known := self._complete.get(start[:length])) is not None:
                return known if length == len(start) else [one for one in known if one[0].startswith(start)]
        least, found = self._cut.get(start, (0, ()))
        if least < limit:
            found = self._vocabulary(start, limit)
            if len(found) < limit:
                self._complete[start] = found
            else:
                self._cut[start] = (limit, found)
        return found

    def lines(self, word: str) -> int:
        """How many lines have a word; 0: none. One of which a thousand words are beginnings that more lines have is
        taken to be there."""
        found = self(word)
        number = dict(found).get(word, 0)
        return number or (1 if len(found) >= MOST else 0)
