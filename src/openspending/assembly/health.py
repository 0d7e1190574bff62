"""`/health`: whether this process can work, for whoever sends requests to it or starts it anew.

What the process needs is asked at most once in some seconds, and never waited for long: a store that hangs is one that
is not there. Nothing is told of where it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler

from openspending import __version__
from openspending.errors import OpenSpendingError
from openspending.web import to_json

KEPT: Final = 5.0  # seconds that an answer is good for
PATIENCE: Final = 2.0  # seconds that a check may take
_GET: Final = [HttpMethod.GET, HttpMethod.HEAD]


class Health:
    """What a process of these components tells of itself. Each of `checks` raises OpenSpendingError when what it is
    named after is not there. `pending` tells how many public datasets are not in the search index yet, where there is
    one."""

    def __init__(
        self,
        components: frozenset[str],
        checks: Mapping[str, Callable[[], None]],
        pending: Callable[[], int] | None = None,
    ) -> None:
        self._components = sorted(components)
        self._checks = checks
        self._pending = pending
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max(len(checks), 1), thread_name_prefix="health")
        self._asked: dict[str, Future[None]] = {}
        self._found: dict[str, str] = {}
        self._until = 0.0

    def found(self) -> Mapping[str, str]:
        """“ok” or “unavailable” for each check, at most KEPT seconds old."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = self._look()
                self._until = time.monotonic() + KEPT
            return self._found

    def _look(self) -> dict[str, str]:
        for name, check in self._checks.items():
            if name not in self._asked or self._asked[name].done():  # one that hangs is not asked again
                self._asked[name] = self._threads.submit(check)
        wait(self._asked.values(), timeout=PATIENCE)
        return {name: "ok" if _holds(asked) else "unavailable" for name, asked in self._asked.items()}

    def close(self) -> None:
        """Ask no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def handlers(self) -> list[HTTPRouteHandler]:
        """`/health` and `/health/live`."""

        @route("/health", http_method=_GET, sync_to_thread=True)
        def health() -> Response[bytes]:
            """Whether this process can work, and which version it is; 503 when it cannot."""
            found = self.found()
            ready = all(one == "ok" for one in found.values())
            body: dict[str, object] = {
                "status": "ok" if ready else "unavailable",
                "version": __version__,
                "components": self._components,
                "checks": found,
            }
            if self._pending is not None:  # no reason to send requests elsewhere: all else is found meanwhile
                body["search"] = {"pending": self._pending()}
            return _answer(body, 200 if ready else 503)

        @route("/health/live", http_method=_GET, sync_to_thread=False)
        def live() -> Response[bytes]:
            """Whether this process answers at all; what it needs is not asked."""
            return _answer({"status": "ok", "version": __version__}, 200)

        return [health, live]


def _answer(body: Mapping[str, object], status: int) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"}
    return Response(to_json(body), status_code=status, media_type="application/json", headers=headers)


def _holds(asked: Future[None]) -> bool:
    if not asked.done():
        return False
    error = asked.exception()
    if error is not None and not isinstance(error, OpenSpendingError):
        raise error
    return error is None
