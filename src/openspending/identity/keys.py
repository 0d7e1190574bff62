"""The keys that sign access tokens: kept in SQL, published in the public store, changed without a new sign-in.

A new key is published before it signs, so that whoever verifies can have read it; an old one verifies until its last
tokens have ended.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from openspending.actor import Actor
from openspending.database.engine import alone, now
from openspending.errors import StoreError
from openspending.identity.schema import SIGNING_KEYS
from openspending.identity.secretcodes import SIGNING
from openspending.identity.tokens import LEEWAY, LIFETIME, SigningKey, access_claims, published

BEFORE_IT_SIGNS: Final = timedelta(seconds=15)  # verifiers look for a key that they do not know every 10 seconds
_REMEMBERED: Final = 60  # seconds that a process signs with what it last saw
AFTER_IT_SIGNED: Final = timedelta(seconds=_REMEMBERED + LIFETIME + LEEWAY + 60)

_log: Final = logging.getLogger("openspending")

Publish = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class KeyState:
    """What may be known of a key."""

    kid: str
    created: datetime
    signs_from: datetime
    verifies_until: datetime | None


class Keys:
    """The signing keys of an installation. Safe to share between threads.

    `publish` puts the set of public keys where everybody finds it; `issuer` is who the tokens say that they are from.
    """

    def __init__(self, engine: Engine, publish: Publish, issuer: str) -> None:
        self._engine = engine
        self._publish = publish
        self.issuer = issuer
        self._lock = threading.Lock()
        self._current: SigningKey | None = None
        self._seen = 0.0
        self._published = False

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token that states `claims`."""
        return self.current().sign(claims)

    def access_token(self, actor: Actor, csrf: str = "") -> str:
        """An access token of `actor`, which lasts ten minutes. Raises ValueError for nobody."""
        return self.sign(access_claims(actor, issuer=self.issuer, csrf=csrf))

    def current(self) -> SigningKey:
        """The key that signs now; the first one is made when it is asked for. Raises StoreError when it cannot be
        published."""
        with self._lock:
            if self._current is None or time.monotonic() - self._seen >= _REMEMBERED:
                found = self._newest()
                if found is not None and not self._published:
                    self._publish_again()
                self._current = found or self._first()
                self._seen = time.monotonic()
            return self._current

    def publish(self) -> None:
        """Publish the keys as they are in the database, again: for a public store that is new, or was restored."""
        with alone(self._engine, SIGNING) as connection:
            self._publish(_set(connection))

    def rotate(self, *, at_once: bool = False) -> KeyState:
        """A new key, which signs in 15 seconds. Those before it verify until their tokens have ended; `at_once`, when
        one may have been stolen: they are gone, and whoever is signed in needs a new access token."""
        at = now()
        with alone(self._engine, SIGNING) as connection:
            if at_once:
                connection.execute(delete(SIGNING_KEYS))
            made = _make(connection, at if at_once else at + BEFORE_IT_SIGNS)
            until = made.signs_from + AFTER_IT_SIGNED
            former = (SIGNING_KEYS.c.kid != made.kid, SIGNING_KEYS.c.verifies_until.is_(None))
            connection.execute(update(SIGNING_KEYS).where(*former).values(verifies_until=until))
            connection.execute(delete(SIGNING_KEYS).where(SIGNING_KEYS.c.verifies_until < at))
            self._publish(_set(connection))
        with self._lock:
            self._current = None
        return made

    def listed(self) -> list[KeyState]:
        """The keys, the newest first."""
        columns = (SIGNING_KEYS.c.kid, SIGNING_KEYS.c.created, SIGNING_KEYS.c.signs_from, SIGNING_KEYS.c.verifies_until)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).order_by(SIGNING_KEYS.c.signs_from.desc())).all()
        return [KeyState(*row) for row in rows]

    def public_set(self) -> bytes:
        """The set of public keys, as it is published."""
        if self._newest() is None:
            self.current()
        with self._engine.connect() as connection:
            return _set(connection)

    def _publish_again(self) -> None:
        """Once in each process: the public store may be new, or restored as it was before the keys changed."""
        try:
            self.publish()
        except StoreError:
            _log.warning("the public keys could not be published again; those published before still hold")
        self._published = True

    def _newest(self) -> SigningKey | None:
        with self._engine.connect() as connection:
            return _newest(connection)

    def _first(self) -> SigningKey:
        with alone(self._engine, SIGNING) as connection:
            found = _newest(connection)
            if found is None:
                _make(connection, now())
                self._publish(_set(connection))
                found = _newest(connection)
        assert found is not None
        return found


def _newest(connection: Connection) -> SigningKey | None:
    """The key that signs now, or None where there is none."""
    wanted = select(SIGNING_KEYS.c.private_pem).where(SIGNING_KEYS.c.signs_from <= now())
    pem = connection.execute(wanted.order_by(SIGNING_KEYS.c.signs_from.desc()).limit(1)).scalar_one_or_none()
    return None if pem is None else SigningKey(pem)


def _make(connection: Connection, signs_from: datetime) -> KeyState:
    key, at = SigningKey.new(), now()
    row = {"kid": key.kid, "private_pem": key.private_pem(), "created": at, "signs_from": signs_from}
    connection.execute(insert(SIGNING_KEYS).values(**row))
    return KeyState(key.kid, at, signs_from, None)


def _set(connection: Connection) -> bytes:
    """The public keys of those that verify still."""
    until = SIGNING_KEYS.c.verifies_until
    wanted = select(SIGNING_KEYS.c.private_pem).where(or_(until.is_(None), until > now()))
    return published(SigningKey(pem) for (pem,) in connection.execute(wanted.order_by(SIGNING_KEYS.c.created)))
