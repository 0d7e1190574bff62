"""Routes of organisations: make one, see who is in it, change that."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, post, put, route
from litestar.params import RawBody
from sqlalchemy import Connection

from openspending.asking import asked
from openspending.database.engine import alone
from openspending.identity import accounts, organisations
from openspending.identity.asking import (
    GET,
    AccountName,
    Injected,
    OrganisationName,
    answered,
    moment,
    nothing,
    person,
    require_admin,
    require_member,
)
from openspending.identity.bodies import read
from openspending.identity.organisations import Member, Organisation
from openspending.identity.secretcodes import NAMING
from openspending.web import AnyRequest


@post("/v1/organisations", sync_to_thread=True)
def make_organisation(request: AnyRequest, identity: Injected, body: RawBody) -> Response[bytes]:
    """Make an organisation, whose first admin one is."""
    asked(request)
    actor = person(request, identity)
    given = read(request, body, {"name": str, "title": str}, ("name",))
    with alone(identity.engine, NAMING) as connection:
        account = accounts.get(connection, str(actor.account))
        made = organisations.create(connection, given["name"], given.get("title", "").strip(), account, identity.names)
        found = _described(connection, made)
    return answered(found, 201, location=f"/v1/organisations/{made.name}")


@route("/v1/organisations/{name:str}", http_method=GET, sync_to_thread=True)
def show_organisation(request: AnyRequest, identity: Injected, name: OrganisationName) -> Response[bytes]:
    """An organisation that one is a member of."""
    asked(request)
    actor = person(request, identity)
    with identity.engine.connect() as connection:
        found = organisations.named(connection, name)
        require_member(actor, found.name)
        return answered(_described(connection, found))


@route("/v1/organisations/{name:str}/members", http_method=GET, sync_to_thread=True)
def list_members(request: AnyRequest, identity: Injected, name: OrganisationName) -> Response[bytes]:
    """Who is in an organisation, with which role."""
    asked(request)
    actor = person(request, identity)
    with identity.engine.connect() as connection:
        found = organisations.named(connection, name)
        require_member(actor, found.name)
        return answered({"data": [_member(one) for one in organisations.members(connection, found.id)]})


@put("/v1/organisations/{name:str}/members/{account:str}", sync_to_thread=True)
def put_member(
    request: AnyRequest, identity: Injected, name: OrganisationName, account: AccountName, body: RawBody
) -> Response[bytes]:
    """Take an account into an organisation, or give it another role. It reaches tokens within ten minutes."""
    asked(request)
    actor = person(request, identity)
    given = read(request, body, {"role": str}, ("role",))
    with alone(identity.engine, NAMING) as connection:
        found = organisations.named(connection, name)
        require_admin(actor, found.name)
        id_ = accounts.named(connection, account).id
        organisations.put_member(connection, found.id, id_, given["role"])
        (member,) = [one for one in organisations.members(connection, found.id) if one.account == id_]
    return answered(_member(member))


@delete("/v1/organisations/{name:str}/members/{account:str}", sync_to_thread=True)
def remove_member(
    request: AnyRequest, identity: Injected, name: OrganisationName, account: AccountName
) -> Response[None]:
    """Take an account out of an organisation; members may go themselves."""
    asked(request)
    actor = person(request, identity)
    with alone(identity.engine, NAMING) as connection:
        found = organisations.named(connection, name)
        require_member(actor, found.name)
        id_ = accounts.named(connection, account).id
        if id_ != actor.account:
            require_admin(actor, found.name)
        organisations.remove_member(connection, found.id, id_)
    return nothing()


def _described(connection: Connection, found: Organisation) -> dict[str, Any]:
    members = len(organisations.members(connection, found.id))
    return {"name": found.name, "title": found.title, "created": moment(found.created), "members": members}


def _member(one: Member) -> dict[str, Any]:
    return {
        "account": one.account,
        "name": one.name,
        "title": one.title,
        "role": one.role,
        "since": moment(one.since),
    }
