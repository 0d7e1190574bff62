"""A child: takes one question over its connection, answers it, and ends. What it may do narrows on the way.

Locked before the question is read: it can open files to read, and nothing else. Locked before the answer is computed:
it can open nothing at all, its memory and time are counted, and DuckDB's own settings are closed. The SQL is therefore
run by a process that holds its databases, one connection, and no way to anything else.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from typing import Any, Final

import duckdb
import pyarrow as pa

from openspending.analytics.adhoc import limits, results, wire
from openspending.analytics.adhoc.bounds import LARGEST_ANSWER, Bounds
from openspending.analytics.adhoc.statement import Refused, Statement, read
from openspending.analytics.adhoc.versions import Rewritten
from openspending.fdp.sqltext import identifier, literal

_BATCH: Final = 4096  # rows handed on at a time
_PIECE: Final = 1 << 16  # bytes of a message
_LONGEST_MESSAGE: Final = 2000  # characters
_NARROW: Final = "Ask for less: WHERE, GROUP BY or LIMIT make it smaller."
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 1,
    "async_threads": 0,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
_LOCKS: Final = (
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class TooMuch(Exception):
    """The answer would need more than a bound allows."""


def empty_database() -> duckdb.DuckDBPyConnection:
    """A database in memory that has no threads besides the caller's, so that a process holding it can be forked."""
    database = duckdb.connect(":memory:", config=_SETTINGS)
    database.execute("SET TimeZone = 'UTC'")
    return database


def own_names(database: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The names of the views and tables that every DuckDB has, in small letters."""
    found = database.execute("SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables()")
    return frozenset(name.lower() for (name,) in found.fetchall())


def answer(connection: socket.socket, database: duckdb.DuckDBPyConnection, reserved: frozenset[str]) -> None:
    """Answer the question that comes over `connection`, or say why not. Raises OSError, Broken when nobody listens."""
    limits.before_the_question()
    _, content = wire.receive(connection)
    asked = wire.read(content, wire.Asked)
    bounds = asked.bounds
    try:
        statement = read(database, asked.query, reserved)
        _answer(connection, database, statement, bounds)
    except (duckdb.OutOfMemoryException, MemoryError, pa.ArrowMemoryError):
        said = f"The query needs more memory than the {bounds.megabytes} that it may have. {_NARROW}"
        _refuse(connection, said, limit=True)
    except TooMuch as refusal:
        _refuse(connection, str(refusal), limit=True)
    except Refused as refusal:
        _refuse(connection, str(refusal), refusal.line, refusal.column)
    except (duckdb.Error, UnicodeError) as error:
        _refuse(connection, plain_words(error))


def _answer(
    connection: socket.socket, database: duckdb.DuckDBPyConnection, statement: Statement, bounds: Bounds
) -> None:
    wire.send_json(connection, wire.NAMES, wire.Named(list(statement.tables), statement.identity))
    _, content = wire.receive(connection)
    _attach(database, wire.read(content, list[tuple[str, str, str]]))
    database.execute(f"SET memory_limit = '{bounds.memory * 3 // 4 >> 10}KiB'")
    for lock in _LOCKS:
        database.execute(lock)
    limits.before_the_answer(bounds)
    try:
        relation = database.sql(statement.text.text)
        columns = results.columns(relation)
        wire.send_json(connection, wire.COLUMNS, columns)
        pieces = _Pieces(connection)
        _write_rows(relation, columns, pa.PythonFile(pieces, mode="w"), bounds)
        pieces.flush()
    except (duckdb.OutOfMemoryException, pa.ArrowMemoryError):
        raise
    except (duckdb.Error, pa.ArrowException) as error:
        raise Refused(plain_words(error), *place_in(error, statement.text)) from error
    wire.send(connection, wire.END)


def _attach(database: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, str, str]]) -> None:
    """Make a view `owner.name` over the facts in each local database; one database may be several datasets' names."""
    paths = {path: f"facts of {number}" for number, path in enumerate(dict.fromkeys(path for *_, path in tables))}
    for path, alias in paths.items():
        database.execute(f"ATTACH {literal(path)} AS {identifier(alias)} (READ_ONLY)")
    for owner, name, path in tables:
        database.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(owner)}")
        view = f"{identifier(owner)}.{identifier(name)}"
        database.execute(f"CREATE VIEW {view} AS SELECT * FROM {identifier(paths[path])}.facts")


