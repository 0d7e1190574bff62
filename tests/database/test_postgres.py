from __future__ import annotations

import pytest
from sqlalchemy import text

from openspending.database.engine import open_database

pytestmark = pytest.mark.slow


def test_each_database_of_the_tests_is_new(postgres_url: str, database_url: str) -> None:
    assert postgres_url != database_url
    engine = open_database(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
