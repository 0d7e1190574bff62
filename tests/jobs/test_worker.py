from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from openspending.errors import NotFound
from openspending.jobs import Cancelled, GiveUp, Handler, Job, Jobs, Postponed, Running, Worker, claiming
from openspending.jobs.heartbeat import Heartbeat
from openspending.jobs.lasting import lasting
from openspending.jobs.schema import WORKERS

Begin = Callable[[Handler], Worker]


@pytest.fixture
def begin(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts a worker that does jobs of the kind `work`; failures are tried again at once."""
    monkeypatch.setattr(claiming, "FIRST_WAIT", 0.0)
    workers: list[Worker] = []

    def start(handler: Handler) -> Worker:
        workers.append(Worker(jobs, {"work": handler}, 2, poll=0.05))
        workers[-1].start()
        return workers[-1]

    yield start
    assert all(one.stop(5) for one in workers)


def submitted(jobs: Jobs, name: str = "budget", **payload: Any) -> Job:
    return jobs.submit("work", payload, account="ann", owner="town", name=name)


def failing(error: BaseException, times: int = 100) -> tuple[Handler, list[int]]:
    attempts: list[int] = []

    def handler(running: Running) -> dict[str, Any]:
        attempts.append(running.job.attempts)
        if len(attempts) <= times:
            raise error
        return {"rows": 7}

    return handler, attempts


def test_a_job_is_done_and_tells_its_result(jobs: Jobs, begin: Begin) -> None:
    begin(lambda running: {"revision": running.job.payload["n"] + 1, "sum": Decimal("0.10")})
    job = jobs.wait(submitted(jobs, n=1).id, 5)
    assert (job.state, job.result, job.error, job.attempts) == ("done", {"revision": 2, "sum": "0.10"}, None, 1)
    assert job.started is not None
    assert job.finished is not None
    assert job.created <= job.started <= job.finished


def test_a_failure_is_tried_again_and_each_attempt_counted(jobs: Jobs, begin: Begin) -> None:
    handler, attempts = failing(OSError(errno.ENOSPC, "No space left on device"), times=2)
    begin(handler)
    job = jobs.wait(submitted(jobs).id, 5)
    assert (job.state, job.attempts, attempts, job.error) == ("done", 3, [1, 2, 3], None)


def test_what_fails_again_and_again_has_failed(jobs: Jobs, begin: Begin) -> None:
    handler, attempts = failing(OSError(errno.ENOSPC, "No space left on device"))
    begin(handler)
    job = jobs.wait(submitted(jobs).id, 5)
    assert (job.state, job.error) == ("failed", "The computer refused: No space left on device.")
    assert len(attempts) == claiming.FAILURES


def test_giving_up_is_final_and_says_why(jobs: Jobs, begin: Begin) -> None:
    handler, attempts = failing(GiveUp("The file is empty.", [{"code": "empty", "row": 1}]))
    begin(handler)
    job = jobs.wait(submitted(jobs).id, 5)
    assert (job.state, job.error, job.problems) == ("failed", "The file is empty.", ({"code": "empty", "row": 1},))
    assert attempts == [1]


def test_postponing_is_no_failure(jobs: Jobs, begin: Begin) -> None:
    handler, attempts = failing(Postponed("They are away.", 0.0), times=claiming.FAILURES + 3)
    begin(handler)
    assert jobs.wait(submitted(jobs).id, 5).state == "done"
    assert len(attempts) == claiming.FAILURES + 4


def test_only_our_own_words_are_told_of_an_error(jobs: Jobs, begin: Begin, caplog: pytest.LogCaptureFixture) -> None:
    begin(failing(ValueError("password hunter2"))[0])
    job = jobs.wait(submitted(jobs).id, 5)
    assert job.error == "Something went wrong here, not with what was given (ValueError)."
    assert "hunter2" in caplog.text  # the operator sees it whole


def test_no_value_of_a_statement_that_fails_is_in_the_log(
    jobs: Jobs, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(running: Running) -> dict[str, Any]:
        with jobs.engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM nothing WHERE secret = :secret"), running.job.payload)
        return {}

    begin(handler)
    assert jobs.wait(submitted(jobs, secret="hunter2").id, 5).state == "failed"
    assert "FROM nothing" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_sentence_of_ours_is_told_as_it_is(jobs: Jobs, begin: Begin) -> None:
    begin(failing(NotFound("There is no upload x."))[0])
    assert jobs.wait(submitted(jobs).id, 5).error == "There is no upload x."


def test_an_end_that_no_database_can_hold_is_an_end(jobs: Jobs, begin: Begin) -> None:
    begin(failing(GiveUp("a\x00b \ud800"))[0])
    job = jobs.wait(submitted(jobs).id, 5)
    assert (job.state, job.error) == ("failed", "a�b ?")


def test_leaving_the_interpreter_is_no_way_to_end_a_worker(jobs: Jobs, begin: Begin) -> None:
    begin(failing(SystemExit(1), times=1)[0])
    assert jobs.wait(submitted(jobs).id, 5).state == "done"


def test_a_running_job_stops_at_its_next_progress_when_it_is_cancelled(jobs: Jobs, begin: Begin) -> None:
    seen = threading.Event()
    ended: list[BaseException] = []

    def handler(running: Running) -> dict[str, Any]:
        try:
            for number in range(2000):
                running.progress(number, 2000, "reading")
                seen.set()
                time.sleep(0.01)
        except Cancelled as error:
            ended.append(error)
            raise
        return {}

    begin(handler)
    job = submitted(jobs)
    assert seen.wait(5)
    assert jobs.cancel(job.id).cancelling
    job = jobs.wait(job.id, 5)
    assert (job.state, job.progress.stage, job.progress.total) == ("cancelled", "reading", 2000)
    assert len(ended) == 1


def test_a_worker_that_stops_gives_back_what_it_was_doing(jobs: Jobs) -> None:
    seen = threading.Event()

    def handler(running: Running) -> dict[str, Any]:
        while True:
            running.progress(1, None, "waiting")
            seen.set()
            time.sleep(0.01)

    worker = Worker(jobs, {"work": handler}, 1)
    worker.start()
    job = submitted(jobs)
    assert seen.wait(5)
    assert worker.stop(5)
    found = jobs.get(job.id)
    assert (found.state, found.attempts, found.error) == ("queued", 1, None)
    with jobs.engine.connect() as connection:
        assert connection.execute(select(WORKERS)).all() == []


def test_what_a_job_says_is_kept_in_order_up_to_a_thousand_lines(jobs: Jobs, begin: Begin) -> None:
    def handler(running: Running) -> dict[str, Any]:
        for number in range(1200):
            running.say(f"line {number}\x00" + "x" * 2000 * (number == 1))
        return {}

    begin(handler)
    job = jobs.wait(submitted(jobs).id, 10)
    lines = jobs.log(job.id)
    assert (job.state, len(lines)) == ("done", 1000)
    assert (lines[0].text, len(lines[1].text), lines[998].text) == ("line 0�", 1000, "line 998�")
    assert lines[999].text == "… what it said further is left out."
    assert jobs.log(job.id, after=998) == lines[998:]


def test_progress_is_written_twice_a_second_at_most(jobs: Jobs) -> None:
    heart = Heartbeat()
    lasting(jobs.engine, heart.beat)
    submitted(jobs)
    job = lasting(jobs.engine, lambda one: claiming.claim(one, heart.worker, ["work"]))
    assert job is not None
    running = Running(job, heart.worker, jobs.engine, threading.Event())
    running.progress(1, 9)
    running.progress(2, 9)
    assert jobs.get(job.id).progress.done == 1
    running.flush(whole=True)
    assert jobs.get(job.id).progress.done == 2


def test_a_slow_worker_that_was_taken_over_from_does_no_harm(
    jobs: Jobs, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    heart = Heartbeat()
    lasting(jobs.engine, heart.beat)
    job = submitted(jobs)
    mine = lasting(jobs.engine, lambda one: claiming.claim(one, heart.worker, ["work"]))
    assert mine is not None
    slow = Running(mine, heart.worker, jobs.engine, threading.Event())
    lasting(jobs.engine, heart.end)
    begin(lambda running: {"attempt": running.job.attempts})
    assert jobs.wait(job.id, 5).result == {"attempt": 2}
    with pytest.raises(Cancelled):
        slow.progress(1, 2, "late")
    slow.say("late")
    found = jobs.get(job.id)
    assert (found.state, found.progress.stage, jobs.log(job.id)) == ("done", "", [])
