"""`/package`: loading, publishing and deleting, each for one's own packages alone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from openspending.conductor import moving
from openspending.conductor.statuses import status_of
from openspending.database.engine import now
from openspending.datastore import homes, revisions
from openspending.jobs import Job, Progress
from tests.conductor.conftest import BASE, Place
from tests.publishing.packages import write_package

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("package")]  # which is loaded once

ROWS = "year,code,label,amount\n2020,01,Schools,10.50\n2020,02,Roads,2.25\n"


def files_of(folder: Path, rows: str = ROWS, **properties: Any) -> dict[str, bytes]:
    write_package(folder, rows, **properties)
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def load(place: Place, url: str, name: str = "ada") -> Any:
    return place.ask("POST", "/package/upload", name, params={"datapackage": url})


def status(place: Place, url: str, name: str | None = "ada", **more: Any) -> Any:
    return place.ask("GET", "/package/status", name, params={"datapackage": url}, **more)


def loaded(place: Place, url: str, name: str = "ada") -> dict[str, Any]:
    """The status at the end."""
    deadline = time.monotonic() + 30
    while (found := status(place, url, name).json())["status"] not in ("done", "fail") and time.monotonic() < deadline:
        time.sleep(0.02)
    return dict(found)


@pytest.fixture(scope="module")
def package(place: Place, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the descriptor of ada:budget, which is loaded."""
    author: dict[str, Any] = {"author": "Ada L <ada@example.org>", "countryCode": "GB", "factor": 1.10}
    url = place.upload(files_of(tmp_path_factory.mktemp("package"), **author), "ada")
    assert load(place, url).json() == {"progress": 0, "status": "queued"}
    assert loaded(place, url) == {"status": "done", "progress": 1}
    return url


def home(place: Place, name: str = "budget") -> str:
    found = homes.find(place.store, "ada", name)
    return "nowhere" if found is None else found.visibility


def publish(place: Place, wanted: str, name: str | None = "ada", id_: str = "ada:budget") -> Any:
    return place.ask("POST", "/package/publish", name, params={"id": id_, "publish": wanted})


def found_by(place: Place, name: str | None = None, **more: str) -> list[Any]:
    return list(place.ask("GET", "/search/package", name, params=more).json())


def test_a_new_package_is_private_and_its_authors_address_is_not_shown(place: Place) -> None:
    assert home(place) == "private"
    newest = revisions.latest(place.store.private, "ada", "budget")
    assert newest is not None
    assert newest.author == "ada"
    assert newest.descriptor["author"] == "Ada L <ada@not.shown>"
    assert "1.1" in json.dumps(newest.descriptor["factor"], default=str)
    assert list(place.store.public.list("ada")) == []


def test_its_owner_alone_finds_it(place: Place) -> None:
    assert found_by(place) == []
    assert found_by(place, "bob") == []
    (one,) = found_by(place, "ada", loaded="true")
    assert {name: one[name] for name in ("id", "loaded", "origin_url")} == {
        "id": "ada:budget",
        "loaded": True,
        "origin_url": f"{BASE}/data/ada/budget/datapackage.json",
    }
    assert one["package"]["private"] is True
    assert (one["package"]["owner"], one["package"]["count_of_rows"]) == ("ada", 2)
    assert set(one["model"]["measures"]) == {"amount"}
    assert abs(one["last_update"] - time.time()) < 600


@pytest.mark.parametrize("who", ["bob", None])
def test_nobody_else_learns_how_it_is_doing_or_whether_it_is_there(place: Place, who: str | None) -> None:
    there = status(place, f"{BASE}/datastore/ada/budget/datapackage.json", who)
    absent = status(place, f"{BASE}/datastore/ada/absent/datapackage.json", who)

    assert there.status_code == absent.status_code == (404 if who else 401)
    assert {**there.json(), "request": 0} == {**absent.json(), "request": 0}


def test_whoever_was_told_the_upload_url_may_ask_without_a_token(place: Place, package: str) -> None:
    """As os-packager does."""
    assert status(place, package, None).json()["status"] == "done"
    folder = package.split("/")[-2]
    assert status(place, package.replace(folder, "0" * 32), None).status_code == 401


def test_whoever_loads_a_package_may_ask_by_a_cookie(place: Place, tmp_path: Path) -> None:
    """As gobble does, which makes up the URL by itself."""
    url = place.upload(files_of(tmp_path), "ada", "cookies")
    answer = load(place, url)
    asked = f"{BASE}/datastore/ada/cookies/datapackage.json"
    cookie = answer.headers["set-cookie"].partition(";")[0]

    assert "HttpOnly" in answer.headers["set-cookie"]
    assert status(place, asked, None).status_code == 401
    assert status(place, asked, None, headers={"Cookie": cookie}).status_code == 200
    assert status(place, asked.replace("cookies", "budget"), None, headers={"Cookie": cookie}).status_code == 401
    assert loaded(place, url)["status"] == "done"


