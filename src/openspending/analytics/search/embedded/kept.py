"""What texts come to without filters, kept until the index changes.

People narrow a search step by step, and every filter is a set of cells, so that the tallies of a text in all cells
answer each further step. A text that few lines have is counted whole at once; one that many have only when it is asked
for again, since that takes longer than counting what the filters leave.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from openspending.analytics.search.engine import Tally
from openspending.analytics.search.matching import Amounts, Tree

Asked = tuple[Tree | None, Amounts | None]
Tallies = Mapping[int, Tally]

FEW: Final = 300_000  # lines, which are counted within a few milliseconds
MOST: Final = 200_000  # tallies that are kept in all: some 40 MB
_REMEMBERED: Final = 1_000  # texts of which it is known that they were asked for


class Kept:
    """Tallies of texts in all cells, for one state of an index. Safe to share between threads."""

    def __init__(self) -> None:
        self._tallies: OrderedDict[Asked, Tallies] = OrderedDict()
        self._size = 0
        self._seen: OrderedDict[Asked, None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, asked: Asked, lines: Callable[[], int], count: Callable[[], Tallies]) -> Tallies | None:
        """The tallies of what is asked in all cells; None where they are not to be taken yet. `lines` says how many
        there are at most, `count` takes the tallies."""
        known = self._known(asked)
        if known is not None:
            return known
        with self._lock:
            again = asked in self._seen
        if not again and lines() > FEW:
            self._remember(asked)
            return None
        found = count()
        self._keep(asked, found)
        return found

    def _known(self, asked: Asked) -> Tallies | None:
        """The tallies in all cells, if they were taken."""
        with self._lock:
            found = self._tallies.get(asked)
            if found is not None:
                self._tallies.move_to_end(asked)
            return found

    def _remember(self, asked: Asked) -> None:
        with self._lock:
            self._seen[asked] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)

    def _keep(self, asked: Asked, found: Tallies) -> None:
        with self._lock:
            if asked in self._tallies or len(found) > MOST:
                return
            self._tallies[asked] = found
            self._size += len(found)
            while self._size > MOST:
                _, gone = self._tallies.popitem(last=False)
                self._size -= len(gone)


def within(found: Tallies, cells: AbstractSet[int]) -> dict[int, Tally]:
    """The tallies of some cells."""
    if len(cells) < len(found):
        return {cell: found[cell] for cell in cells if cell in found}
    return {cell: tally for cell, tally in found.items() if cell in cells}
