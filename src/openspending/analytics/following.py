"""Follows the changelog of a store, so that caches forget what was hidden, withdrawn or renamed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from openspending.datastore import changelog, layout
from openspending.datastore.addresses import folder_of
from openspending.datastore.changelog import Entry
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.errors import StoreError

PATIENCE: Final = 1.0  # seconds; asking a bucket takes longer than most queries


def patience_with(store: ObjectStore) -> float:
    """Seconds for which what a store said may be taken for true: none for folders, which answer at once."""
    return PATIENCE if store.root.startswith("s3:") else 0.0


def looking_in(store: ObjectStore) -> Callable[[str], bool]:
    """Tells whether an object is there. Folders are looked into directly, in 2 µs: the client of stores takes 25 µs to
    say that there is none, as long as a sixth of an answer that is known already."""
    if not store.root.startswith("file:"):
        return store.exists
    folder = folder_of(store.root)
    return lambda key: os.path.exists(f"{folder}/{key}")  # noqa: PTH110 - a Path takes twice the time


class Following:
    """The changelog from now on. Safe to share between threads.

    A bucket is asked once a second at most, by one request for all datasets. While a store is silent nothing can change
    in it either, so what is known stays true.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._there = looking_in(store)
        self._patience = patience_with(store)
        self._position: int | None = None
        self._next = 0.0
        self._lock = threading.Lock()

    @property
    def asks(self) -> bool:
        """Whether `follow` would now ask a bucket, which takes so long that no event loop should wait for it."""
        return self._position is None or (self._patience > 0 and time.monotonic() >= self._next)

    def follow(self, tell: Callable[[Entry | None], None]) -> None:
        """Tell of each entry that is new since the last time; None stands for one that cannot be read, which may have
        been about anything. The first time there is none: whoever follows knows nothing yet that could be wrong."""
        if not self._lock.acquire(blocking=not self._patience or self._position is None):
            return  # another thread asks just now
        try:
            if self._position is None:
                self._position = changelog.end(self._store)
            elif time.monotonic() >= self._next:
                self._next = time.monotonic() + self._patience
                self._read(tell)
        finally:
            self._lock.release()

    def _read(self, tell: Callable[[Entry | None], None]) -> None:
        position = self._position or 0
        try:
            if not self._there(layout.changelog_key(position + 1)):
                return
            for entry in changelog.read(self._store, position):
                tell(entry)
                self._position = position = entry.position
        except Damaged:
            tell(None)
            self._position = position + 1
        except StoreError:
            return
