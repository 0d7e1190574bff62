"""The index in PostgreSQL does what every engine does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openspending.analytics.search.engine import Engine
from openspending.analytics.search.postgres import open_postgres
from tests.analytics.search.engine_contract import ReadingContract, WritingContract

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_postgres(postgres_url, "public")
    yield made
    made.close()


class TestReading(ReadingContract):
    """An index in PostgreSQL, asked."""


class TestWriting(WritingContract):
    """An index in PostgreSQL, changed."""
