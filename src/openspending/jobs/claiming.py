"""Which job is next, who does it, and how it ends. Whoever writes says which attempt it is: late comers change nothing.

A job is next when it is due and no earlier job of its dataset is unfinished; of those, one of the owner that has the
fewest running, and that waits longest for its turn. So nobody's hundred imports keep others waiting.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Update, and_, case, exists, func, or_, select, text, update
from sqlalchemy.sql import Select

from openspending.database.engine import now
from openspending.jobs.job import Job
from openspending.jobs.queue import AT_ONCE, job_of
from openspending.jobs.schema import JOBS, WORKERS
from openspending.jobs.texts import plain
from openspending.speaking.kept import apart

FAILURES: Final = 6  # a job may have; the sixth is its last
FIRST_WAIT: Final = 1.0  # seconds after the first failure, twice as long after each further one
LONGEST_WAIT: Final = 300.0
LOCK: Final = 0x4F534A  # of PostgreSQL's advisory locks: one worker chooses at a time

_EARLIER = JOBS.alias("earlier")
_OTHERS = JOBS.alias("others")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a job, by one worker: what all its writes state."""

    job: str
    number: int
    worker: str

    @property
    def holds(self) -> ColumnElement[bool]:
        """Whether the attempt is still the one that counts."""
        same = (JOBS.c.id == self.job, JOBS.c.attempts == self.number, JOBS.c.worker == self.worker)
        return and_(*same, JOBS.c.state == "running")


def lock(connection: Connection) -> None:
    """Be the only one that chooses or takes over, to the end of the transaction; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def claim(connection: Connection, worker: str, kinds: Collection[str]) -> Job | None:
    """The next job of these kinds, begun by `worker`; None when there is nothing to do."""
    lock(connection)
    known = exists().where(WORKERS.c.id == worker)  # one that was thought dead first has to come back
    moment = now()  # of before this waited for other writers, one of whom may have submitted the job
    begun = {
        "state": "running",
        "worker": worker,
        "attempts": JOBS.c.attempts + 1,
        "started": case((JOBS.c.created > moment, JOBS.c.created), else_=moment),
        "done": 0,
        "total": None,
        "stage": "",
    }
    for owner in connection.execute(_owners(kinds)).scalars().all():
        first = _first(kinds, owner).scalar_subquery()
        taken = update(JOBS).where(JOBS.c.id == first, JOBS.c.state == "queued", known).values(begun)
        row = connection.execute(taken.returning(*JOBS.c)).first()
        if row is not None:
            return job_of(row)
    return None


def done(attempt: Attempt, result: Any) -> Update:
    """The job is done."""
    said = apart({"result": result}) or None
    values = {"state": "done", "result": result, "said": said, "finished": now(), "error": None, "problems": None}
    return update(JOBS).where(attempt.holds).values(values)


def cancelled(attempt: Attempt) -> Update:
    """The job has stopped, as was asked."""
    return update(JOBS).where(attempt.holds, JOBS.c.cancelling).values(state="cancelled", finished=now())


def failed(attempt: Attempt, error: str, problems: Any = None) -> Update:
    """The job has failed for good."""
    said = apart({"error": error, "problems": problems}) or None
    values = {"state": "failed", "error": error, "said": said, "problems": plain(problems) or None, "finished": now()}
    return update(JOBS).where(attempt.holds).values(values)


def again(attempt: Attempt, error: str | None, seconds: float, failures: int) -> Update:
    """The job is queued anew, to begin in `seconds`, with so many failures more."""
    values = {
        "state": "queued",
        "worker": None,
        "due": now() + timedelta(seconds=seconds) if seconds else AT_ONCE,
        "failures": JOBS.c.failures + failures,
        "error": error,
        "said": apart({"error": error}) or None,
    }
    return update(JOBS).where(attempt.holds).values(values)


def wait_after(failures: int) -> float:
    """Seconds to wait after so many failures: exponential, with half of it by chance, so that crowds spread."""
    longest: float = min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _waiting(kinds: Collection[str]) -> ColumnElement[bool]:
    """Whether a job of these kinds is due; it may be blocked all the same."""
    return and_(JOBS.c.state == "queued", JOBS.c.due <= now(), JOBS.c.kind.in_(kinds))


def _owners(kinds: Collection[str]) -> Select[Any]:
    """The owners that have jobs waiting, in the order in which it is their turn."""
    grouped = select(JOBS.c.owner, func.min(JOBS.c.id).label("first")).where(_waiting(kinds)).group_by(JOBS.c.owner)
    waiting = grouped.subquery()
    of_owner = _OTHERS.c.owner == waiting.c.owner
    running = select(func.count()).where(of_owner, _OTHERS.c.state == "running").scalar_subquery()
    served = select(func.max(_OTHERS.c.started)).where(of_owner).scalar_subquery()
    return select(waiting.c.owner).order_by(running, served.asc().nulls_first(), waiting.c.first)


def _first(kinds: Collection[str], owner: str) -> Select[Any]:
    """The id of the owner's job that is to be begun next."""
    before = or_(_EARLIER.c.state == "running", and_(_EARLIER.c.state == "queued", _EARLIER.c.id < JOBS.c.id))
    blocked = exists().where(_EARLIER.c.serial == JOBS.c.serial, before, _EARLIER.c.id != JOBS.c.id)
    return select(JOBS.c.id).where(JOBS.c.owner == owner, _waiting(kinds), ~blocked).order_by(JOBS.c.id).limit(1)