@pytest.mark.parametrize("path", ["absent/datapackage.json", "absent/00/../datapackage.json"])
def test_a_package_that_was_never_loaded_is_not_known(place: Place, path: str) -> None:
    answer = status(place, f"{BASE}/datastore/ada/{path}")
    assert answer.status_code in (400, 404)
    assert status(place, "").status_code == 400


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", 400),
        ("https://elsewhere.example/ada/budget/datapackage.json", 400),
        ("file:///etc/passwd", 400),
        ("nonsense", 400),
        ("http://[", 400),
        (f"{BASE}@elsewhere.example/datastore/ada/budget/datapackage.json", 400),
        (f"{BASE}/datastore/ada/budget/../../bob/x/datapackage.json", 400),
        (f"{BASE}/datastore/ada/budget/%2e%2e/datapackage.json", 400),
        (f"{BASE}/datastore/ada/budget/absent.json", 400),
        (f"{BASE}/datastore/bob/budget/datapackage.json", 403),
        (f"{BASE}/datastore/nobody/budget/datapackage.json", 403),
        ("", 400),
    ],
)
def test_only_what_one_has_uploaded_here_is_loaded(place: Place, url: str, code: int) -> None:
    answer = load(place, url)

    assert answer.status_code == code
    assert answer.json()["success"] is False


def test_loading_takes_a_token_and_nothing_of_others(place: Place, package: str) -> None:
    assert load(place, package, "bob").status_code == 403
    assert place.ask("POST", "/package/upload", params={"datapackage": package}).status_code == 401


def test_loading_the_same_twice_makes_one_revision(place: Place, package: str) -> None:
    assert load(place, package).status_code == load(place, package).status_code == 200

    assert loaded(place, package)["status"] == "done"
    newest = revisions.latest(place.store.private, "ada", "budget")
    assert newest is not None
    assert newest.number == 1


def test_what_cannot_be_loaded_says_why(place: Place, tmp_path: Path) -> None:
    url = place.upload(files_of(tmp_path, ROWS.replace("2.25", "much")), "ada", "broken")
    assert load(place, url).status_code == 200

    found = loaded(place, url)

    assert found["status"] == "fail"
    assert "much" in found["error"]
    assert "Traceback" not in found["error"]
    assert home(place, "broken") == "nowhere"
    (one,) = [one for one in found_by(place, "ada") if one["id"] == "ada:broken"]
    assert (one["loaded"], one["package"]["private"], one["package"]["owner"]) == (False, True, "ada")
    assert status(place, one["origin_url"], None).json() == found
    assert [one for one in found_by(place, "bob") if one["id"] == "ada:broken"] == []

    assert place.ask("POST", "/package/delete", "ada", params={"id": "ada:broken"}).json() == {"success": True}
    assert [one for one in found_by(place, "ada") if one["id"] == "ada:broken"] == []


def test_a_package_that_names_files_elsewhere_is_not_loaded(place: Place, tmp_path: Path) -> None:
    files = files_of(tmp_path, resource={"path": "http://127.0.0.1:1/lines.csv"})
    url = place.upload(files, "ada", "elsewhere")
    load(place, url)

    assert loaded(place, url)["status"] == "fail"


def test_foreign_packages_can_be_neither_published_nor_deleted_nor_told_apart(place: Place) -> None:
    body = {"params": "x"}
    for id_ in ("ada:budget", "ada:absent"):
        assert publish(place, "true", "bob", id_).status_code == 403
        assert place.ask("POST", "/package/delete", "bob", params={"id": id_}).status_code == 403
        assert place.ask("POST", "/package/update_params", "bob", params={"id": id_}, json=body).status_code == 403
    assert publish(place, "true", None).status_code == 401
    assert home(place) == "private"


def test_publishing_moves_a_package_out_and_back(place: Place) -> None:
    assert publish(place, "True").json() == {"success": True, "published": True}
    assert home(place) == "public"
    (one,) = found_by(place)
    assert one["package"]["private"] is False
    assert place.ask("GET", "/package/stats").json() == {"num_packages": 1, "num_countries": 1, "num_records": 2}
    assert publish(place, "true").json() == {"success": True, "published": True}

    assert publish(place, "toggle").json() == {"success": True, "published": False}
    assert home(place) == "private"
    assert found_by(place) == []
    assert publish(place, "false").json() == {"success": True, "published": False}


def test_loading_a_published_package_again_keeps_it_public(place: Place, tmp_path: Path) -> None:
    publish(place, "true")
    url = place.upload(files_of(tmp_path, ROWS.replace("2.25", "3")), "ada")
    load(place, url)

    assert loaded(place, url)["status"] == "done"
    assert home(place) == "public"
    newest = revisions.latest(place.store.public, "ada", "budget")
    assert newest is not None
    assert newest.number == 2
    publish(place, "false")


def test_what_publishing_is_not_told_rightly_is_refused(place: Place) -> None:
    assert publish(place, "maybe").status_code == 400
    assert publish(place, "").status_code == 400
    assert publish(place, "true", id_="budget").status_code == 400
    answer = publish(place, "true", id_="ada:absent")
    assert answer.status_code == 200
    assert answer.json() == {"success": False, "error": "Failed to locate package ada:absent"}


