"""Routes of the invitations into an organisation, its admins' business: made, listed, withdrawn, sent again."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, delete, post, route
from litestar.params import PathParameter, RawBody
from sqlalchemy import Connection

from openspending.actor import Actor
from openspending.asking import asked
from openspending.database.engine import alone
from openspending.errors import BadQuery
from openspending.identity import invitations, links, organisations
from openspending.identity.asking import (
    GET,
    Injected,
    OrganisationName,
    answered,
    base_url,
    moment,
    nothing,
    person,
    require_admin,
)
from openspending.identity.bodies import read
from openspending.identity.invitations import Invited
from openspending.identity.secretcodes import NAMING
from openspending.speaking.said import said
from openspending.web import AnyRequest

InvitationId = Annotated[str, PathParameter(description="The id of an invitation.")]
_SECONDS = links.INVITATION_DAYS * 86400


@post("/v1/organisations/{name:str}/invitations", sync_to_thread=True)
def invite(request: AnyRequest, identity: Injected, name: OrganisationName, body: RawBody) -> Response[bytes]:
    """Invite somebody into an organisation. The answer has the link to send them; nothing is sent from here."""
    asked(request)
    actor = person(request, identity)
    given = read(request, body, {"email": (str, type(None)), "role": str}, ("role",))
    organisations.check_role(given["role"])
    email = check_email(given.get("email"))
    with identity.engine.connect() as connection:
        organisation = _of_admin(connection, actor, name)
    wanted = links.Invitation(email=email, organisation=organisation, role=given["role"])
    code = links.invite(identity.engine, wanted, maker=actor.account)
    link = links.address(base_url(request, identity), code)
    return answered({"email": email, "role": given["role"], "link": link, "expires_in": _SECONDS}, 201)


@route("/v1/organisations/{name:str}/invitations", http_method=GET, sync_to_thread=True)
def list_invitations(request: AnyRequest, identity: Injected, name: OrganisationName) -> Response[bytes]:
    """The invitations that nobody has accepted yet, the newest first; their links are shown to nobody again."""
    asked(request)
    actor = person(request, identity)
    with identity.engine.connect() as connection:
        found = invitations.listed(connection, _of_admin(connection, actor, name))
    return answered({"data": [_invited(one) for one in found]})


@delete("/v1/organisations/{name:str}/invitations/{invitation:str}", sync_to_thread=True)
def withdraw_invitation(
    request: AnyRequest, identity: Injected, name: OrganisationName, invitation: InvitationId
) -> Response[None]:
    """Withdraw an invitation: its link holds no more."""
    asked(request)
    actor = person(request, identity)
    with alone(identity.engine, NAMING) as connection:
        invitations.withdraw(connection, _of_admin(connection, actor, name), invitation)
    return nothing()


@post("/v1/organisations/{name:str}/invitations/{invitation:str}/link", sync_to_thread=True)
def renew_invitation(
    request: AnyRequest, identity: Injected, name: OrganisationName, invitation: InvitationId
) -> Response[bytes]:
    """Make a new link for an invitation, which holds for two weeks; the one before holds no more."""
    asked(request)
    actor = person(request, identity)
    with alone(identity.engine, NAMING) as connection:
        found, code = invitations.renew(connection, _of_admin(connection, actor, name), invitation)
    link = links.address(base_url(request, identity), code)
    return answered({"email": found.email, "role": found.role, "link": link, "expires_in": _SECONDS}, 201)


def check_email(given: str | None) -> str | None:
    """An e-mail address, or None. Raises BadQuery for what cannot be one."""
    if given is None or not given.strip():
        return None
    email = given.strip()
    before, at, after = email.rpartition("@")
    if not before or not at or "." not in after or " " in email or len(email) > 320:
        raise BadQuery(said("“{email}” is no e-mail address.", email=email[:80]), parameter="/email")
    return email


def _of_admin(connection: Connection, actor: Actor, name: str) -> str:
    """The id of the organisation. Raises NotFound, Forbidden for whoever is no admin of it."""
    found = organisations.named(connection, name)
    require_admin(actor, found.name)
    return found.id


def _invited(one: Invited) -> dict[str, Any]:
    return {
        "id": one.id,
        "email": one.email,
        "role": one.role,
        "made_by": one.maker,
        "created": moment(one.created),
        "expires": moment(one.expires),
    }
