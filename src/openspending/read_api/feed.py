"""The changelog as one reads it page by page: what happened, in order, for all who follow (OSEP-6)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

from openspending.datastore import changelog
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.read_api.asked import MOST_ROWS, Asked

PARAMETERS: Final = ("after", "pagesize")
ATOM_PARAMETERS: Final = ("before", "pagesize")
PAGE: Final = 100
_POSITIONS: Final = 10**9 - 1


Wanted = Callable[[Entry], bool]


class Feed:
    """The changelog, whose entries never change, so that each is read once. Safe to share between threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def entries(self, wanted: Wanted) -> list[Entry]:
        """The entries up to now that are `wanted`, in order."""
        with self._lock:
            self._entries.extend(changelog.read(self._store, len(self._entries)))
            return [one for one in self._entries if wanted(one)]


def everything(_: Entry) -> bool:
    """All entries."""
    return True


def of_dataset(owner: str, name: str) -> Wanted:
    """The entries of one dataset."""
    return lambda one: (one.owner, one.dataset) == (owner, name) or one.to == f"{owner}/{name}"


def of_owner(owner: str) -> Wanted:
    """The entries of all datasets of one owner."""
    return lambda one: one.owner == owner or one.to.startswith(f"{owner}/")


def page(entries: Sequence[Entry], asked: Asked, path: str) -> dict[str, Any]:
    """Those of `entries` after a position; asked for at `path`. Raises BadQueries."""
    after = asked.number("after", 0, _POSITIONS) or 0
    size = asked.number("pagesize", PAGE, MOST_ROWS) or 0
    asked.settle()
    found = [one for one in entries if one.position > after]
    shown = found[:size]
    more = len(found) > len(shown) > 0
    return {
        "data": [one.to_dict() for one in shown],
        "total": len(entries),
        "returned": len(shown),
        "next": f"{path}?after={shown[-1].position}&pagesize={size}" if more else None,
    }


def newest(entries: Sequence[Entry], asked: Asked) -> tuple[Sequence[Entry], str | None]:
    """The newest of `entries`, or those before a position, the newest first, and the query that asks for the page
    after them. Raises BadQueries."""
    before = asked.number("before", _POSITIONS, _POSITIONS) or 0
    size = asked.number("pagesize", PAGE, MOST_ROWS) or 0
    asked.settle()
    found = [one for one in reversed(entries) if one.position < before]
    shown = found[:size]
    more = len(found) > len(shown) > 0
    return shown, f"before={shown[-1].position}&pagesize={size}" if more else None
