"""A small reverse proxy for tests: it sends each request to the component that `deploy/Caddyfile` sends it to.

So that file is what the journeys of components apart go through. Only the words that it uses are understood.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CADDYFILE = Path(__file__).resolve().parent.parent / "deploy" / "Caddyfile"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


@dataclass(frozen=True)
class Rule:
    """Requests that match go to a component: by a pattern of their path, by their method, or by both; or all."""

    component: str
    path: re.Pattern[str] | None = None
    methods: frozenset[str] = frozenset()

    def matches(self, method: str, path: str) -> bool:
        return (self.path is None or self.path.search(path) is not None) and (
            not self.methods or method in self.methods
        )


def rules(caddyfile: str) -> list[Rule]:
    """The rules of the file, in order."""
    matchers: dict[str, dict[str, str]] = {}
    for name, words, block in re.findall(r"^\s*@(\w+) (?:(\w+ .+)|\{\n([^}]+)\n\s*\})$", caddyfile, re.MULTILINE):
        said = [line.split(None, 1) for line in (words or block).strip().splitlines()]
        assert {kind for kind, _ in said} <= {"path_regexp", "method"}
        matchers[name] = dict(said)
    found = []
    for name, upstream in re.findall(r"handle (?:@(\w+) )?\{\s*reverse_proxy ([a-z-]+):8000", caddyfile):
        words = matchers.pop(name) if name else {}
        pattern = re.compile(words["path_regexp"]) if "path_regexp" in words else None
        found.append(Rule(upstream, pattern, frozenset(words.get("method", "").split())))
    assert not matchers, f"matchers that no handle names: {matchers}"
    return found


@dataclass
class Gateway:
    """The proxy: `upstreams` are the addresses of the components, known once they have started."""

    server: ThreadingHTTPServer
    rules: list[Rule]
    upstreams: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def upstream(self, method: str, path: str) -> str:
        rule = next(one for one in self.rules if one.matches(method, path.partition("?")[0]))
        return self.upstreams[rule.component]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """The proxy, running on a free port; it has no upstreams yet."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forward)
    server.daemon_threads = True
    running = Gateway(server, rules(CADDYFILE.read_text(encoding="utf-8")))
    server.gateway = running  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Forward(BaseHTTPRequestHandler):
    """One request, passed on with its Host, and its answer, passed back whole."""

    protocol_version = "HTTP/1.1"

    def _forward(self) -> None:
        running: Gateway = self.server.gateway  # type: ignore[attr-defined]
        upstream = urlsplit(running.upstream(self.command, self.path)).netloc
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = HTTPConnection(upstream, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
        except (OSError, HTTPException) as error:
            self._answer(502, [("Content-Type", "text/plain")], f"{type(error).__name__}\n".encode())
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        known: Mapping[str, str] = {name.lower(): value for name, value in headers}
        length = known.get("content-length") if self.command == "HEAD" else str(len(body))
        if length is not None and status not in {204, 304}:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward  # noqa: N815 - as the library calls them

    def log_message(self, *_: Any) -> None:
        """Nothing is written."""
