"""The migrations make what the components' tables say, on both databases, also when many processes begin at once."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

import openspending
from openspending.database.engine import alone, metadata, migrate, open_database
from openspending.errors import StoreError

pytestmark = pytest.mark.slow

SOURCE = Path(openspending.__file__).parent
MIGRATE = "import sys; from openspending.database.engine import *; migrate(open_database(sys.argv[1]))"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def all_tables() -> None:
    for schema in SOURCE.glob("*/schema.py"):
        importlib.import_module(f"openspending.{schema.parent.name}.schema")


def test_a_migrated_database_has_the_tables_that_the_components_name(engine: Engine) -> None:
    all_tables()
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_processes_that_begin_at_once_all_find_a_whole_database(database_url: str) -> None:
    together = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, database_url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    errors = [one.communicate(timeout=60)[1] for one in together]
    assert [one.returncode for one in together] == [0, 0, 0], errors


def test_a_migration_that_fails_leaves_the_old_form(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE memberships (id INTEGER)"))  # in the way of a later step of the first one
    with pytest.raises(StoreError, match="cannot be prepared"):
        migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE memberships"))
    migrate(engine)


def test_what_runs_alone_reads_what_the_one_before_wrote(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def add(times: int) -> None:
        for _ in range(times):
            with alone(engine, 77) as connection:
                found = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": found + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, [10] * 4))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 40


def test_what_fails_alone_is_taken_back(engine: Engine) -> None:
    def fail() -> None:
        with alone(engine, 77) as connection:
            connection.execute(text("CREATE TABLE counter (n INTEGER)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
