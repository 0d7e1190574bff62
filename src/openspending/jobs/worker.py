"""A worker: threads that do jobs, and one that keeps its heartbeat. `serve` has one inside, `work` is nothing else.

Killed at any moment, it loses nothing: what it was doing is begun anew, by itself or by another. So a handler may run
twice, even at once with a slow predecessor, and has to come to the same end: see docs/jobs.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from openspending.database.engine import now
from openspending.errors import StoreError
from openspending.jobs.attempting import Attempting
from openspending.jobs.claiming import claim
from openspending.jobs.heartbeat import BEAT, SILENCE, Heartbeat
from openspending.jobs.job import Job
from openspending.jobs.lasting import lasting
from openspending.jobs.queue import KEPT_DAYS, Jobs
from openspending.jobs.running import Running
from openspending.jobs.texts import plain
from openspending.speaking.kept import again, apart

Handler = Callable[[Running], Mapping[str, Any]]

POLL: Final = 0.5  # seconds between two looks for jobs that other processes submitted
TICK: Final = 1.0  # seconds
PRUNING: Final = 3600.0  # seconds

_log: Final = logging.getLogger("openspending.jobs")


class Worker:
    """Does jobs of the kinds that it has handlers for, `count` at once. Several workers may share a database, a process
    or neither."""

    def __init__(
        self,
        jobs: Jobs,
        handlers: Mapping[str, Handler],
        count: int,
        *,
        poll: float = POLL,
        beat: float = BEAT,
        silence: float = SILENCE,
    ) -> None:
        self.jobs = jobs
        self.handlers = dict(handlers)
        self.count = count
        self.poll = poll
        self._beat = beat
        self._heart = Heartbeat(silence=silence)
        self._stopping = threading.Event()
        self._choosing = threading.Lock()
        self._running: dict[int, Running] = {}
        self._threads: list[threading.Thread] = []

    @property
    def id(self) -> str:
        """What it is called in the database."""
        return self._heart.worker

    def start(self) -> None:
        """Begin. What a process of this machine left when it was killed is taken over at once. Raises StoreError."""
        lasting(self.jobs.engine, self._look)
        self._threads = [threading.Thread(target=self._keep, name="jobs-heartbeat", daemon=True)]
        for number in range(self.count):
            self._threads.append(threading.Thread(target=self._work, name=f"jobs-{number}", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float = 20.0) -> bool:
        """End: begin nothing more, interrupt what is running at its next progress, and give that back to the queue.

        False when a handler has not left after `patience` seconds; its job is free for others all the same.
        """
        self._stopping.set()
        self.jobs.wake()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._threads)
        if self._threads:
            try:
                lasting(self.jobs.engine, self._heart.end, patience=2.0)
            except StoreError as error:
                _log.warning("the worker could not sign off, others will notice: %s", error)
        return ended

    def _look(self, connection: Any) -> int:
        self._heart.beat(connection)
        return self._heart.take_over(connection)

    def _keep(self) -> None:
        """The thread that says that this worker lives, looks after others, and writes what handlers said."""
        beaten = time.monotonic()
        pruned = 0.0
        while not self._stopping.wait(min(TICK, self._beat)):
            try:
                for running in list(self._running.values()):
                    running.flush()
                if time.monotonic() - beaten >= self._beat:
                    self._turn()
                    beaten = time.monotonic()
                if not pruned or time.monotonic() - pruned > PRUNING:
                    pruned = time.monotonic()
                    self.jobs.prune(now() - timedelta(days=KEPT_DAYS))
            except (StoreError, DBAPIError) as error:
                _log.warning("the heartbeat of jobs misses: %s", error)

    def _turn(self) -> None:
        taken = lasting(self.jobs.engine, self._look, patience=2.0)
        if taken:
            _log.info("took over %d jobs of workers that are gone", taken)
            self.jobs.wake()

    def _work(self) -> None:
        """A thread that does one job after another. Only one of them at a time looks for the next."""
        while not self._stopping.is_set():
            with self._choosing:
                job = self._chosen()
            if job is not None:
                self._do(job)

    def _chosen(self) -> Job | None:
        """The next job, waited for; None when the worker stops."""
        while not self._stopping.is_set():
            known = self.jobs.submissions
            try:
                job = lasting(self.jobs.engine, lambda one: claim(one, self.id, self.handlers), patience=2.0)
            except (StoreError, DBAPIError) as error:
                _log.warning("no job can be looked for: %s", error)
                self._stopping.wait(self.poll)
                continue
            if job is not None:
                return job
            with self.jobs.submitted:
                if self.jobs.submissions == known and not self._stopping.is_set():
                    self.jobs.submitted.wait(self.poll)
        return None

    def _do(self, job: Job) -> None:
        """Do a job to whatever end."""
        running = Running(job, self.id, self.jobs.engine, self._stopping)
        self._running[threading.get_ident()] = running
        with Attempting(running, self._stopping) as attempting:
            made = self.handlers[job.kind](running)
            attempting.result = again(plain(made), apart(made))
        self._running.pop(threading.get_ident(), None)
        self.jobs.wake()  # the next one of the same dataset may begin
