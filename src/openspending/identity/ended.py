"""What ended, as a process knows it that verifies access tokens: sessions that were signed out, and robots' tokens that
were revoked. An access token names its own.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

from openspending.errors import NotFound, StoreError

ENDED_KEY: Final = "identity/ended.json"  # in the private store
_OLD: Final = 2.0  # seconds after which a process looks again, if anybody asks
_SILENT: Final = 10.0  # … beyond these, where there was no answer

_log: Final = logging.getLogger("openspending")

Read = Callable[[], Collection[str]]


class Ended:
    """What ended, as one process knows it. Safe to share between threads.

    `read` returns the ids; it raises StoreError when nobody can say, and what was known before goes on to count.
    """

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._ids: frozenset[str] = frozenset()
        self._tried: float | None = None

    def has(self, id_: str) -> bool:
        """Whether the session, or the robot's token, of this id ended."""
        return id_ in self._ids

    def old(self) -> bool:
        """Whether to look again."""
        return self._tried is None or self._clock() - self._tried >= _OLD

    def refresh(self, *, anyway: bool = False) -> None:
        """Look again, if what is known is old and nobody else is looking, or `anyway`."""
        if not self._lock.acquire(blocking=anyway):
            return
        try:
            if anyway or self.old():
                self._tried = self._clock()
                self._ids = frozenset(self._read())
        except StoreError:
            self._tried = self._clock() + _SILENT
            _log.warning("which sessions ended cannot be read; their access tokens end within ten minutes")
        finally:
            self._lock.release()


def listed(content: Callable[[], bytes]) -> Collection[str]:
    """The ids in the list that `content` returns; none where there is none, or a damaged one. Raises StoreError."""
    try:
        found = json.loads(content())["ended"]
    except (NotFound, ValueError, KeyError, TypeError):
        return ()
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else ()


def written(ids: Collection[str]) -> bytes:
    """The list of these ids, as `listed` reads it."""
    return json.dumps({"ended": sorted(ids)}).encode()
