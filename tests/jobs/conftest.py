"""A database for jobs, of both kinds: each test has it empty, with all tables made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from openspending.database.engine import migrate, open_database
from openspending.jobs import Jobs
from openspending.jobs.schema import JOBS, LINES, WORKERS


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("jobs")
    url = f"sqlite:///{folder / 'jobs.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres")()
    engine = open_database(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def jobs(engine: Engine) -> Iterator[Jobs]:
    yield Jobs(engine)
    with engine.begin() as connection:
        for table in (LINES, JOBS, WORKERS):
            connection.execute(delete(table))
