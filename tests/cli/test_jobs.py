from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from openspending.cli.commands import app
from openspending.database.engine import migrate, open_database
from openspending.jobs import GiveUp, Jobs, Running, Worker


@pytest.fixture
def jobs(alone: None) -> Iterator[Jobs]:
    del alone  # the folder that the commands run in
    engine = open_database(f"sqlite:///{Path('data').absolute() / 'openspending.sqlite'}")
    migrate(engine)
    yield Jobs(engine)
    engine.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["jobs", *arguments])


def queued(jobs: Jobs, owner: str = "town") -> str:
    return jobs.submit("import", {"secret": "s3cret"}, account="ann", owner=owner, name="budget").id


def failed(jobs: Jobs) -> str:
    def handler(running: Running) -> dict[str, str]:
        running.say("reading \x1b[31ma.csv")
        raise GiveUp("The file is empty.")

    job = queued(jobs)
    worker = Worker(jobs, {"import": handler}, 1)
    worker.start()
    assert jobs.wait(job, 5).state == "failed"
    assert worker.stop()
    return job


def test_people_get_a_table_and_programs_json(jobs: Jobs) -> None:
    job = queued(jobs)
    queued(jobs, "county")
    table = run("--owner", "town")
    assert table.exit_code == 0
    assert [word for word in ("import", "queued", "town/budget", job) if word not in table.stdout] == []
    assert "county" not in table.stdout
    told = json.loads(run("--json", "--state", "queued").stdout)
    assert [one["owner"] for one in told["jobs"]] == ["county", "town"]
    assert told["counts"] == {"queued": 2}
    assert "s3cret" not in run("--json").stdout


def test_a_job_is_shown_with_what_it_said(jobs: Jobs) -> None:
    job = failed(jobs)
    shown = run("show", job)
    assert shown.exit_code == 0
    assert "reading �[31ma.csv" in shown.stdout
    assert "The file is empty." in shown.stdout
    told = json.loads(run("show", job, "--json").stdout)
    assert (told["state"], told["attempts"], told["log"][0]["text"][:7]) == ("failed", 1, "reading")
    assert run("show", job, "--watch").exit_code == 1


def test_jobs_are_cancelled_and_tried_again(jobs: Jobs) -> None:
    job = queued(jobs)
    assert run("cancel", job).stdout == f"The job {job} is cancelled.\n"
    assert json.loads(run("retry", job, "--json").stdout)["state"] == "queued"
    again = run("retry", job)
    assert again.exit_code == 1
    assert "only one that failed or was cancelled" in again.stderr


def test_without_jobs_that_is_said() -> None:
    assert run().stdout == "There are no such jobs.\n"
    assert run("show", "x").exit_code == 1
    assert run("--state", "odd").exit_code == 2
