"""Access tokens: signed statements of who an actor is, which every component verifies alone, for ten minutes at most.

They are JWTs signed with RS256. The algorithm is ours, not what a token says of itself, and nothing but RSA keys of the
published set verifies them: neither “none” nor an HMAC with the public key as its secret can get through.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from openspending.actor import ACTIONS, ROLES, Actor, Scope
from openspending.errors import NotFound, StoreError, Unauthorised
from openspending.identity.ended import Ended
from openspending.speaking.said import said

ALGORITHM: Final = "RS256"
AUDIENCE: Final = "openspending"
LIFETIME: Final = 600  # seconds
LEEWAY: Final = 60  # seconds that clocks may differ
KEY_SIZE: Final = 2048
JWKS_KEY: Final = "identity/jwks.json"  # in the public store
_REREAD: Final = 10  # seconds between two readings of the keys for tokens whose key is not among them
_STALE: Final = 300  # seconds after which keys are read again anyway: one that was taken away must stop to verify
_LONGEST: Final = 16_000  # characters of a token; headers are not longer
_KEPT: Final = 10_000  # tokens remembered as verified

ReadKeys = Callable[[], bytes]


class SigningKey:
    """A private key, with the id (`kid`) under which its public half is published."""

    def __init__(self, pem: str) -> None:
        self._key = RSAKey.import_key(pem.encode())
        self.kid = self._key.thumbprint()[:16]

    @classmethod
    def new(cls) -> SigningKey:
        """A key that nobody has."""
        return cls(RSAKey.generate_key(KEY_SIZE, auto_kid=False).as_pem(private=True).decode())

    def __repr__(self) -> str:
        return f"SigningKey({self.kid})"

    def private_pem(self) -> str:
        """The key itself, for where it is kept."""
        return self._key.as_pem(private=True).decode()

    def public_pem(self) -> str:
        """Its public half, as clients of the old OpenSpending ask for it."""
        return self._key.as_pem(private=False).decode()

    def public_jwk(self) -> dict[str, Any]:
        """Its public half, as it stands in the published set."""
        return {**self._key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": ALGORITHM}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token that states `claims`, which say themselves who issued them, for whom, and until when."""
        return jwt.encode({"alg": ALGORITHM, "kid": self.kid}, dict(claims), self._key, algorithms=[ALGORITHM])


def published(keys: Iterable[SigningKey]) -> bytes:
    """The set of public keys (JWKS), as it lies in the public store."""
    return json.dumps({"keys": [one.public_jwk() for one in keys]}, indent=2).encode()


def access_claims(
    actor: Actor, *, issuer: str, csrf: str = "", at: int | None = None, lifetime: int = LIFETIME
) -> dict[str, Any]:
    """What an access token of `actor` states; `csrf` only of one that is kept in a cookie. Raises ValueError for
    nobody."""
    if actor.account is None:
        raise ValueError("nobody has no token")
    issued = int(time.time()) if at is None else at
    scopes = (
        None if actor.scopes is None else [{"actions": one.actions, "datasets": one.datasets} for one in actor.scopes]
    )
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "iat": issued,
        "nbf": issued,
        "exp": issued + lifetime,
        "sub": actor.account,
        "name": actor.name,
        "roles": dict(actor.roles),
        "grants": dict(actor.grants),
        "scopes": scopes,
        "adm": actor.administrator,
        "tok": actor.token,
    }
    return {**claims, "csrf": csrf} if csrf else claims


class _Scope(msgspec.Struct):
    """One of a token's scopes, as it is written."""

    actions: tuple[str, ...]
    datasets: str


