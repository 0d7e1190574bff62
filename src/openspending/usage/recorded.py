"""The counts of all processes, as the public store has them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from openspending.datastore import layout
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound
from openspending.usage.counts import NOTHING, Count, Counts, Key, from_csv
from openspending.usage.ledger import UNWRITTEN_DAYS, Ledger

_PATIENCE: Final = 10.0  # seconds between two looks into a bucket, where each object is a request that may cost
_KEPT: Final = 200_000  # keys of days that are over, kept in memory: about 50 MB


@dataclass(frozen=True, slots=True)
class _Day:
    objects: frozenset[str]
    counts: Counts
    damaged: tuple[str, ...]
    until: float  # when to read them again, by the monotonic clock


class Recorded:
    """What is recorded. Safe to share between threads, which wait for each other instead of reading twice.

    With a `ledger` its counts are written before others are read, so that an answer has what this process knows.
    """

    def __init__(self, public: ObjectStore, ledger: Ledger | None = None) -> None:
        self._public = public
        self._ledger = ledger
        self._patience = _PATIENCE if public.root.startswith("s3:") else 0.0
        self._lock = threading.Lock()
        self._objects: Mapping[str, frozenset[str]] = {}
        self._looked = -math.inf
        self._days: dict[str, _Day] = {}

    def read(self, first: date, last: date) -> tuple[list[Counts], list[str]]:
        """The counts of each day from `first` to `last` that has any, and the keys of objects that are damaged."""
        with self._lock:
            now = time.monotonic()
            if now >= self._looked + self._patience:
                if self._ledger is not None:
                    self._ledger.write()
                self._objects, self._looked = _by_day(self._public), now
            wanted = sorted(day for day in self._objects if first.isoformat() <= day <= last.isoformat())
            days = [self._day(day, self._objects[day], now) for day in wanted]
        return [one.counts for one in days], [key for one in days for key in one.damaged]

    def _day(self, day: str, objects: frozenset[str], now: float) -> _Day:
        known = self._days.get(day)
        if known is not None and known.objects == objects and now < known.until:
            return known
        counts, damaged = _summed(self._public, objects)
        # after a week no process tries to write a day any more
        open_since = (datetime.now(UTC) - timedelta(days=UNWRITTEN_DAYS + 1)).date().isoformat()
        read = _Day(objects, counts, damaged, math.inf if day < open_since else now + self._patience)
        self._days.pop(day, None)
        if sum(len(one.counts) for one in self._days.values()) + len(counts) <= _KEPT:
            self._days[day] = read
        return read


def _by_day(public: ObjectStore) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key in public.list(layout.USAGE):
        day = layout.usage_day(key)
        if day is not None:
            found.setdefault(day, set()).add(key)
    return {day: frozenset(keys) for day, keys in found.items()}


def _summed(public: ObjectStore, objects: frozenset[str]) -> tuple[Counts, tuple[str, ...]]:
    """The counts of all objects together; a damaged one must not hide the others, and is named."""
    counts: dict[Key, Count] = {}
    damaged = []
    for key in sorted(objects):
        try:
            found = from_csv(public.get(key))
        except NotFound:  # deleted meanwhile
            continue
        except ValueError:
            damaged.append(key)
            continue
        for one, count in found.items():
            counts[one] = counts.get(one, NOTHING).plus(count)
    return counts, tuple(damaged)
