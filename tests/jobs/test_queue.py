from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from openspending.database.engine import now
from openspending.errors import Conflict, NotFound
from openspending.jobs import Job, Jobs


def submitted(
    jobs: Jobs, name: str = "budget", owner: str = "town", key: str | None = None, kind: str = "import"
) -> Job:
    return jobs.submit(kind, {"files": ["a.csv"]}, account="ann", owner=owner, name=name, key=key)


def test_a_job_is_kept_as_it_was_submitted(jobs: Jobs) -> None:
    job = submitted(jobs)
    assert jobs.get(job.id) == job
    assert (job.state, job.dataset, job.account, job.attempts) == ("queued", "town/budget", "ann", 0)
    assert job.payload == {"files": ["a.csv"]}
    assert abs(now() - job.created) < timedelta(minutes=1)


def test_what_there_is_not_is_not_found(jobs: Jobs) -> None:
    for ask in (jobs.get, jobs.cancel, jobs.retry):
        with pytest.raises(NotFound):
            ask("nothing")
        with pytest.raises(NotFound):
            ask("\x00\ud800")
    assert jobs.log("nothing") == jobs.log("\x00") == []
    assert jobs.listed(owners=["\x00"]) == jobs.listed(name="\ud800") == []


def test_one_key_is_one_job_however_many_submit_it_at_once(jobs: Jobs) -> None:
    found: set[str] = set()
    threads = [threading.Thread(target=lambda: found.add(submitted(jobs, key="k").id)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 1
    assert jobs.counts() == {"queued": 1}


def test_a_list_has_the_newest_first_and_goes_on_where_a_page_ended(jobs: Jobs) -> None:
    ids = [submitted(jobs, f"d{number}").id for number in range(5)]
    page = jobs.listed(limit=2)
    assert [one.id for one in page] == ids[:2:-1]
    assert [one.id for one in jobs.listed(before=page[-1].id)] == ids[2::-1]


def test_a_list_is_of_what_was_asked_for(jobs: Jobs) -> None:
    mine, other = submitted(jobs), submitted(jobs, owner="county", kind="publish")
    jobs.cancel(mine.id)
    assert [one.id for one in jobs.listed(states=["cancelled"])] == [mine.id]
    assert [one.id for one in jobs.listed(kinds=["publish"])] == [other.id]
    assert [one.id for one in jobs.listed(owners=["county"])] == [other.id]
    assert [one.id for one in jobs.listed(owners=["town"], name="budget", account="ann")] == [mine.id]
    assert jobs.listed(owners=[]) == []


def test_a_queued_job_is_cancelled_at_once_and_may_be_tried_again(jobs: Jobs) -> None:
    job = jobs.cancel(submitted(jobs).id)
    assert job.state == "cancelled"
    assert job.finished is not None
    again = jobs.retry(job.id)
    assert (again.state, again.finished, again.cancelling) == ("queued", None, False)
    with pytest.raises(Conflict):
        jobs.retry(job.id)


def test_old_finished_jobs_are_forgotten_and_no_others(jobs: Jobs) -> None:
    waiting, old = submitted(jobs), submitted(jobs, "other")
    jobs.cancel(old.id)
    assert jobs.prune(now() - timedelta(days=30)) == 0
    assert jobs.prune(now() + timedelta(seconds=1)) == 1
    assert [one.id for one in jobs.listed()] == [waiting.id]


def test_what_is_no_json_is_refused_before_it_is_stored(jobs: Jobs) -> None:
    with pytest.raises(TypeError):
        jobs.submit("import", {"at": object()}, account=None, owner="town", name="budget")
    assert jobs.listed() == []
