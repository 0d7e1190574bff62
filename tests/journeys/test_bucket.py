"""An operator's walk on object storage: everything that works in a folder works in a bucket, by settings alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from openspending.cli.demo import packages
from tests.datastore import servers
from tests.servers import openspending, serving

pytestmark = pytest.mark.slow
CUBE = "/api/3/cubes/gov:suginami-2013/aggregate/"


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """The settings of a bucket that does not exist yet, on a running S3 server."""
    with servers.moto() as server:
        yield {
            "OS_STORAGE_BUCKET_NAME": "journey",
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
            "OS_S3_HOSTNAME": server.endpoint,
        }


def run(settings: dict[str, str], folder: Path, *arguments: str) -> dict[str, Any]:
    done = openspending("--data", str(folder), *arguments, "--json", **settings)
    assert done.returncode == 0, done.stderr + done.stdout
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.exhaustive  # test_platform.py and test_restore.py go the same ways, further
def test_init_publish_serve_and_rebuild_on_a_bucket(bucket: dict[str, str], tmp_path: Path) -> None:
    package = next(one for one in packages() if one.name == "suginami-2013")
    run(bucket, tmp_path, "datastore", "init")
    run(bucket, tmp_path, "publish", str(package), "--owner", "gov")
    with serving(tmp_path, environment=bucket) as server:
        answer = httpx.get(f"{server.address}{CUBE}").json()
        parquet = httpx.get(f"{server.address}/data/gov/suginami-2013/derived/r1-b3/facts.parquet")
    assert answer["summary"] == {"_count": 12, "amount.sum": 155853000000}
    assert parquet.content[:4] == b"PAR1"

    shutil.rmtree(tmp_path / "cache")
    assert run(bucket, tmp_path, "rebuild", "--verify")["identical"] is True
    assert run(bucket, tmp_path, "datastore", "verify")["intact"] is True
    with serving(tmp_path, environment=bucket) as server:
        assert httpx.get(f"{server.address}{CUBE}").json() == answer
    assert not (tmp_path / "public").exists()


def test_the_public_bucket_can_be_read_by_anyone_over_plain_http(bucket: dict[str, str], tmp_path: Path) -> None:
    package = next(one for one in packages() if one.name == "suginami-2013")
    run(bucket, tmp_path, "datastore", "init")
    run(bucket, tmp_path, "publish", str(package), "--owner", "open")
    descriptor = httpx.get(f"{bucket['OS_S3_HOSTNAME']}/journey/open/suginami-2013/datapackage.json")
    assert descriptor.json()["openspending"]["revision"] == 1
