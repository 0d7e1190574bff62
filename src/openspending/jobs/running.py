"""A job while it is done: what its handler is given, to say how far it is and to hear that it is to stop."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, insert, select, update

from openspending.database.engine import now
from openspending.jobs.claiming import Attempt
from openspending.jobs.job import Cancelled, Interrupted, Job, Progress, TakenOver
from openspending.jobs.lasting import lasting
from openspending.jobs.schema import JOBS, LINES
from openspending.jobs.texts import clean

INTERVAL: Final = 0.5  # seconds between two writes of one job
LINES_KEPT: Final = 1000
LONGEST_LINE: Final = 1000  # characters
_REST: Final = "… what it said further is left out."


class Running:
    """A job that is being done. `progress` and `say` are cheap: what they are told is written twice a second."""

    def __init__(self, job: Job, worker: str, engine: Engine, stopping: threading.Event) -> None:
        self.job = job
        self.attempt = Attempt(job.id, job.attempts, worker)
        self.engine = engine
        self._stopping = stopping
        self._lock = threading.Lock()
        self._told: Progress | None = None
        self._lines: list[tuple[datetime, str]] = []
        self._kept: int | None = None  # lines of the job that are written, of all its attempts
        self._written = 0.0
        self._ended: Cancelled | None = None

    def progress(self, done: int = 0, total: int | None = None, stage: str = "") -> None:
        """Say how far the job is. Raises Cancelled when it is to stop: then the handler leaves, and writes nothing
        more. Call it often, at least between two steps: it is the only way in which a job is stopped."""
        with self._lock:
            self._told = Progress(done, total, clean(stage)[:200])
        self.flush()
        if self._ended is not None:
            raise self._ended
        if self._stopping.is_set():
            raise Interrupted("The worker is stopping.")

    def say(self, text: str) -> None:
        """Add a line to the job's log, where all who may see the job read it. Beyond a thousand it is left out."""
        with self._lock:
            self._lines.append((now(), clean(text)[:LONGEST_LINE]))
        self.flush()

    def flush(self, *, whole: bool = False) -> None:
        """Write what was told, if it is time to, or if the `whole` is wanted. Raises StoreError when the database stays
        away."""
        with self._lock:
            waiting = time.monotonic() - self._written < INTERVAL
            if (waiting and not whole) or not (self._lines or self._told):
                return
            self._kept = lasting(self.engine, self._write)
            self._told = None
            self._lines.clear()
            self._written = time.monotonic()

    def _write(self, connection: Connection) -> int | None:
        """Write what was told in one transaction, and learn whether the job is to stop. How many lines it has now."""
        told = self._told
        values: dict[str, Any] = {"kind": JOBS.c.kind}  # nothing new; it locks the row, and looks at it
        if told is not None:
            values = {"done": told.done, "total": told.total, "stage": told.stage}
        held = update(JOBS).where(self.attempt.holds).values(values).returning(JOBS.c.cancelling)
        row = connection.execute(held).first()
        if row is None:
            self._ended = TakenOver("Another worker has begun this job anew.")
            return self._kept
        if row.cancelling:
            self._ended = Cancelled("The job was cancelled.")
        return self._write_lines(connection)

    def _write_lines(self, connection: Connection) -> int | None:
        if not self._lines:
            return self._kept
        kept = self._kept
        if kept is None:
            counted = select(func.count()).select_from(LINES).where(LINES.c.job == self.job.id)
            kept = connection.execute(counted).scalar_one()
        rows = [
            {"job": self.job.id, "attempt": self.job.attempts, "number": number, "at": at, "text": text}
            for number, (at, text) in enumerate(self._lines, kept)
        ][: max(0, LINES_KEPT - kept)]
        if not rows:
            return kept
        if kept + len(rows) == LINES_KEPT:
            rows[-1]["text"] = _REST
        connection.execute(insert(LINES), rows)
        return kept + len(rows)
