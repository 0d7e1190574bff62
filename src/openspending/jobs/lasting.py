"""Asking the database so that its restart, or a moment in which its file is locked or its disk full, is waited for."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Final, TypeVar

import stamina
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from openspending.errors import StoreError

PATIENCE: Final = 60.0  # seconds in which a database restarts

_Answer = TypeVar("_Answer")
_log: Final = logging.getLogger("openspending.jobs")


def lasting(engine: Engine, work: Callable[[Connection], _Answer], patience: float = PATIENCE) -> _Answer:
    """What `work` answers in one transaction, begun anew while the database is away. Raises StoreError after
    `patience` seconds, with the reason in a few words and nothing of what was asked."""
    waited = stamina.retry_context(
        on=_passing, attempts=None, timeout=patience, wait_initial=0.05, wait_max=2.0, wait_jitter=0.2
    )
    try:
        for attempt in waited:
            with attempt, engine.begin() as connection:
                return work(connection)
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise StoreError(f"The database cannot be used now: {reason(error)}.") from error
    raise AssertionError("stamina ends by an answer or an error")


def reason(error: DBAPIError) -> str:
    """Why the database refused, for anybody: SQLite's words, which hold no values; of PostgreSQL, whose words may name
    hosts and accounts, the kind of error alone."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return str(error.orig)
    return type(error.orig).__name__


def _passing(error: Exception) -> bool:
    """Whether trying again may help: no connection, a lock, a full disk."""
    if not isinstance(error, DBAPIError):
        return False
    passing = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    if passing:
        _log.info("the database is away: %s", str(error.orig).strip().partition("\n")[0])
    return passing
