"""`openspending doctor` on installations that lack something, and on a healthy one."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openspending.cli.commands import app
from openspending.database.engine import migrate, open_database
from openspending.identity.keys import Keys


def doctor(**settings: str) -> tuple[int, dict[str, Any]]:
    """Exit code, and what is wrong by check."""
    done = CliRunner().invoke(app, ["doctor", "--json"], env=settings)
    found = json.loads(done.stdout)
    assert found["healthy"] is (done.exit_code == 0)
    return done.exit_code, {one["check"]: one for one in found["checks"] if not one["right"]}


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    for name in ("public", "private"):
        (tmp_path / "data" / name).mkdir(parents=True)
    engine = open_database(f"sqlite:///{tmp_path / 'data' / 'openspending.sqlite'}")
    migrate(engine)
    engine.dispose()
    return tmp_path / "data"


def test_a_healthy_installation_is_left_as_it_was(healthy: Path) -> None:
    before = sorted(healthy.rglob("*"))
    assert doctor() == (0, {})
    assert [one for one in sorted(healthy.rglob("*")) if not one.name.startswith("openspending.sqlite-")] == before
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0
    assert "Everything is as it must be." in done.stdout


def test_of_nothing_everything_is_missing_and_nothing_is_made(tmp_path: Path) -> None:
    code, wrong = doctor()
    assert code == 1
    assert wrong.keys() == {"folder", "SQL database"}
    assert wrong["folder"]["remedy"] == "openspending datastore init"
    assert list(tmp_path.iterdir()) == []
    assert "Remedy: openspending datastore init" in CliRunner().invoke(app, ["doctor"]).stdout


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("settings", "check"),
    [
        ({"OS_BASE_URL": "http://openspending.example.org"}, "address"),
        ({"OS_HOST": "0.0.0.0"}, "address"),
        ({"OS_DATABASE_URL": "postgresql://me:SECRET@127.0.0.1:9/x"}, "SQL database"),
        ({"OS_SEARCH_URL": "postgresql://me:SECRET@127.0.0.1:9/x"}, "search index"),
        ({"OS_CACHE": "/proc/no"}, "cache"),
        (
            {
                "OS_OIDC_ISSUER": "http://127.0.0.1:9",
                "OS_OIDC_CLIENT_ID": "x",
                "OS_BASE_URL": "https://openspending.example.org",
            },
            "issuer",
        ),
    ],
)
def test_one_thing_that_is_wrong_is_named_alone(settings: dict[str, str], check: str) -> None:
    code, wrong = doctor(**settings)
    assert (code, set(wrong)) == (1, {check})
    assert wrong[check]["remedy"]
    assert "SECRET" not in json.dumps(wrong)


def test_a_database_of_an_older_form_and_an_unpublished_key_are_named(healthy: Path) -> None:
    path = healthy / "openspending.sqlite"
    engine = open_database(f"sqlite:///{path}")
    Keys(engine, lambda _: None, "openspending").current()
    engine.dispose()
    assert doctor()[1]["public keys"]["remedy"] == "openspending keys publish"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert "0001" in doctor()[1]["SQL database"]["said"]
