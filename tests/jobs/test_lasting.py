"""A database that is away for a moment, locked, or full."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from openspending.database.engine import open_database
from openspending.errors import StoreError
from openspending.jobs.lasting import lasting

SECRET = "hunter2"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A small SQLite that does not wait for locks."""
    engine = create_engine(f"sqlite:///{tmp_path / 'small.sqlite'}", connect_args={"timeout": 0})

    def limit(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 10")

    event.listen(engine, "connect", limit)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER PRIMARY KEY, said TEXT)"))
    yield engine
    engine.dispose()


def kept(connection: Connection, said: str = "x", id_: int | None = None) -> int:
    inserted = connection.execute(text("INSERT INTO kept VALUES (:id, :said)"), {"id": id_, "said": said})
    return inserted.rowcount


def test_a_full_disk_is_told_in_plain_words_that_hold_no_values(engine: Engine) -> None:
    with pytest.raises(StoreError) as refused:
        lasting(engine, lambda one: kept(one, SECRET * 100_000), patience=0.2)
    assert str(refused.value) == "The database cannot be used now: database or disk is full."
    assert lasting(engine, kept) == 1


def test_of_a_server_that_is_not_there_no_address_is_told(tmp_path: Path) -> None:
    nowhere = open_database(f"postgresql://ann:{SECRET}@/{tmp_path.name}?host={tmp_path}")
    with pytest.raises(StoreError) as refused:
        lasting(nowhere, kept, patience=0.1)
    assert str(refused.value) == "The database cannot be used now: OperationalError."
    nowhere.dispose()


def test_a_lock_is_waited_for(engine: Engine) -> None:
    other = sqlite3.connect(str(engine.url.database), check_same_thread=False, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    release.start()
    begun = time.monotonic()
    assert lasting(engine, kept, patience=10) == 1
    assert time.monotonic() - begun >= 0.2
    release.join()
    other.close()


def test_what_contradicts_is_told_at_once(engine: Engine) -> None:
    lasting(engine, lambda one: kept(one, id_=1))
    with pytest.raises(IntegrityError):
        lasting(engine, lambda one: kept(one, id_=1), patience=60)


def test_a_mistake_of_ours_is_not_repeated_for_a_minute(engine: Engine) -> None:
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        lasting(engine, lambda _: 1 // 0, patience=60)
    assert time.monotonic() - begun < 1
