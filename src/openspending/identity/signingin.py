"""Signing in by an issuer: from the button to its page, and from there back to an account.

What has to hold between the two is in a signed cookie for ten minutes: `state` ties the answer to this browser, `nonce`
ties the ID token to it, and the verifier of PKCE makes a code worthless to whoever catches it.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openspending.database.engine import alone
from openspending.errors import Unauthorised
from openspending.identity import accounts, links, names
from openspending.identity.accounts import Account
from openspending.identity.idtokens import Person, person_of
from openspending.identity.installation import Installation
from openspending.identity.localpaths import local_path
from openspending.identity.provider import Provider
from openspending.identity.secretcodes import NAMING
from openspending.identity.tokens import read_claims
from openspending.speaking.said import said

AUDIENCE: Final = "openspending/sign-in"
SECONDS: Final = 600
CALLBACK: Final = "/v1/identity/oidc/callback"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where to send the browser, and the cookie that it brings back."""

    address: str
    cookie: str


def begin(installation: Installation, provider: Provider, *, base_url: str, then: str) -> Begun:
    """Send somebody to the issuer; afterwards they come to the local path `then`. Raises IssuerSilent."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    address = provider.authorisation(redirect_uri=base_url + CALLBACK, state=state, nonce=nonce, verifier=verifier)
    at = int(time.time())
    claims = {"iss": installation.keys.issuer, "aud": AUDIENCE, "iat": at, "exp": at + SECONDS}
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": local_path(then)}
    return Begun(address, installation.keys.sign({**claims, **kept}))


def complete(
    installation: Installation, provider: Provider, *, base_url: str, cookie: str, answered: Mapping[str, str]
) -> tuple[str, str]:
    """The id of the account that signed in, and the local path to go to. `answered` is what the issuer sent back.

    Raises Unauthorised where any of it does not fit, IssuerSilent.
    """
    kept = read_claims(
        cookie, installation.public_keys, issuer=installation.keys.issuer, audience=AUDIENCE, now=int(time.time())
    )
    _check_answer(provider, kept["state"], answered)
    tokens = provider.redeem(answered["code"], redirect_uri=base_url + CALLBACK, verifier=kept["verifier"])
    account = account_of(installation, person_of(provider, tokens, kept["nonce"]))
    return account.id, local_path(kept["next"])


def _check_answer(provider: Provider, state: str, answered: Mapping[str, str]) -> None:
    if not hmac.compare_digest(answered.get("state", "").encode(), state.encode()):
        raise Unauthorised(
            said("This sign-in did not begin in this browser, or too long ago. Try again."), "invalid_token"
        )
    if "error" in answered:
        raise Unauthorised(said("The issuer did not sign you in."), "access_denied")
    if answered.get("iss", provider.issuer.url).rstrip("/") != provider.issuer.url.rstrip("/"):
        raise Unauthorised(said("The answer is from another issuer."), "invalid_token")
    if not answered.get("code"):
        raise Unauthorised(said("The issuer sent no code. Try again."), "invalid_token")


def account_of(installation: Installation, person: Person) -> Account:
    """The account of a person, made when they come for the first time; what they were invited to by an e-mail address
    that is theirs, they join. An e-mail address opens nobody's account. Raises Unauthorised for a disabled one."""
    with alone(installation.engine, NAMING) as connection:
        found = accounts.of_identity(connection, person.issuer, person.subject)
        if found is None:
            name = names.free(connection, person.username or "person", installation.names)
            found = accounts.create(connection, name, title=person.title)
            accounts.add_identity(connection, found.id, person.issuer, person.subject)
        if found.disabled is not None:
            raise Unauthorised(said("This account is disabled."), "access_denied")
        if person.email:
            accounts.change(connection, found.id, email=person.email)
            links.accept_by_email(connection, found.id, person.email)
        return found
