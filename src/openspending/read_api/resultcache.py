"""Answers that were given before, by what decides about them: revision, build, query and format. Never stale.

Bounded by the bytes it holds; what was asked for longest ago goes first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

LARGEST: Final = 1024 * 1024  # bytes of an answer; larger ones would push out hundreds of those that charts ask for


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer's body, how many rows it has, the address under which it can be had for ever, and whether it says
    anything to people, in their language."""

    body: bytes
    rows: int
    address: str
    spoken: bool = False


@dataclass(slots=True)
class ResultCache:
    """Answers by key, `limit` bytes in all. Safe to share between threads."""

    limit: int
    _held: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> Kept | None:
        """What is kept under `key`."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer under `key`, unless it is too large to be worth it."""
        if len(kept.body) > min(LARGEST, self.limit):
            return
        with self._lock:
            before = self._held.pop(key, None)
            self._size += len(kept.body) - (len(before.body) if before else 0)
            self._held[key] = kept
            while self._size > self.limit:
                _, oldest = self._held.popitem(last=False)
                self._size -= len(oldest.body)

    def clear(self) -> None:
        """Keep none of them any more."""
        with self._lock:
            self._held.clear()
            self._size = 0
