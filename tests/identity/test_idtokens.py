"""What an issuer states is believed when it signed it just now, for us; an issuer that misbehaves harms nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from openspending.errors import IssuerSilent, Unauthorised
from openspending.identity.idtokens import person_of
from openspending.identity.provider import LARGEST, Issuer, Provider
from openspending.identity.tokens import SigningKey

KEY = SigningKey.new()
OTHER = SigningKey.new()
NONCE = "nonce"
CLIENT = "openspending"


@dataclass
class FakeIssuer:
    """An issuer that says what a test wants it to: bodies by path, and what it was asked."""

    address: str = ""
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def says(self, path: str, content: Any, status: int = 200) -> None:
        self.answers[path] = (status, content)

    def metadata(self, **more: Any) -> None:
        endpoints = {
            name: f"{self.address}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
        self.says("/.well-known/openid-configuration", {"issuer": self.address, **endpoints, **more})

    def claims(self, **more: Any) -> dict[str, Any]:
        at = int(time.time())
        return {"iss": self.address, "sub": "1815", "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": NONCE, **more}


@pytest.fixture(scope="module")
def running() -> Iterator[FakeIssuer]:
    found = FakeIssuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            found.asked.append((self.path, self.headers["Authorization"] or "", body))
            status, content = found.answers.get(self.path, (404, {}))
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET  # noqa: N815 - the name is the library's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def issuer(running: FakeIssuer) -> FakeIssuer:
    running.answers.clear()
    running.asked.clear()
    running.metadata()
    running.says("/jwks_uri", {"keys": [KEY.public_jwk()]})
    return running


@pytest.fixture
def provider(issuer: FakeIssuer) -> Iterator[Provider]:
    found = Provider(Issuer(issuer.address, CLIENT, "hush-hush"))
    yield found
    found.close()


def part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hmac_signed(claims: dict[str, Any], secret: bytes) -> str:
    signed = f"{part({'alg': 'HS256', 'kid': KEY.kid})}.{part(claims)}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def test_a_true_token_is_believed(issuer: FakeIssuer, provider: Provider) -> None:
    claims = issuer.claims(email="ada@example.org", email_verified=True, preferred_username="ada", name="Ada")
    person = person_of(provider, {"id_token": KEY.sign(claims)}, NONCE)
    assert (person.issuer, person.subject, person.email) == (issuer.address, "1815", "ada@example.org")
    assert (person.username, person.title) == ("ada", "Ada")


def test_what_the_token_does_not_say_is_asked_of_the_issuer(issuer: FakeIssuer, provider: Provider) -> None:
    issuer.metadata(userinfo_endpoint=f"{issuer.address}/userinfo")
    issuer.says("/userinfo", {"sub": "1815", "email": "ada@example.org", "email_verified": True, "iss": "x"})
    tokens = {"id_token": KEY.sign(issuer.claims()), "access_token": "opaque"}
    assert person_of(provider, tokens, NONCE).email == "ada@example.org"
    assert ("/userinfo", "Bearer opaque", "") in issuer.asked
    issuer.says("/userinfo", {"sub": "somebody else", "email": "eve@example.org", "email_verified": True})
    assert person_of(provider, tokens, NONCE).email is None


FALSE: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example.org"},
    "another client": {"aud": "another"},
    "other clients": {"aud": ["another", "others"]},
    "ours and others', for others": {"aud": [CLIENT, "another"], "azp": "another"},
    "ours and others', for nobody": {"aud": [CLIENT, "another"]},
    "expired": {"exp": int(time.time()) - 120},
    "never ends": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 600},
    "of the future": {"iat": int(time.time()) + 600},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 1815},
    "a subject without end": {"sub": "x" * 300},
    "of another access token": {"at_hash": "x"},
}


@pytest.mark.parametrize("case", FALSE)
def test_a_token_about_something_else_is_refused(case: str, issuer: FakeIssuer, provider: Provider) -> None:
    claims = {key: value for key, value in issuer.claims(**FALSE[case]).items() if value is not None}
    with pytest.raises(Unauthorised):
        person_of(provider, {"id_token": KEY.sign(claims), "access_token": "opaque"}, NONCE)


@pytest.mark.parametrize("offered", [None, ["none", "HS256", "RS256"], ["none"], ["HS256"]])
def test_a_token_that_the_issuer_did_not_sign_is_refused(
    offered: list[str] | None, issuer: FakeIssuer, provider: Provider
) -> None:
    if offered is not None:
        issuer.metadata(id_token_signing_alg_values_supported=offered)
    claims = issuer.claims()
    forged = [
        f"{part({'alg': 'none'})}.{part(claims)}.",
        hmac_signed(claims, b"hush-hush"),  # with the client's secret, which browsers of some clients know
        hmac_signed(claims, KEY.public_pem().encode()),
        OTHER.sign(claims),
        KEY.sign(claims)[:-10],
        "",
        "x" * 60_000,
    ]
    for token in forged:
        with pytest.raises(Unauthorised):
            person_of(provider, {"id_token": token}, NONCE)
    for tokens in ({}, {"id_token": None}, {"id_token": ["x"]}):
        with pytest.raises(Unauthorised):
            person_of(provider, tokens, NONCE)


def test_other_signatures_are_understood_where_the_issuer_offers_them(issuer: FakeIssuer, provider: Provider) -> None:
    issuer.metadata(id_token_signing_alg_values_supported=["RS256", "ES256"])
    key = ECKey.generate_key("P-256", {"kid": "e1"})
    issuer.says("/jwks_uri", {"keys": [KEY.public_jwk(), key.as_dict(private=False)]})
    token = jwt.encode({"alg": "ES256", "kid": "e1"}, issuer.claims(), key, algorithms=["ES256"])
    assert person_of(provider, {"id_token": token}, NONCE).subject == "1815"


def test_a_key_that_the_issuer_changed_to_is_found(issuer: FakeIssuer) -> None:
    clock = [0.0]
    provider = Provider(Issuer(issuer.address, CLIENT), clock=lambda: clock[0])
    person_of(provider, {"id_token": KEY.sign(issuer.claims())}, NONCE)
    issuer.says("/jwks_uri", {"keys": [OTHER.public_jwk()]})
    for _ in range(3):
        with pytest.raises(Unauthorised):  # not looked for at every forged token
            person_of(provider, {"id_token": OTHER.sign(issuer.claims())}, NONCE)
    clock[0] = 10.0
    assert person_of(provider, {"id_token": OTHER.sign(issuer.claims())}, NONCE).subject == "1815"
    assert [path for path, _, _ in issuer.asked].count("/jwks_uri") == 2
    provider.close()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"x" * (LARGEST + 1), 200),
        (b"<html>", 200),
        (b"[]", 200),
        (b"{}", 500),
        (b"{}", 302),
        ({"issuer": "https://evil.example.org"}, 200),
        (b'{"issuer": "x", "issuer": "y"}', 200),
    ],
)
def test_an_issuer_that_answers_otherwise_is_silent(
    content: Any, status: int, issuer: FakeIssuer, provider: Provider
) -> None:
    issuer.says("/.well-known/openid-configuration", content, status)
    with pytest.raises(IssuerSilent):
        provider.metadata()


def test_keys_and_endpoints_that_are_none_verify_nothing(issuer: FakeIssuer, provider: Provider) -> None:
    token = {"id_token": KEY.sign(issuer.claims())}
    weak = RSAKey.generate_key(2048, {"use": "enc"}).as_dict(private=False)
    for keys in ({}, {"keys": None}, {"keys": ["x"]}, {"keys": [{"kty": "RSA", "n": "x"}]}, {"keys": [weak]}):
        issuer.says("/jwks_uri", keys)
        provider._keys_at = None
        with pytest.raises(Unauthorised):
            person_of(provider, token, NONCE)
    issuer.metadata(token_endpoint="file:///etc/passwd")
    provider._metadata = None
    with pytest.raises(IssuerSilent):
        provider.redeem("code", redirect_uri="https://x.example.org", verifier="v" * 43)


@pytest.mark.parametrize(
    ("secret", "offered", "expected"),
    [
        ("hush-hush", None, "header"),
        ("hush-hush", ["client_secret_post"], "body"),
        ("hush-hush", ["client_secret_post", "client_secret_basic"], "header"),
        (None, None, "none"),
    ],
)
def test_a_code_is_redeemed_as_the_issuer_wants_it(
    secret: str | None, offered: list[str] | None, expected: str, issuer: FakeIssuer
) -> None:
    if offered is not None:
        issuer.metadata(token_endpoint_auth_methods_supported=offered)
    issuer.says("/token_endpoint", {"id_token": "x"})
    provider = Provider(Issuer(issuer.address, CLIENT, secret))
    assert provider.redeem("c&d", redirect_uri="https://x.example.org", verifier="v" * 43) == {"id_token": "x"}
    _, header, body = issuer.asked[-1]
    assert "code=c%26d" in body
    assert f"code_verifier={'v' * 43}" in body
    assert header.startswith("Basic ") is (expected == "header")
    assert ("client_secret=hush-hush" in body) is (expected == "body")
    issuer.says("/token_endpoint", {"error": "invalid_grant", "error_description": "secret"}, 400)
    with pytest.raises(Unauthorised) as caught:
        provider.redeem("c", redirect_uri="https://x.example.org", verifier="v" * 43)
    assert "secret" not in str(caught.value)
    assert "hush-hush" not in repr(provider.issuer)
    provider.close()