def test_what_takes_long_is_answered_before_its_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PATIENCE", 0.0)

    answer = publish(place, "true")

    assert answer.status_code == 202
    found = answer.json()
    assert (found["success"], found["published"]) == (True, True)
    job = place.conductor.writing.jobs.wait(found["job"].rpartition("/")[2], 30)
    assert job.state == "done"
    monkeypatch.undo()
    assert publish(place, "false").json() == {"success": True, "published": False}


def test_parameters_may_come_as_a_form(place: Place) -> None:
    answer = place.ask("POST", "/package/publish", "ada", data={"id": "ada:budget", "publish": "false"})
    assert answer.json() == {"success": True, "published": False}


def test_what_viewers_show_at_first_is_kept_with_the_package(place: Place) -> None:
    def update(body: Any, id_: str = "ada:budget") -> Any:
        return place.ask("POST", "/package/update_params", "ada", params={"id": id_}, json=body)

    assert update({"params": "treemap"}).json() == {"success": True}
    (one,) = [one for one in found_by(place, "ada") if one["id"] == "ada:budget"]
    assert one["package"]["defaultParams"] == {"params": "treemap"}
    assert update({"params": 1}).status_code == 400
    assert update([]).status_code == 400
    assert update({"params": "x"}, "ada:absent").json()["success"] is False


def test_no_hooks_are_run_at_addresses_that_a_request_names(place: Place) -> None:
    asked = {"id": "ada:budget", "pipeline": "http://127.0.0.1:1/"}
    answer = place.ask("POST", "/package/run-hooks", "ada", params=asked)

    assert answer.status_code == 410
    assert answer.json()["success"] is False
    assert place.ask("POST", "/package/run-hooks", params=asked).status_code == 401


def test_a_deleted_package_is_gone_with_its_files(place: Place, tmp_path: Path) -> None:
    url = place.upload(files_of(tmp_path), "ada", "gone")
    load(place, url)
    assert loaded(place, url)["status"] == "done"

    def delete() -> Any:
        return place.ask("POST", "/package/delete", "ada", params={"id": "ada:gone"}).json()

    assert delete() == {"success": True}
    assert home(place, "gone") in ("nowhere", "withdrawn")
    kept = [*place.store.private.list("ada/gone"), *place.store.private.list("uploads/conductor/ada/gone")]
    assert [one for one in kept if one.endswith(".csv")] == []
    assert delete() == {"success": False}
    assert "ada:gone" not in [one["id"] for one in found_by(place, "ada")]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/search/user", {}),
        ("/search/package", {"q": "health"}),
        ("/search/package", {"q": "1"}),
        ("/search/package", {"package.owner": "ada"}),
        ("/search/package", {"size": "many"}),
    ],
)
def test_a_search_that_cannot_be_read_is_refused(place: Place, path: str, params: dict[str, str]) -> None:
    assert place.ask("GET", path, params=params).status_code == 400


def test_a_search_reads_its_values_as_json_and_leaves_unknown_parameters(place: Place) -> None:
    assert [one["id"] for one in found_by(place, "ada", q='"budget"', size="10000", loaded="true", other="x")] != []
    assert found_by(place, "ada", **{"package.owner": '"bob"'}) == []
    assert place.ask("GET", "/search/package", headers={"Auth-Token": "nonsense"}).status_code == 401


def job(state: str, stage: str = "", done: int = 0, total: int | None = None, **more: Any) -> Job:
    values: dict[str, Any] = {"error": None, "problems": (), "result": None, **more}
    at = now()
    return Job(
        id="1",
        kind="import",
        state=state,
        owner="ada",
        name="budget",
        account="a",
        payload={},
        created=at,
        due=at,
        started=None,
        finished=None,
        progress=Progress(done, total, stage),
        attempts=1,
        cancelling=False,
        **values,
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (job("queued"), {"status": "queued", "progress": 0}),
        (job("running"), {"status": "initializing", "progress": 0}),
        (job("running", "fetching files", 1, 4), {"status": "loading-datapackage", "progress": 0.25}),
        (job("running", "reading lines", 9, 3), {"status": "loading-resource", "progress": 1}),
        (job("running", "checking lines"), {"status": "validating-datapackage", "progress": 0}),
        (job("running", "deriving the facts"), {"status": "loading-data", "progress": 0}),
        (job("running", "storing"), {"status": "saving-metadata", "progress": 0}),
        (job("running", "anything else"), {"status": "loading-data", "progress": 0}),
        (job("done"), {"status": "done", "progress": 1}),
        (job("cancelled"), {"status": "fail", "progress": 0, "error": "The job was cancelled."}),
        (
            job("failed", error="1 error.", problems=({"message": "Row 2 is odd."},)),
            {"status": "fail", "progress": 0, "error": "1 error.\nRow 2 is odd."},
        ),
    ],
    ids=lambda value: getattr(value, "state", ""),
)
def test_jobs_are_told_in_the_words_of_the_original(one: Job, told: dict[str, Any]) -> None:
    assert status_of(one) == told
