"""The same on S3 and PostgreSQL: bytes go straight to the bucket, by signed URLs, in parts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from openspending.database.engine import migrate, open_database
from openspending.datastore import bucket
from openspending.datastore.addresses import S3Access
from openspending.datastore.signing import SMALLEST_PART
from openspending.datastore.store import open_datastore
from openspending.jobs import Jobs, Worker
from openspending.write_api import Limits, Writing, handlers, sweep
from tests.datastore import servers
from tests.write_api.conftest import BUDGET, Place, app_of

pytestmark = pytest.mark.slow
BIG = bytes(range(256)) * (SMALLEST_PART // 256) + b"and a rest"


@pytest.fixture(scope="module")
def access() -> Iterator[S3Access]:
    with servers.moto() as server:
        bucket.init("writing", s3=server.access)
        yield server.access


@pytest.fixture(scope="module")
def on_s3(access: S3Access, postgres_url: str) -> Iterator[Place]:
    engine = open_database(postgres_url)
    migrate(engine)
    store = open_datastore(f"s3://writing/{uuid.uuid4()}", f"s3://writing-private/{uuid.uuid4()}", access)
    writing = Writing.over(store, engine, Jobs(engine), s3=access, limits=Limits(part=SMALLEST_PART))
    worker = Worker(writing.jobs, handlers(writing), 1, poll=0.05)
    worker.start()
    with TestClient(app_of(writing)) as client:
        yield Place(client, writing)
    worker.stop()
    engine.dispose()


def send(one: dict[str, Any], content: bytes) -> int:
    """As a browser does, which knows nothing but the answer of the API."""
    return httpx.request(one["method"], one["url"], headers=one["headers"], content=content).status_code


def uploaded(place: Place, content: bytes) -> str:
    found = place.announce(content).json()
    assert send(found["parts"]["send"], content) == 200
    assert place.ask("POST", found["links"]["complete"]).status_code == 200
    return str(found["id"])


def test_a_dataset_comes_by_signed_url_and_goes_its_way(on_s3: Place) -> None:
    job = on_s3.finished(on_s3.start_import(uploaded(on_s3, BUDGET)))
    assert (job["state"], job["result"]["measures"]) == ("done", {"Approved": "5725"})
    path = "/v1/datasets/treasury/budget"
    files = list(on_s3.writing.store.private.list("treasury/budget/files"))
    link = on_s3.ask("POST", f"{path}/links", json={"path": files[0].partition("budget/")[2], "seconds": 60}).json()
    assert link["signed"]
    assert httpx.get(link["url"]).content == BUDGET
    assert on_s3.finished(on_s3.ask("POST", f"{path}/publish", "admin"))["state"] == "done"
    assert list(on_s3.writing.store.private.list("treasury/budget/files")) == []
    link = on_s3.ask("POST", f"{path}/links", json={"path": "datapackage.json"}).json()
    assert (link["signed"], link["url"]) == (False, "/data/treasury/budget/datapackage.json")
    assert on_s3.finished(on_s3.ask("PATCH", path, json={"title": "T"}))["result"]["visibility"] == "public"


def test_pages_are_told_where_bytes_go(on_s3: Place, access: S3Access) -> None:
    told = on_s3.ask("GET", "/v1/uploads/limits").json()
    assert (told["origin"], told["part"]) == (access.endpoint, SMALLEST_PART)
    assert on_s3.announce(BUDGET).json()["parts"]["send"]["url"].startswith(f"{told['origin']}/")
    assert on_s3.ask("GET", "/v1/uploads/limits", "nobody").status_code == 401


def test_an_interrupted_upload_in_parts_goes_on(on_s3: Place) -> None:
    found = on_s3.announce(BIG).json()
    links = found["links"]
    assert (found["parts"]["count"], found["parts"]["send"]) == (2, None)

    def part(number: int) -> None:
        (one,) = on_s3.ask("POST", links["parts"], json={"numbers": [number]}).json()["data"]
        assert send(one, BIG[(number - 1) * SMALLEST_PART :][: one["size"]]) == 200

    part(2)
    assert on_s3.ask("GET", links["self"]).json()["parts"]["arrived"] == [2]
    assert on_s3.ask("POST", links["complete"]).status_code == 409
    part(1)
    done = on_s3.ask("POST", links["complete"])
    assert (done.status_code, done.json()["state"]) == (200, "complete")
    assert on_s3.ask("POST", links["complete"]).status_code == 200
    upload = on_s3.writing.uploads.get(found["id"])
    assert b"".join(on_s3.writing.staging.stream(upload)) == BIG
    assert on_s3.ask("PUT", f"{links['self']}/parts/1", content=BIG[:SMALLEST_PART]).status_code == 409
    assert on_s3.ask("DELETE", links["self"]).status_code == 204
    assert list(on_s3.writing.store.private.list(f"uploads/{found['id']}")) == []


def test_an_upload_whose_completion_was_interrupted_is_completed(on_s3: Place) -> None:
    found = on_s3.announce(BIG).json()
    for one in on_s3.ask("POST", found["links"]["parts"], json={"numbers": [1, 2]}).json()["data"]:
        assert send(one, BIG[(one["number"] - 1) * SMALLEST_PART :][: one["size"]]) == 200
    on_s3.writing.staging.join(on_s3.writing.uploads.get(found["id"]))  # and then the process was killed
    assert on_s3.ask("GET", found["links"]["self"]).json()["parts"]["arrived"] == [1, 2]
    assert on_s3.ask("POST", found["links"]["complete"]).status_code == 200


def test_other_bytes_are_refused_and_forgotten(on_s3: Place) -> None:
    found = on_s3.announce(BUDGET, sha256="0" * 64).json()
    assert send(found["parts"]["send"], BUDGET) == 200
    assert on_s3.ask("POST", found["links"]["complete"]).status_code == 422
    assert on_s3.ask("GET", found["links"]["self"]).status_code == 404
    assert list(on_s3.writing.store.private.list(f"uploads/{found['id']}")) == []


def test_keys_and_quotas_hold_on_postgresql(on_s3: Place) -> None:
    answers = [on_s3.ask("POST", "/v1/uploads", json=body, headers={"Idempotency-Key": "k"}) for body in bodies()]
    assert [one.status_code for one in answers] == [201, 201, 422]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert on_s3.writing.quota.count("treasury") == on_s3.writing.quota.count("treasury")
    assert sweep(on_s3.writing).uploads == 0


def bodies() -> list[dict[str, Any]]:
    body = {"owner": "treasury", "filename": "a.csv", "size": 5, "sha256": "0" * 64}
    return [body, body, {**body, "size": 6}]
