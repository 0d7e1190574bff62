"""The counts of this process: added up in memory, written to the public store once a minute and at the end.

Each process writes one object for each day, which no other process writes: there is nothing to lock and nothing to
merge, and whoever reads adds them up. A process that is killed loses what it counted since it wrote last.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from openspending.datastore import layout
from openspending.datastore.objects import ObjectStore
from openspending.errors import StoreError
from openspending.usage.counts import NOTHING, Count, Key, day_at, to_csv

PERIOD: Final = 60.0  # seconds between two writes
UNWRITTEN_DAYS: Final = 7  # how long counts are kept that the store does not take
_DAY: Final = 86_400  # seconds
_log: Final = logging.getLogger("openspending")


class Ledger:
    """Counts requests. Safe to share between threads. `clock` tells the Unix time."""

    def __init__(self, public: ObjectStore, *, period: float = PERIOD, clock: Callable[[], float] = time.time) -> None:
        self._public = public
        self._period = period
        self._clock = clock
        self._process = uuid.uuid4().hex  # says nothing of the machine; new after each start
        self._days: dict[str, dict[Key, Count]] = {}
        self._unwritten: set[str] = set()
        self._number = 0  # of the day: days since 1970
        self._day = ""
        self._refused = False
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stopped = threading.Event()
        self._writer = threading.Thread(target=self._write_regularly, name="usage", daemon=True)

    def start(self) -> None:
        """Begin to write regularly, in a thread of its own, until `close`."""
        self._writer.start()

    def close(self) -> None:
        """Write what is counted, and stop."""
        self._stopped.set()
        if self._writer.is_alive():
            self._writer.join()
        self.write()

    def add(self, dataset: str, endpoint: str, format_: str, agents: str, status: str, count: Count) -> None:
        """Count requests under today. The texts must come from small fixed sets: each combination is a row."""
        with self._lock:
            day = self._today()
            counts = self._days.setdefault(day, {})
            key = Key(day, dataset, endpoint, format_, agents, status)
            counts[key] = counts.get(key, NOTHING).plus(count)
            self._unwritten.add(day)

    def write(self) -> None:
        """Write the days that changed. What the store refuses stays here and is tried again by the next write."""
        with self._writing:
            for day in self._changed_days():
                with self._lock:
                    content = to_csv(self._days[day])
                    self._unwritten.discard(day)
                try:
                    self._public.put(layout.usage_key(day, self._process), content)
                except StoreError as error:
                    self._keep(day, error)
                    return
                self._refused = False
            self._forget_written()

    def _write_regularly(self) -> None:
        while not self._stopped.wait(self._period):
            self.write()

    def _today(self) -> str:
        """Never an earlier day than before, whatever is done to the clock: a day that is over stays written."""
        seconds = int(self._clock())
        if seconds // _DAY > self._number:
            self._number = seconds // _DAY
            self._day = day_at(seconds).isoformat()
        return self._day

    def _changed_days(self) -> list[str]:
        with self._lock:
            return sorted(self._unwritten)

    def _forget_written(self) -> None:
        """Days that are over and written need no memory."""
        with self._lock:
            today = self._today()
            for day in [one for one in self._days if one < today and one not in self._unwritten]:
                del self._days[day]

    def _keep(self, day: str, error: StoreError) -> None:
        """Say once that the store refuses (a reader's credentials may not write), and keep the counts of a week."""
        if not self._refused:
            self._refused = True
            _log.warning("Usage is counted, but could not be stored; it stays in memory for now. %s", error)
        with self._lock:
            self._unwritten.add(day)
            oldest = (date.fromisoformat(self._today()) - timedelta(days=UNWRITTEN_DAYS)).isoformat()
            for lost in [one for one in self._days if one < oldest]:
                del self._days[lost]
                self._unwritten.discard(lost)
                _log.warning("The usage of %s was never stored, and is given up.", lost)
