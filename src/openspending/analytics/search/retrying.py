"""When to try again what could not be indexed: what is not derived yet soon, what failed after a minute, then later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from openspending.datastore.registry import Listing

SOONEST: Final = 0.25  # seconds until what is not derived yet is looked at again; then a quarter of the time it took
LATEST: Final = 30.0
AFTER_FAILURE: Final = 60.0  # seconds, doubled by each further failure
AT_MOST: Final = 3_600.0
_log: Final = logging.getLogger("openspending")


@dataclass(slots=True)
class _Tried:
    since: float
    due: float
    reason: str = ""
    failures: int = 0


class Retrying:
    """Which datasets were tried in vain, each in one revision. `discreet`: the log is told neither names nor messages,
    since they are private; `clock` tells seconds."""

    def __init__(self, *, discreet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._discreet = discreet
        self._clock = clock
        self._tried: dict[tuple[str, str, str], _Tried] = {}

    def due(self, listing: Listing) -> bool:
        """Whether to try it now."""
        tried = self._tried.get(_key(listing))
        return tried is None or tried.due <= self._clock()

    def tried(self, listing: Listing) -> bool:
        """Whether it was tried in vain; others come first."""
        return _key(listing) in self._tried

    def reasons(self) -> dict[str, str]:
        """Why each could not be indexed when it was tried last, by `owner/name`."""
        return {f"{owner}/{name}": tried.reason for (owner, name, _), tried in sorted(self._tried.items())}

    def waits(self, listing: Listing, reason: str) -> None:
        """It cannot be indexed yet, as is to be expected."""
        tried, now = self._of(listing), self._clock()
        tried.reason = reason
        tried.due = now + min(max((now - tried.since) / 4, SOONEST), LATEST)

    def failed(self, listing: Listing, error: Exception) -> None:
        """It could not be indexed, though it should; the log is told once."""
        tried = self._of(listing)
        tried.reason = str(error) or repr(error)
        if not tried.failures and self._discreet:
            told = "A private dataset cannot be found by search (%s); “openspending rebuild” tells which."
            _log.warning(told, type(error).__name__)
        elif not tried.failures:
            _log.warning("%s/%s cannot be found by search: %s", listing.owner, listing.name, tried.reason)
        tried.due = self._clock() + min(AFTER_FAILURE * 2**tried.failures, AT_MOST)
        tried.failures += 1

    def only(self, listings: Collection[Listing]) -> None:
        """Forget all others."""
        if self._tried:
            keys = {_key(one) for one in listings}
            self._tried = {key: tried for key, tried in self._tried.items() if key in keys}

    def at_once(self) -> None:
        """Try everything now."""
        for tried in self._tried.values():
            tried.due = 0.0

    def _of(self, listing: Listing) -> _Tried:
        now = self._clock()
        return self._tried.setdefault(_key(listing), _Tried(now, now))


def _key(listing: Listing) -> tuple[str, str, str]:
    return listing.owner, listing.name, listing.hash
