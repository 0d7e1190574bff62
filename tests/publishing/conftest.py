"""A ObjectStore in a folder, and facts read back from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.publishing import Published, publish

Rows = list[dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    """An empty ObjectStore in a folder."""
    return open_datastore(f"file://{tmp_path}/store/public", f"file://{tmp_path}/store/private").public


@pytest.fixture
def published(store: ObjectStore) -> Callable[[Path], Published]:
    """Publishes a package into `store` for the owner `ministry`."""
    return lambda folder: publish(str(folder), owner="ministry", store=store)


@pytest.fixture
def facts(tmp_path: Path) -> Callable[[Published], Rows]:
    """The facts of what was published, in file order, one dict each."""

    def read(done: Published) -> Rows:
        path = tmp_path / "store/public" / done.dataset / "derived" / f"r{done.revision}-b3" / "facts.parquet"
        found = duckdb.execute(f"SELECT * FROM read_parquet('{path}')")
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    return read
