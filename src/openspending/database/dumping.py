"""The whole database as one file of JSON Lines, and back: from SQLite to PostgreSQL and the other way too.

The first line says what follows, the last one how many rows there were: a file that was cut short is not loaded. Tables
are taken as they are in the database, not as the program knows them, so a file that an older program wrote is loaded
into the tables of its time, which are then brought to today's form. Secrets are in it: hashes of tokens, signing keys.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from openspending.database.engine import migrate
from openspending.errors import Conflict, StoreError

FORMAT: Final = "openspending-database"

LEFT_OUT: Final = frozenset({"alembic_version", "workers"})  # which processes are at work now says nothing later
_BATCH: Final = 500  # rows of one INSERT

Row = Mapping[str, Any]


class BadDump(StoreError):
    """A file that is no dump, or not all of one."""


def dump(engine: Engine, path: Path) -> dict[str, int]:
    """Write all rows to the new file `path`, which only its owner may read; how many of each table.

    All are of one moment. Raises FileExistsError, and StoreError when the database does not answer.
    """
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    counts: dict[str, int] = {}
    with file, _plainly("dumped"), engine.connect() as connection:
        _one_moment(connection)
        _write(file.write, {"format": FORMAT, "revision": _form(connection), "made": datetime.now(UTC).isoformat()})
        for table in _tables(connection):
            counts[table.name] = 0
            for row in connection.execute(select(table)).mappings():
                counts[table.name] += 1
                _write(file.write, {"table": table.name, "row": {name: _told(value) for name, value in row.items()}})
        _write(file.write, {"rows": sum(counts.values())})
    return counts


def load(engine: Engine, path: Path) -> dict[str, int]:
    """Put what `dump` wrote into an empty database, and bring that to the newest form; how many rows of each table.

    All or nothing. Raises BadDump, Conflict when there are rows already, StoreError when the database refuses.
    """
    with path.open(encoding="utf-8") as file:
        lines = _lines(file)
        revision = next(lines, {}).get("revision")
        if not isinstance(revision, str):
            raise BadDump(f"{path} is no dump of a database.")
        migrate(engine, revision)
        with _plainly("loaded"), engine.begin() as connection:
            if _form(connection) != revision:
                raise Conflict("The database has a newer form than the dump; load it into a new, empty database.")
            tables = {table.name: table for table in _tables(connection)}
            _expect_empty(connection, tables.values())
            counts = _insert(connection, tables, lines)
            _set_sequences(connection, tables.values())
    migrate(engine)
    return counts


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    """The database's errors as ours, without the values that were asked for."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0]
        raise StoreError(f"The database cannot be {what}: {reason[:200]}") from error


def _one_moment(connection: Connection) -> None:
    """Let everything that is read from here on be of one moment."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ")


def _form(connection: Connection) -> str:
    """Which form the database has, as migrations count."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _tables(connection: Connection) -> list[Table]:
    """All tables with their columns, those that others refer to first."""
    names = [name for name in inspect(connection).get_table_names() if name not in LEFT_OUT]
    found = MetaData()
    found.reflect(connection, only=names)
    for column in (column for table in found.tables.values() for column in table.c if isinstance(column.type, JSON)):
        column.type = JSON(none_as_null=bool(column.nullable))  # NULL and JSON's null are two; both are None here
    return [table for table in found.sorted_tables if table.name in names]


def _write(write: Callable[[str], object], line: Mapping[str, Any]) -> None:
    write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _told(value: Any) -> Any:
    """A value as JSON has it; `_value` makes of it what the column holds."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _value(told: Any, column: Column[Any], dialect: str) -> Any:
    if told is None:
        return None
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(told)
        return moment.replace(tzinfo=None) if dialect == "sqlite" else moment
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(told)
    return bool(told) if isinstance(column.type, Boolean) else told


def _lines(file: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects of a file. Raises BadDump for what is none."""
    for number, line in enumerate(file, start=1):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict) or (number == 1 and found.get("format") != FORMAT):
            raise BadDump(f"Line {number} is not as a dump has it; is the file whole?")
        yield found


def _expect_empty(connection: Connection, tables: Iterable[Table]) -> None:
    full = [one.name for one in tables if connection.execute(select(func.count()).select_from(one)).scalar_one()]
    if full:
        raise Conflict(f"The database has rows already, in {', '.join(full)}; only an empty one can be loaded.")


def _insert(connection: Connection, tables: Mapping[str, Table], lines: Iterator[dict[str, Any]]) -> dict[str, int]:
    """Insert all rows. Raises BadDump when the file ends before its last line."""
    counts = dict.fromkeys(tables, 0)
    for name, group in itertools.groupby(lines, key=lambda line: line.get("table")):
        if name is None:
            if [line.get("rows") for line in group] == [sum(counts.values())]:
                return counts
            break
        table = tables.get(str(name))
        if table is None:
            raise BadDump(f"There is no table {str(name)[:60]} in a database of that form.")
        while batch := [line["row"] for line in itertools.islice(group, _BATCH)]:
            values = [
                {column: _value(told, table.c[column], connection.dialect.name) for column, told in row.items()}
                for row in batch
            ]
            connection.execute(table.insert(), values)
            counts[table.name] += len(batch)
    raise BadDump("The dump ends too early; is the file whole?")


def _set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL numbers new rows after those that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            names = {"table": table.name, "column": column.name}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), names).scalar()
            newest = connection.execute(select(func.max(column))).scalar()
            if sequence and newest:
                connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})
