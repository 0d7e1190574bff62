"""What an object store promises, the same in memory, in a folder and on S3."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from obstore.store import S3Store

from openspending.datastore.addresses import S3Access
from openspending.datastore.keys import check_key
from openspending.datastore.objects import CHUNK, AlreadyExists, ObjectStore
from openspending.errors import BadQuery, BadSettings, NotFound, StoreError

UNSAFE_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "//host/share",
    "..",
    "../outside",
    "a/../../outside",
    "a/..",
    "a/./b",
    ".",
    "a//b",
    "a/",
    "a\\..\\b",
    "..\\outside",
    "a\0b",
    "a\nb",
    "a\x7fb",
    "a\x85b",
    "a\ud800b",
    "a/b#1",
    "a#12/b",
    "x" * 241,
    "ü" * 121,
    "/".join(["x" * 200] * 6),
]


def test_an_object_comes_back_as_it_was_put(objects: ObjectStore) -> None:
    for key, data in {"a/b.json": b"{}", "empty": b"", "a/ünï cödé 100%.csv": bytes(range(256))}.items():
        objects.put(key, data)
        assert objects.get(key) == data
        assert b"".join(objects.stream(key)) == data
        assert objects.head(key).size == len(data)


def test_a_second_put_replaces_the_object(objects: ObjectStore) -> None:
    objects.put("key", b"old and long")
    before = objects.head("key")
    objects.put("key", b"new")
    assert objects.get("key") == b"new"
    assert objects.head("key").etag != before.etag
    assert objects.head("key").modified >= before.modified


def test_a_create_only_put_never_replaces(objects: ObjectStore) -> None:
    objects.put("key", b"first", create=True)
    with pytest.raises(AlreadyExists):
        objects.put("key", b"second", create=True)
    assert objects.get("key") == b"first"


def test_of_many_create_only_puts_one_wins(objects: ObjectStore) -> None:
    together = Barrier(8)

    def race(number: int) -> int | None:
        together.wait()
        try:
            objects.put("race", str(number).encode(), create=True)
        except AlreadyExists:
            return None
        return number

    with ThreadPoolExecutor(8) as threads:
        winners = [one for one in threads.map(race, range(8)) if one is not None]
    assert [str(one).encode() for one in winners] == [objects.get("race")]


def test_what_is_absent_is_not_found(objects: ObjectStore, tmp_path: Path) -> None:
    objects.put("folder/object", b"x")
    for key in ("absent", "folder", "folder/object/below"):
        with pytest.raises(NotFound):
            objects.get(key)
        with pytest.raises(NotFound):
            objects.head(key)
        with pytest.raises(NotFound):
            objects.stream(key)
        assert not objects.exists(key)
    with pytest.raises(NotFound):
        objects.download("absent", tmp_path / "file")
    assert objects.exists("folder/object")
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("file")]


def test_parts_of_an_object_can_be_read(objects: ObjectStore) -> None:
    objects.put("key", b"0123456789")
    expected = {(0, None): b"0123456789", (3, None): b"3456789", (3, 5): b"34", (8, 99): b"89", (10, None): b""}
    for (start, end), data in expected.items():
        assert b"".join(objects.stream("key", start, end)) == data
    assert b"".join(objects.stream("key", 5, 5)) == b""


def test_a_file_of_several_parts_is_stored_whole(objects: ObjectStore, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(2 * CHUNK + 12345))
    objects.put("big", source)
    objects.put("big, created", source, create=True)
    with pytest.raises(AlreadyExists):
        objects.put("big, created", source, create=True)
    for key in ("big", "big, created"):
        objects.download(key, target)
        assert target.read_bytes() == source.read_bytes()
        assert [len(chunk) for chunk in objects.stream(key)] == [CHUNK, CHUNK, 12345]


def test_an_empty_file_is_stored(objects: ObjectStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.touch()
    for create in (False, True):
        objects.put(f"empty-{create}", source, create=create)
        assert objects.get(f"empty-{create}") == b""


def test_listing_follows_folders_not_beginnings_of_names(objects: ObjectStore) -> None:
    for key in ("a/1", "a/b/2", "ab/3", "c"):
        objects.put(key, b"")
    assert sorted(objects.list()) == ["a/1", "a/b/2", "ab/3", "c"]
    assert sorted(objects.list("a")) == sorted(objects.list("a/")) == ["a/1", "a/b/2"]
    assert list(objects.list("absent")) == []


def test_long_listings_are_complete(objects: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: objects.put(f"many/{n}", b""), range(130)))
    assert sorted(objects.list("many")) == sorted(f"many/{n}" for n in range(130))


def test_deleting_twice_is_harmless(objects: ObjectStore) -> None:
    objects.put("key", b"x")
    objects.delete("key")
    objects.delete("key")
    assert not objects.exists("key")


@pytest.mark.parametrize("key", UNSAFE_KEYS)
def test_unsafe_keys_are_refused(key: str) -> None:
    with pytest.raises(BadQuery):
        check_key(key)


def test_no_method_takes_an_unsafe_key(objects: ObjectStore, tmp_path: Path) -> None:
    key = "a/../../outside"
    attempts: list[Callable[[], object]] = [
        lambda: objects.get(key),
        lambda: objects.head(key),
        lambda: objects.exists(key),
        lambda: objects.stream(key),
        lambda: list(objects.list(key)),
        lambda: objects.put(key, b"x"),
        lambda: objects.put(key, b"x", create=True),
        lambda: objects.delete(key),
        lambda: objects.download(key, tmp_path / "file"),
    ]
    for attempt in attempts:
        with pytest.raises(BadQuery):
            attempt()


def test_a_named_memory_is_shared_and_a_nameless_one_is_not() -> None:
    ObjectStore.open("memory://shared-by-name").put("key", b"x")
    assert ObjectStore.open("memory://shared-by-name").get("key") == b"x"
    assert not ObjectStore.open("memory://another-name").exists("key")
    ObjectStore.open("memory://").put("key", b"x")
    assert not ObjectStore.open("memory://").exists("key")


def test_a_folder_url_may_have_spaces_and_accents(tmp_path: Path) -> None:
    folder = tmp_path / "Dépenses 100%"
    ObjectStore.open(folder.as_uri()).put("key", b"x")
    assert (folder / "key").read_bytes() == b"x"


def test_what_a_killed_writer_left_in_a_folder_is_not_seen(tmp_path: Path) -> None:
    objects = ObjectStore.open(tmp_path.as_uri())
    (tmp_path / "key#1").write_bytes(b"hal")
    assert list(objects.list()) == []
    objects.put("key", b"whole", create=True)
    assert list(objects.list()) == ["key"]


@pytest.mark.parametrize(
    "url",
    [
        "http://host/bucket",
        "bucket",
        "s3://",
        "s3://key:secret@bucket",
        "s3://bucket?x=1",
        "file://host/folder",
        "file:relative",
        "memory://a/b",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadSettings):
        ObjectStore.open(url)


@pytest.mark.parametrize("endpoint", ["ftp://host", "http://user:pass@host", "http://", "host?x=1"])
def test_other_servers_are_refused(endpoint: str) -> None:
    with pytest.raises(BadSettings):
        ObjectStore.open("s3://bucket", S3Access(endpoint))


def test_one_key_without_the_other_is_refused() -> None:
    with pytest.raises(BadSettings):
        ObjectStore.open("s3://bucket", S3Access(access_key="key"))


@pytest.mark.parametrize(
    ("bucket", "endpoint", "address", "virtual_host"),
    [
        ("budgets", None, "https://budgets.s3.eu-west-1.amazonaws.com", True),
        ("budgets.example.org", None, "https://s3.eu-west-1.amazonaws.com", False),
        ("budgets", "s3.example.org", "https://s3.example.org", False),
        ("budgets", "http://localhost:9000/", "http://localhost:9000", False),
    ],
)
def test_requests_go_where_the_settings_say_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, bucket: str, endpoint: str | None, address: str, *, virtual_host: bool
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"):
        monkeypatch.setenv(name, "http://elsewhere:1")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    objects = ObjectStore.open(f"s3://{bucket}/prefix", S3Access(endpoint, "eu-west-1", "k", "s"))
    assert isinstance(objects._client, S3Store)
    config = dict(objects._client.config)
    assert (config["endpoint"], config["region"]) == (address, "eu-west-1")
    assert config["virtual_hosted_style_request"] == str(virtual_host).lower()
    assert objects._client.prefix == "prefix"


def test_a_server_that_is_not_there_is_named_without_the_keys() -> None:
    s3 = S3Access("http://127.0.0.1:9", access_key="MYACCESSKEY", secret_key="MYSECRETKEY")
    objects = ObjectStore.open("s3://bucket", s3)
    for attempt in (lambda: objects.get("key"), lambda: objects.put("key", b"x")):
        with pytest.raises(StoreError) as caught:
            attempt()
        assert "s3://bucket" in str(caught.value)
        assert "MYACCESSKEY" not in repr(caught.value)
        assert "MYSECRETKEY" not in repr(caught.value)
    assert "KEY" not in repr(objects)
