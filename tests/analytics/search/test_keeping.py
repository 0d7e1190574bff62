"""Indexes are kept up to date while a process runs, whatever happens to one of them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspending.actor import NOBODY
from openspending.analytics.search import indexing, keeping
from openspending.analytics.search.sides import Search
from openspending.datastore import registry
from openspending.datastore.objects import ObjectStore
from openspending.errors import StoreError
from tests.analytics.search.test_indexing import ROWS, search_over, stores
from tests.read_api.homes import ADMIN, put

pytestmark = pytest.mark.slow


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Search]:
    monkeypatch.setattr(keeping, "TICK", 0.02)
    monkeypatch.setattr(keeping, "AFTER_FAILURE", 0.1)
    monkeypatch.setattr(indexing, "PATIENCE", 0.02)
    store = stores(tmp_path)
    for objects in (store.public, store.private):
        put(objects, tmp_path, "roads", ROWS)
    found = search_over(store, tmp_path / "index")
    yield found
    found.close()


def soon(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_an_index_that_is_deleted_meanwhile_is_made_again(
    search: Search, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    search.start()
    soon(lambda: bool(search.public.visible(NOBODY) and search.private.visible(ADMIN)))
    (tmp_path / "index").rename(tmp_path / "gone")  # at once: files in it come and go
    shutil.rmtree(tmp_path / "gone", ignore_errors=True)
    assert search.public.visible(NOBODY) == {} or search.public.pending(NOBODY) == 0
    soon(lambda: bool(search.public.visible(NOBODY) and search.private.visible(ADMIN)))
    begun = time.monotonic()
    search.close()
    assert time.monotonic() - begun < 5
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


def test_a_store_that_is_away_is_told_once_and_keeps_the_other_side_from_nothing(
    search: Search, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    plain, asked, away = registry.datasets, list[str](), True

    def half(store: ObjectStore) -> list[registry.Listing]:
        if away and store.root.endswith("private"):
            asked.append(store.root)
            raise StoreError("It is away.")
        return plain(store)

    monkeypatch.setattr(registry, "datasets", half)
    search.start()
    soon(lambda: bool(search.public.visible(NOBODY)) and len(asked) >= 3)
    away = False
    soon(lambda: bool(search.private.visible(ADMIN)))
    told = [one for one in caplog.messages if "does not follow" in one]
    assert told == ["The search index (private) does not follow its store: It is away."]
