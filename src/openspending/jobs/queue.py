"""The jobs as records: submitted once, looked at, cancelled, tried again. Any process with the database can do this."""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from openspending.database.engine import now
from openspending.errors import Conflict, NotFound
from openspending.jobs.job import FINISHED, Job, Line, Progress
from openspending.jobs.lasting import lasting
from openspending.jobs.schema import JOBS, LINES
from openspending.jobs.texts import storable
from openspending.speaking.said import said

_Answer = TypeVar("_Answer")
_ID: Final = re.compile(r"[0-9a-f]{1,40}")

KEPT_DAYS: Final = 30
PATIENCE: Final = 10.0  # seconds that whoever asks waits for the database
AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)  # due whatever the clocks of two machines say


class Jobs:
    """The jobs in one database. Threads may share it; a worker of the same process begins at once what it submits."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.submitted = threading.Condition()
        self.submissions = 0

    def submit(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        account: str | None,
        owner: str,
        name: str,
        key: str | None = None,
        alone: bool = True,
    ) -> Job:
        """The job, queued; or the one that was submitted with the same `key` before, whatever has become of it.

        Jobs of a dataset are done one after another, in the order in which they were submitted; one that is not
        `alone` waits for no other. `payload` must be JSON; it is kept as long as the job, so no secret belongs there.
        """
        values = {
            "id": new_id(),
            "kind": kind,
            "state": "queued",
            "owner": owner,
            "name": name,
            "account": account,
            "payload": json.loads(json.dumps(payload, allow_nan=False)),
            "key": key,
            "serial": f"{owner}/{name}" if alone and name else None,
            "created": now(),
            "due": AT_ONCE,
            "attempts": 0,
            "failures": 0,
            "cancelling": False,
            "done": 0,
            "stage": "",
        }
        job = self._inserted(values) if key is None else self._with_key(key) or self._inserted(values)
        self.wake()
        return job

    def get(self, job: str) -> Job:
        """The record of a job. Raises NotFound."""
        wanted = select(JOBS).where(JOBS.c.id == job)
        row = self._lasting(lambda connection: connection.execute(wanted).first()) if _ID.fullmatch(job) else None
        if row is None:
            raise NotFound(said("There is no job {job}.", job=job[:60]))
        return job_of(row)

    def listed(
        self,
        *,
        states: Collection[str] = (),
        kinds: Collection[str] = (),
        owners: Collection[str] | None = None,
        name: str | None = None,
        account: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> list[Job]:
        """Jobs, the newest first: of these states, kinds and owners (all when there are none named), of one dataset, of
        one account; after the job `before` on the page before. `owners` empty is no job at all."""
        given = (*states, *kinds, *(owners or ()), name, account, before)
        if not all(one is None or storable(one) for one in given):
            return []
        wanted = select(JOBS).order_by(JOBS.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(JOBS.c.state.in_(states))
        if kinds:
            wanted = wanted.where(JOBS.c.kind.in_(kinds))
        if owners is not None:
            wanted = wanted.where(JOBS.c.owner.in_(owners))
        for column, value in ((JOBS.c.name, name), (JOBS.c.account, account)):
            if value is not None:
                wanted = wanted.where(column == value)
        if before is not None:
            wanted = wanted.where(JOBS.c.id < before)
        return [job_of(row) for row in self._lasting(lambda connection: connection.execute(wanted).all())]

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        grouped = select(JOBS.c.state, func.count()).group_by(JOBS.c.state)
        return {row[0]: row[1] for row in self._lasting(lambda one: one.execute(grouped).all())}

    def log(self, job: str, after: int = 0) -> list[Line]:
        """What a job said, in order, without the first `after` lines; nothing of a job that there is not."""
        if not _ID.fullmatch(job):
            return []
        order = (LINES.c.attempt, LINES.c.number)
        wanted = select(LINES.c.at, LINES.c.attempt, LINES.c.text).where(LINES.c.job == job).order_by(*order)
        rows = self._lasting(lambda connection: connection.execute(wanted.offset(after)).all())
        return [Line(at, attempt, text) for at, attempt, text in rows]

    def cancel(self, job: str) -> Job:
        """The job, cancelled if it was queued; a running one is asked to stop, which it does when it next tells its
        progress. One that is finished stays as it is. Raises NotFound."""
        self.get(job)

        def work(connection: Connection) -> None:
            queued = update(JOBS).where(JOBS.c.id == job, JOBS.c.state == "queued")
            connection.execute(queued.values(state="cancelled", cancelling=True, finished=now()))
            connection.execute(update(JOBS).where(JOBS.c.id == job, JOBS.c.state == "running").values(cancelling=True))

        self._lasting(work)
        self.wake()  # a job of the same dataset may begin
        return self.get(job)

    def retry(self, job: str) -> Job:
        """The job, queued again. Raises NotFound; Conflict unless it has failed or was cancelled."""
        self.get(job)
        again = update(JOBS).where(JOBS.c.id == job, JOBS.c.state.in_(("failed", "cancelled")))
        values = {
            "state": "queued",
            "failures": 0,
            "cancelling": False,
            "due": AT_ONCE,
            "finished": None,
            "worker": None,
        }
        changed = self._lasting(lambda connection: connection.execute(again.values(values)).rowcount)
        found = self.get(job)
        if not changed:
            raise Conflict(
                said(
                    "The job {job} is {state}; only one that failed or was cancelled is tried again.",
                    job=job,
                    state=found.state,
                )
            )
        self.wake()
        return found

    def wait(self, job: str, seconds: float) -> Job:
        """The job when it is finished, or as it is after `seconds`. Raises NotFound."""
        deadline = time.monotonic() + seconds
        while (found := self.get(job)).state not in FINISHED and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    def prune(self, before: datetime) -> int:
        """Forget the jobs that were finished before that time. How many they were."""
        old = select(JOBS.c.id).where(JOBS.c.finished < before, JOBS.c.state.in_(FINISHED))

        def work(connection: Connection) -> int:
            connection.execute(delete(LINES).where(LINES.c.job.in_(old)))
            return connection.execute(delete(JOBS).where(JOBS.c.id.in_(old))).rowcount

        return self._lasting(work)

    def wake(self) -> None:
        """Tell the workers of this process that there may be something to do."""
        with self.submitted:
            self.submissions += 1
            self.submitted.notify_all()

    def _inserted(self, values: Mapping[str, Any]) -> Job:
        try:
            made = insert(JOBS).values(values).returning(*JOBS.c)
            return job_of(self._lasting(lambda connection: connection.execute(made).one()))
        except IntegrityError:  # somebody else came with the same key, or this came through before a connection broke
            known = self._with_key(values["key"]) if values["key"] else None
            return known or self.get(values["id"])

    def _with_key(self, key: str) -> Job | None:
        row = self._lasting(lambda connection: connection.execute(select(JOBS).where(JOBS.c.key == key)).first())
        return None if row is None else job_of(row)

    def _lasting(self, work: Callable[[Connection], _Answer]) -> _Answer:
        return lasting(self.engine, work, PATIENCE)


def new_id() -> str:
    """An id that nobody can guess, and that sorts after those made before."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(8)}"


def job_of(row: Row[Any]) -> Job:
    """A row of the table as a job."""
    return Job(
        id=row.id,
        kind=row.kind,
        state=row.state,
        owner=row.owner,
        name=row.name,
        account=row.account,
        payload=row.payload,
        created=row.created,
        due=row.due,
        started=row.started,
        finished=row.finished,
        progress=Progress(row.done, row.total, row.stage),
        attempts=row.attempts,
        cancelling=row.cancelling,
        result=row.result,
        problems=tuple(row.problems or ()),
        error=row.error,
        said=row.said or {},
    )
