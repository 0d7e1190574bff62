"""Workers that are killed at random: whether every job is done, once at a time for each dataset, and nothing twice.

    python -m benchmarks.killing [--kills 100] [--on sqlite|postgresql]

Four processes do jobs all the time; every tenth of a second or so one of them is killed (kill -9), and another started.
Jobs note in a file when they begin and end. In the end each must be done, and no dataset may have had two at once.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.jobs import databases
from openspending.database.engine import migrate, open_database
from openspending.jobs import Jobs, Running, Worker

PROCESSES = 4
DATASETS = 12


def handler(running: Running) -> dict[str, int]:
    """Takes a moment, and notes when it begins and ends."""
    told, job = Path(running.job.payload["file"]), running.job
    note(told, f"begun {job.dataset} {job.id} {job.attempts}")
    for step in range(random.randrange(5, 20)):
        running.progress(step, 20, "working")
        time.sleep(0.03)
    note(told, f"ended {job.dataset} {job.id} {job.attempts}")
    return {"attempt": job.attempts}


def note(told: Path, line: str) -> None:
    with told.open("a") as file:
        file.write(f"{line}\n")


def overlapping(told: Path) -> int:
    """How often a job of a dataset was begun while another attempt, which ended well, was at work there."""
    open_now: dict[str, tuple[str, str]] = {}
    clashes = 0
    lines = [tuple(line.split()) for line in told.read_text().splitlines()]
    ended = {(job, attempt) for verb, _, job, attempt in lines if verb == "ended"}
    for verb, dataset, job, attempt in lines:
        if (job, attempt) not in ended:
            continue  # it was killed
        if verb == "begun":
            clashes += dataset in open_now
            open_now[dataset] = (job, attempt)
        else:
            open_now.pop(dataset, None)
    return clashes


def started(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.killing", "--work", url])


def run(url: str, kills: int, folder: Path) -> None:
    engine = open_database(url)
    migrate(engine)
    jobs = Jobs(engine)
    told = folder / "told"
    told.touch()
    processes = [started(url) for _ in range(PROCESSES)]
    submitted: list[str] = []
    begun = time.monotonic()
    for _ in range(kills):
        for _ in range(2):
            number = len(submitted) % DATASETS
            payload = {"file": str(told)}
            job = jobs.submit("work", payload, account=None, owner=f"owner{number % 3}", name=f"d{number}")
            submitted.append(job.id)
        time.sleep(random.uniform(0.1, 1.0))
        place = random.randrange(PROCESSES)
        processes[place].kill()
        processes[place].wait()
        processes[place] = started(url)
    states = Counter(jobs.wait(one, 120).state for one in submitted)
    for process in processes:
        process.kill()
        process.wait()
    attempts = Counter(jobs.get(one).attempts for one in submitted)
    print(f"{kills} kills in {time.monotonic() - begun:.0f} s, {len(submitted)} jobs: {dict(states)}")
    print(f"attempts: {dict(sorted(attempts.items()))}; two at once in a dataset: {overlapping(told)}")
    engine.dispose()
    assert states == {"done": len(submitted)}
    assert overlapping(told) == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--work", metavar="URL", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        Worker(Jobs(open_database(asked.work)), {"work": handler}, 2).start()
        time.sleep(3600)
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as urls:
        run({"sqlite": urls["SQLite"], "postgresql": urls["PostgreSQL"]}[asked.on], asked.kills, Path(name))


if __name__ == "__main__":
    main()
