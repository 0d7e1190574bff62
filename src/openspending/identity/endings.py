"""What ended before its access tokens do: sessions that were signed out, robots' tokens that were revoked.

An access token names its session or its robot's token, and holds ten minutes. What ended is kept for so long in the
database, and listed in the private store, where processes without a database read it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import OperationalError

from openspending.database.engine import alone, now
from openspending.errors import StoreError
from openspending.identity.ended import Ended, written
from openspending.identity.schema import ENDINGS, ROBOT_TOKENS, SESSIONS
from openspending.identity.secretcodes import ENDING
from openspending.identity.tokens import LEEWAY, LIFETIME
from openspending.speaking.said import said

_HOLDS: Final = timedelta(seconds=LIFETIME + 2 * LEEWAY)  # an access token, by any clock

_log: Final = logging.getLogger("openspending")


class Endings:
    """What ended, in the database. `publish` puts the list where processes without one find it; `known` is what this
    process knows."""

    def __init__(self, engine: Engine, publish: Callable[[bytes], None]) -> None:
        self._engine = engine
        self._publish = publish
        self.known = Ended(self._read)

    def tell(self) -> None:
        """Make known to all processes what has just ended; to this one at once."""
        self.known.refresh(anyway=True)
        try:
            with alone(self._engine, ENDING) as connection:
                self._publish(written(_current(connection)))
        except StoreError:
            _log.warning("what ended could not be published; processes without a database hear of it with the next")

    def _read(self) -> Collection[str]:
        try:
            with self._engine.connect() as connection:
                return _current(connection)
        except OperationalError:  # its text has values
            raise StoreError(said("The database does not answer.")) from None


def add(connection: Connection, ids: Iterable[str]) -> None:
    """Keep that these ended now. What ended so long ago that no token is left is forgotten."""
    at, wanted = now(), sorted(set(ids))
    connection.execute(delete(ENDINGS).where((ENDINGS.c.until <= at) | ENDINGS.c.id.in_(wanted)))
    if wanted:
        connection.execute(insert(ENDINGS), [{"id": one, "until": at + _HOLDS} for one in wanted])


def add_account(connection: Connection, account: str) -> None:
    """Keep that all sessions and robots' tokens of an account ended now."""
    add(connection, _of(connection, account))


def take_back(connection: Connection, account: str) -> None:
    """The robots' tokens of an account hold again."""
    connection.execute(delete(ENDINGS).where(ENDINGS.c.id.in_(_of(connection, account))))


def _of(connection: Connection, account: str) -> list[str]:
    tables = (SESSIONS, ROBOT_TOKENS)
    return [
        id_ for one in tables for (id_,) in connection.execute(select(one.c.id).where(one.c.account == account)).all()
    ]


def _current(connection: Connection) -> list[str]:
    return list(connection.execute(select(ENDINGS.c.id).where(ENDINGS.c.until > now())).scalars())
