"""Sending one message to a stranger's address, with the guards of `fetch`: public addresses only, no redirect followed,
bounded in time, and of the answer no more is read than is shown."""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpx

from openspending.fetch import Fetcher, Unreachable, explained, is_public, parsed

PATIENCE: Final = 20.0  # seconds for all of it
CONNECT: Final = 5.0
READ: Final = 10.0
SHOWN: Final = 500  # bytes of the answer
LONGEST_URL: Final = 2000
_LOWEST_PORT: Final = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a message: the status, or why there is none; how the answer began; whether to wait, and how long."""

    status: int | None
    ms: int
    text: str = ""
    error: str = ""
    retry_after: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Sender:
    """Called with a URL, headers and a body. `allow_private_hosts` is for tests."""

    allow_private_hosts: bool = False
    patience: float = PATIENCE

    def check(self, url: str) -> None:
        """Raises Unreachable for a URL to which nothing would be sent, as far as it is known without asking for its
        host's address."""
        place, _ = self._request(url)
        with suppress(ValueError):
            if not self.allow_private_hosts and not is_public(ipaddress.ip_address(place.host)):
                raise Unreachable(f"the host {place.host} is not on the public internet")

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post `body`; what comes of it is an answer, whatever it is."""
        begun = time.monotonic()
        try:
            status, text, wait = self._post(url, headers, body)
        except Unreachable as error:
            return Answer(None, _since(begun), error=str(error)[:SHOWN])
        return Answer(status, _since(begun), text, "" if 200 <= status < 300 else f"It answered {status}.", wait)

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, int]:
        place, fetcher = self._request(url)
        timeout = httpx.Timeout(READ, connect=CONNECT).as_dict()
        with explained():
            asked = fetcher.checked(place)
            further = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
            request = httpx.Request(
                "POST",
                asked["url"],
                headers={**asked["headers"], **further},
                content=body,
                extensions={**asked["extensions"], "timeout": timeout},
            )
            # a transport alone: a client would write the URL, which may be a secret, to the log
            with httpx.HTTPTransport(verify=_trusted(), trust_env=False) as transport, self._bounded(transport):
                answer = transport.handle_request(request)
                try:
                    return answer.status_code, self._beginning(answer), _wait(answer.headers.get("retry-after", ""))
                finally:
                    answer.close()

    @contextmanager
    def _bounded(self, transport: httpx.HTTPTransport) -> Iterator[None]:
        """Closes the connection when it is time, whatever is going on."""
        late = threading.Event()

        def end() -> None:
            late.set()
            transport.close()

        watch = threading.Timer(self.patience, end)
        watch.daemon = True
        watch.start()
        try:
            yield
        except (RuntimeError, httpx.HTTPError):  # what was being read is closed
            if late.is_set():
                raise Unreachable("the server does not answer in time") from None
            raise
        finally:
            watch.cancel()

    def _beginning(self, answer: httpx.Response) -> str:
        """How the body begins, as text."""
        found = b""
        deadline = time.monotonic() + self.patience
        for block in answer.iter_raw(SHOWN):
            found += block
            if len(found) >= SHOWN or time.monotonic() > deadline:
                break
        return found[:SHOWN].decode("utf-8", "replace").replace("\x00", "�")

    def _request(self, url: str) -> tuple[httpx.URL, Fetcher]:
        if len(url) > LONGEST_URL:
            raise Unreachable(f"it is longer than {LONGEST_URL} characters")
        place = parsed(url)
        port = place.port
        if port is not None and port not in {80, 443} and port < _LOWEST_PORT and not self.allow_private_hosts:
            raise Unreachable(f"nothing is sent to port {port}; 80, 443 and those from {_LOWEST_PORT} on may be used")
        return place, Fetcher(allow_private_hosts=self.allow_private_hosts)


@cache
def _trusted() -> ssl.SSLContext:
    """Which certificates are believed; reading them takes longer than sending a message."""
    return httpx.create_ssl_context(trust_env=False)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def _wait(said: str) -> int:
    """Seconds that the other side asks for; a date is not read."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
