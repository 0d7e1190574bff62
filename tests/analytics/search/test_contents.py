"""What a store has now is known at every look, and read again only when something has happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.analytics import following
from openspending.analytics.search.contents import Contents
from openspending.datastore import moving, registry
from openspending.datastore.changelog import Entry
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore, open_datastore
from openspending.errors import StoreError
from tests.datastore.packages import NOW, a_package, commit_to

Leaving = Callable[[DataStore], Any]
SAID: dict[str, Any] = {"event": "e1", "by": "boss", "at": NOW}
LEAVING: dict[str, Leaving] = {
    "hide": lambda both: moving.hide(both, "gov", "roads", **SAID),
    "withdraw": lambda both: moving.withdraw(both, "gov", "roads", reason="A mistake.", **SAID),
    "rename": lambda both: moving.rename(both, "gov", "roads", ("gov", "ways"), **SAID),
}


@pytest.fixture
def both(tmp_path: Path) -> DataStore:
    store = open_datastore(f"file://{tmp_path}/public", f"file://{tmp_path}/private")
    (tmp_path / "package").mkdir()
    made = a_package(tmp_path / "package")
    for name in ("roads", "schools"):
        commit_to(store.public, made, owner="gov", name=name)
    return store


def test_nothing_is_read_again_while_nothing_happens(
    both: DataStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = Contents(both.public)
    first = contents.now()
    assert set(first.listings) == {"gov/roads", "gov/schools"}
    assert first.of_owners == {"gov": ("gov/roads", "gov/schools")}
    with monkeypatch.context() as patch:
        patch.delattr(registry, "datasets")
        assert contents.now() is first
    (tmp_path / "next").mkdir()
    commit_to(both.public, a_package(tmp_path / "next", amount="7"), owner="gov", name="roads")
    assert contents.now().listings["gov/roads"].revision == 2


@pytest.mark.parametrize("action", LEAVING)
def test_what_has_left_is_out_at_the_next_look_into_a_folder(both: DataStore, action: str) -> None:
    contents = Contents(both.public)
    contents.now()
    LEAVING[action](both)
    assert set(contents.now().listings) == {"gov/schools"} | ({"gov/ways"} if action == "rename" else set())


def test_in_a_bucket_it_is_out_within_a_second(both: DataStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PATIENCE", 0.2)
    bucket = ObjectStore(both.public._client, "s3://somewhere")
    contents = Contents(bucket)
    contents.now()
    contents.now()  # asks the bucket, and then not again for a while
    LEAVING["hide"](both)
    assert set(Contents(bucket).now().listings) == {"gov/schools"}
    time.sleep(0.25)
    assert set(contents.now().listings) == {"gov/schools"}


def test_who_has_to_know_reads_it_again(both: DataStore) -> None:
    contents = Contents(ObjectStore(both.public._client, "s3://somewhere"))
    first = contents.now()
    contents.now()
    assert contents.again() is first
    LEAVING["hide"](both)
    assert contents.now() is first
    assert set(contents.again().listings) == {"gov/schools"}
    assert contents.now() is contents.again()


def test_what_changed_and_cannot_be_read_is_not_shown_as_it_was(
    both: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = Contents(both.public)
    contents.now()
    LEAVING["hide"](both)
    answers = iter((StoreError("away"), StoreError("away")))

    def away(_: ObjectStore) -> list[registry.Listing]:
        raise next(answers)

    with monkeypatch.context() as patch:
        patch.setattr(registry, "datasets", away)
        for _ in range(2):
            with pytest.raises(StoreError):
                contents.now()
    assert set(contents.now().listings) == {"gov/schools"}


def test_what_happens_during_a_reading_is_read_next(both: DataStore, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = Contents(both.public)
    plain = registry.datasets

    def overtaken(store: ObjectStore) -> list[registry.Listing]:
        found = plain(store)
        monkeypatch.setattr(registry, "datasets", plain)
        LEAVING["hide"](both)
        return found

    contents.now()
    contents._hear(Entry(0, "", "commit", "gov", "roads", 1, "", "", ""))
    monkeypatch.setattr(registry, "datasets", overtaken)
    assert "gov/roads" in contents.now().listings
    assert set(contents.now().listings) == {"gov/schools"}
