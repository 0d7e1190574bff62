"""Copies between stores: on one S3 server without a byte passing through here, elsewhere through here."""

from __future__ import annotations

import os
import uuid
from itertools import product
from pathlib import Path

import pytest

from openspending.datastore.objects import CHUNK, ObjectStore
from openspending.datastore.s3 import client_for
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.transfers import copy
from openspending.errors import BadQuery, NotFound, StoreError
from tests.datastore.servers import Server

MB = 1024 * 1024


@pytest.fixture
def pair(server: Server) -> DataStore:
    """Two buckets of one S3 server."""
    return open_datastore(f"s3://suite/{uuid.uuid4()}", s3=server.access)


class Unread(ObjectStore):
    """A store whose objects nobody reads here: what is copied from it, the server copies."""

    def get(self, key: str) -> bytes:
        raise AssertionError(key)

    def download(self, key: str, path: Path) -> None:
        raise AssertionError(key, path)


def unread(objects: ObjectStore) -> ObjectStore:
    return Unread(objects._client, objects.root, objects.s3)


@pytest.mark.slow
def test_the_server_copies_from_bucket_to_bucket(pair: DataStore) -> None:
    pair.private.put("a/ünï cödé +100%.csv", b"a,b\n", content_type="text/csv; header=present")
    copy(unread(pair.private), "a/ünï cödé +100%.csv", pair.public, "b/copy")
    assert pair.public.get("b/copy") == b"a,b\n"
    assert pair.public.content_type("b/copy") == "text/csv; header=present"
    pair.private.put("empty", b"")
    copy(unread(pair.private), "empty", pair.public, "b/copy")
    assert pair.public.get("b/copy") == b""


@pytest.mark.slow
def test_the_server_copies_large_objects_in_parts(pair: DataStore, tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(os.urandom(11 * MB + 7))
    pair.private.put("big", source, content_type="text/csv")
    copy(unread(pair.private), "big", pair.public, "copy", whole=10 * MB, part=5 * MB)
    assert pair.public.get("copy") == source.read_bytes()
    assert pair.public.content_type("copy") == "text/csv"
    etag = pair.public.head("copy").etag
    assert etag is not None
    assert etag.strip('"').endswith("-3")


@pytest.mark.slow
def test_a_copy_in_parts_that_fails_leaves_no_parts(pair: DataStore, tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(os.urandom(11 * MB))
    pair.private.put("big", source)
    with pytest.raises(StoreError):
        copy(pair.private, "big", pair.public, "copy", whole=MB, part=MB)  # too small: S3 refuses them in the end
    assert not pair.public.exists("copy")
    found = client_for(pair.public.s3).list_multipart_uploads(Bucket="suite", Prefix=pair.public.root[11:])
    assert found.get("Uploads", []) == []


@pytest.mark.slow
def test_between_a_bucket_and_a_folder_objects_are_streamed(server: Server, tmp_path: Path) -> None:
    bucket = open_datastore(f"s3://suite/{uuid.uuid4()}", s3=server.access).public
    folder = ObjectStore.open((tmp_path / "folder").as_uri())
    for size in (10, CHUNK + 10):
        data = os.urandom(size)
        folder.put("a.csv", data)
        copy(folder, "a.csv", bucket, "b")
        copy(bucket, "b", folder, "c")
        assert folder.get("c") == data


def test_what_holds_of_every_copy(tmp_path: Path) -> None:
    kinds = [ObjectStore.open("memory://"), ObjectStore.open((tmp_path / "folder").as_uri())]
    for source, target in product(kinds, kinds):
        source.put("a", b"new")
        target.put("b", b"old and long")
        copy(source, "a", target, "b")
        assert target.get("b") == b"new"
        with pytest.raises(NotFound):
            copy(source, "absent", target, "c")
        assert not target.exists("c")
        with pytest.raises(BadQuery):
            copy(source, "a", target, "../c")


def test_a_content_type_is_kept_where_there_are_any() -> None:
    source, target = ObjectStore.open("memory://"), ObjectStore.open("memory://")
    source.put("a", b"x", content_type="text/x-odd")
    copy(source, "a", target, "b.csv")
    assert target.content_type("b.csv") == "text/x-odd"


class Short(ObjectStore):
    """Stores less than it was given."""

    def put(self, key: str, data: bytes | Path, *, create: bool = False, content_type: str | None = None) -> None:
        assert isinstance(data, bytes)
        super().put(key, data[:3], create=create, content_type=content_type)


def test_a_short_copy_is_noticed() -> None:
    source, target = ObjectStore.open("memory://"), ObjectStore.open("memory://")
    source.put("a", b"12345")
    with pytest.raises(StoreError, match="3 bytes instead of 5"):
        copy(source, "a", Short(target._client, target.root), "b")
