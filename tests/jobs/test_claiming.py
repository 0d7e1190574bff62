from __future__ import annotations

import threading
import time
from collections.abc import Collection

import pytest

from openspending.jobs import Job, Jobs
from openspending.jobs.claiming import Attempt, again, claim, done, failed, wait_after
from openspending.jobs.heartbeat import Heartbeat
from openspending.jobs.lasting import lasting


@pytest.fixture
def heart(jobs: Jobs) -> Heartbeat:
    heart = Heartbeat()
    lasting(jobs.engine, heart.beat)
    return heart


def submitted(jobs: Jobs, owner: str, name: str, *, alone: bool = True, kind: str = "import") -> str:
    return jobs.submit(kind, {}, account=None, owner=owner, name=name, alone=alone).id


def begun(jobs: Jobs, heart: Heartbeat, kinds: Collection[str] = ("import",)) -> Job | None:
    return lasting(jobs.engine, lambda one: claim(one, heart.worker, kinds))


def begun_ids(jobs: Jobs, heart: Heartbeat, number: int) -> list[str | None]:
    found = [begun(jobs, heart) for _ in range(number)]
    return [None if one is None else one.id for one in found]


def finish(jobs: Jobs, heart: Heartbeat, job: str, attempt: int = 1) -> int:
    statement = done(Attempt(job, attempt, heart.worker), {})
    return lasting(jobs.engine, lambda one: one.execute(statement).rowcount)


def test_jobs_of_one_dataset_are_done_one_after_another_in_their_order(jobs: Jobs, heart: Heartbeat) -> None:
    first, second = submitted(jobs, "town", "budget"), submitted(jobs, "town", "budget")
    assert begun_ids(jobs, heart, 2) == [first, None]
    finish(jobs, heart, first)
    assert begun_ids(jobs, heart, 1) == [second]


def test_a_job_that_waits_to_be_tried_again_keeps_its_place(jobs: Jobs, heart: Heartbeat) -> None:
    first = submitted(jobs, "town", "budget")
    submitted(jobs, "town", "budget")
    begun(jobs, heart)
    statement = again(Attempt(first, 1, heart.worker), "no luck", 60, failures=1)
    lasting(jobs.engine, lambda one: one.execute(statement))
    assert begun(jobs, heart) is None
    jobs.cancel(first)
    assert begun(jobs, heart) is not None


def test_a_job_tried_again_by_hand_waits_for_the_one_that_runs(jobs: Jobs, heart: Heartbeat) -> None:
    first, second = submitted(jobs, "town", "budget"), submitted(jobs, "town", "budget")
    jobs.cancel(first)
    assert begun_ids(jobs, heart, 1) == [second]
    jobs.retry(first)
    assert begun(jobs, heart) is None


def test_jobs_that_need_not_be_alone_wait_for_none(jobs: Jobs, heart: Heartbeat) -> None:
    ids = [submitted(jobs, "town", "budget", alone=alone) for alone in (True, False, False)]
    assert begun_ids(jobs, heart, 3) == ids


def test_an_owner_with_many_jobs_keeps_no_other_waiting(jobs: Jobs, heart: Heartbeat) -> None:
    many = [submitted(jobs, "city", f"d{number}") for number in range(4)]
    few = [submitted(jobs, "town", f"d{number}") for number in range(2)]
    assert begun_ids(jobs, heart, 4) == [many[0], few[0], many[1], few[1]]


def test_owners_take_turns_when_one_job_runs_at_a_time(jobs: Jobs, heart: Heartbeat) -> None:
    for number in range(3):
        submitted(jobs, "city", f"d{number}")
    for number in range(2):
        submitted(jobs, "town", f"d{number}")
    order = []
    while (job := begun(jobs, heart)) is not None:
        order.append(job.owner)
        finish(jobs, heart, job.id)
    assert order == ["city", "town", "city", "town", "city"]


def test_a_worker_takes_only_what_it_can_do(jobs: Jobs, heart: Heartbeat) -> None:
    submitted(jobs, "town", "budget", kind="deliver")
    assert begun(jobs, heart) is None
    assert begun(jobs, heart, ()) is None
    assert begun(jobs, heart, ("import", "deliver")) is not None


def test_a_worker_that_was_thought_dead_takes_nothing_until_it_has_said_that_it_lives(jobs: Jobs) -> None:
    submitted(jobs, "town", "budget")
    heart = Heartbeat()
    assert begun(jobs, heart) is None
    lasting(jobs.engine, heart.beat)
    assert begun(jobs, heart) is not None


def test_many_workers_never_begin_two_jobs_of_one_dataset_or_one_job_twice(jobs: Jobs) -> None:
    for number in range(24):
        submitted(jobs, "town", f"d{number % 4}")
    running: set[str] = set()
    finished: list[str] = []
    clashes: list[str] = []

    def work() -> None:
        heart = Heartbeat()
        lasting(jobs.engine, heart.beat)
        while len(finished) < 24:
            if (job := begun(jobs, heart)) is None:
                continue
            if job.dataset in running:
                clashes.append(job.id)
            running.add(job.dataset)
            finished.append(job.id)
            time.sleep(0.002)
            running.discard(job.dataset)
            finish(jobs, heart, job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert clashes == []
    assert len(set(finished)) == len(finished) == 24
    assert jobs.counts() == {"done": 24}


def test_whoever_comes_late_changes_nothing(jobs: Jobs, heart: Heartbeat) -> None:
    job = submitted(jobs, "town", "budget")
    begun(jobs, heart)
    lasting(jobs.engine, heart.end)  # as if it had been thought dead
    other = Heartbeat()
    lasting(jobs.engine, other.beat)
    assert begun_ids(jobs, other, 1) == [job]
    assert finish(jobs, heart, job) == 0
    late = failed(Attempt(job, 2, heart.worker), "late")
    assert lasting(jobs.engine, lambda one: one.execute(late).rowcount) == 0
    assert finish(jobs, other, job, attempt=2) == 1
    assert jobs.get(job).state == "done"


def test_waits_double_up_to_five_minutes_and_are_never_quite_the_same() -> None:
    assert all(2 ** (number - 1) / 2 <= wait_after(number) <= 2 ** (number - 1) for number in range(1, 8))
    assert 150 <= wait_after(1000) <= 300
    assert wait_after(5) != wait_after(5)
