"""Derived files are a pure function of the revision: they can be deleted, and come back the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openspending.analytics.rebuild import rebuild
from openspending.datastore import revisions
from openspending.datastore.manifest import Damaged
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from openspending.errors import NotFound
from openspending.etl.sourcefile import source_file
from openspending.fdp.problems import PackageRejected
from openspending.publishing import Published, publish
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow

ROWS = "year,code,label,amount\n2024,01,Roads,10.50\n2024,01,Roads,10.50\n2025,02,Schools,-3\n"


@pytest.fixture
def derived(tmp_path: Path, published: Callable[[Path], Published]) -> Path:
    """The folder of what was derived from a first revision."""
    published(write_package(tmp_path / "p", ROWS))
    return tmp_path / "store/public/ministry/budget/derived"


def test_deleted_files_are_made_again_with_the_same_hash(store: ObjectStore, derived: Path) -> None:
    shutil.rmtree(derived)
    (again,) = rebuild(store, verify=True)

    assert (again.dataset, again.facts, again.made, again.same) == ("ministry/budget", 3, True, True)
    assert (derived / "r1-b3/facts.parquet").exists()


def test_what_exists_is_left_alone(store: ObjectStore, derived: Path) -> None:
    before = (derived / "r1-b3/facts.parquet").stat().st_mtime_ns
    (found,) = rebuild(store, "ministry/budget")

    assert (found.made, found.same) == (False, None)
    assert (derived / "r1-b3/facts.parquet").stat().st_mtime_ns == before


def test_another_hash_than_the_recorded_one_is_told(store: ObjectStore, derived: Path) -> None:
    record = derived.parent / "r1.b3.json"
    record.write_text(record.read_text().replace('"hash": "sha256:', '"hash": "sha256:0'))
    (found,) = rebuild(store, verify=True)

    assert found.same is False


def test_the_registry_is_made_again_too(store: ObjectStore, derived: Path) -> None:
    registry = derived.parents[2] / "registry"
    before = (registry / "catalog.csv").read_bytes()
    shutil.rmtree(registry)
    list(rebuild(store))

    assert (registry / "catalog.csv").read_bytes() == before


def test_a_flipped_byte_in_a_source_file_is_refused(store: ObjectStore, derived: Path) -> None:
    (source,) = (derived.parent / "files").glob("*/lines.csv")
    source.write_bytes(source.read_bytes().replace(b"10.50", b"99.50", 1))

    with pytest.raises(Damaged, match="sha-256"):
        list(rebuild(store, verify=True))


def test_a_judgement_made_at_the_commit_is_not_made_again(tmp_path: Path, store: ObjectStore) -> None:
    """A revision of before this check existed: today its total row would be refused."""
    rows = "year,code,label,amount\n2024,1,a,1\n2024,2,b,2\n2024,3,c,4\n2024,,Total,7\n"
    folder = write_package(tmp_path / "p", rows)
    with pytest.raises(PackageRejected, match="counted twice"):
        publish(str(folder), owner="ministry", store=store)
    descriptor = json.loads((folder / "datapackage.json").read_text())
    files = {"lines.csv": source_file(folder / "lines.csv")}
    revisions.commit(store, "ministry", "budget", descriptor, files, message="", author="me", now=datetime.now(UTC))
    (made,) = rebuild(store)

    assert (made.facts, made.made) == (4, True)


def test_an_unknown_dataset_is_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFound, match="nobody/nothing"):
        list(rebuild(store, "nobody/nothing"))


@pytest.mark.usefixtures("derived")
def test_two_stores_derive_the_same(tmp_path: Path, store: ObjectStore) -> None:
    other = open_datastore(f"file://{tmp_path}/other/public", f"file://{tmp_path}/other/private").public
    publish(str(tmp_path / "p"), owner="somebody", store=other)
    (here,), (there,) = rebuild(store), rebuild(other)

    assert here.hash == there.hash
