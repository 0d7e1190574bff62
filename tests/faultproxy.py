"""A proxy before an S3 server that does what networks and busy servers do, as seeded dice fall.

The Host header is passed on as the client wrote it, so signatures hold. Faults named “late” come after the server has
done what it was asked: the answer is lost, and the client cannot know.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

ERRORS: Final = {"500": "InternalError", "503": "SlowDown", "429": "TooManyRequests"}
LATE: Final = ("late 502", "late reset", "truncated", "late silence")
FAULTS: Final = (*ERRORS, "reset", "silence", *LATE)

Dice = Callable[[str, str], str | None]
"""Asked for each request, by method and path with query, for the fault that it gets, if any."""


@dataclass
class Seeded:
    """One of `faults` for this share of all requests; the same sequence for the same seed."""

    rate: float
    seed: int
    faults: tuple[str, ...] = FAULTS
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def __call__(self, _method: str, _path: str) -> str | None:
        with self._lock:
            return self._random.choice(self.faults) if self._random.random() < self.rate else None


@dataclass
class Listed:
    """These faults, for the first requests that `wanted` takes by method and path; none after them."""

    faults: list[str | None]
    wanted: Callable[[str, str], bool] = lambda _method, _path: True

    def __call__(self, method: str, path: str) -> str | None:
        return self.faults.pop(0) if self.faults and self.wanted(method, path) else None


@dataclass
class Proxy:
    """A running proxy. `told` counts the requests by fault, “none” for those without.

    It passes no headers on that are in `dropped`, and gives those in `answered` instead of the server's."""

    endpoint: str
    dice: Dice
    silence: float
    dropped: tuple[str, ...] = ()
    answered: dict[str, str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, str, str]] = field(default_factory=list)


@contextmanager
def before(endpoint: str, dice: Dice, *, silence: float = 3) -> Iterator[Proxy]:
    """A proxy before the server at `endpoint`; `silence` is the seconds that it says nothing, before it hangs up."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.target = urlsplit(endpoint).netloc
    server.proxy = Proxy(f"http://127.0.0.1:{server.server_address[1]}", dice, silence)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    target: str
    proxy: Proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what this is about; nothing is printed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Nothing is logged."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy = self.server.proxy
        fault = proxy.dice(self.command, self.path)
        proxy.told[fault or "none"] += 1
        proxy.requests.append((self.command, self.path, fault or "none"))
        if fault in ERRORS:
            self._refuse(int(fault), ERRORS[fault])
        elif fault in ("reset", "silence"):
            self._hang_up(after=proxy.silence if fault == "silence" else 0)
        else:
            self._pass_on(body, fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - the parent's names

    def _pass_on(self, body: bytes, fault: str | None) -> None:
        proxy = self.server.proxy
        kept_back = {"expect", "connection", *proxy.dropped}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in kept_back}
        connection = HTTPConnection(self.server.target, timeout=60)
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return self._hang_up()
        finally:
            connection.close()
        if fault == "late 502":
            return self._refuse(502, "BadGateway")
        if fault in ("late reset", "late silence"):
            return self._hang_up(after=proxy.silence if fault == "late silence" else 0)
        self.send_response_only(answer.status, answer.reason)
        said = {name.lower() for name, _ in answer.getheaders()}
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "keep-alive"):
                self.send_header(name, proxy.answered.get(name.lower(), value))
        if "content-length" not in said and answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if fault == "truncated":
            self.wfile.write(content[: len(content) // 2])
            return self._hang_up(hard=False)
        self.wfile.write(content)
        return None

    def _refuse(self, status: int, code: str) -> None:
        text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>not now</Message></Error>'
        content = b"" if self.command == "HEAD" else text.encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self, after: float = 0, *, hard: bool = True) -> None:
        """End the connection, without the usual farewell if `hard`: the client sees a reset."""
        time.sleep(after)
        if hard:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
