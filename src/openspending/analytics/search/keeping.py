"""Keeps indexes up to date, in a thread of its own: looks for what is new twice a second."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from openspending.analytics.search.engine import Busy
from openspending.analytics.search.filling import Stopped
from openspending.analytics.search.indexing import Indexing

TICK: Final = 0.5  # seconds
AFTER_FAILURE: Final = 5.0  # seconds until a store, or a server of indexes, is asked again; doubled each time
AT_MOST: Final = 60.0
PATIENCE: Final = 10.0  # seconds in which what is being prepared may come to its end
_log: Final = logging.getLogger("openspending")


class Keeping:
    """Has indexes, by the side that they are of, follow their stores from `start` to `close`."""

    def __init__(self, indexings: Mapping[str, Indexing]) -> None:
        self._indexings = indexings
        self._told: dict[str, str] = {}  # what went wrong, by side: it is said once
        self._failures: dict[str, int] = {}  # one after the other
        self._due: dict[str, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="search", daemon=True)
        self._work = ThreadPoolExecutor(1, thread_name_prefix="search")  # whatever happens in it is told

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop, soon also in the midst of a dataset."""
        self._stopped.set()
        for one in self._indexings.values():
            one.stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)
        self._work.shutdown(wait=False)

    def _keep(self) -> None:
        more = False  # what has just started has better things to do
        while not self._stopped.wait(0 if more else TICK):
            more = False
            for side in self._indexings:
                if self._due.get(side, 0.0) <= time.monotonic() and not self._stopped.is_set():
                    more |= self._once(side)

    def _once(self, side: str) -> bool:
        """Whether there is more to do at once."""
        asked = self._work.submit(self._indexings[side].once)
        error = asked.exception()
        if error is None:
            self._told.pop(side, None)
            self._failures.pop(side, None)
            if asked.result().sentence:
                _log.info("search (%s): %s", side, asked.result().sentence)
            return asked.result().more
        if not isinstance(error, Busy | Stopped):
            self._failed(side, error)
        return False

    def _failed(self, side: str, error: BaseException) -> None:
        if self._told.get(side) != str(error):
            _log.warning("The search index (%s) does not follow its store: %s", side, str(error) or repr(error))
        self._told[side] = str(error)
        times = self._failures[side] = self._failures.get(side, 0) + 1
        self._due[side] = time.monotonic() + min(AFTER_FAILURE * 2 ** (times - 1), AT_MOST)
