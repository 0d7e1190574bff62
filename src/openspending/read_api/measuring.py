"""Every request is counted: what was asked for, how much was sent, how long it took; never by whom.

Counted is what leaves the process, so this wraps the whole application: after compression, also what no route answers.
The pages ask the API inside of it, so a page is one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter_ns
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from openspending.read_api.metrics import Metrics
from openspending.usage.agents import kind_of
from openspending.usage.counts import Count
from openspending.usage.ledger import Ledger
from openspending.web import note, noted

__all__ = ["Measured", "note"]

NONE: Final = "none"  # the endpoint where no route answers; the format of an answer without a body
# They say nothing of what the data is used for, and machines that watch a server ask for them all day.
NO_USE: Final = frozenset({"/health", "/health/live", "/metrics", "/static/openspending.css"})
FORMATS: Final[Mapping[bytes, str]] = {
    b"application/json": "json",
    b"application/problem+json": "json",
    b"application/vnd.oai.openapi+json": "json",
    b"application/javascript": "js",
    b"application/jsonl": "jsonl",
    b"application/x-ndjson": "jsonl",
    b"application/gzip": "gz",
    b"application/zip": "zip",
    b"application/vnd.apache.parquet": "parquet",
    b"application/vnd.apache.arrow.stream": "arrow",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    b"application/vnd.sqlite3": "sqlite",
    b"text/csv": "csv",
    b"text/css": "css",
    b"text/html": "html",
    b"text/plain": "text",
    b"text/tab-separated-values": "tsv",
}


class Measured:
    """An application with its requests counted in `ledger`, for the store, and in `metrics`, for who watches it.

    A process that has no store has no ledger: what it asks of others is counted there.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger | None, metrics: Metrics) -> None:
        self._app = app
        self._ledger = ledger
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        sent = _Sent(send)
        started = perf_counter_ns()
        try:
            await self._app(scope, receive, sent)
        finally:
            self._count(scope, sent, (perf_counter_ns() - started) // 1000)

    def _count(self, scope: Any, sent: _Sent, microseconds: int) -> None:
        told = noted(scope)
        endpoint = _endpoint(scope)
        format_ = told.get("format") or sent.format
        rows, body = (0, 0) if scope["method"] == "HEAD" else (told.get("rows") or 0, sent.bytes)
        count = Count(1, rows, body, microseconds)
        self._metrics.add(endpoint, format_, sent.status, count)
        if self._ledger is not None and endpoint not in NO_USE:
            agents = kind_of(_header(scope["headers"], b"user-agent").decode("latin-1"))
            self._ledger.add(told.get("dataset") or "", endpoint, format_, agents, sent.status, count)


class _Sent:
    """What the application sends, passed on: the class of its status, its format, and the bytes of its body."""

    __slots__ = ("_send", "bytes", "format", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.bytes = 0
        self.format = NONE
        self.status = NONE  # stays when the asker went away before there was an answer

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.body":
            self.bytes += len(message["body"])
        elif message["type"] == "http.response.start":
            self.status = f"{message['status'] // 100}xx"
            kind = _header(message["headers"], b"content-type").partition(b";")[0]
            self.format = FORMATS.get(kind, "other") if kind else NONE


def _endpoint(scope: Mapping[str, Any]) -> str:
    """The route's own name for its paths, or the template of its path; never the path, which anybody can make up."""
    handler = scope.get("route_handler")
    if handler is None:
        return NONE
    return str(handler.opt.get("endpoint") or scope.get("path_template") or "/")


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")