def rehearse(database: duckdb.DuckDBPyConnection) -> None:
    """Answer for nobody: what Python, DuckDB and Arrow load when first used is loaded while files can be opened."""
    query = "SELECT CAST('a' AS ENUM ('a')) AS a, 1.5 AS b, CAST('2026-01-01' AS TIMESTAMPTZ) AS c, sum(1) AS d"
    relation = database.sql(read(database, query, frozenset()).text.text)
    _write_rows(relation, results.columns(relation), pa.BufferOutputStream(), Bounds())


def _write_rows(
    relation: duckdb.DuckDBPyRelation, columns: Sequence[wire.Column], target: pa.NativeFile, bounds: Bounds
) -> None:
    """The relation's rows to `target`, as Arrow IPC stream."""
    types = [one.type for one in columns]
    reader = relation.to_arrow_reader(_BATCH)
    rows = 0
    with pa.ipc.new_stream(target, results.plain_schema(reader.schema)) as stream:
        for batch in reader:
            rows += batch.num_rows
            if rows > bounds.rows:
                raise TooMuch(f"The answer has more than {bounds.rows:,} rows, and is never cut short. {_NARROW}")
            stream.write_batch(results.plain(batch, types))


class _Pieces:
    """A file to write to, whose content goes over the connection in messages; at most LARGEST_ANSWER bytes of it."""

    closed = False

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting = bytearray()
        self._written = 0

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        self._written += size
        if self._written > LARGEST_ANSWER:
            raise TooMuch(
                f"The answer is larger than {LARGEST_ANSWER // 1_000_000} MB, and is never cut short. {_NARROW}"
            )
        self._waiting += data
        if len(self._waiting) >= _PIECE:
            self.flush()
        return size

    def flush(self) -> None:
        """Send what waits."""
        for start in range(0, len(self._waiting), _PIECE):
            wire.send(self._connection, wire.ROWS, bytes(self._waiting[start : start + _PIECE]))
        self._waiting.clear()

    def close(self) -> None:
        """The connection stays open."""


def _refuse(
    connection: socket.socket, message: str, line: int | None = None, column: int | None = None, *, limit: bool = False
) -> None:
    wire.send_json(connection, wire.REFUSED, wire.Told(message[:_LONGEST_MESSAGE], line, column, limit))


def plain_words(error: Exception) -> str:
    """What DuckDB says of an error, without anything of this machine: no paths, no inner names, no settings."""
    inner = duckdb.IOException | duckdb.InternalException | duckdb.FatalException | duckdb.PermissionException
    if isinstance(error, inner):
        return "The database engine could not run this query."
    said = " ".join(str(error).partition("\n\n")[0].split())
    said = re.sub(r"(\w+:)?/\S*", "…", re.sub(r"'(?:/|\w+://)[^']*'", "'…'", said))
    return re.sub(r'"?facts of \d+"?\.', "", said)


def place_in(error: Exception, text: Rewritten) -> tuple[int | None, int | None]:
    """Line and column of what DuckDB points at, below the line that it quotes; None when it quotes but a part."""
    found = re.search(r"^LINE (\d+): (?!\.\.\.)(.*)\n( *)\^", str(error), flags=re.MULTILINE)
    if found is None:
        return None, None
    lines = text.text.split("\n")[: int(found[1]) - 1]
    at = len(found[3]) - len(f"LINE {found[1]}: ")
    return text.line_and_column(sum(len(line) + 1 for line in lines) + at)
