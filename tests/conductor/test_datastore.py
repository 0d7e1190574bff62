"""`/datastore`: upload URLs, and files that come through this API, each for one's own packages alone."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from openspending.conductor import putsignatures
from openspending.conductor.staged import KEPT
from openspending.database.engine import now
from openspending.write_api import Limits
from tests.conductor.conftest import BASE, Place, md5, place_in

pytestmark = pytest.mark.slow

CONTENT = b"year,amount\n2020,1.50\n"
FILE: dict[str, Any] = {"name": "b", "length": 2048, "md5": "vcTIcVh43cl1KKhmYXh2LA==", "type": "text/csv"}
B = {"data/b.csv": FILE}


def asked(place: Place, files: dict[str, Any], name: str | None = "ada", owner: str = "ada") -> Any:
    body = {"metadata": {"owner": owner, "name": "my-budget"}, "filedata": files}
    return place.ask("POST", "/datastore/", name, content=json.dumps(body))


@pytest.mark.parametrize("path", ["/datastore/", "/datastore", "/datastore/authorize"])
def test_what_is_announced_comes_back_with_where_to_put_it(place: Place, path: str) -> None:
    body = {"metadata": {"owner": "ada", "name": "my-budget", "author": "x"}, "filedata": {"data/b.csv": FILE}}
    answer = place.ask("POST", path, "ada", json=body)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()["filedata"]["data/b.csv"]
    assert {name: found[name] for name in FILE} == FILE
    assert set(found) == {*FILE, "upload_url", "upload_query"}
    assert found["upload_url"].startswith(f"{BASE}/datastore/files/ada/my-budget/")
    assert found["upload_url"].endswith("/data/b.csv")
    assert set(found["upload_query"]) == {"Expires", "SignedHeaders", "Signature"}
    assert all(isinstance(one, list) and len(one) == 1 for one in found["upload_query"].values())


def test_all_files_of_a_package_go_into_one_folder_that_nobody_can_guess(place: Place) -> None:
    first = asked(place, B).json()["filedata"]["data/b.csv"]["upload_url"]
    second = asked(place, {"data/c.csv": FILE}).json()["filedata"]["data/c.csv"]["upload_url"]

    folder = first.split("/")[-3]
    assert second.split("/")[-3] == folder
    assert len(folder) == 32


@pytest.mark.parametrize(
    "path",
    [
        *("../x.csv", "a/../../x.csv", "/etc/passwd", "a//b", "", ".", "a/./b", "./a", "a\\b", "..\\x", "C:/x"),
        *(
            "%2e%2e/x",
            "a%2f..%2fx",
            "a\x00b",
            "a\nb",
            "a?b",
            "a#1",
            "x" * 300,
            ".hidden",
            "~/x",
            "http://a.b/c",
            "\ud800",
        ),
    ],
)
def test_a_path_that_leaves_the_package_or_is_odd_is_refused(place: Place, path: str) -> None:
    assert asked(place, {path: FILE}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"bad": "data"},
        [],
        {"metadata": {"owner": "ada"}, "filedata": {"a": FILE}},
        {"metadata": {"name": "x"}, "filedata": {"a": FILE}},
        {"metadata": {"owner": "ada", "name": "../x"}, "filedata": {"a": FILE}},
        {"metadata": {"owner": "ada", "name": "x"}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": "b"}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {**FILE, "length": -1}}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {**FILE, "length": True}}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {**FILE, "length": "1"}}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {**FILE, "md5": None}}},
        {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {**FILE, "type": "a\r\nb"}}},
    ],
)
def test_a_body_that_announces_nothing_is_refused(place: Place, body: Any) -> None:
    assert place.ask("POST", "/datastore/", "ada", json=body).status_code == 400


def test_a_body_that_is_no_json_is_refused(place: Place) -> None:
    for body in (b"", b"{", b"[" * 100_000, b"\xff"):
        assert place.ask("POST", "/datastore/", "ada", content=body).status_code == 400


def test_only_ones_own_files_can_be_announced(place: Place) -> None:
    assert asked(place, B, "bob").status_code == 403
    assert asked(place, B, None).status_code == 401
    assert asked(place, B, owner="uploads").status_code == 400
    # the back door of the original
    body = {"metadata": {"owner": "__tests", "name": "x"}, "filedata": {"a": FILE}}
    answer = place.ask("POST", "/datastore/", json=body, headers={"Auth-Token": "testing-token"})
    assert answer.status_code == 401
    assert place.ask("POST", "/datastore/", "ada", json=body).status_code == 403


def test_more_than_one_may_keep_is_refused(tmp_path: Path, empty_database: Path) -> None:
    for one in place_in(tmp_path, empty_database, limits=Limits(upload_size=1000, quota=1500)):
        one.join("ada")
        large: dict[str, Any] = {**FILE, "length": 1001}
        some: dict[str, Any] = {**FILE, "length": 800}
        assert asked(one, {"a": large}).status_code == 413
        assert asked(one, {"a": some, "b": some}).status_code == 507
        assert asked(one, {"a": some}).status_code == 200
        assert one.put(one.announce({"a": b"x" * 800}, "ada", "ada").json()["filedata"]["a"], b"x" * 800).is_success
        assert asked(one, {"a": some}).status_code == 507
        assert one.ask("POST", "/datastore/", "ada", content=b" " * 1_100_000).status_code == 413


def told(place: Place, content: bytes = CONTENT, path: str = "datapackage.json") -> dict[str, Any]:
    return dict(place.announce({path: content}, "ada", "ada").json()["filedata"][path])


def test_a_put_with_exactly_what_was_announced_is_taken(place: Place) -> None:
    one = told(place, path="data/für alle (1).csv")

    answer = place.put(one, CONTENT)

    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{hashlib.md5(CONTENT).hexdigest()}"'
    folder = place.conductor.staged.find("ada", "budget")
    assert folder is not None
    assert place.store.private.get(folder.key("data/für alle (1).csv")) == CONTENT


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (CONTENT + b"x", {"Content-MD5": md5(CONTENT)}, 403),
        (b"x" * len(CONTENT), {}, 403),
        (b"x" * len(CONTENT), {"Content-MD5": md5(CONTENT)}, 422),
        (CONTENT, {"Content-Type": "text/html"}, 403),
        (CONTENT, {"Content-MD5": md5(b"")}, 403),
    ],
)
def test_a_put_of_anything_else_is_refused(place: Place, content: bytes, headers: dict[str, str], status: int) -> None:
    assert place.put(told(place), content, **headers).status_code == status


def test_a_signature_is_for_one_address_and_an_unaltered_query(place: Place) -> None:
    one = told(place)
    elsewhere = {**one, "upload_url": one["upload_url"].replace("datapackage.json", "other.json")}
    other_package = {**one, "upload_url": one["upload_url"].replace("/budget/", "/my-budget/")}
    assert place.put(elsewhere, CONTENT).status_code == 403
    assert place.put(other_package, CONTENT).status_code == 403
    longer = {**one["upload_query"], "Expires": [str(int(one["upload_query"]["Expires"][0]) + 1)]}
    fewer = {**one["upload_query"], "SignedHeaders": ["content-length"]}
    for query in (
        {},
        longer,
        fewer,
        {**one["upload_query"], "Signature": ["é"]},
        {**one["upload_query"], "Expires": ["x"]},
    ):
        assert place.put({**one, "upload_query": query}, CONTENT).status_code == 403
    assert place.client.put(one["upload_url"], params=one["upload_query"], content=CONTENT).status_code == 403
    assert place.client.put("/datastore/files/ada", content=CONTENT).status_code == 404


def test_an_upload_url_expires(place: Place) -> None:
    folder = place.conductor.staged.make("ada", "budget")
    headers = {"content-length": str(len(CONTENT)), "content-md5": md5(CONTENT)}
    signed = putsignatures.sign(folder.secret, folder.key("a"), headers, int(time.time()) - 1)
    url = place.conductor.staged.url(BASE, folder, "a")

    assert place.put({"upload_url": url, "upload_query": signed.query()}, CONTENT).status_code == 403


def test_a_type_that_was_not_announced_may_be_any(place: Place) -> None:
    file: dict[str, Any] = {"name": "a", "length": len(CONTENT), "md5": md5(CONTENT)}
    one = asked(place, {"a.csv": file}).json()["filedata"]["a.csv"]

    assert "type" not in one
    assert place.put(one, CONTENT, **{"Content-Type": "text/csv"}).status_code == 200


def test_an_md5_that_is_none_is_announced_but_not_taken(place: Place) -> None:
    file: dict[str, Any] = {"name": "file1", "length": len(CONTENT), "md5": "aaa"}
    answer = asked(place, {"data/file1": file})

    assert answer.status_code == 200
    assert place.put(answer.json()["filedata"]["data/file1"], CONTENT, **{"Content-MD5": "aaa"}).status_code == 400


def test_info_tells_how_addresses_of_ones_own_files_begin(place: Place) -> None:
    prefixes = place.ask("GET", "/datastore/info", "ada").json()["prefixes"]

    assert any(told(place)["upload_url"].startswith(one) for one in prefixes)
    assert all(one.endswith("/ada") for one in prefixes)
    assert [one.partition(":")[0] for one in prefixes] == sorted(one.partition(":")[0] for one in prefixes)
    assert place.ask("GET", "/datastore/info").status_code == 401


def test_files_that_nobody_has_touched_for_days_are_swept(tmp_path: Path, empty_database: Path) -> None:
    for place in place_in(tmp_path, empty_database):
        place.join("ada")
        place.upload({"datapackage.json": b"{}"}, "ada")
        staged = place.conductor.staged

        assert staged.sweep() == 0
        assert staged.sweep(now() + KEPT) == 2
        assert list(place.store.private.list("uploads")) == []
