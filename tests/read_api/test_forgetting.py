"""Caches forget what has left the store, whoever took it away: at once in folders, within a second in buckets."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openspending.actor import NOBODY
from openspending.analytics import following
from openspending.analytics.livecubes import LiveCubes
from openspending.datastore import moving
from openspending.datastore.layout import changelog_key
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import DataStore, open_datastore
from tests.read_api.homes import ADMIN, OWNER, Asking, asking, put

pytestmark = pytest.mark.slow

ROWS = "2024,1,a,5\n2024,2,b,7\n"
DATASET = f"/v1/datasets/{OWNER}/roads"
PATHS = (
    *(DATASET, f"{DATASET}@1", f"{DATASET}@1/aggregate?drilldown=code", f"{DATASET}/facts.csv", f"{DATASET}/changelog"),
    *(f"/data/{OWNER}/roads/datapackage.json", f"/data/{OWNER}/roads/r1.datapackage.json"),
    f"/api/3/cubes/{OWNER}:roads/aggregate/",
)
LEAVING: dict[str, tuple[dict[str, Any], int]] = {
    "hide": ({}, 404),
    "withdraw": ({"reason": "A mistake."}, 410),
    "rename": ({"to": (OWNER, "ways")}, 308),
}


def stores(folder: Path) -> DataStore:
    return open_datastore(f"file://{folder}/public", f"file://{folder}/private")


def leave(store: DataStore, action: str) -> None:
    said = {"event": f"event-{action}", "by": "boss", "at": datetime.now(UTC)}
    move: Callable[..., Any] = getattr(moving, action)
    move(store, OWNER, "roads", **LEAVING[action][0], **said)


def statuses(asked: Asking, tags: dict[str, str] | None = None) -> set[int]:
    """What every path answers, asked in every way; `tags` are ETags that the asker has."""
    found = set()
    for path in PATHS:
        known = {"If-None-Match": (tags or {}).get(path, '"none"')}
        found |= {asked.client.get(path, headers=known).status_code, asked.client.get(path).status_code}
        found.add(asked.client.head(path).status_code)
    return found


@pytest.mark.parametrize("action", LEAVING)
def test_in_a_folder_all_caches_forget_at_once(action: str, tmp_path: Path) -> None:
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", ROWS)
    with asking(store, tmp_path / "cache") as asked:
        tags = {path: asked.client.get(path).headers.get("etag", '"none"') for path in PATHS}
        assert statuses(asked) == {200}
        assert statuses(asked, tags) <= {200, 304}
        assert len(asked.door.public.cache._held) > 0
        leave(store, action)
        assert statuses(asked, tags) == {LEAVING[action][1]}
        assert not asked.door.public.cache._held
        assert asked.door.public.cubes.count() == 0
        assert list((tmp_path / "cache").glob("facts_*.duckdb")) == []


def test_what_comes_back_answers_again(tmp_path: Path) -> None:
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", ROWS)
    with asking(store, tmp_path / "cache") as asked:
        assert statuses(asked) == {200}
        leave(store, "hide")
        assert statuses(asked) == {404}
        asked.as_(ADMIN)
        assert statuses(asked) == {200}
        put(store.private, tmp_path, "roads", ROWS + "2024,3,c,9\n")
        moving.publish(store, OWNER, "roads", event="back", by="boss", at=datetime.now(UTC))
        asked.as_(NOBODY)
        assert statuses(asked) == {200}
        assert asked.client.get(DATASET).json()["revision"] == 2


def test_what_was_private_is_forgotten_too(tmp_path: Path) -> None:
    store = stores(tmp_path)
    for name in ("roads", "other"):
        put(store.private, tmp_path, name, ROWS)
    with asking(store, tmp_path / "cache") as asked:
        asked.as_(ADMIN)
        assert statuses(asked) == {200}
        leave(store, "withdraw")
        assert asked.client.get(f"/v1/datasets/{OWNER}/other").status_code == 200
        assert list((tmp_path / "cache" / "private").glob("facts_*.duckdb")) == []
        assert statuses(asked) <= {404, 410}


class Bucket(ObjectStore):
    """The same objects under a bucket's address; counts how often it is asked."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__(store._client, "s3://somewhere")
        self.asked: list[str] = []

    def get(self, key: str) -> bytes:
        self.asked.append(key)
        return super().get(key)

    def head(self, key: str) -> Any:
        self.asked.append(key)
        return super().head(key)


def test_a_bucket_is_asked_once_a_second_for_all_datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = stores(tmp_path)
    for name in ("roads", "other"):
        put(plain.public, tmp_path, name, ROWS)
    monkeypatch.setattr(following, "PATIENCE", 0.4)
    bucket = Bucket(plain.public)
    with asking(DataStore(bucket, Bucket(plain.private)), tmp_path / "cache") as asked:
        paths = [f"/v1/datasets/{OWNER}/{one}@1{end}" for one in ("roads", "other") for end in ("", "/facts")]
        for path in paths:
            asked.client.get(path)
        bucket.asked.clear()
        started = time.monotonic()
        for _ in range(20):
            assert {asked.client.get(path).status_code for path in paths} == {200}
        rounds = (time.monotonic() - started) / 0.4 + 1
        assert len([key for key in bucket.asked if key.startswith("changelog/")]) <= rounds
        leave(plain, "withdraw")
        time.sleep(0.45)
        assert asked.client.get(f"{DATASET}@1/facts").status_code == 410
        assert asked.client.get(f"/v1/datasets/{OWNER}/other@1/facts").status_code == 200


def test_another_process_takes_it_away(tmp_path: Path) -> None:
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", ROWS)
    with asking(store, tmp_path / "cache") as asked:
        assert statuses(asked) == {200}
        program = (
            "import sys; from pathlib import Path; from tests.read_api.test_forgetting import leave, stores; "
            "leave(stores(Path(sys.argv[1])), 'hide')"
        )
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60, cwd=root)
        assert statuses(asked) == {404}


def test_an_entry_that_cannot_be_read_makes_everything_be_asked_for_anew(tmp_path: Path) -> None:
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", ROWS)
    cubes = LiveCubes(store.public, tmp_path / "cache")
    assert cubes.has(OWNER, "roads")
    assert cubes.has_at_hand(OWNER, "roads")
    store.public.put(changelog_key(2), b"{")
    assert cubes.has(OWNER, "roads")
    store.public.put(changelog_key(3), json.dumps(_entry(3)).encode())
    store.public.delete(f"{OWNER}/roads/r1.datapackage.json")
    assert not cubes.has(OWNER, "roads")
    cubes.close()


def test_what_is_about_to_leave_is_not_remembered(tmp_path: Path) -> None:
    """The changelog may tell of it before the first revision is deleted."""
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", ROWS)
    cubes = LiveCubes(store.public, tmp_path / "cache")
    assert cubes.has(OWNER, "roads")
    store.public.put(changelog_key(2), json.dumps(_entry(2)).encode())
    assert cubes.has(OWNER, "roads")
    store.public.delete(f"{OWNER}/roads/r1.datapackage.json")
    assert not cubes.has(OWNER, "roads")
    cubes.close()


def _entry(position: int) -> dict[str, Any]:
    place = {"position": position, "action": "hide", "owner": OWNER, "dataset": "roads", "revision": 1, "gone": True}
    said = {"at": "2026-11-26T12:00:00Z", "hash": "sha256:0", "message": "", "author": "boss", "event": "e"}
    return place | said
