"""The live cubes answer from the newest built revision, whole, and follow new ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.query import AggregateQuery
from openspending.datastore import revisions
from openspending.datastore.objects import ObjectStore
from openspending.errors import BadQuery, NotFound
from openspending.publishing import Published
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

HEADER = "year,code,label,amount\n"


@pytest.fixture
def cubes(store: ObjectStore, tmp_path: Path) -> Iterator[LiveCubes]:
    """The cubes of `store`."""
    cubes = LiveCubes(store, tmp_path / "cache")
    yield cubes
    cubes.close()


def _total(cubes: LiveCubes) -> object:
    return cubes.cube("ministry:budget").aggregate(AggregateQuery()).summary["amount.sum"]


def test_a_new_revision_is_served_as_soon_as_it_is_built(
    tmp_path: Path, published: Callable[[Path], Published], cubes: LiveCubes
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    assert (cubes.names(), _total(cubes)) == (["ministry:budget"], 5)
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,7\n"))
    assert _total(cubes) == 7


def test_the_old_revision_serves_until_the_new_one_is_built(
    tmp_path: Path, published: Callable[[Path], Published], cubes: LiveCubes
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,7\n"))
    shutil.rmtree(tmp_path / "store/public/ministry/budget/derived/r2-b3")

    assert _total(cubes) == 5


def test_the_cache_may_be_deleted(
    tmp_path: Path, published: Callable[[Path], Published], store: ObjectStore, cubes: LiveCubes
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    assert _total(cubes) == 5
    shutil.rmtree(tmp_path / "cache")
    fresh = LiveCubes(store, tmp_path / "cache")
    assert _total(fresh) == 5
    fresh.close()


class Bucket(ObjectStore):
    """The same objects under a bucket's address; counts how often it is asked for one."""

    def __init__(self, store: ObjectStore) -> None:
        super().__init__(store._client, "s3://somewhere")
        self.asked = 0

    def get(self, key: str) -> bytes:
        self.asked += 1
        return super().get(key)

    def exists(self, key: str) -> bool:
        self.asked += 1
        return super().exists(key)


def test_a_bucket_is_asked_for_newer_revisions_once_a_second_at_most(
    tmp_path: Path, published: Callable[[Path], Published], store: ObjectStore
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    bucket = Bucket(store)
    cubes = LiveCubes(bucket, tmp_path / "cache")
    assert _total(cubes) == 5
    before = bucket.asked
    for _ in range(20):
        assert _total(cubes) == 5
        assert cubes.revision("ministry", "budget").number == 1
        assert cubes.revision("ministry", "budget", "1").number == 1
    cubes.close()

    assert bucket.asked - before <= 2 + 5  # what newer revisions take, and the numbered one, which is read once


def test_unknown_datasets_are_not_found(cubes: LiveCubes) -> None:
    for name in ("nobody:nothing", "no-colon", "../x:y", ":"):
        with pytest.raises(NotFound):
            cubes.cube(name)


def test_null_members_are_listed_and_summed(
    tmp_path: Path, published: Callable[[Path], Published], cubes: LiveCubes
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,,,5\n2024,1,a,7\n"))
    cells = cubes.cube("ministry:budget").aggregate(AggregateQuery(drilldowns=("code",))).cells

    assert [(one["code.code"], one["amount.sum"]) for one in cells] == [("1", 7), (None, 5)]


def test_a_version_is_a_number_a_day_or_a_hash(
    tmp_path: Path, published: Callable[[Path], Published], store: ObjectStore, cubes: LiveCubes
) -> None:
    first = published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    second = published(write_package(tmp_path / "p", HEADER + "2024,1,a,7\n"))
    today = revisions.read(store, "ministry", "budget", 2).created.date().isoformat()

    def total(version: str | None) -> object:
        opened = cubes.at("ministry", "budget", version)
        return opened.revision.number, opened.built.measures["amount"]

    assert total(None) == total("2") == total(second.hash) == total(second.hash[:15]) == total(today) == (2, 7)
    assert total("1") == total(first.hash) == (1, 5)
    for missing in ("3", "sha256:00000000", "1999-12-31"):
        with pytest.raises(NotFound):
            cubes.at("ministry", "budget", missing)
    for nonsense in ("0", "-1", "x", "2024-02-30", "sha256:12", "", "1 ", "¹"):
        with pytest.raises(BadQuery):
            cubes.at("ministry", "budget", nonsense)


def test_what_was_never_derived_is_derived_into_the_cache_once_and_stores_nothing(
    tmp_path: Path, published: Callable[[Path], Published], store: ObjectStore, cubes: LiveCubes
) -> None:
    published(write_package(tmp_path / "p", HEADER + "2024,1,a,5\n"))
    stated = cubes.at("ministry", "budget").built
    shutil.rmtree(tmp_path / "store/public/ministry/budget/derived")
    before = sorted(store.list())
    fresh = LiveCubes(store, tmp_path / "other cache")
    assert fresh.at("ministry", "budget").built == fresh.at("ministry", "budget", "1").built == stated
    fresh.close()
    made = {one: one.stat().st_mtime_ns for one in (tmp_path / "other cache").iterdir() if one.is_file()}
    again = LiveCubes(store, tmp_path / "other cache")
    assert again.at("ministry", "budget").built == stated
    again.close()

    assert {one: one.stat().st_mtime_ns for one in made} == made
    assert sorted(store.list()) == before
