"""Old clients against `serve`, on a folder and on S3: one walks, unchanged, from signing in to a published package; a
page of another site uses the script in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conductor.gobble import Package, User, address_of
from tests.conductor.pages import browsed, page, served
from tests.datastore.servers import moto
from tests.publishing.packages import write_package
from tests.servers import openspending
from tests.stack import together

pytestmark = pytest.mark.slow

ROWS = "year,code,label,amount\n2020,01,Schools,10.50\n2020,02,Roads,2.25\n"


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


@dataclass(frozen=True)
class Place:
    """A platform that takes old clients' tokens, and a browser that is signed in there."""

    address: str
    browser: Browser


@contextmanager
def signed_in(folder: Path, environment: dict[str, str]) -> Iterator[Place]:
    with together(folder, {"OS_TOKEN_IN_QUERY": "yes", **environment}) as platform:
        link = re.search(r"http\S+#code=\S+", platform.identity.line("#code="))
        assert link is not None
        with httpx.Client(base_url=platform.address, timeout=60) as http:
            yield Place(platform.address, Browser(http, link.group()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with signed_in(tmp_path_factory.mktemp("folder"), {}) as place:
        yield place


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with moto() as server:
        environment = {
            "OS_S3_HOSTNAME": server.endpoint,
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
            "OS_STORAGE_BUCKET_NAME": "datastore",
        }
        done = openspending("datastore", "init", **environment)
        assert done.returncode == 0, done.stderr
        with signed_in(tmp_path_factory.mktemp("bucket"), environment) as place:
            yield place


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_an_old_client_uploads_loads_publishes_and_finds_a_package(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place: Place = request.getfixturevalue(kind)
    folder = write_package(tmp_path / "package", ROWS, author="Ada L <ada@example.org>")
    with (
        httpx.Client(base_url=place.address, timeout=60) as http,
        httpx.Client(base_url=place.address, timeout=60) as nobody,
    ):
        user = User(http, place.browser)
        user.sign_in()
        package = Package(folder / "datapackage.json", user, f"{place.address}/datastore")

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


if shutil.which("chromium"):

    def test_a_page_of_another_site_signs_in_uploads_and_keeps_nothing(folder: Place, tmp_path: Path) -> None:
        csrf = folder.browser.http.post("/v1/identity/refresh").json()["csrf"]
        wanted = {"title": "page", "scopes": [{"actions": ["read", "import"], "datasets": "*"}], "days": 1}
        made = folder.browser.http.post("/v1/identity/tokens", json=wanted, headers={"X-CSRF-Token": csrf})
        token = made.json()["secret"]

        with served(page(folder.address)) as elsewhere:
            told = browsed(f"{elsewhere}/?a=1&jwt={token}#/x?jwt={token}", tmp_path)

        assert told == {
            "address": "?a=1#/x",
            "stored": '[{},{},""]',
            "idhash": "admin",
            "token": True,
            "permissions": {"datapackage-upload": True},
            "put": 200,
            "after": None,
        }
