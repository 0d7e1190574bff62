"""Connections to the server, each of which sees the schema of one side alone: a few that are kept, for those who read.

A server that was started again is asked again, once; one that is away is told as StoreError, without the password.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import Connection, errors
from psycopg.conninfo import conninfo_to_dict

from openspending.analytics.search.postgres.schema import FORM
from openspending.errors import BadSettings, Busy, StoreError, TooMuch

MOST: Final = 8  # that read at once; others wait
SECONDS: Final = 30  # that one answer may take
_CONNECTING: Final = 5  # seconds
_WAITING: Final = 10  # seconds until somebody else has done with a connection
_AWAY: Final = 1.0  # seconds for which a server that did not answer is not asked again: others wait for the threads
_log: Final = logging.getLogger("openspending")

# The schema is told to each transaction, not once to the connection: behind a pooler that hands connections on, another
# side may have used it. Compiling a query would take longer than running it. The lock comes before anything is read:
# whoever puts other tables in place waits for it.
_BEGINNING: Final = """
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path = {schema}; SET LOCAL statement_timeout = '{seconds}s';
    SET LOCAL jit = off; SET LOCAL work_mem = '32MB';
    LOCK TABLE state IN ACCESS SHARE MODE; SELECT form, generation FROM state"""
_SILENT: Final = "The search server does not answer."

State: TypeAlias = str | None  # the generation of what is there; None: nothing that we can read


class Connections:
    """Connections that see one schema. Safe to share between threads."""

    def __init__(self, url: str, schema: str) -> None:
        """No server is asked yet. Raises BadSettings when the URL cannot be read; its text holds no password."""
        try:
            self._place = _without_password(conninfo_to_dict(url))
        except psycopg.ProgrammingError:
            raise BadSettings("OS_SEARCH_URL must be postgresql://user:password@host/name.") from None
        self._url = url
        self._beginning = _BEGINNING.format(schema=schema, seconds=SECONDS).encode()
        self._idle: list[Connection[Any]] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST)
        self._closed = False
        self._away_until = 0.0

    def open(self) -> Connection[Any]:
        """A new connection, which commits each statement. Raises StoreError when the server is away."""
        with self.plainly():
            if time.monotonic() < self._away_until:
                raise StoreError(_SILENT)
            try:
                return psycopg.connect(self._url, autocommit=True, prepare_threshold=None, connect_timeout=_CONNECTING)
            except psycopg.OperationalError:
                self._away_until = time.monotonic() + _AWAY
                raise

    @contextmanager
    def reading(self) -> Iterator[tuple[Connection[Any], State]]:
        """A connection that sees the schema as it is at this moment, and its state.

        Raises StoreError when the server is away, TooMuch when it takes too long, Busy when too many ask.
        """
        with self._let_in(), self.plainly(), ExitStack() as undone:
            connection, state = self._begun()
            undone.callback(connection.close)
            yield connection, state
            connection.execute("ROLLBACK")
            undone.pop_all()
            self._keep(connection)

    @contextmanager
    def _let_in(self) -> Iterator[None]:
        if not self._room.acquire(timeout=_WAITING):
            raise Busy("Too many search at once.", _WAITING)
        try:
            yield
        finally:
            self._room.release()

    def _begun(self) -> tuple[Connection[Any], State]:
        """A connection that was kept, where one still answers, else a new one."""
        while (connection := self._kept()) is not None:
            try:
                return connection, self._begin(connection)
            except psycopg.OperationalError:
                connection.close()  # the server was started again, or has cut it off
        with ExitStack() as undone:
            connection = self.open()
            undone.callback(connection.close)
            state = self._begin(connection)
            undone.pop_all()
        return connection, state

    def _begin(self, connection: Connection[Any]) -> State:
        """Begin to read, all of one moment."""
        try:
            cursor = connection.execute(self._beginning)
        except (errors.UndefinedTable, errors.UndefinedColumn):
            connection.execute("ROLLBACK")
            return None
        while cursor.nextset():
            pass
        found = cursor.fetchone()
        return found[1] if found and found[0] == FORM else None

    def _kept(self) -> Connection[Any] | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _keep(self, connection: Connection[Any]) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """The server's errors as ours."""
        try:
            yield
        except errors.QueryCanceled as error:
            raise TooMuch(f"This search takes longer than {SECONDS} seconds; ask for less.") from error
        except psycopg.Error as error:
            said = str(error).strip().partition("\n")[0]
            # whoever searches need not know where it is
            _log.warning("The search server %s: %s", self._place, said[:300])
            silent = isinstance(error, psycopg.OperationalError)
            raise StoreError(_SILENT if silent else f"The search server refuses: {type(error).__name__}.") from error

    def close(self) -> None:
        """Close those that nobody uses; the others are closed when they come back."""
        with self._lock:
            self._closed, idle = True, self._idle
            self._idle = []
        for connection in idle:
            with suppress(psycopg.Error):
                connection.close()


def _without_password(parts: dict[str, Any]) -> str:
    """Where the server is: host, port and name of the database."""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{parts.get('host') or 'localhost'}{port}/{parts.get('dbname') or ''}"
