"""How a process knows who asks: Identity over the database where there is one, else by the published keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openspending.assembly.components import WITH_DATABASE
from openspending.assembly.parts import Parts
from openspending.datastore import layout

if TYPE_CHECKING:
    from litestar.types import ASGIApp

    from openspending.identity.installation import Installation

ISSUER: Final = "openspending"  # of access tokens, where no address is set


def installation(parts: Parts) -> Installation:
    """Identity, over the database and the stores. Raises StoreError when the database is not there."""
    from openspending.identity.ended import ENDED_KEY
    from openspending.identity.endings import Endings
    from openspending.identity.installation import Installation
    from openspending.identity.keys import Keys
    from openspending.identity.names import NameRules
    from openspending.identity.tokens import JWKS_KEY

    settings, store, oidc = parts.settings, parts.store, parts.settings.oidc
    provider = None
    if oidc is not None:
        from openspending.identity.provider import Issuer, Provider

        provider = Provider(Issuer(oidc.issuer, oidc.client_id, oidc.client_secret, oidc.name))
        parts.closing.callback(provider.close)
    keys = Keys(parts.engine, lambda body: store.public.put(JWKS_KEY, body), settings.base_url or ISSUER)
    stores = (store.public, store.private)
    rules = NameRules(layout.check_owner, lambda owner: any(next(one.list(owner), None) is not None for one in stores))
    endings = Endings(parts.engine, lambda body: store.private.put(ENDED_KEY, body))
    return Installation(parts.engine, keys, rules, endings, settings.base_url, provider)


def recognised(app: ASGIApp, parts: Parts, components: frozenset[str]) -> ASGIApp:
    """`app`, whose requests know who they are for. Pages alone ask the APIs, and hand on what they were sent."""
    from openspending.identity.authentication import Authenticated
    from openspending.identity.ended import ENDED_KEY, Ended, listed
    from openspending.identity.tokens import JWKS_KEY, PublicKeys, Verifier

    if components == {"browse"}:
        return app
    settings = parts.settings
    issuer, in_query = settings.base_url or ISSUER, settings.token_in_query
    if components & WITH_DATABASE:
        known = parts.installation
        recognising = Authenticated(
            app, Verifier(known.public_keys, issuer, known.endings.known), known.robot, in_query
        )
        return _with_old_tokens(recognising, parts) if "write-api" in components else recognising
    keys = PublicKeys(lambda: parts.store.public.get(JWKS_KEY))
    ended = Ended(lambda: listed(lambda: parts.store.private.get(ENDED_KEY)))
    return Authenticated(app, Verifier(keys, issuer, ended), None, in_query)


def _with_old_tokens(app: ASGIApp, parts: Parts) -> ASGIApp:
    """`app`, with the conductor knowing the tokens of its clients by itself."""
    from openspending.conductor import Sent

    return Sent(app, in_parameter=parts.settings.token_in_query)
