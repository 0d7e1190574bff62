"""One question to the sandbox: asked, its tables found, answered; or cancelled, at any moment and from any thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import pyarrow as pa

from openspending.analytics.adhoc import wire
from openspending.analytics.adhoc.bounds import LARGEST_ANSWER, LONGEST_QUERY, Bounds
from openspending.analytics.adhoc.starting import Starter
from openspending.analytics.adhoc.wire import Column
from openspending.analytics.exports.table import BATCH, Table
from openspending.errors import BadQuery, OpenSpendingError, TooMuch
from openspending.speaking.said import said

_Shape = TypeVar("_Shape")


class RefusedSQL(BadQuery):
    """SQL that is not answered. `line` and `column`, from 1, say where it is wrong, where that is known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message if line is None else f"{message} (line {line}, column {column})")
        self.line = line
        self.column = column


class Cancelled(OpenSpendingError):
    """Whoever asked does not want the answer any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer: its columns, and their values."""

    columns: tuple[Column, ...]
    values: pa.Table

    def table(self) -> Table:
        """The answer as it is written in every format."""
        return Table.from_reader(self.values.to_reader(BATCH), rows=self.values.num_rows)


class Question:
    """SQL on its way through a child. Used as a context: the child is gone when it is left."""

    def __init__(self, query: str, bounds: Bounds, starter: Starter) -> None:
        """Raises RefusedSQL for what is not worth a child."""
        if len(query) > LONGEST_QUERY:
            raise RefusedSQL(
                said(
                    "SQL may have at most {longest_query:,} characters; this has {count:,}.",
                    longest_query=LONGEST_QUERY,
                    count=len(query),
                )
            )
        if not query.strip():
            raise RefusedSQL(said("There is no SQL: write one SELECT statement."))
        if "\0" in query:
            raise RefusedSQL(said("SQL cannot have the character NUL."))
        try:
            query.encode()
        except UnicodeEncodeError:
            raise RefusedSQL(said("SQL is text in Unicode; this has half a surrogate pair.")) from None
        self._query = query
        self._bounds = bounds
        self._starter = starter
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._child: tuple[socket.socket, int] | None = None
        self._until = 0.0

    def cancel(self) -> None:
        """Stop: the child is killed, and whoever waits for it gets Cancelled."""
        self._cancelled.set()
        with self._lock:
            if self._child is not None:
                self._starter.kill(self._child[1])

    @property
    def cancelled(self) -> bool:
        """Whether somebody has."""
        return self._cancelled.is_set()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._child is not None:
                self._starter.kill(self._child[1])
                self._child[0].close()
                self._child = None

    def __enter__(self) -> Self:
        """Start the child. Raises Busy, Cancelled."""
        child = self._starter.fork()
        with self._lock:
            self._child = child
        if self._cancelled.is_set():
            self.__exit__()
            raise Cancelled("The question was cancelled.")
        return self

    def names(self) -> tuple[list[tuple[str, str]], str]:
        """Owner and name (with its version, if any) of each table, and a hash of what is asked.

        Raises RefusedSQL, TooMuch, Cancelled.
        """
        content = self._exchange(wire.QUERY, wire.Asked(self._query, self._bounds), wire.NAMES)
        named = self._read(content, wire.Named)
        return named.tables, named.identity

    def answer(self, paths: Sequence[tuple[str, str, Path]]) -> Answer:
        """The answer, read from the local databases `paths`, one for each of `names`.

        Raises RefusedSQL, TooMuch, Cancelled.
        """
        places = [(owner, name, str(path)) for owner, name, path in paths]
        columns = self._read(self._exchange(wire.TABLES, places, wire.COLUMNS), tuple[Column, ...])
        received = bytearray()
        while True:
            kind, content = self._receive()
            if kind == wire.END:
                return Answer(columns, _table(received, columns))
            if kind != wire.ROWS or len(received) + len(content) > LARGEST_ANSWER:
                raise self._broken()
            received += content

    def _exchange(self, kind: bytes, content: object, expected: bytes) -> bytes:
        """Send a message, and receive the next one, of kind `expected`. From here on the child has its time."""
        self._until = time.monotonic() + self._bounds.seconds
        connection = self._connection
        connection.settimeout(self._bounds.seconds)
        try:
            wire.send_json(connection, kind, content)
        except OSError:
            raise self._broken() from None
        answer, received = self._receive()
        if answer != expected:
            raise self._broken()
        return received

    def _receive(self) -> tuple[bytes, bytes]:
        connection = self._connection
        try:
            connection.settimeout(max(self._until - time.monotonic(), 0.001))
            kind, content = wire.receive(connection)
        except (OSError, wire.Broken):
            raise self._broken() from None
        if kind == wire.REFUSED:
            told = self._read(content, wire.Told)
            raise TooMuch(told.message) if told.limit else RefusedSQL(told.message, told.line, told.column)
        return kind, content

    def _read(self, content: bytes, shape: type[_Shape]) -> _Shape:
        try:
            return wire.read(content, shape)
        except wire.Broken:
            raise self._broken() from None

    @property
    def _connection(self) -> socket.socket:
        with self._lock:
            if self._child is None:
                raise self._broken()
            return self._child[0]

    def _broken(self) -> OpenSpendingError:
        """Why nothing, or nothing sensible, comes from the child."""
        if self._cancelled.is_set():
            return Cancelled("The question was cancelled.")
        if time.monotonic() >= self._until:
            seconds = self._bounds.seconds
            return TooMuch(
                said(
                    "The query needs more than the {seconds} seconds that it may take. Ask for less at once.",
                    seconds=seconds,
                )
            )
        memory = self._bounds.megabytes
        return TooMuch(
            said(
                "The query was stopped while it was computed: as a rule it needs more memory than the {memory} that "
                "it may have. Ask for less: WHERE, GROUP BY or LIMIT make it smaller.",
                memory=memory,
            )
        )


def _table(received: bytearray, columns: Sequence[Column]) -> pa.Table:
    """What the child sent, not believed: everything in it is looked at before it is used."""
    try:
        table = pa.ipc.open_stream(pa.py_buffer(bytes(received))).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise TooMuch(said("The answer came damaged.")) from error
    if table.schema.names != [one.name for one in columns]:
        raise TooMuch(said("The answer came damaged."))
    return table
