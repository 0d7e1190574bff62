"""ID tokens: what an issuer states about who signed in, verified with the keys that it publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.oidc.core.claims import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, import_key

from openspending.errors import Unauthorised
from openspending.identity.provider import Provider
from openspending.speaking.said import said

LEEWAY: Final = 60  # seconds that clocks may differ
# with private keys alone: neither “none” nor an HMAC, whose secret is ours as well
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
_KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})
_LONGEST: Final = 50_000  # characters


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in: `subject` is what the issuer knows them by, for good. `email` only when the issuer verified it."""

    issuer: str
    subject: str
    email: str | None
    username: str
    title: str


def person_of(provider: Provider, tokens: Mapping[str, Any], nonce: str) -> Person:
    """Whom the tokens are about. Raises Unauthorised unless the issuer signed the ID token just now, for us, and for
    the request that had the `nonce`."""
    claims = _verified(provider, tokens, nonce)
    access = tokens.get("access_token")
    if "email" not in claims and isinstance(access, str):
        told = provider.userinfo(access)
        if told.get("sub") == claims["sub"]:  # or it is about somebody else
            claims = {**told, **claims}
    email = _text(claims, "email", 320)
    return Person(
        issuer=provider.issuer.url,
        subject=str(claims["sub"]),
        email=email if email and "@" in email and claims.get("email_verified") is True else None,
        username=_text(claims, "preferred_username", 100) or _text(claims, "nickname", 100) or email or "",
        title=_text(claims, "name", 200),
    )


def _verified(provider: Provider, tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    token = tokens.get("id_token")
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise _refused()
    offered = provider.metadata().get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [one for one in ALGORITHMS if one in offered]
    try:
        try:
            read = jwt.decode(token, _keys(provider.keys()), algorithms=algorithms)
        except (InvalidKeyIdError, ValueError):  # a key that is new since we looked
            read = jwt.decode(token, _keys(provider.keys(anew=True)), algorithms=algorithms)
        issuer, client = provider.metadata()["issuer"], provider.issuer.client_id
        CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}},
            {"nonce": nonce, "client_id": client, "access_token": tokens.get("access_token")},
        ).validate(leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refused() from None
    subject = read.claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise _refused()
    return dict(read.claims)


def _keys(published: list[Mapping[str, Any]]) -> KeySet:
    """The keys that may verify: public ones, for signatures. Raises ValueError where there is none."""
    usable = [one for one in published if one.get("kty") in _KEY_TYPES and one.get("use", "sig") == "sig"]
    keys = KeySet([import_key(dict(one)) for one in usable])
    if not keys.keys:
        raise ValueError("no key to verify with")
    return keys


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    return value.strip()[:longest] if isinstance(value, str) and value.isprintable() else ""


def _refused() -> Unauthorised:
    return Unauthorised(said("What the issuer states about this sign-in does not hold. Try again."), "invalid_token")
