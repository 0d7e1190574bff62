"""Which workers live: each says so every few seconds, and each watches the others, and takes over from the dead.

No clocks are compared. A worker counts up; whoever sees that another's count has stood still for `SILENCE` seconds, by
its own watch, takes its jobs away. A watcher that could not look for a while, since the database was away, begins anew.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, case, delete, insert, literal, null, select, update

from openspending.database.engine import Moment, now
from openspending.jobs.claiming import FAILURES, lock
from openspending.jobs.places import born, gone, place
from openspending.jobs.queue import AT_ONCE
from openspending.jobs.schema import JOBS, WORKERS

BEAT: Final = 3.0  # seconds
SILENCE: Final = 20.0  # seconds after which a worker is dead
BLINDNESS: Final = 9.0  # seconds without a look, after which what was seen before says nothing

_DIED: Final = "The process that did it has ended unexpectedly."


@dataclass(slots=True)
class Heartbeat:
    """One worker's, and what it has seen of those of others."""

    worker: str = field(default_factory=lambda: uuid.uuid4().hex)
    beats: int = 0
    silence: float = SILENCE
    _looked: float = 0.0
    _seen: dict[str, tuple[int, float]] = field(default_factory=dict)  # the count of each, and since when it stands

    def beat(self, connection: Connection) -> None:
        """Say that this worker lives; also if it was thought dead meanwhile."""
        self.beats += 1
        told = {"beats": self.beats, "seen": now()}
        if not connection.execute(update(WORKERS).where(WORKERS.c.id == self.worker).values(told)).rowcount:
            process = {"place": place(), "pid": os.getpid(), "born": born(os.getpid())}
            connection.execute(insert(WORKERS), {"id": self.worker, **process, **told})

    def end(self, connection: Connection) -> None:
        """Say that this worker has ended: what it left undone is free."""
        lock(connection)
        _take(connection, [self.worker], failures=0)

    def take_over(self, connection: Connection) -> int:
        """Give the jobs of dead workers back to the queue. How many they were."""
        dead = self._dead(connection)
        if not dead and not _orphans(connection):
            return 0
        lock(connection)
        return _take(connection, dead, failures=1)

    def _dead(self, connection: Connection) -> list[str]:
        """The workers that have ended without a word."""
        moment = time.monotonic()
        if moment - self._looked > BLINDNESS:
            self._seen.clear()
        self._looked = moment
        rows = connection.execute(select(WORKERS).where(WORKERS.c.id != self.worker)).all()
        for row in rows:
            if self._seen.get(row.id, (None, 0.0))[0] != row.beats:
                self._seen[row.id] = (row.beats, moment)
        return [row.id for row in rows if self._silent(row.id, moment) or gone(row.place, row.pid, row.born)]

    def _silent(self, worker: str, moment: float) -> bool:
        return moment - self._seen[worker][1] > self.silence


def _orphans(connection: Connection) -> bool:
    """Whether a job is running by a worker that is not in the list."""
    listed = select(WORKERS.c.id)
    found = select(JOBS.c.id).where(JOBS.c.state == "running", JOBS.c.worker.not_in(listed)).limit(1)
    return connection.execute(found).first() is not None


def _take(connection: Connection, workers: Collection[str], failures: int) -> int:
    """Forget these workers, and give back what they and all who are forgotten were doing. A job whose attempts ended
    that way again and again has failed: something in it ends processes."""
    connection.execute(delete(WORKERS).where(WORKERS.c.id.in_(workers)))
    left = JOBS.c.failures + failures
    ending = case((JOBS.c.cancelling, "cancelled"), (left >= FAILURES, "failed"), else_="queued")
    values: dict[Any, Any] = {
        "state": ending,
        "failures": left,
        "worker": None,
        "due": AT_ONCE,
        "error": case((JOBS.c.cancelling, JOBS.c.error), else_=_DIED) if failures else JOBS.c.error,
        "finished": case((ending == "queued", null()), else_=literal(now(), Moment)),
    }
    free = update(JOBS).where(JOBS.c.state == "running", JOBS.c.worker.not_in(select(WORKERS.c.id)))
    result: CursorResult[Any] = connection.execute(free.values(values))
    return result.rowcount
