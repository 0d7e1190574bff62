"""What goes wrong: full disks, killed workers, requests at once, what nobody needs any more."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from openspending.database.engine import now
from openspending.datastore import revisions
from openspending.datastore.verify import verify
from openspending.jobs import Worker
from openspending.write_api import Limits, handlers, sweep
from tests.write_api.conftest import BUDGET, MIB, Place, app_of

WORK = """
import sys
from pathlib import Path
from typing import Any
from openspending.database.engine import open_database
from openspending.jobs import Jobs, Worker
from openspending.write_api import Writing, handlers
from tests.write_api.conftest import store_in
folder = Path(sys.argv[1])
engine = open_database(f"sqlite:///{folder / 'writing.sqlite'}")
writing = Writing.over(store_in(folder), engine, Jobs(engine))
worker = Worker(writing.jobs, handlers(writing), 1, poll=0.05)
worker.start()
print("working", flush=True)
sys.stdin.read()
"""


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process can grow beyond so many bytes: what a write then gets is what a full disk answers."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def limits() -> Limits:
    return Limits(upload_size=100 * MIB, quota=1000 * MIB, part=50 * MIB)


def test_a_full_disk_is_told_and_leaves_nothing(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    content = b"1" * (12 * MIB)
    url = place.announce(content).json()["parts"]["send"]["url"]
    with files_of_at_most(8 * MIB):
        answer = place.ask("PUT", url, content=content)
    assert (answer.status_code, answer.json()["type"]) == (503, "/v1/problems/store-unavailable")
    assert list(tmp_path.glob("upload-*")) == []
    assert place.ask("PUT", url, content=content).status_code == 204


def test_whoever_hangs_up_leaves_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = str(place.announce(BUDGET).json()["parts"]["send"]["url"])
    messages = [{"type": "http.request", "body": BUDGET[:5], "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "server": ("x", 80),
        "headers": [(b"as", b"editor")],
        "client": ("127.0.0.1", 1),
        "state": {},
    }

    async def receive() -> Any:
        return messages.pop(0)

    async def send(_: Any) -> None:
        return None

    async def hang_up() -> None:
        await app_of(place.writing)(scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(hang_up())
    assert list(tmp_path.glob("upload-*")) == []
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


def test_what_nobody_needs_is_swept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = place.upload(BUDGET), place.upload(BUDGET)
    place.writing.uploads.change(old, expires=now() - timedelta(seconds=1))
    kept = ["uploads/conductor/a.csv", f"uploads/{'0' * 30}/marked.csv"]
    for one in kept:
        place.writing.store.private.put(one, b"1")
    swept = sweep(place.writing)
    assert (swept.uploads, swept.folders, swept.answers) == (1, 0, 0)
    assert sorted(place.writing.store.private.list("uploads")) == sorted([f"uploads/{new}/1", *kept])
    assert place.ask("GET", f"/v1/uploads/{new}").status_code == 200
    monkeypatch.setattr("openspending.write_api.sweeping.KEPT", timedelta(0))
    assert sweep(place.writing).folders == 1
    assert place.writing.store.private.exists(kept[0])
    assert place.ask("POST", f"/v1/uploads/{new}/complete").status_code == 200


def test_of_requests_at_once_with_one_key_one_is_done(place: Place) -> None:
    upload = place.upload(BUDGET)

    def start(_: int) -> int:
        return int(place.start_import(upload, headers={"Idempotency-Key": "one"}).status_code)

    with ThreadPoolExecutor(6) as threads:
        statuses = set(threads.map(start, range(12)))
    assert statuses <= {202, 409}
    assert len(place.writing.jobs.listed()) == 1


def test_of_uploads_at_once_none_slips_through_the_quota(place: Place) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: place.announce(b"1", size=90 * MIB).status_code, range(16)))
    assert set(found) <= {201, 507}
    assert found.count(201) <= 11
    assert place.writing.uploads.reserved("treasury")[1] <= 1000 * MIB


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_no_half_revision_and_loses_none(place: Place, tmp_path: Path) -> None:
    """Killed at two moments at random, also while it publishes; then another does the rest."""
    contents = [BUDGET.replace(b"1200", str(number).encode()) for number in range(3)]
    jobs = [place.start_import(place.upload(one), actor="admin", publish=True).json()["id"] for one in contents]
    draw = random.Random(os.urandom(8))
    for _ in range(2):
        kill_after(draw.uniform(0.05, 1.0), tmp_path)
    worker = Worker(place.writing.jobs, handlers(place.writing), 1, poll=0.05)
    worker.start()
    try:
        done = [place.writing.jobs.wait(one, 30) for one in jobs]
    finally:
        worker.stop()
    assert [one.state for one in done] == ["done"] * 3, [one.error for one in done]
    public = place.writing.store.public
    assert [one.number for one in revisions.history(public, "treasury", "budget")] == [1, 2, 3]
    assert sorted(one.result["revision"] for one in done if one.result) == [1, 2, 3]
    assert verify(public, "treasury", "budget") == []


def kill_after(seconds: float, folder: Path) -> None:
    """Let a worker in a process of its own work for so long, then kill it."""
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", WORK, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