class _Claims(msgspec.Struct):
    """What an access token must state, in which types; what it states beyond is left."""

    sub: str
    name: str
    roles: dict[str, str]
    grants: dict[str, str]
    scopes: tuple[_Scope, ...] | None
    adm: bool
    tok: str
    exp: int
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token that holds states: its actor, what requests with it in a cookie repeat, and when it ends."""

    actor: Actor
    csrf: str
    expires: int


class PublicKeys:
    """The published keys, remembered. Safe to share between threads.

    `read` returns the set's bytes; it raises NotFound while there is none, and StoreError when the store is silent.
    """

    def __init__(self, read: ReadKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: dict[str, RSAKey] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None

    def find(self, kid: str) -> RSAKey | None:
        """The key with this id, or None. Raises StoreError where the keys were never read and cannot be."""
        found = self._keys.get(kid)
        if found is not None and not self._older_than(_STALE):
            return found
        with self._lock:
            if self._older_than(_STALE if kid in self._keys else _REREAD):
                self._refresh()
        return self._keys.get(kid)

    def _older_than(self, seconds: int) -> bool:
        """Whether the keys should be read, which is tried once in a while only: also when the store is silent."""
        at = self._clock()
        if self._read_at is None or self._tried_at is None:
            return True
        return at - self._read_at >= seconds and at - self._tried_at >= _REREAD

    def _refresh(self) -> None:
        """Read the keys. While the store is silent, those that were read before go on to verify."""
        self._tried_at = self._clock()
        try:
            self._keys = self._fresh()
        except StoreError:
            if self._read_at is None:
                raise
        else:
            self._read_at = self._tried_at

    def _fresh(self) -> dict[str, RSAKey]:
        try:
            keys = [one for one in json.loads(self._read())["keys"] if one["kty"] == "RSA"]
            return {one["kid"]: RSAKey.import_key(one) for one in keys}
        except NotFound:
            return {}
        except (ValueError, TypeError, KeyError, JoseError):
            return {}  # damaged: nothing verifies until it is mended


class Verifier:
    """Verifies access tokens that `issuer` made, with the keys that it publishes. Safe to share between threads.

    A verified token is remembered until it ends. `ended` tells what ended earlier; without it nothing does.
    """

    def __init__(
        self, keys: PublicKeys, issuer: str, ended: Ended | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._ended = ended
        self._clock = clock
        self._known: dict[str, Verified] = {}

    def known(self, token: str) -> Verified | None:
        """What a token states that was verified before and has not ended; None where it takes `verified` to know."""
        found = self._known.get(token)
        if found is None or self._clock() >= found.expires + LEEWAY:
            return None
        if self._ended is not None and (self._ended.old() or self._ended.has(found.actor.token)):
            return None
        return found

    def verify(self, token: str) -> Actor:
        """Whom the token is of. Raises Unauthorised as `verified` does."""
        return self.verified(token).actor

    def verified(self, token: str) -> Verified:
        """What the token states. Raises Unauthorised where it does not hold, StoreError where no key can be read."""
        if self._ended is not None:
            self._ended.refresh()
        known = self.known(token)
        if known is not None:
            return known
        claims = read_claims(token, self._keys, issuer=self._issuer, audience=AUDIENCE, now=int(self._clock()))
        found = _verified(claims)
        if self._ended is not None and self._ended.has(found.actor.token):
            raise refused()
        if len(self._known) >= _KEPT:
            self._forget()
        self._known[token] = found
        return found

    def _forget(self) -> None:
        """Make room: what has ended goes, or everything."""
        now = self._clock()
        self._known = {token: one for token, one in list(self._known.items()) if now < one.expires + LEEWAY}
        if len(self._known) >= _KEPT:
            self._known = {}


def read_claims(token: str, keys: PublicKeys, *, issuer: str, audience: str, now: int) -> dict[str, Any]:
    """What a token states that `issuer` signed for `audience` with one of `keys`, and that is valid `now`.

    Raises Unauthorised, always with the same words: why a token does not hold helps only who forges one.
    """
    if len(token) > _LONGEST or not token.isascii():
        raise refused()
    try:
        claims = jwt.decode(token, lambda unread: _key_of(unread.headers(), keys), algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise refused() from None
    return claims


def refused() -> Unauthorised:
    """The error for a token that does not hold."""
    return Unauthorised(
        said("The token does not hold: it is expired, revoked, forged or for something else. Sign in again."),
        "invalid_token",
    )


def _key_of(header: Mapping[str, Any], keys: PublicKeys) -> RSAKey:
    """The key that a token's header names. Raises Unauthorised for another algorithm, before any key is looked for."""
    kid = header.get("kid")
    key = keys.find(kid) if header.get("alg") == ALGORITHM and isinstance(kid, str) else None
    if key is None:
        raise refused()
    return key


def _verified(claims: Mapping[str, Any]) -> Verified:
    try:
        stated = msgspec.convert(claims, _Claims)
    except (msgspec.ValidationError, RecursionError):
        raise refused() from None
    scopes = stated.scopes
    actions = {action for one in scopes or () for action in one.actions}
    roles = {*stated.roles.values(), *stated.grants.values()}
    if not stated.sub or not actions <= set(ACTIONS) or not roles <= set(ROLES):
        raise refused()
    actor = Actor(
        account=stated.sub,
        name=stated.name,
        roles=stated.roles,
        grants=stated.grants,
        scopes=None if scopes is None else tuple(Scope(one.actions, one.datasets) for one in scopes),
        administrator=stated.adm,
        token=stated.tok,
    )
    return Verified(actor, stated.csrf, stated.exp)
