"""An old client, unchanged, walks from signing in to a published package: against `serve`, on a folder and on S3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conductor.gobble import Package, User, address_of
from tests.datastore.servers import moto
from tests.publishing.packages import write_package
from tests.servers import openspending
from tests.stack import Platform, together

pytestmark = pytest.mark.slow

ROWS = "year,code,label,amount\n2020,01,Schools,10.50\n2020,02,Roads,2.25\n"


@pytest.fixture(params=["folder", "S3"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    allowed = {"OS_TOKEN_IN_QUERY": "yes"}
    if request.param == "folder":
        with together(tmp_path, allowed) as running:
            yield running
        return
    with moto() as server:
        environment = {
            **allowed,
            "OS_S3_HOSTNAME": server.endpoint,
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
            "OS_STORAGE_BUCKET_NAME": "datastore",
        }
        done = openspending("datastore", "init", **environment)
        assert done.returncode == 0, done.stderr
        with together(tmp_path, environment) as running:
            yield running


class Browser:
    """Somebody's browser, signed in by the one-time link that `serve` prints."""

    def __init__(self, http: httpx.Client, link: str) -> None:
        self.http = http
        told = http.post("/v1/identity/sign-in", json={"code": link.partition("#code=")[2]})
        assert told.status_code == 200, told.text

    def __call__(self, address: str) -> str:
        answer = self.http.get(address)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


def test_an_old_client_uploads_loads_publishes_and_finds_a_package(platform: Platform, tmp_path: Path) -> None:
    link = re.search(r"http\S+#code=\S+", platform.identity.line("#code="))
    assert link is not None
    folder = write_package(tmp_path / "package", ROWS, author="Ada L <ada@example.org>")
    with (
        httpx.Client(base_url=platform.address, timeout=60) as http,
        httpx.Client(base_url=platform.address, timeout=60) as page,
        httpx.Client(base_url=platform.address, timeout=60) as nobody,
    ):
        user = User(http, Browser(page, link.group()))
        user.sign_in()
        package = Package(folder / "datapackage.json", user, f"{platform.address}/datastore")

        package.upload()

        assert [one["id"] for one in user.search("Budget")] == [package.id]
        assert nobody.get("/search/package").json() == []
        assert nobody.get(f"{address_of(package)}/model/").status_code == 404
        assert nobody.get("/package/status", params={"datapackage": package.url}).status_code == 401

        package.toggle(public=True)

        (found,) = nobody.get("/search/package", params={"package.owner": f'"{user.id}"'}).json()
        assert found["id"] == package.id
        assert found["package"]["author"] == "Ada L <ada@not.shown>"
        assert nobody.get(found["origin_url"]).json()["name"] == "budget"
        sums = nobody.get(f"{address_of(package)}/aggregate/", params={"aggregates": "amount.sum"})
        assert sums.json()["summary"]["amount.sum"] == 12.75

        package.toggle(public=False)

        assert nobody.get("/search/package").json() == []
        assert nobody.get(f"{address_of(package)}/model/").status_code == 404
