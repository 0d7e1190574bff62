"""`/v1/changelog`: what was committed, in order, for all who follow (OSEP-6)."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import Any, Final

from openspending.datastore import changelog
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.read_api.asked import MOST_ROWS, Asked

PARAMETERS: Final = ("after", "pagesize")
PAGE: Final = 100
_POSITIONS: Final = 10**9 - 1


class Feed:
    """The changelog, whose entries never change, so that each is read once. Safe to share between threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        """All entries up to now."""
        with self._lock:
            self._entries.extend(changelog.read(self._store, len(self._entries)))
            return list(self._entries)


def page(feed: Feed, asked: Asked, path: str, dataset: tuple[str, str] | None = None) -> dict[str, Any]:
    """The entries after a position, of all datasets or of one; asked for at `path`. Raises BadQueries."""
    after = asked.number("after", 0, _POSITIONS) or 0
    size = asked.number("pagesize", PAGE, MOST_ROWS) or 0
    asked.settle()
    entries = [one for one in feed.entries() if dataset in {None, (one.owner, one.dataset)}]
    found = [one for one in entries if one.position > after]
    shown = found[:size]
    more = len(found) > len(shown) > 0
    return {
        "data": [asdict(one) for one in shown],
        "total": len(entries),
        "returned": len(shown),
        "next": f"{path}?after={shown[-1].position}&pagesize={size}" if more else None,
    }
