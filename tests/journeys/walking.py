"""People and robots who walk through the platform over HTTP alone, as browsers and programs do."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.oidcprovider import know, oidc_provider, sign_in_at

# As people write tables: a banner, a total below, marks that may group digits or stand before decimals. That is asked.
GRANTS = b"""Republic of Examplia;;;
Grants of the year 2026;;;
Code;Recipient;Purpose;Amount
01;Museum;Roof;1.250
01;Museum;Light;3.100
02;Library;Books;2.400
;Total;;6.750
"""
SECONDS = 60.0  # that a job may take


@contextmanager
def issuer() -> Iterator[dict[str, str]]:
    """An OpenID Connect issuer on this machine; the settings with which people sign in there."""
    with oidc_provider() as address:
        for name in ("alice", "bob", "mallory"):
            know(address, name, preferred_username=name, email=f"{name}@example.org", email_verified=True)
        yield {
            "OS_OIDC_ISSUER": address,
            "OS_OIDC_CLIENT_ID": "openspending",
            "OS_OIDC_CLIENT_SECRET": "between-us",
        }


@dataclass
class Visitor:
    """Somebody with a browser or a program; nobody as long as they have not signed in."""

    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **more)

    def get(self, path: str, status: int = 200) -> httpx.Response:
        answer = self.ask("GET", path)
        assert answer.status_code == status, f"{path} {answer.status_code} {answer.text[:500]}"
        return answer

    def post(self, path: str, status: int = 200, **body: Any) -> httpx.Response:
        answer = self.ask("POST", path, json=body) if body else self.ask("POST", path)
        assert answer.status_code == status, f"{path} {answer.status_code} {answer.text[:500]}"
        return answer

    def sign_in(self, name: str) -> str:
        """Sign in at the issuer as a browser does, by redirects and a form; where the browser is sent in the end."""
        at_issuer = self.http.get("/v1/identity/oidc/start", params={"next": "/treasury"}).headers["location"]
        back = sign_in_at(at_issuer, name)
        done = self.http.get(back)
        assert done.status_code == 303, done.text
        self.refresh()
        return str(done.headers["location"])

    def refresh(self) -> None:
        """A new access token, with today's roles."""
        told = self.http.post("/v1/identity/refresh")
        assert told.status_code == 200, told.text
        self.headers["X-CSRF-Token"] = told.json()["csrf"]

    def follow(self, link: str) -> None:
        """Open a one-time link: its page posts what stands in the fragment."""
        assert self.http.get("/sign-in").status_code == 200
        code = link.partition("#code=")[2]
        told = self.http.post("/v1/identity/sign-in", json={"code": code})
        assert told.status_code == 200, told.text
        self.headers["X-CSRF-Token"] = told.json()["csrf"]

    def upload(self, filename: str, content: bytes, owner: str) -> str:
        """Send a file as it is told to; the id of the upload."""
        announced = {"owner": owner, "filename": filename, "size": len(content), "sha256": sha256(content)}
        told = self.post("/v1/uploads", 201, **announced).json()
        sending = told["parts"]["send"]
        where = str(sending["url"])
        if where.startswith("/"):  # there is no store that could take it: the API does
            sent = self.ask(sending["method"], where, content=content, headers=sending["headers"])
        else:  # the URL is signed; nobody's token goes there
            sent = httpx.request(sending["method"], where, content=content, headers=sending["headers"])
        assert sent.is_success, sent.text
        self.post(told["links"]["complete"])
        return str(told["id"])

    def job(self, path: str, **body: Any) -> dict[str, Any]:
        """The job that a request begins, once it has ended."""
        begun = self.post(path, 202, **body)
        deadline = time.monotonic() + SECONDS
        while True:
            told: dict[str, Any] = self.get(begun.headers["location"]).json()
            if told["state"] in {"done", "failed", "cancelled"}:
                return told
            assert time.monotonic() < deadline, told
            time.sleep(0.15)


@contextmanager
def visitors(address: str) -> Iterator[Any]:
    """Makes visitors of the platform at `address`; their connections are closed in the end."""
    made: list[httpx.Client] = []

    def make(**headers: str) -> Visitor:
        made.append(httpx.Client(base_url=address, timeout=60))
        return Visitor(made[-1], headers)

    try:
        yield make
    finally:
        for one in made:
            one.close()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
