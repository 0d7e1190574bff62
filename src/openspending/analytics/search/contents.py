"""Which datasets a store has now: what its registry lists, read again only after its changelog has told of something.

What was hidden, withdrawn or renamed is out of it at the very next look into a folder, within a second in a bucket.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from openspending.analytics.following import Following
from openspending.datastore import registry
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.registry import Listing


@dataclass(frozen=True, slots=True)
class Listed:
    """The datasets of a store at one moment, by `owner/name`, and the addresses of each owner. It never changes: after
    every change there is another one, so that whatever is worked out from it may be kept as long as it is the same."""

    listings: Mapping[str, Listing] = field(default_factory=dict)
    of_owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Contents:
    """The datasets of a store, followed. Safe to share between threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._following = Following(store)
        self._news = object()  # another one after each event
        self._held: tuple[object, Listed] | None = None  # what is listed after which of them
        self._lock = threading.Lock()

    def now(self) -> Listed:
        """What is there. Raises StoreError where that cannot be told: what may have left must not be shown."""
        self._following.follow(self._hear)
        held = self._held
        if held is None or held[0] is not self._news:
            with self._lock:
                held = self._held
                if held is None or held[0] is not self._news:
                    news = self._news  # what is told meanwhile is read next
                    held = self._held = news, self._read(None if held is None else held[1])
        return held[1]

    def again(self) -> Listed:
        """What is there, read now, also where a bucket was asked less than a second ago. Raises StoreError."""
        self._hear(None)
        return self.now()

    def _hear(self, _: Entry | None) -> None:
        self._news = object()

    def _read(self, known: Listed | None) -> Listed:
        found = registry.datasets(self._store)
        if known is not None and found == list(known.listings.values()):
            return known
        addresses: dict[str, list[str]] = {}
        for one in found:
            addresses.setdefault(one.owner, []).append(f"{one.owner}/{one.name}")
        return Listed(
            {f"{one.owner}/{one.name}": one for one in found},
            {owner: tuple(names) for owner, names in addresses.items()},
        )
