"""The places on which the ObjectStore's conformance suite runs: memory, a local folder, S3 on each server there is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from openspending.datastore import bucket
from openspending.datastore.objects import ObjectStore
from openspending.datastore.store import open_datastore
from tests.datastore import servers
from tests.datastore.servers import Server

S3 = [pytest.param(one, marks=pytest.mark.slow) for one in ("moto", *(["radosgw"] if servers.has_radosgw() else []))]


@pytest.fixture(scope="session")
def moto() -> Iterator[Server]:
    with servers.moto() as server:
        bucket.init("suite", s3=server.access)
        yield server


@pytest.fixture(params=S3)
def server(request: pytest.FixtureRequest) -> Server:
    """Each S3 server, with the buckets “suite” and “suite-private”."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Server)
    return found


@pytest.fixture(params=["memory", "folder", *S3])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """A fresh ObjectStore on each kind of place."""
    if request.param == "memory":
        return open_datastore("memory://").public
    if request.param == "folder":
        return open_datastore((tmp_path / "data store" / "public").as_uri()).public
    server = request.getfixturevalue(request.param)
    return open_datastore(f"s3://suite/{uuid.uuid4()}", s3=server.access).public


@pytest.fixture
def objects(store: ObjectStore) -> ObjectStore:
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test puts the files of its packages."""
    made = tmp_path / "files"
    made.mkdir()
    return made
