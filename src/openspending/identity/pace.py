"""How often something may be tried. No address of a person is looked at or kept: only what is tried counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from openspending.errors import TooOften
from openspending.speaking.said import said

_KEPT: Final = 10_000


class Pace:
    """`times` within `seconds` for each thing, and no more. Safe to share between threads."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._times = times
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._tried: dict[str, list[float]] = {}

    def step(self, thing: str) -> None:
        """Count one try. Raises TooOften, with the seconds to wait, where there were too many."""
        at = self._clock()
        with self._lock:
            if len(self._tried) >= _KEPT:
                self._forget(at)
            tries = [one for one in self._tried.get(thing, ()) if at - one < self._seconds]
            if len(tries) >= self._times:
                wait = max(1, round(self._seconds - (at - tries[0])))
                raise TooOften(said("That was tried too often. Wait a little, then try again."), wait)
            self._tried[thing] = [*tries, at]

    def _forget(self, at: float) -> None:
        """What was tried long ago goes; all of it, if that makes no room."""
        self._tried = {thing: tries for thing, tries in self._tried.items() if at - tries[-1] < self._seconds}
        if len(self._tried) >= _KEPT:
            self._tried = {}
