"""Changes to an index in PostgreSQL: one writer over all machines, and one transaction for each commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import Connection

from openspending.analytics.search.engine import Busy
from openspending.analytics.search.postgres import loading, schema
from openspending.analytics.search.postgres.connections import Connections
from openspending.analytics.search.prepared import Prepared
from openspending.analytics.search.record import Record

_LOCK: Final = 0x4F5353  # what writers of an index hold, with the number of its side
_GROWTH: Final = 0.2  # share of new lines with which a plan may become a bad one

# a machine that is gone lets go of its lock within a minute
_WRITING: Final = (
    "SET maintenance_work_mem = '256MB'; SET work_mem = '64MB'; SET tcp_keepalives_idle = 30;"
    " SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)


class PostgresWriter:
    """Writes into the tables that are there; when an index is begun, or cleared, into tables aside."""

    def __init__(self, connections: Connections, connection: Connection[Any], name: str) -> None:
        self._connections, self._connection, self._name = connections, connection, name
        self._aside = self._changed = False
        self._added = 0  # lines, since the server looked at them
        schema.look_into(connection, name)
        if not schema.has_form(connection, name) or self._one("SELECT NOT EXISTS (SELECT FROM records)"):
            self.clear()

    def remove(self, uid: int) -> None:
        """Take a dataset out."""
        self._changed = True
        with self._connections.plainly():
            for table in schema.OF_DATASETS:
                self._connection.execute(f"DELETE FROM {table} WHERE uid = %s".encode(), (uid,))

    def add(self, record: Record, prepared: Prepared) -> Iterator[int]:
        """Put a dataset in, its lines and members; yields how many lines are in it so far. To be exhausted."""
        self._changed = True
        counts, done = loading.Counts(), 0
        for batch in prepared.lines():
            self._copy("lines", loading.lines_copied(record, batch, counts))
            done += batch.num_rows
            self._added += batch.num_rows
            yield done
        for batch in prepared.members():
            self._copy("members", loading.members_copied(record, batch))
        self._copy("cells", loading.cells_copied(record, counts))
        self._copy("vocabulary", loading.vocabulary_copied(record, counts))
        self._copy("records (uid, created, record, description)", loading.record_copied(record, prepared.text()))

    def clear(self) -> None:
        """Take everything out."""
        with self._connections.plainly():
            schema.make(self._connection, f"{self._name}_aside")
        self._aside = self._changed = True

    def commit(self) -> None:
        """Let readers see what was changed since the last time."""
        if not self._changed:
            return
        with self._connections.plainly():
            if self._aside:
                schema.make_indexes(self._connection)
            else:
                self._connection.execute("SELECT gin_clean_pending_list(%s::regclass)", (schema.WORDS,))
            self._analyze()
            self._connection.execute("UPDATE state SET generation = gen_random_uuid()::text")
            if self._aside:
                schema.put_in_place(self._connection, f"{self._name}_aside", self._name)
            self._connection.commit()
            schema.look_into(self._connection, self._name)
        self._aside = self._changed = False

    def _analyze(self) -> None:
        """Let the server look at what there is, when that is much more than the last time."""
        before = self._one("SELECT reltuples FROM pg_class WHERE oid = 'lines'::regclass")
        if self._added > before * _GROWTH:
            for table in schema.OF_DATASETS:
                self._connection.execute(f"ANALYZE {table}".encode())
            self._added = 0

    def _copy(self, table: str, rows: Iterable[str]) -> None:
        command = f"COPY {table} FROM STDIN".encode()
        with self._connections.plainly(), self._connection.cursor() as cursor, cursor.copy(command) as copy:
            for some in _joined(rows):
                copy.write(some)

    def _one(self, query: str) -> Any:
        found = self._connection.execute(query.encode()).fetchone()
        return found[0] if found else None


@contextmanager
def writing(connections: Connections, name: str, number: int) -> Iterator[PostgresWriter]:
    """A writer of the schema `name`, whose number no other schema has. Raises Busy while there is another."""
    connection = connections.open()
    with closing(connection):  # which drops what was not committed, and the lock
        with connections.plainly():
            held = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCK, number)).fetchone()
            if held != (True,):
                raise Busy("Another process writes the index just now.")
            connection.execute(_WRITING.encode())
            connection.autocommit = False
            writer = PostgresWriter(connections, connection, name)
        try:
            yield writer
        finally:
            _let_go(connection)


def _let_go(connection: Connection[Any]) -> None:
    """Drop what was not committed, and the lock: the server would do so too, but after the next one has asked."""
    with suppress(psycopg.Error):  # it is gone already
        connection.rollback()
        connection.execute("SELECT pg_advisory_unlock_all()")


def _joined(rows: Iterable[str]) -> Iterator[str]:
    """The rows, many at once: the server takes them in fewer pieces."""
    some: list[str] = []
    for row in rows:
        some.append(row)
        if len(some) == 500:
            yield "".join(some)
            some.clear()
    yield "".join(some)
