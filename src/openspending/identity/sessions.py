"""Sessions of browsers: an opaque word in a cookie, for which access tokens are had as long as the session lasts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, select, update

from openspending.database.engine import now
from openspending.errors import NotFound
from openspending.identity import accounts, endings
from openspending.identity.devices import Device
from openspending.identity.schema import SESSIONS
from openspending.identity.secretcodes import digest, new_id, new_secret
from openspending.identity.tokens import refused
from openspending.speaking.said import said

DAYS: Final = 30
_USED_ANEW: Final = timedelta(minutes=1)  # “last used” is as exact as this
_USED: Final = func.coalesce(SESSIONS.c.used, SESSIONS.c.created)  # those of older programs have no other


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` is what its requests repeat; it follows from the secret, so that it need not be
    kept."""

    id: str
    account: str
    expires: datetime
    csrf: str


@dataclass(frozen=True, slots=True)
class KnownSession:
    """What its account may know of a session. `used` is when it last had an access token, which holds ten minutes."""

    id: str
    device: Device
    created: datetime
    used: datetime
    expires: datetime


def start(
    engine: Engine, account: str, *, instead_of: str | None = None, device: Device | None = None
) -> tuple[Session, str]:
    """A new session and its secret. It is always a new one, and the browser's old one (`instead_of`) ends: nobody can
    have put a session into the browser that they know."""
    secret, at, known = new_secret(), now(), device or Device()
    row = {"id": new_id(), "account": account, "hash": digest(secret), "created": at, "used": at}
    row |= {"browser": known.browser or None, "system": known.system or None}
    with engine.begin() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.expires <= at))
        if instead_of:
            _end(connection, SESSIONS.c.hash == digest(instead_of))
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


def resume(engine: Engine, secret: str) -> Session:
    """The session with this secret, which is used now. Raises Unauthorised as `find` does."""
    found, at = find(engine, secret), now()
    with engine.begin() as connection:
        old = (SESSIONS.c.id == found.id, at - _USED_ANEW >= _USED)
        connection.execute(update(SESSIONS).where(*old).values(used=at))
    return found


def listed(engine: Engine, account: str) -> list[KnownSession]:
    """Where the account is signed in, what was used last first."""
    wanted = select(SESSIONS).where(SESSIONS.c.account == account, SESSIONS.c.expires > now())
    with engine.connect() as connection:
        rows = connection.execute(wanted.order_by(_USED.desc(), SESSIONS.c.id)).all()
    return [_known(row) for row in rows]


def end(engine: Engine, secret: str) -> None:
    """End the session, if there is one."""
    with engine.begin() as connection:
        _end(connection, SESSIONS.c.hash == digest(secret))


def end_one(engine: Engine, account: str, id_: str) -> None:
    """End a session of the account. Raises NotFound unless it has such a one."""
    with engine.begin() as connection:
        if not _end(connection, SESSIONS.c.id == id_, SESSIONS.c.account == account):
            raise NotFound(said("There is no such session."))


def end_all(engine: Engine, account: str, *, but: str = "") -> int:
    """Sign the account out everywhere, `but` in the session of this id; how many sessions ended."""
    with engine.begin() as connection:
        return _end(connection, SESSIONS.c.account == account, SESSIONS.c.id != but)


def _end(connection: Connection, *where: ColumnElement[bool]) -> int:
    """End these sessions, with their access tokens; how many there were."""
    ids = list(connection.execute(select(SESSIONS.c.id).where(*where)).scalars())
    connection.execute(delete(SESSIONS).where(SESSIONS.c.id.in_(ids)))
    endings.add(connection, ids)
    return len(ids)


def _known(row: Row[Any]) -> KnownSession:
    known = Device(row.browser or "", row.system or "")
    return KnownSession(row.id, known, row.created, row.used or row.created, row.expires)


def _csrf(secret: str) -> str:
    return hashlib.sha256(b"csrf " + secret.encode()).hexdigest()[:32]
