"""Open invitations into an organisation: who was invited, withdrawn, or sent a new link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from openspending.database.engine import now
from openspending.errors import NotFound
from openspending.identity import links
from openspending.identity.schema import LINKS, OWNERS
from openspending.identity.secretcodes import digest, new_secret
from openspending.speaking.said import said


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that nobody has accepted yet. `maker` is the name of who made it; None where a command did."""

    id: str
    email: str | None
    role: str
    maker: str | None
    created: datetime
    expires: datetime


def listed(connection: Connection, organisation: str) -> list[Invited]:
    """The invitations into an organisation (its id) that can still be accepted, the newest first."""
    rows = connection.execute(_select(organisation).order_by(LINKS.c.created.desc(), LINKS.c.id)).all()
    return [_invited(row) for row in rows]


def withdraw(connection: Connection, organisation: str, id_: str) -> None:
    """Its link holds no more. Raises NotFound unless there is such an open invitation. Runs `alone`, so that nobody
    accepts it meanwhile."""
    _get(connection, organisation, id_)
    connection.execute(delete(LINKS).where(LINKS.c.id == id_))


def renew(connection: Connection, organisation: str, id_: str) -> tuple[Invited, str]:
    """The invitation with two weeks more, and the code of its new link; the one before holds no more. Raises NotFound
    unless there is such an open invitation. Runs `alone`."""
    _get(connection, organisation, id_)
    code, until = new_secret(id_), now() + timedelta(days=links.INVITATION_DAYS)
    connection.execute(update(LINKS).where(LINKS.c.id == id_).values(hash=digest(code), expires=until))
    return _get(connection, organisation, id_), code


def _get(connection: Connection, organisation: str, id_: str) -> Invited:
    row = connection.execute(_select(organisation).where(LINKS.c.id == id_)).first()
    if row is None:
        raise NotFound(said("There is no such open invitation."))
    return _invited(row)


def _select(organisation: str) -> Select[Any]:
    columns = (LINKS.c.id, LINKS.c.email, LINKS.c.role, OWNERS.c.name.label("maker"), LINKS.c.created, LINKS.c.expires)
    joined = select(*columns).select_from(LINKS.outerjoin(OWNERS, LINKS.c.maker == OWNERS.c.id))
    return joined.where(*links.still_open("invitation"), LINKS.c.organisation == organisation)


def _invited(row: Row[Any]) -> Invited:
    return Invited(row.id, row.email, row.role, row.maker, row.created, row.expires)
