from __future__ import annotations

import os

import pytest
from sqlalchemy import delete, update

from openspending.jobs import Job, Jobs, heartbeat, places
from openspending.jobs.claiming import FAILURES, claim
from openspending.jobs.heartbeat import Heartbeat
from openspending.jobs.lasting import lasting
from openspending.jobs.schema import WORKERS


class Clock:
    """A watch that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(heartbeat, "time", clock)
    return clock


def working(jobs: Jobs) -> tuple[Heartbeat, Job]:
    """A worker with a job."""
    heart = Heartbeat()
    lasting(jobs.engine, heart.beat)
    jobs.submit("work", {}, account=None, owner="town", name="budget", key="one")
    job = lasting(jobs.engine, lambda one: claim(one, heart.worker, ["work"]))
    assert job is not None
    return heart, job


def elsewhere(jobs: Jobs, heart: Heartbeat) -> None:
    """The worker is on another machine."""
    with jobs.engine.begin() as connection:
        connection.execute(update(WORKERS).where(WORKERS.c.id == heart.worker).values(place="elsewhere", pid=1))


def watched(jobs: Jobs, watcher: Heartbeat, clock: Clock, seconds: int, *, beating: Heartbeat | None = None) -> int:
    """How many jobs `watcher` takes over in that time."""
    taken = 0
    for _ in range(seconds // 3):
        clock.seconds += 3
        if beating is not None:
            lasting(jobs.engine, beating.beat)
        lasting(jobs.engine, watcher.beat)
        taken += lasting(jobs.engine, watcher.take_over)
    return taken


def test_the_jobs_of_a_silent_worker_are_taken_over_within_half_a_minute(jobs: Jobs, clock: Clock) -> None:
    dead, job = working(jobs)
    elsewhere(jobs, dead)
    watcher = Heartbeat()
    assert watched(jobs, watcher, clock, 18) == 0
    assert watched(jobs, watcher, clock, 12) == 1
    found = jobs.get(job.id)
    assert (found.state, found.error) == ("queued", "The process that did it has ended unexpectedly.")


def test_a_worker_that_says_that_it_lives_keeps_its_jobs_however_wrong_its_clock(jobs: Jobs, clock: Clock) -> None:
    living, job = working(jobs)
    elsewhere(jobs, living)
    assert watched(jobs, Heartbeat(), clock, 60, beating=living) == 0
    assert jobs.get(job.id).state == "running"


def test_nobody_is_thought_dead_for_what_was_not_looked_at(jobs: Jobs, clock: Clock) -> None:
    living, job = working(jobs)
    elsewhere(jobs, living)
    watcher = Heartbeat()
    watched(jobs, watcher, clock, 6)
    clock.seconds += 600  # the database was away, for both of them
    assert watched(jobs, watcher, clock, 6) == 0
    assert jobs.get(job.id).state == "running"


def test_a_process_that_is_gone_from_this_machine_is_dead_at_once(jobs: Jobs) -> None:
    dead, job = working(jobs)
    assert lasting(jobs.engine, Heartbeat().take_over) == 0
    with jobs.engine.begin() as connection:
        connection.execute(update(WORKERS).where(WORKERS.c.id == dead.worker).values(born="1"))  # its number was reused
    assert lasting(jobs.engine, Heartbeat().take_over) == 1
    assert jobs.get(job.id).state == "queued"


def test_a_job_whose_worker_nobody_knows_is_free(jobs: Jobs) -> None:
    _, job = working(jobs)
    with jobs.engine.begin() as connection:
        connection.execute(delete(WORKERS))
    assert lasting(jobs.engine, Heartbeat().take_over) == 1
    assert jobs.get(job.id).state == "queued"


def test_a_job_that_ends_every_process_has_failed_in_the_end(jobs: Jobs) -> None:
    for _ in range(FAILURES):
        dead, job = working(jobs)
        with jobs.engine.begin() as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.id == dead.worker))
        lasting(jobs.engine, Heartbeat().take_over)
    assert jobs.get(job.id).state == "failed"


def test_a_job_that_was_to_stop_is_cancelled_when_its_worker_is_dead(jobs: Jobs) -> None:
    dead, job = working(jobs)
    jobs.cancel(job.id)
    lasting(jobs.engine, dead.end)
    found = jobs.get(job.id)
    assert found.state == "cancelled"
    assert found.finished is not None


def test_only_a_process_of_this_very_container_is_known_to_be_gone() -> None:
    here, mine = places.place(), places.born(os.getpid())
    assert mine
    assert not places.gone(here, os.getpid(), mine)
    assert places.gone(here, os.getpid(), f"{mine}1")
    assert not places.gone("elsewhere", os.getpid(), f"{mine}1")
    assert not places.gone(here, os.getpid(), "")
