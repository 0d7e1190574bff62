"""Opening the SQL database: SQLite or PostgreSQL by URL, the same code for both.

Tables stand where their component is (`identity/schema.py`, `jobs/schema.py`, …), all in one `metadata`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from openspending.errors import BadSettings, StoreError

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
MIGRATING: Final = 0x4F5300  # the lock; those of components follow it
_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite"}


class Moment(TypeDecorator[datetime]):
    """A point in time: aware of its zone in Python, UTC in the database (SQLite knows no zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def open_database(url: str, *, pool: int = 10) -> Engine:
    """The database at `url`: `sqlite:////path/file` or `postgresql://user:password@host/name`. No server is asked yet.

    Raises BadSettings for other URLs; its text holds no password.
    """
    try:
        parts = make_url(url)
        drivername = _DRIVERS[parts.get_backend_name()]
    except (ArgumentError, KeyError):
        raise BadSettings("OS_DATABASE_URL must be sqlite:////path/to/file or postgresql://user@host/name.") from None
    parts = parts.set(drivername=drivername)
    if drivername != "sqlite":
        return create_engine(parts, pool_size=pool, max_overflow=pool, pool_pre_ping=True, hide_parameters=True)
    if parts.database:
        Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parts, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: object) -> None:
    """SQLite: readers do not wait for a writer, foreign keys hold, and what was accepted survives a loss of power."""
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def alone(engine: Engine, lock: int) -> Iterator[Connection]:
    """A transaction that runs while no other of the same `lock` does, in any process; the others wait. What it reads
    therefore still holds when it writes.

    On SQLite it is the only writer at all, so it must be short.
    """
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        sqlite = connection.dialect.name == "sqlite"
        try:
            if sqlite:
                # Python's driver begins late, and commits before it changes tables, unless told to keep out of it
                driver.isolation_level = None
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            if sqlite:
                driver.isolation_level = ""


def migrate(engine: Engine, form: str = "head") -> None:
    """Bring the database to the newest form, or to an older one if it has no newer; nothing happens when it has it.
    Raises StoreError when it is not reached, and when the form is one of a newer program.

    On PostgreSQL one process migrates at a time, the others wait.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    try:
        with alone(engine, MIGRATING) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, form)
    except CommandError as error:
        raise StoreError("The database has the form of a newer version of OpenSpending; install that.") from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database cannot be prepared: {type(error).__name__}.") from error
