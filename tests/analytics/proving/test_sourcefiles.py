"""Source files are hashed once, copied where they lie in a bucket, and never too many of them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openspending.analytics.proving import sourcefiles
from openspending.analytics.proving.sourcefiles import SourceFiles
from openspending.datastore import layout
from openspending.datastore.manifest import Damaged, Revision
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound, TooMuch

REVISION = Revision(
    owner="ministry",
    name="budget",
    number=1,
    descriptor={},
    hash="sha256:0",
    created=datetime(2026, 1, 1, tzinfo=UTC),
    author="ministry",
    message="",
    previous=None,
    changelog=0,
)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """A store that is no folder, and one that is."""
    return ObjectStore.open("memory://" if request.param == "memory" else f"file://{tmp_path}/store")


def put(store: ObjectStore, data: bytes) -> str:
    """Store a source file, and give its path in the descriptor."""
    path = layout.file_path(hashlib.sha256(data).hexdigest(), "b.csv")
    store.put(layout.stored_key("ministry", "budget", path), data)
    return path


def test_a_file_is_at_hand_as_it_was_published(store: ObjectStore, tmp_path: Path) -> None:
    path = put(store, b"a,b\n1,2\n")
    files = SourceFiles(store, tmp_path / "copies")

    first, again = files.file(REVISION, path), files.file(REVISION, path)

    assert first.path.read_bytes() == b"a,b\n1,2\n"
    assert again is first
    assert (tmp_path / "copies").exists() == store.root.startswith("memory:")


def test_altered_bytes_are_refused_and_a_file_changed_later_too(tmp_path: Path) -> None:
    store = ObjectStore.open(f"file://{tmp_path}/store")
    path = put(store, b"a,b\n1,2\n")
    files = SourceFiles(store, tmp_path / "copies")
    local = files.file(REVISION, path).path
    local.write_bytes(b"a,b\n1,3\n")

    with pytest.raises(Damaged, match=r"b\.csv"):
        files.file(REVISION, path)


def test_what_is_missing_or_too_large_is_not_fetched(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(store, b"a,b\n1,2\n")
    files = SourceFiles(store, tmp_path / "copies")

    with pytest.raises(NotFound):
        files.file(REVISION, layout.file_path("0" * 64, "b.csv"))
    monkeypatch.setattr(sourcefiles, "LARGEST", 7)
    with pytest.raises(TooMuch):
        files.file(REVISION, path)
    assert not (tmp_path / "copies").exists()


def test_the_oldest_copies_go_when_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, copies = ObjectStore.open("memory://"), tmp_path / "copies"
    monkeypatch.setattr(sourcefiles, "LARGEST", 100)
    monkeypatch.setattr(sourcefiles, "COPIES", 300)
    files = SourceFiles(store, copies)
    paths = [put(store, bytes([65 + number]) * 100) for number in range(5)]

    for path in paths:
        files.file(REVISION, path)
        assert sum(one.stat().st_size for one in copies.glob("*/*")) <= 300
    assert files.file(REVISION, paths[0]).path.read_bytes() == b"A" * 100
