"""How one attempt at a job ends: done, failed, cancelled, or queued again; written even if the database is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Update, select
from sqlalchemy.exc import DBAPIError

from openspending.errors import OpenSpendingError, StoreError
from openspending.jobs import claiming
from openspending.jobs.claiming import FAILURES, wait_after
from openspending.jobs.job import Cancelled, GiveUp, Interrupted, Postponed, TakenOver
from openspending.jobs.lasting import lasting, reason
from openspending.jobs.running import Running
from openspending.jobs.schema import JOBS
from openspending.jobs.texts import clean
from openspending.speaking.said import of_error, said

LONGEST_ERROR: Final = 4000  # characters
_log: Final = logging.getLogger("openspending.jobs")


@dataclass(slots=True)
class Attempting:
    """A context in which a handler runs. No error of the handler leaves it; each is what the job's record then says."""

    running: Running
    stopping: threading.Event
    result: Mapping[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> bool:
        while True:
            try:
                self._end(error)
            except StoreError as away:  # the attempt stays ours as long as we live, and its end is not forgotten
                _log.warning("the end of job %s cannot be written yet: %s", self.running.job.id, away)
                if self.stopping.wait(1.0):
                    return True
            except DBAPIError as refused:  # the record cannot hold it, whoever asks
                _log.exception("job %s ended in a way that cannot be stored", self.running.job.id)
                self.result, error = None, GiveUp(f"Its end cannot be stored: {reason(refused)}")
            else:
                return True

    def _end(self, error: BaseException | None) -> None:
        if isinstance(error, TakenOver):
            _log.warning("job %s was taken over by another worker; this one leaves it", self.running.job.id)
            return
        self.running.flush(whole=True)
        lasting(self.running.engine, lambda connection: self._write(connection, error))

    def _write(self, connection: Connection, error: BaseException | None) -> None:
        statements = self._statements(connection, error)
        if not any(connection.execute(one).rowcount for one in statements):
            _log.warning("job %s ended after another worker had taken it over", self.running.job.id)

    def _statements(self, connection: Connection, error: BaseException | None) -> Sequence[Update]:
        """What to write; the first one that fits counts."""
        attempt = self.running.attempt
        if error is None:
            return [claiming.done(attempt, self.result or {})]
        if isinstance(error, Interrupted):
            return [claiming.cancelled(attempt), claiming.again(attempt, None, 0.0, failures=0)]
        if isinstance(error, Cancelled):
            return [claiming.cancelled(attempt), claiming.failed(attempt, said("It stopped by itself."))]
        told = _storable(explained(error))
        if isinstance(error, GiveUp):
            return [claiming.failed(attempt, told, error.problems)]
        if isinstance(error, Postponed):
            return [claiming.cancelled(attempt), claiming.again(attempt, told, error.seconds, failures=0)]
        _log.warning("job %s failed in attempt %d", attempt.job, attempt.number, exc_info=error)
        had = connection.execute(select(JOBS.c.failures).where(JOBS.c.id == attempt.job)).scalar_one_or_none()
        failures = (had or 0) + 1
        if failures >= FAILURES:
            return [claiming.failed(attempt, told)]
        return [claiming.cancelled(attempt), claiming.again(attempt, told, wait_after(failures), failures=1)]


def _storable(text: str) -> str:
    """The text as a database takes it; what is said stays so where it is the same."""
    stored = clean(text)[:LONGEST_ERROR]
    return text if stored == text else stored


def explained(error: BaseException) -> str:
    """Why a job failed, for those who may see it: a sentence of ours as it is, of other errors no more than they are
    sure to know, since their words may tell of what is not for everybody."""
    if isinstance(error, OpenSpendingError):
        return of_error(error)
    if isinstance(error, DBAPIError):
        return said("The database refused: {reason}", reason=reason(error))
    if isinstance(error, OSError) and error.strerror:
        return said("The computer refused: {reason}.", reason=error.strerror)
    return said("Something went wrong here, not with what was given ({kind}).", kind=type(error).__name__)
