"""An access token holds only when it is ours, for us, and of now."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from openspending.actor import Actor, Scope
from openspending.errors import NotFound, StoreError, Unauthorised
from openspending.identity.tokens import (
    LEEWAY,
    LIFETIME,
    PublicKeys,
    SigningKey,
    Verifier,
    access_claims,
    published,
)

ISSUER = "https://openspending.example.org"
NOW = 1_800_000_000
KEY = SigningKey.new()
OTHER = SigningKey.new()
ROBOT = Actor(
    account="a1",
    name="ministry-robot",
    roles={"ministry-robot": "admin", "ministry": "editor"},
    grants={"city/budget": "viewer"},
    scopes=(Scope(("read", "import"), "ministry/*"),),
    token="t1",
)


class Store:
    """The published keys, counting how often they are read."""

    def __init__(self, *keys: SigningKey) -> None:
        self.content: bytes | Exception = published(keys)
        self.reads = 0

    def __call__(self) -> bytes:
        self.reads += 1
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


def verifier(store: Store | None = None, at: int = NOW) -> Verifier:
    return Verifier(PublicKeys(store or Store(KEY)), ISSUER, clock=lambda: at)


def claims(**further: Any) -> dict[str, Any]:
    return {**access_claims(ROBOT, issuer=ISSUER, at=NOW), **further}


def part(content: bytes | Mapping[str, Any]) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(header: Mapping[str, Any], body: Mapping[str, Any], signature: bytes = b"") -> str:
    return f"{part(header)}.{part(body)}.{part(signature)}"


def test_a_token_brings_its_actor_back_whole() -> None:
    assert verifier().verify(KEY.sign(claims())) == ROBOT
    person = Actor(account="a2", name="ada", roles={"ada": "admin"}, administrator=True, token="s1")
    token = KEY.sign(access_claims(person, issuer=ISSUER, at=NOW, csrf="word"))
    verified = verifier().verified(token)
    assert (verified.actor, verified.csrf, verified.expires) == (person, "word", NOW + LIFETIME)


def without(name: str) -> str:
    return KEY.sign({key: value for key, value in claims().items() if key != name})


def by_hmac(secret: str, alg: str = "HS256") -> str:
    """The old trick: the public key, which everybody has, as the secret of an HMAC."""
    signed = f"{part({'alg': alg, 'typ': 'JWT', 'kid': KEY.kid})}.{part(claims())}"
    return f"{signed}.{part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def tampered() -> str:
    header, _, signature = KEY.sign(claims()).split(".")
    return f"{header}.{part(claims(adm=True))}.{signature}"


def with_own_key() -> str:
    """A token that brings the key to verify it along."""
    header = {"alg": "RS256", "kid": KEY.kid, "jwk": OTHER.public_jwk()}
    return unsigned(header, claims(), base64.urlsafe_b64decode(OTHER.sign(claims()).split(".")[2] + "=="))


NEEDED = ("iss", "aud", "exp", "iat", "sub", "roles", "grants", "scopes", "adm")
BAD = {
    "empty": "",
    "one word": "secret",
    "three empty parts": "..",
    "not ascii": "é.é.é",
    "too long": "x" * 20_000,
    "deeply nested": f"{part(b'[' * 9000)}.e30.",
    "alg none": unsigned({"alg": "none", "kid": KEY.kid}, claims()),
    "alg None": unsigned({"alg": "None", "kid": KEY.kid}, claims()),
    "alg is no text": unsigned({"alg": ["RS256"], "kid": KEY.kid}, claims()),
    "no alg": unsigned({"kid": KEY.kid}, claims()),
    "no signature": KEY.sign(claims()).rpartition(".")[0] + ".",
    "hmac with the public key": by_hmac(KEY.public_pem()),
    "hmac with the public key, stripped": by_hmac(KEY.public_pem().strip()),
    "hmac that says RS256": by_hmac(KEY.public_pem(), "RS256"),
    "hmac with the public key's modulus": by_hmac(str(KEY.public_jwk()["n"])),
    "another's key": OTHER.sign(claims()),
    "another's key under our id": with_own_key(),
    "no key id": unsigned({"alg": "RS256"}, claims(), b"x" * 256),
    "key id is no text": unsigned({"alg": "RS256", "kid": [KEY.kid]}, claims(), b"x" * 256),
    "key id is a path": unsigned({"alg": "RS256", "kid": "../../dev/null"}, claims(), b"x" * 256),
    "something critical": unsigned({"alg": "RS256", "kid": KEY.kid, "crit": ["b64"], "b64": False}, claims()),
    "tampered": tampered(),
    "another audience": KEY.sign(claims(aud="somebody")),
    "several audiences, none ours": KEY.sign(claims(aud=["a", "b"])),
    "another issuer": KEY.sign(claims(iss="https://evil.example.org")),
    "expired": KEY.sign(claims(exp=NOW - LEEWAY)),
    "not yet": KEY.sign(claims(nbf=NOW + LEEWAY + 1)),
    "issued in the future": KEY.sign(claims(iat=NOW + LEEWAY + 1)),
    "for ever": KEY.sign(claims(exp=float("inf"))),
    "expiry is a text": KEY.sign(claims(exp=str(NOW + 60))),
    "a role that is none": KEY.sign(claims(roles={"ministry": "emperor"})),
    "an action that is none": KEY.sign(claims(scopes=[{"actions": ["fly"], "datasets": "*"}])),
    "roles are a list": KEY.sign(claims(roles=["admin"])),
    "administrator is a text": KEY.sign(claims(adm="yes")),
    "nobody": KEY.sign(claims(sub="")),
    **{f"without {name}": without(name) for name in NEEDED},
}


@pytest.mark.parametrize("case", BAD)
def test_a_token_that_does_not_hold_is_refused_with_the_same_words(case: str) -> None:
    with pytest.raises(Unauthorised) as caught:
        verifier().verify(BAD[case])
    assert caught.value.because == "invalid_token"
    assert str(caught.value).startswith("The token does not hold")


@pytest.mark.parametrize("at", [NOW - LEEWAY, NOW, NOW + LIFETIME + LEEWAY - 1])
def test_clocks_may_differ_by_a_minute(at: int) -> None:
    assert verifier(at=at).verify(KEY.sign(claims())) == ROBOT


@pytest.mark.parametrize("at", [NOW - LEEWAY - 1, NOW + LIFETIME + LEEWAY])
def test_clocks_may_not_differ_by_more(at: int) -> None:
    with pytest.raises(Unauthorised):
        verifier(at=at).verify(KEY.sign(claims()))


def test_a_remembered_token_ends_too() -> None:
    at = [NOW]
    one = Verifier(PublicKeys(Store(KEY)), ISSUER, clock=lambda: at[0])
    token = KEY.sign(claims())
    assert one.verify(token) == ROBOT
    assert one.known(token) is not None
    at[0] = NOW + LIFETIME + LEEWAY
    assert one.known(token) is None
    with pytest.raises(Unauthorised):
        one.verify(token)


def test_unknown_keys_do_not_make_us_read_the_store_at_every_request() -> None:
    store, clock = Store(KEY), [0.0]
    keys = PublicKeys(store, clock=lambda: clock[0])
    assert keys.find(KEY.kid) is not None
    assert [keys.find(f"made-up-{one}") for one in range(100)] == [None] * 100
    assert store.reads == 1
    store.content = published([KEY, OTHER])
    assert keys.find(OTHER.kid) is None
    clock[0] = 10.0
    assert keys.find(OTHER.kid) is not None
    assert store.reads == 2


def test_a_key_that_is_taken_away_stops_to_verify_within_five_minutes() -> None:
    store, clock = Store(KEY, OTHER), [0.0]
    keys = PublicKeys(store, clock=lambda: clock[0])
    assert keys.find(OTHER.kid) is not None
    store.content = published([KEY])
    clock[0] = 301.0
    assert keys.find(OTHER.kid) is None


SECRET_KEY = b'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "x"}]}'


def test_while_the_store_is_silent_the_keys_that_were_read_go_on_to_verify() -> None:
    store, clock = Store(KEY), [0.0]
    keys = PublicKeys(store, clock=lambda: clock[0])
    assert keys.find(KEY.kid) is not None
    store.content = StoreError("The store is silent.")
    clock[0] = 301.0
    for _ in range(5):
        assert keys.find(KEY.kid) is not None
        assert keys.find("made-up") is None
    assert store.reads == 2
    store.content = published([OTHER])
    clock[0] = 311.0
    assert keys.find(KEY.kid) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", SECRET_KEY, b"\xff"])
def test_damaged_keys_verify_nothing(content: bytes) -> None:
    store = Store()
    store.content = content
    with pytest.raises(Unauthorised):
        verifier(store).verify(KEY.sign(claims()))


def test_without_keys_no_token_holds_and_a_silent_store_is_no_fault_of_the_token() -> None:
    store = Store()
    store.content = NotFound("There is no “identity/jwks.json”.")
    with pytest.raises(Unauthorised):
        verifier(store).verify(KEY.sign(claims()))
    store.content = StoreError("The store is silent.")
    with pytest.raises(StoreError):
        verifier(store).verify(KEY.sign(claims()))


def test_what_is_published_holds_no_secret() -> None:
    content = json.loads(published([KEY]))
    assert set(content["keys"][0]) == {"kty", "n", "e", "kid", "use", "alg"}
    assert "PRIVATE" not in KEY.public_pem()
    assert "PRIVATE" not in repr(KEY)
