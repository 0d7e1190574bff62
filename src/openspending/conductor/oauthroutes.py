"""`/oauth/…_callback`: from where the original's clients sign in, to our own sign-in, and from there back to them.

Who is signed in already is sent back at once. A client gets a token of its own, such as robots have: its account sees
it among its tokens, and can revoke it.
"""

from __future__ import annotations

import time
from typing import Annotated, Final
from urllib.parse import quote

from litestar import Response, get
from litestar.params import PathParameter

from openspending.conductor.asking import CLOSED, asked
from openspending.conductor.nextaddress import Next, next_of
from openspending.conductor.service import Conductor, Injected
from openspending.errors import BadQuery, NotFound, Unauthorised
from openspending.identity import robots, sessions
from openspending.identity.authentication import SESSION_COOKIE, cookie_in
from openspending.identity.tokens import read_claims
from openspending.web import AnyRequest

AUDIENCE: Final = "openspending/conductor-sign-in"
SECONDS: Final = 600
DAYS: Final = 14  # that a client's token lasts, as in the original
PROVIDERS: Final = ("openspending", "google")  # old clients look for the second alone
_SUFFIX: Final = "_callback"
Callback = Annotated[str, PathParameter(description="`google_callback`, or that of another provider.")]


def sign_in_addresses(conductor: Conductor, address: str, then: str) -> dict[str, str]:
    """Where to sign in by each provider, and to come back to `then` afterwards; good for ten minutes."""
    issued, issuer = int(time.time()), conductor.installation.keys.issuer
    claims = {"iss": issuer, "aud": AUDIENCE, "iat": issued, "exp": issued + SECONDS, "next": then}
    state = quote(conductor.installation.keys.sign(claims), safe="")
    return {one: f"{address}/oauth/{one}{_SUFFIX}?state={state}" for one in PROVIDERS}


@get("/oauth/{callback:str}", status_code=303, sync_to_thread=True)
def oauth_callback(request: AnyRequest, conductor: Injected, callback: Callback) -> Response[bytes]:
    """Back to the client that asked for a sign-in, with a token if it may have one; to the sign-in page first for
    whoever is not signed in."""
    found = asked(request)
    if not callback.endswith(_SUFFIX) or callback.removesuffix(_SUFFIX) not in PROVIDERS:
        raise NotFound(f"There is no {callback[:40]} here.")
    then = _wanted(conductor, found.get("state"))
    if then is None:
        return _sent("/")
    allowed = next_of(then, conductor.address(request))
    if allowed is None:
        raise BadQuery("“next” must be an address of this OpenSpending, or of this machine.", parameter="next")
    if allowed.on_machine and not conductor.in_parameter:
        raise BadQuery(
            "This server puts no tokens into addresses (OS_TOKEN_IN_QUERY). Make a token (POST /v1/identity/tokens), "
            "and give it to your client.",
            parameter="next",
        )
    account = _signed_in(conductor, request)
    if account is None:
        here = f"/oauth/{callback}?state={found.get('state')}"
        return _sent(f"/sign-in?next={quote(here, safe='')}")
    return _sent(_back(conductor, account, allowed))


def _wanted(conductor: Conductor, state: str) -> str | None:
    """The address that a state has; None for one that does not hold."""
    keys, issuer = conductor.tokens.public_keys, conductor.installation.keys.issuer
    try:
        claims = read_claims(state, keys, issuer=issuer, audience=AUDIENCE, now=int(time.time()))
    except Unauthorised:
        return None
    return str(claims.get("next", ""))


def _signed_in(conductor: Conductor, request: AnyRequest) -> str | None:
    """The account of the browser's session, which lasts longer than its access token."""
    secret = cookie_in(request.headers.get("cookie", ""), SESSION_COOKIE)
    try:
        return None if secret is None else sessions.find(conductor.installation.engine, secret).account
    except Unauthorised:
        return None


def _back(conductor: Conductor, account: str, to: Next) -> str:
    if not conductor.in_parameter:
        return to.address
    conductor.pace.step(account)
    conductor.installation.actor(account)  # one that is disabled gets none
    title = f"Signed in from {to.address.partition('?')[0].partition('#')[0][:100]}"
    _, secret = robots.create(conductor.installation.engine, account, title=title, scopes=None, days=DAYS)
    return to.with_token(secret)


def _sent(address: str) -> Response[bytes]:
    headers = {**CLOSED, "Location": address, "Referrer-Policy": "no-referrer"}
    return Response(b"", status_code=303, media_type="text/plain", headers=headers)


HANDLERS: Final = (oauth_callback,)
