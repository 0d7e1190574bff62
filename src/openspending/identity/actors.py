"""What an account may do, composed of its own name, its organisations and datasets shared with it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from openspending.actor import Actor, Scope
from openspending.errors import NotFound
from openspending.identity import accounts
from openspending.identity.schema import COLLABORATORS, MEMBERSHIPS, OWNERS
from openspending.identity.tokens import refused


def composed(
    connection: Connection, account: str, *, scopes: tuple[Scope, ...] | None = None, token: str = ""
) -> Actor:
    """The actor of an account as things stand now. Raises Unauthorised when it is gone or disabled."""
    try:
        found = accounts.get(connection, account)
    except NotFound:
        raise refused() from None
    if found.disabled is not None:
        raise refused()
    memberships = select(OWNERS.c.name, MEMBERSHIPS.c.role).join_from(
        MEMBERSHIPS, OWNERS, MEMBERSHIPS.c.organisation == OWNERS.c.id
    )
    shared = select(COLLABORATORS.c.owner, COLLABORATORS.c.name, COLLABORATORS.c.role)
    return Actor(
        account=found.id,
        name=found.name,
        roles={
            **{row.name: row.role for row in connection.execute(memberships.where(MEMBERSHIPS.c.account == account))},
            found.name: "admin",
        },
        grants={
            f"{row.owner}/{row.name}": row.role
            for row in connection.execute(shared.where(COLLABORATORS.c.account == account))
        },
        scopes=scopes,
        administrator=found.administrator,
        token=token,
    )
