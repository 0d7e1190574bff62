"""A process that does jobs: `python doing.py URL`. Each job writes when it begins and ends into the file it names."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from openspending.database.engine import open_database
from openspending.jobs import Jobs, Running, Worker


def handler(running: Running) -> dict[str, Any]:
    """Takes as long as the job says, and says that it runs."""
    told = Path(running.job.payload["file"])
    with told.open("a") as file:
        file.write(f"begun {running.job.attempts}\n")
    running.say(f"attempt {running.job.attempts}")
    deadline = time.monotonic() + running.job.payload["seconds"][running.job.attempts - 1]
    while time.monotonic() < deadline:
        running.progress(1, 2, "working")
        time.sleep(0.02)
    with told.open("a") as file:
        file.write(f"ended {running.job.attempts}\n")
    return {"attempt": running.job.attempts}


if __name__ == "__main__":
    Worker(Jobs(open_database(sys.argv[1])), {"work": handler}, 1).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(60)
