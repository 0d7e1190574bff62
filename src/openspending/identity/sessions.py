"""Sessions of browsers: an opaque word in a cookie, for which access tokens are had as long as the session lasts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert, select

from openspending.database.engine import now
from openspending.identity import accounts
from openspending.identity.schema import SESSIONS
from openspending.identity.secretcodes import digest, new_id, new_secret
from openspending.identity.tokens import refused

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` is what its requests repeat; it follows from the secret, so that it need not be
    kept."""

    id: str
    account: str
    expires: datetime
    csrf: str


def start(engine: Engine, account: str, *, instead_of: str | None = None) -> tuple[Session, str]:
    """A new session and its secret. It is always a new one, and the browser's old one (`instead_of`) ends: nobody can
    have put a session into the browser that they know."""
    secret, at = new_secret(), now()
    row = {"id": new_id(), "account": account, "hash": digest(secret), "created": at}
    with engine.begin() as connection:
        ended = SESSIONS.c.expires <= at
        if instead_of:
            ended |= SESSIONS.c.hash == digest(instead_of)
        connection.execute(delete(SESSIONS).where(ended))
        connection.execute(insert(SESSIONS).values(**row, expires=at + timedelta(days=DAYS)))
        accounts.change(connection, account, seen=at)
    return find(engine, secret), secret


def find(engine: Engine, secret: str) -> Session:
    """The session with this secret. Raises Unauthorised when there is none, or it has ended."""
    with engine.connect() as connection:
        row = connection.execute(select(SESSIONS).where(SESSIONS.c.hash == digest(secret))).first()
    if row is None or row.expires <= now():
        raise refused()
    return Session(row.id, row.account, row.expires, _csrf(secret))


def end(engine: Engine, secret: str) -> None:
    """End the session, if there is one."""
    with engine.begin() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.hash == digest(secret)))


def end_all(engine: Engine, account: str) -> None:
    """Sign the account out everywhere."""
    with engine.begin() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))


def _csrf(secret: str) -> str:
    return hashlib.sha256(b"csrf " + secret.encode()).hexdigest()[:32]
