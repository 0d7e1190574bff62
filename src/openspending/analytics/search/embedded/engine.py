"""The tantivy index as an engine: safe between threads, and up to date with what any process commits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import tantivy

from openspending.analytics.search.embedded import describing, folder, paging, summing
from openspending.analytics.search.embedded import writing as changes
from openspending.analytics.search.embedded.damage import Panics
from openspending.analytics.search.embedded.filtering import matching_query
from openspending.analytics.search.embedded.kept import Tallies, within
from openspending.analytics.search.embedded.rareness import most_lines
from openspending.analytics.search.embedded.state import Key, State, state_of
from openspending.analytics.search.engine import Line, Member, Order, Tally, Writer
from openspending.analytics.search.matching import Matching, Tree
from openspending.analytics.search.record import Record

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]
_T = TypeVar("_T")


class EmbeddedEngine:
    """Implements `engine.Engine`."""

    def __init__(self, place: Path, index: tantivy.Index, heap: int) -> None:
        self._place = place
        self._index: tantivy.Index | None = index
        self._heap = heap
        self._lock = threading.Lock()
        self._seen: tuple[Stamp, State] | None = None
        self._totals: dict[Key, dict[int, Tally]] = {}

    def records(self) -> Mapping[str, Record]:
        """The datasets that are in it now, by `owner/name`."""
        return self._answer(lambda state: state.records)

    def tallies(self, matching: Matching) -> dict[int, Tally]:
        """The matching lines of each cell that has any."""
        return self._answer(lambda state: self._tallies(state, matching))

    def lines(self, matching: Matching, order: Order, limit: int, offset: int = 0) -> list[Line]:
        """The matching lines from the one at `offset` on."""
        scored = matching.tree is not None
        return self._answer(
            lambda state: paging.page(state, matching_query(state, matching), order, limit, offset, scored=scored)
        )

    def datasets(self, tree: Tree | None, uids: Collection[int] | None) -> list[tuple[int, float]]:
        """The datasets whose description matches, best first."""
        return self._answer(lambda state: describing.datasets(state, tree, uids))

    def members(self, start: Sequence[str], uids: Collection[int] | None, limit: int) -> list[Member]:
        """Members that have the words `start` in a row, most used first."""
        return self._answer(lambda state: describing.members(state, start, uids, limit))

    def vocabulary(self, start: str, cells: Collection[int] | None, limit: int) -> list[tuple[str, int]]:
        """Words of lines that begin with `start`, most frequent first."""
        among = None if cells is None else frozenset(cells)
        return self._answer(lambda state: describing.vocabulary(state, start, among, limit))

    def writing(self) -> AbstractContextManager[Writer]:
        """Begin to change the index. Raises Busy."""
        return self._writing()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._index = self._seen = None
            self._totals = {}

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        state = self._answer(
            lambda state: state
        )  # of the index as it is now, even if another process has begun it anew
        with changes.writing(state.index, self._heap) as writer:
            yield writer

    def _answer(self, ask: Callable[[State], _T]) -> _T:
        """What the index says. One that turns out to be damaged is begun anew, and asked again."""
        try:
            with Panics():
                return ask(self._state())
        except (ValueError, KeyError) as refused:
            with self._lock:
                if not folder.mended(self._place):
                    raise
                log.warning("The search index could not be read: %s", refused)
                self._index = self._seen = None
        return ask(self._state())

    def _state(self) -> State:
        """What the newest commit holds."""
        meta = folder.meta(self._place)
        try:
            stamp = _stamp(meta)
            seen = self._seen
            if seen is not None and seen[0] == stamp:
                return seen[1]
        except FileNotFoundError:
            stamp = (0, 0, 0)
        with self._lock:
            return self._read(meta, stamp)

    def _read(self, meta: Path, stamp: Stamp) -> State:
        if self._seen is not None and self._seen[0] == stamp:
            return self._seen[1]
        known = {held.key: held for held in self._seen[1].held.values()} if self._seen is not None else {}
        index = self._index
        try:
            if index is not None:
                index.reload()
        except ValueError:
            index = None
        if index is None:
            self._index = index = folder.opened(self._place)
            stamp = _stamp(meta)
        state = state_of(index, known)
        keys = {held.key for held in state.held.values()}
        self._totals = {key: totals for key, totals in list(self._totals.items()) if key in keys}
        self._seen = stamp, state
        return state

    def _tallies(self, state: State, matching: Matching) -> dict[int, Tally]:
        cells = state.cells if matching.cells is None else state.cells & matching.cells
        if matching.tree is None and matching.amounts is None:
            return self._whole(state, cells)
        known = self._known(state, matching)
        if known is not None:
            return within(known, cells)
        return summing.tallies(state, matching_query(state, matching), cells)

    def _known(self, state: State, matching: Matching) -> Tallies | None:
        """The tallies in all cells of what is looked for, if they are worth taking."""
        everywhere = Matching(matching.tree, None, matching.amounts)

        def count() -> Tallies:
            return summing.tallies(state, matching_query(state, everywhere), state.cells)

        return state.kept.of((matching.tree, matching.amounts), lambda: most_lines(state, matching.tree), count)

    def _whole(self, state: State, cells: AbstractSet[int]) -> dict[int, Tally]:
        """All lines of `cells`: sums that are taken once for each dataset, and kept."""
        totals = self._totals
        holders = [held for held in state.held.values() if not held.cells.isdisjoint(cells)]
        missing = [held for held in holders if held.key not in totals]
        if missing:
            every = frozenset().union(*(held.cells for held in missing))
            taken = summing.tallies(state, matching_query(state, Matching(cells=every)), every)
            totals |= {held.key: {cell: taken[cell] for cell in held.cells & taken.keys()} for held in missing}
        return {cell: tally for held in holders for cell, tally in totals[held.key].items() if cell in cells}


def _stamp(meta: Path) -> Stamp:
    said = meta.stat()
    return said.st_ino, said.st_mtime_ns, said.st_size
