"""A real OpenID Connect provider for tests, in a process of its own: `oidc-provider-mock`, which checks PKCE here too.

`oidc_provider` starts it; `sign_in_at` is what a person does on its page.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


@contextmanager
def oidc_provider() -> Iterator[str]:
    """The address of a running provider."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, __file__, str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def know(provider: str, subject: str, **claims: object) -> None:
    """Tell the provider about a person."""
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()


def sign_in_at(address: str, subject: str) -> str:
    """Sign in on the page that a browser was sent to; the address that it is sent to then."""
    answer = httpx.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text[:500]
    return answer.headers["location"]


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{address}/jwks").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    message = "the provider did not start"
    raise AssertionError(message)


class CheckingPkce:
    """The provider, which takes a code only with the verifier of its challenge (RFC 7636); it does not look itself."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._challenges: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/oauth2/authorize" and environ["REQUEST_METHOD"] == "POST":
            return self._app(environ, lambda *answer: self._remember(environ, start, *answer))
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if self._challenges.get(form.get("code", "")) != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
        return self._app(environ, start)

    def _remember(self, environ: dict[str, Any], start: Callable[..., Any], *answer: Any) -> Any:
        location = dict(answer[1]).get("Location", "")
        asked = parse_qs(environ["QUERY_STRING"])
        for code in parse_qs(urlsplit(location).query).get("code", ()):
            if asked.get("code_challenge_method") == ["S256"]:
                self._challenges[code] = asked["code_challenge"][0]
        return start(*answer)


def _serve(port: int) -> None:
    import oidc_provider_mock  # type: ignore[import-untyped]  # it ships no type information
    from werkzeug.serving import run_simple

    provider = oidc_provider_mock.app(require_nonce=True)
    run_simple("127.0.0.1", port, CheckingPkce(provider), threaded=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
