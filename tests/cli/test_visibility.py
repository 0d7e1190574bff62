"""Operators show, hide, withdraw and rename datasets; publications keep to the home that a dataset has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openspending.assembly import Parts
from openspending.cli.commands import app
from openspending.database.engine import alone
from openspending.identity import accounts, collaborators
from openspending.identity.secretcodes import NAMING
from openspending.settings import read_settings
from tests.publishing.packages import write_package

pytestmark = pytest.mark.slow


def answered(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def shown(*arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def package(tmp_path: Path) -> str:
    return str(write_package(tmp_path / "p", "year,code,label,amount\n2024,1,a,10\n"))


def listed(*options: str) -> list[str]:
    return [one["dataset"] for one in answered("datasets", *options)["datasets"]]


def publish(package: str, *options: str, code: int = 0) -> Any:
    return answered("publish", package, "--owner", "me", "--name", "budget", *options, code=code)


def test_a_publication_keeps_to_the_home_of_the_dataset(package: str) -> None:
    publish(package, "--private")
    assert (listed(), listed("--private")) == ([], ["me/budget"])
    assert not publish(package)["created"]
    assert answered("show", "me/budget") == {"action": "publish", "dataset": "me/budget", "revision": 1, "moved": True}
    assert (listed(), listed("--private")) == (["me/budget"], [])
    assert "is public" in publish(package, "--private", code=1)["error"]
    assert not answered("show", "me/budget")["moved"]
    answered("hide", "budget")
    assert (listed(), listed("--private")) == ([], ["me/budget"])
    assert answered("revisions", "me/budget")["revisions"][0]["revision"] == 1
    assert answered("datastore", "verify")["intact"]
    (rebuilt,) = answered("rebuild", "--verify")["rebuilt"]
    assert (rebuilt["dataset"], rebuilt["same"]) == ("me/budget", True)


def test_a_renamed_dataset_is_derived_again_and_is_the_same(package: str) -> None:
    publish(package)
    assert answered("rename", "me/budget", "accounts")["dataset"] == "me/accounts"
    assert "me/accounts" in answered("revisions", "me/budget", code=1)["error"]
    assert "me/accounts" in publish(package, code=1)["error"]
    (rebuilt,) = answered("rebuild", "me/accounts", "--verify")["rebuilt"]
    assert rebuilt["same"]
    assert answered("datastore", "verify") == {"datasets": {"me/accounts": []}, "intact": True}
    answered("rename", "me/accounts", "you/budget")
    assert listed() == ["you/budget"]


def test_a_withdrawn_dataset_says_why(package: str) -> None:
    publish(package)
    assert "is withdrawn" in shown("withdraw", "me/budget", "--reason", "a mistake")
    assert "a mistake" in publish(package, code=1)["error"]
    assert "a mistake" in answered("show", "me/budget", code=1)["error"]
    assert listed() == []


def test_the_audit_log_has_what_operators_did(package: str) -> None:
    publish(package)
    assert "Nothing is on record" in shown("audit")
    answered("hide", "me/budget")
    answered("withdraw", "me/budget", "--reason", "a mistake")
    told = answered("audit", "me/budget")["events"]
    assert [(one["account"], one["action"]) for one in told] == [("operator", "hide"), ("operator", "withdraw")]
    assert told[1]["detail"] == {"reason": "a mistake", "moved": True}
    assert answered("audit", "--since", "2999-01-01")["events"] == []
    assert "a mistake" in shown("audit", "me")
    assert "is no day" in answered("audit", "--since", "soon", code=1)["error"]


def test_a_name_that_is_taken_is_refused(package: str) -> None:
    publish(package)
    answered("publish", package, "--owner", "me", "--name", "other", "--private")
    assert "choose another name" in answered("rename", "me/budget", "other", code=1)["error"]
    assert listed() == ["me/budget"]


def test_who_a_dataset_is_shared_with_keeps_it_under_its_new_name(package: str, tmp_path: Path) -> None:
    publish(package)
    settings = read_settings({}, data=tmp_path / "data")
    with Parts(settings) as parts:
        with alone(parts.engine, NAMING) as connection:
            accounts.create(connection, "ada", title="Ada")
        collaborators.put(parts.engine, "me", "budget", "ada", "editor")
        answered("rename", "me/budget", "accounts")
        assert collaborators.listed(parts.engine, "me", "budget") == []
        assert [one.name for one in collaborators.listed(parts.engine, "me", "accounts")] == ["ada"]
        answered("withdraw", "me/accounts", "--reason", "a mistake")
        assert collaborators.listed(parts.engine, "me", "accounts") == []
