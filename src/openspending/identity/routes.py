"""All routes of Identity, and those of the public keys."""

from __future__ import annotations

import json

from litestar import Response, route
from litestar.di import Provide
from sqlalchemy.exc import OperationalError

from openspending.asking import asked
from openspending.errors import StoreError
from openspending.identity import accountroutes, invitationroutes, organisationroutes, sessionroutes, signinroutes
from openspending.identity.asking import GET, Injected
from openspending.identity.installation import Installation
from openspending.speaking.said import said
from openspending.web import AnyRequest, domain_problem, exact_json
from openspending.webapp import Router

_A_MINUTE = {"Cache-Control": "public, max-age=60"}


def router(installation: Installation) -> Router:
    """The routes over an installation."""
    return Router(
        "/",
        route_handlers=[
            signinroutes.sign_in_page,
            signinroutes.sign_in,
            signinroutes.oidc_start,
            signinroutes.oidc_callback,
            signinroutes.refresh,
            signinroutes.resume,
            signinroutes.sign_out,
            accountroutes.me,
            accountroutes.change_me,
            accountroutes.list_tokens,
            accountroutes.make_token,
            accountroutes.revoke_token,
            accountroutes.exchange,
            sessionroutes.list_sessions,
            sessionroutes.end_others,
            sessionroutes.end_session,
            organisationroutes.make_organisation,
            organisationroutes.show_organisation,
            organisationroutes.list_members,
            organisationroutes.put_member,
            organisationroutes.remove_member,
            invitationroutes.invite,
            invitationroutes.list_invitations,
            invitationroutes.withdraw_invitation,
            invitationroutes.renew_invitation,
            jwks,
            public_key,
        ],
        dependencies={"identity": Provide(lambda: installation, sync_to_thread=False)},
        exception_handlers={OperationalError: database_away},
        tags=["identity"],
    )


def database_away(request: AnyRequest, _: OperationalError) -> Response[bytes]:
    """Exception handler: that the database is away is no fault of who asks. Its text has values, and stays here."""
    return domain_problem(request, StoreError(said("The database does not answer. Try again later.")))


@route("/v1/identity/jwks.json", http_method=GET, sync_to_thread=True)
def jwks(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """The public keys that verify access tokens (RFC 7517)."""
    asked(request)
    body = exact_json(json.loads(identity.keys.public_set()))
    return Response(body, media_type="application/json", headers=_A_MINUTE)


@route("/v1/identity/public-key", http_method=GET, sync_to_thread=True)
def public_key(request: AnyRequest, identity: Injected) -> Response[bytes]:
    """The public key that signs now, as PEM."""
    asked(request)
    body = identity.keys.current().public_pem().encode()
    return Response(body, media_type="application/x-pem-file", headers=_A_MINUTE)
