"""One-time links: how people sign in where no issuer does it, and how they are invited everywhere.

| kind | who it signs in |
|---|---|
| first-run | the first account, the local administrator, while there is no other account |
| sign-in | the account that it was made for |
| invitation | a new account, or the one that is signed in already, with the role that it brings |

The secret stands in the link's fragment, which browsers send to nobody; a page posts it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from openspending.database.engine import alone, now
from openspending.errors import Unauthorised
from openspending.identity import accounts, names, organisations
from openspending.identity.accounts import Account
from openspending.identity.names import NameRules
from openspending.identity.schema import LINKS
from openspending.identity.secretcodes import NAMING, digest, new_id, new_secret
from openspending.speaking.said import said

SIGN_IN_HOURS: Final = 24
INVITATION_DAYS: Final = 14
_ALWAYS: Final = timedelta(days=3650)  # a first-run link holds until it is used, or another is made
_ID_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation brings: a role in an organisation, or the whole installation."""

    email: str | None = None
    organisation: str | None = None  # its id
    role: str | None = None
    administrator: bool = False


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has accepted yet."""

    id: str
    email: str | None
    organisation: str | None
    role: str | None
    administrator: bool
    created: datetime
    expires: datetime


def address(base_url: str, code: str) -> str:
    """The link itself."""
    return f"{base_url.rstrip('/')}/sign-in#code={code}"


def first_run(engine: Engine) -> str | None:
    """The code of a new first-run link, which takes the place of the one before; None once there is an account."""
    with alone(engine, NAMING) as connection:
        if accounts.count(connection):
            return None
        connection.execute(delete(LINKS).where(LINKS.c.kind == "first-run"))
        return _make(connection, "first-run", _ALWAYS)


def sign_in(engine: Engine, account: str, *, maker: str | None = None) -> str:
    """The code of a link that signs the account in, once, within a day."""
    with engine.begin() as connection:
        return _make(connection, "sign-in", timedelta(hours=SIGN_IN_HOURS), account=account, maker=maker)


def invite(engine: Engine, invitation: Invitation, *, maker: str | None = None) -> str:
    """The code of a link that brings an account what the invitation says, once, within two weeks."""
    with engine.begin() as connection:
        return _make(
            connection,
            "invitation",
            timedelta(days=INVITATION_DAYS),
            email=invitation.email.lower() if invitation.email else None,
            organisation=invitation.organisation,
            role=invitation.role,
            administrator=invitation.administrator,
            maker=maker,
        )


def open_invitations(engine: Engine) -> list[OpenInvitation]:
    """The invitations that can still be accepted."""
    with engine.connect() as connection:
        rows = connection.execute(select(LINKS).where(*still_open("invitation")).order_by(LINKS.c.created)).all()
    return [
        OpenInvitation(one.id, one.email, one.organisation, one.role, one.administrator, one.created, one.expires)
        for one in rows
    ]


def follow(engine: Engine, code: str, rules: NameRules, *, signed_in: str | None = None) -> str:
    """The id of the account that the link signs in; the link is used up. `signed_in` is the account of the browser,
    which keeps it when it accepts an invitation. Raises Unauthorised for a code that is unknown, used or expired."""
    id_ = code[:_ID_LENGTH]
    with alone(engine, NAMING) as connection:
        row = connection.execute(select(LINKS).where(LINKS.c.id == id_)).first()
        at = now()
        known = row is not None and hmac.compare_digest(row.hash, digest(code))
        if row is None or not known or row.used is not None or row.expires <= at:
            raise used_up()
        connection.execute(update(LINKS).where(LINKS.c.id == id_).values(used=at))
        return _account(connection, row, rules, signed_in).id


def used_up() -> Unauthorised:
    """The error for a link that signs nobody in."""
    return Unauthorised(
        said("The link does not hold: it was used before, has expired, or was never made. Ask for another.")
    )


def accept_by_email(connection: Connection, account: str, email: str) -> None:
    """Give the account what open invitations to its e-mail address bring; the issuer vouches that it is theirs. Runs
    `alone`."""
    rows = connection.execute(select(LINKS).where(*still_open("invitation"), LINKS.c.email == email.lower())).all()
    for row in rows:
        connection.execute(update(LINKS).where(LINKS.c.id == row.id).values(used=now()))
        _bring(connection, row, account)


def still_open(kind: str) -> tuple[Any, ...]:
    """The conditions for links of a kind that can be followed."""
    return (LINKS.c.kind == kind, LINKS.c.used.is_(None), LINKS.c.expires > now())


def _make(connection: Connection, kind: str, lasts: timedelta, **columns: Any) -> str:
    """The code of a new link: its id, then its secret."""
    at, id_ = now(), new_id()
    code = new_secret(id_)
    old = or_(LINKS.c.expires < at - timedelta(days=INVITATION_DAYS), LINKS.c.used < at - timedelta(days=90))
    connection.execute(delete(LINKS).where(old))
    row = {"administrator": False, **columns, "id": id_, "hash": digest(code), "kind": kind}
    connection.execute(insert(LINKS).values(**row, created=at, expires=at + lasts))
    return code


def _account(connection: Connection, row: Row[Any], rules: NameRules, signed_in: str | None) -> Account:
    """Whom a link that holds signs in."""
    if row.kind == "sign-in":
        found = accounts.get(connection, row.account)
        if found.disabled is not None:
            raise used_up()
        return found
    if row.kind == "first-run":
        if accounts.count(connection):
            raise used_up()
        name = names.free(connection, "admin", rules)
        return accounts.create(connection, name, title="Administrator", administrator=True)
    if signed_in is not None:
        found = accounts.get(connection, signed_in)
    else:
        name = names.free(connection, row.email or "person", rules)
        found = accounts.create(connection, name, email=row.email)
    _bring(connection, row, found.id)
    return found


def _bring(connection: Connection, row: Row[Any], account: str) -> None:
    if row.administrator:
        accounts.change(connection, account, administrator=True)
    if row.organisation is not None:
        organisations.raise_member(connection, row.organisation, account, row.role)
