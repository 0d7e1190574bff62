"""An OpenID Connect issuer, as its discovery document describes it: where to send people, and what comes back.

Its address is from the settings, so it is trusted to be asked; its answers are not trusted to be short, quick or right.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from openspending.errors import IssuerSilent, Unauthorised
from openspending.fdp import strictjson
from openspending.speaking.said import said

SCOPE: Final = "openid profile email"
SECONDS: Final = 10  # for one answer
LARGEST: Final = 1_000_000  # bytes of an answer
_KEPT: Final = 3600  # seconds that a discovery document is used
_REREAD: Final = 10  # seconds between two readings of the issuer's keys


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs people in, and what it knows this OpenSpending by. `title` is for people."""

    url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    title: str = "OpenID"


class Provider:
    """The issuer's endpoints. Safe to share between threads; `close` it in the end.

    Every method raises IssuerSilent when the issuer does not answer as it should.
    """

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._clock = clock
        self._http = httpx.Client(timeout=SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] | None = None
        self._metadata_at = 0.0
        self._keys: list[Mapping[str, Any]] = []
        self._keys_at: float | None = None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def metadata(self) -> Mapping[str, Any]:
        """The discovery document, which must be the issuer's own."""
        with self._lock:
            if self._metadata is None or self._clock() - self._metadata_at >= _KEPT:
                found = self._ask("GET", f"{self.issuer.url}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != self.issuer.url.rstrip("/"):
                    raise IssuerSilent(said("The issuer calls itself otherwise than OS_OIDC_ISSUER does."))
                self._metadata, self._metadata_at = found, self._clock()
            return self._metadata

    def keys(self, *, anew: bool = False) -> list[Mapping[str, Any]]:
        """The issuer's public keys; `anew` reads them again, unless that was done a moment ago."""
        address = self._endpoint("jwks_uri")
        with self._lock:
            age = None if self._keys_at is None else self._clock() - self._keys_at
            if age is None or age >= _KEPT or (anew and age >= _REREAD):
                found = self._ask("GET", address).get("keys")
                self._keys = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
                self._keys_at = self._clock()
            return self._keys

    def authorisation(self, *, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to sign in."""
        return str(
            prepare_grant_uri(
                self._endpoint("authorization_endpoint"),
                client_id=self.issuer.client_id,
                response_type="code",
                redirect_uri=redirect_uri,
                scope=SCOPE,
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    def redeem(self, code: str, *, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        """The tokens that an authorisation code is worth. Raises Unauthorised when the issuer does not take it."""
        address = self._endpoint("token_endpoint")
        body = prepare_token_request("authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        client = ClientAuth(self.issuer.client_id, self.issuer.client_secret, self._auth_method())
        address, headers, body = client.prepare("POST", address, headers, body)
        return self._ask("POST", address, headers=headers, content=body, refusable=True)

    def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """What the issuer tells about the person, where it has such an endpoint; else {}."""
        if "userinfo_endpoint" not in self.metadata():
            return {}
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        return self._ask("GET", self._endpoint("userinfo_endpoint"), headers=headers)

    def _auth_method(self) -> str:
        if self.issuer.client_secret is None:
            return "none"
        offered = self.metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _endpoint(self, name: str) -> str:
        """An address of the discovery document. It is https where the issuer's is."""
        address = self.metadata().get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in {"https", urlsplit(self.issuer.url).scheme}:
            raise IssuerSilent(said("The issuer names no usable {name}.", name=name))
        return address

    def _ask(self, method: str, address: str, *, refusable: bool = False, **request: Any) -> Mapping[str, Any]:
        """The JSON object at an address, read to no more than LARGEST bytes and in no more than twice SECONDS."""
        stop = time.monotonic() + 2 * SECONDS
        body = bytearray()
        try:
            with self._http.stream(method, address, **request) as answer:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST or time.monotonic() > stop:
                        raise IssuerSilent(said("The issuer's answer does not end."))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise IssuerSilent(said("The issuer does not answer ({name}).", name=type(error).__name__)) from None
        if refusable and answer.status_code in {400, 401, 403}:
            raise Unauthorised(said("The issuer did not confirm the sign-in. Try again."), "invalid_token")
        found, problems = strictjson.parse(bytes(body))
        if answer.status_code != httpx.codes.OK or problems or not isinstance(found, dict):
            raise IssuerSilent(
                said("The issuer answers with status {status_code} and no JSON object.", status_code=answer.status_code)
            )
        return found
