"""Requests to S3 that nobody signed, or that are changed after they were signed: what strangers could try."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from openspending.datastore.signing import Signed
from openspending.errors import StoreError

SECONDS = 15
ORIGIN = "https://browser.example"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the names of headers are lower-case."""

    status: int
    headers: Mapping[str, str]

    def listed(self, name: str) -> set[str]:
        """The items of a header that is a list, lower-case."""
        return {one.strip().lower() for one in self.headers.get(name, "").split(",")} - {""}


def ask(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
    """What the server answers. Raises StoreError when it does not."""
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        with closing(connect(parts.netloc, timeout=SECONDS)) as connection:
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            answer.read()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()})
    except (OSError, HTTPException) as error:
        raise StoreError(
            f"{parts.scheme}://{parts.netloc} does not answer: {error or type(error).__name__}."
        ) from error


def send(signed: Signed, body: bytes | None = None, **changed: str) -> Answer:
    """What the server answers to a signed request, some of its headers `changed`."""
    return ask(signed.method, signed.url, {**signed.headers, **changed}, body)


def may(url: str, method: str, headers: str) -> Answer:
    """What a browser is answered that asks whether a page of another origin may do this."""
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return ask("OPTIONS", url, {"Origin": ORIGIN, **asked})
