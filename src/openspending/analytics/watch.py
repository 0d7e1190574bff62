"""Ends statements that take too long, so that no question holds a thread and the processors for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

_GLANCE: Final = 0.25  # seconds between two looks; a timer for each statement would cost more than a small one


class Watch:
    """Interrupts what runs longer than `seconds`; None: nothing. Safe to share between threads."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._running: dict[int, tuple[float, duckdb.DuckDBPyConnection]] = {}
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """Watch no longer."""
        self._closed.set()
        self._begun.set()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def over(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """What runs on `cursor` inside is interrupted when its time is up: it raises duckdb.InterruptException."""
        if self.seconds is None:
            yield
            return
        number = id(cursor)
        with self._lock:
            self._running[number] = (time.monotonic() + self.seconds, cursor)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()
        self._begun.set()
        try:
            yield
        finally:
            with self._lock:
                del self._running[number]

    def _look(self) -> None:
        while not self._closed.is_set():
            self._begun.wait()
            time.sleep(_GLANCE)
            now = time.monotonic()
            with self._lock:
                for until, cursor in self._running.values():
                    if now > until:
                        cursor.interrupt()
                if not self._running and not self._closed.is_set():
                    self._begun.clear()


UNWATCHED: Final = Watch(None)
