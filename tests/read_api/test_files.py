"""The public store over HTTP: ranges, validators, caches, and nothing but the public store."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from openspending import read_api
from openspending.datastore.objects import CHUNK, CONTENT_TYPES, ObjectStore

DOWNLOAD = f"owner/budget/derived/r1-b3/downloads/{'1' * 64}/budget-r1.xlsx"
DESCRIPTOR = b'{"name": "budget"}'
BIG = os.urandom(1024) * (CHUNK // 1024 + 300)  # more than one chunk of a stream
SHA = "0" * 64


@pytest.fixture(scope="module", params=["memory", "file"])
def files(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[TestClient[Litestar]]:
    folder: Path = tmp_path_factory.mktemp("store")
    (folder / "private").mkdir()
    (folder / "private" / "secret.json").write_bytes(b"{}")
    store = ObjectStore.open("memory://" if request.param == "memory" else f"file://{folder}/public")
    store.put("owner/budget/datapackage.json", DESCRIPTOR)
    store.put("owner/budget/r1.datapackage.json", DESCRIPTOR)
    store.put(f"owner/budget/files/{SHA}/data.csv", b"a,b\n1,2\n")
    store.put("owner/budget/derived/r1-b3/facts.parquet", BIG)
    store.put("owner/budget/files/empty.csv", b"")
    store.put(DOWNLOAD, BIG)
    listed = [{"path": "derived/r1-b3/facts.parquet", "sha256": hashlib.sha256(BIG).hexdigest()}]
    store.put("owner/budget/derived/r1-b3/downloads.json", json.dumps({"files": listed}).encode())
    with TestClient(read_api.app(NoCubes(), store)) as client:
        yield client


class NoCubes:
    """A cubes without anything in it."""

    def names(self) -> list[str]:
        return []

    def cube(self, name: str) -> Any:
        raise AssertionError(name)

    def package(self, name: str) -> Any:
        raise AssertionError(name)


FACTS = "/data/owner/budget/derived/r1-b3/facts.parquet"


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("owner/budget/datapackage.json", "application/json", "public, max-age=60"),
        ("owner/budget/r1.datapackage.json", "application/json", "public, max-age=31536000, immutable"),
        (f"owner/budget/files/{SHA}/data.csv", "text/csv", "public, max-age=31536000, immutable"),
        ("owner/budget/derived/r1-b3/facts.parquet", "application/vnd.apache.parquet", "public, max-age=60"),
        (DOWNLOAD, CONTENT_TYPES[".xlsx"], "public, max-age=31536000, immutable"),
    ],
)
def test_a_file_comes_whole_with_its_kind_and_how_long_it_stays(
    files: TestClient[Litestar], path: str, kind: str, caching: str
) -> None:
    answer = files.get(f"/data/{path}", headers={"Origin": "https://a.org"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["cache-control"] == caching
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["access-control-allow-origin"] == "https://a.org"
    assert "Content-Range" in answer.headers["access-control-expose-headers"]
    assert answer.content == (BIG if path.endswith(("parquet", "xlsx")) else answer.content)


@pytest.mark.parametrize("path", [FACTS, "/data/owner/budget/datapackage.json"])
def test_a_file_comes_with_the_digest_of_its_content(files: TestClient[Litestar], path: str) -> None:
    for answer in (files.get(path), files.head(path)):
        digest = base64.b64encode(hashlib.sha256(files.get(path).content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"


def test_what_lies_at_the_address_of_its_hash_comes_with_that_hash(files: TestClient[Litestar]) -> None:
    """Also when the content is not that any more: whoever compares them sees it."""
    promised = base64.b64encode(bytes.fromhex("1" * 64)).decode()
    for asked in ({}, {"Range": "bytes=0-3"}):
        answer = files.get(f"/data/{DOWNLOAD}", headers=asked)
        assert answer.headers["repr-digest"] == f"sha-256=:{promised}:"
        assert answer.headers["etag"] == f'"{"1" * 64}"'


@pytest.mark.parametrize("path", [FACTS, "/data/owner/budget/datapackage.json"])
def test_head_says_the_same_without_the_bytes(files: TestClient[Litestar], path: str) -> None:
    got, head = files.get(path), files.head(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("path", [FACTS, "/data/owner/budget/datapackage.json"])
def test_what_the_asker_has_is_not_sent_again(files: TestClient[Litestar], path: str) -> None:
    etag = files.get(path).headers["etag"]
    assert etag.startswith('"')
    for header in (etag, f'"x", {etag}', f"W/{etag}", "*"):
        answer = files.get(path, headers={"If-None-Match": header})
        assert answer.status_code == 304
        assert answer.content == b""
    assert files.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=5-", 5, len(BIG)),
        ("bytes=-8", len(BIG) - 8, len(BIG)),
        (f"bytes={CHUNK - 2}-{CHUNK + 1}", CHUNK - 2, CHUNK + 2),
        ("bytes=4-99999999999", 4, len(BIG)),
    ],
)
def test_a_range_is_a_206_with_exactly_its_bytes(files: TestClient[Litestar], asked: str, start: int, end: int) -> None:
    answer = files.get(FACTS, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == BIG[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(BIG)}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", [f"bytes={len(BIG)}-", "bytes=-0", "bytes=-"])
def test_a_range_outside_is_a_416(files: TestClient[Litestar], asked: str) -> None:
    answer = files.get(FACTS, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(BIG)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=9-3", "bytes=a-b", ""])
def test_what_is_no_single_range_is_ignored(files: TestClient[Litestar], asked: str) -> None:
    answer = files.get("/data/owner/budget/datapackage.json", headers={"Range": asked})
    assert answer.status_code == 200
    assert answer.content == DESCRIPTOR


def test_a_range_of_another_version_is_ignored(files: TestClient[Litestar]) -> None:
    etag = files.head(FACTS).headers["etag"]
    assert files.get(FACTS, headers={"Range": "bytes=0-3", "If-Range": etag}).status_code == 206
    assert files.get(FACTS, headers={"Range": "bytes=0-3", "If-Range": '"x"'}).status_code == 200


ELSEWHERE = (
    "nix",
    "owner/budget",
    "owner/budget/",
    "../private/secret.json",
    "%2e%2e/private/secret.json",
    "..%2fprivate%2fsecret.json",
    "owner/%2e%2e/%2e%2e/private/secret.json",
    "%2fetc/passwd",
    "owner/budget/a%00b",
    "owner/budget/a%5cb",
    "x" * 2000,
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_there_is_no_way_out_of_the_public_store(files: TestClient[Litestar], path: str) -> None:
    answer = files.get(f"/data/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "://" not in answer.json()["detail"]  # nor a word on where the store lies


def test_an_empty_file_is_an_answer_too(files: TestClient[Litestar]) -> None:
    answer = files.get("/data/owner/budget/files/empty.csv")
    assert (answer.status_code, answer.content) == (200, b"")
    assert files.get("/data/owner/budget/files/empty.csv", headers={"Range": "bytes=0-"}).status_code == 416


def test_scripts_in_a_file_never_run(files: TestClient[Litestar]) -> None:
    headers = files.get("/data/owner/budget/datapackage.json").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
