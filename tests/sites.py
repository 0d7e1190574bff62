"""A small web site on this machine, for tests that fetch: files with validators, and a record of what was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class Site:
    """`files` by path: bytes and ETag (None: the server gives none). `asked`: the path of every request with what it
    says of the version it knows, and the status of the answer."""

    address: str = ""
    files: dict[str, tuple[bytes, str | None]] = field(default_factory=dict)
    asked: list[tuple[str, str | None, int]] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The URL of a file."""
        return f"{self.address}{path}"


@contextmanager
def site() -> Iterator[Site]:
    """A running site."""
    found = Site()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known, path = self.headers["If-None-Match"], unquote(self.path)
            body, tag = found.files.get(path, (b"", None))
            status = 404 if path not in found.files else 304 if tag is not None and known == tag else 200
            found.asked.append((path, known, status))
            self.send_response(status)
            if tag is not None:
                self.send_header("ETag", tag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()
