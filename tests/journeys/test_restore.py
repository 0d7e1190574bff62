"""The commands of docs/operating.md: back up, lose everything but the buckets and the dump, restore.

Nothing is missing, and who could come in still can."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openspending.cli.demo import packages
from openspending.datastore.bucket import init
from openspending.settings import read_settings
from tests.datastore.servers import moto
from tests.journeys.walking import GRANTS, Visitor, visitors
from tests.servers import openspending
from tests.stack import together

pytestmark = pytest.mark.slow

GRANTS_OF_TREASURY = "/v1/datasets/treasury/grants"


@pytest.fixture
def buckets() -> Iterator[dict[str, str]]:
    with moto() as server:
        settings = {
            "OS_STORAGE_BUCKET_NAME": "kept",
            "OS_S3_HOSTNAME": server.endpoint,
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
        }
        chosen = read_settings(settings)
        init(chosen.public_url, chosen.private_url, chosen.s3)
        yield settings


def command(folder: Path, environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = openspending("--data", str(folder), *words, "--json", **environment)
    assert done.returncode == 0, done.stderr + done.stdout
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def lived_in(folder: Path, environment: dict[str, str]) -> tuple[Visitor, str]:
    """Somebody signs in by the first link, imports a file that stays private, and makes a token. Their browser, and
    the token's secret."""
    with together(folder, environment) as platform, visitors(platform.address) as make:
        admin: Visitor = make()
        admin.follow(platform.identity.line(r"#code=").split()[-1])
        admin.post("/v1/organisations", 201, name="treasury", title="The Treasury")
        admin.refresh()
        upload = admin.upload("grants.csv", GRANTS, "treasury")
        answers = {"column:Amount:writing": "1.250 is 1250", "currency": "EUR"}
        job = admin.job("/v1/imports", owner="treasury", name="grants", files=[{"upload": upload}], answers=answers)
        assert job["result"]["outcome"] == "committed"
        made = admin.post("/v1/identity/tokens", 201, title="Night", days=30).json()
        return admin, made["secret"]


def test_everything_comes_back_from_the_buckets_and_the_dump(
    buckets: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    admin, secret = lived_in(old, buckets)
    package = next(one for one in packages() if one.name == "suginami-2013")
    command(old / "data", buckets, "publish", str(package), "--owner", "treasury")

    dump = tmp_path / "database.jsonl"
    rows = command(old / "data", buckets, "database", "dump", str(dump))["rows"]
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    shutil.rmtree(old)

    elsewhere = {**buckets, "OS_DATABASE_URL": postgres_url}
    assert command(new, elsewhere, "database", "load", str(dump))["rows"] == rows
    assert command(new, elsewhere, "datastore", "verify")["intact"] is True
    rebuilt = command(new, elsewhere, "rebuild", "--verify")
    assert rebuilt["identical"] is True
    assert {one["dataset"] for one in rebuilt["rebuilt"]} == {"treasury/grants", "treasury/suginami-2013"}

    with together(new, elsewhere) as platform, visitors(platform.address) as make:
        robot, nobody, browser = make(Authorization=f"Bearer {secret}"), make(), make()
        assert robot.get("/v1/identity/me").json()["administrator"] is True
        sums = robot.get(f"{GRANTS_OF_TREASURY}/aggregate?drilldown=Recipient&order=Recipient").json()["data"]
        assert [one["Amount.sum"] for one in sums] == ["2400", "4350"]
        nobody.get(GRANTS_OF_TREASURY, 404)
        nobody.get("/v1/datasets/treasury/suginami-2013")
        # a browser keeps its session
        (session,) = [str(one.value) for one in admin.http.cookies.jar if one.name == "os_session"]
        browser.http.cookies.set("os_session", session)
        browser.refresh()
        assert browser.get("/v1/identity/me").json()["name"] == "admin"
        assert not any("#code=" in line for line in platform.identity.lines)
