"""A real S3 server for tests: Ceph's radosgw, one for all processes that run tests at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.datastore import servers
from tests.datastore.servers import Server


@pytest.fixture(scope="session")
def radosgw(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    own = tmp_path_factory.getbasetemp()
    with servers.radosgw_for_all((own if worker_id == "master" else own.parent) / "radosgw") as server:
        yield server
