"""Uploads through the API: announced, sent, checked, resumed, refused."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest

from openspending.database.engine import now
from tests.write_api.conftest import MIB, Place, sha256

pytestmark = pytest.mark.slow

CONTENT = b"year;amount\n2026;10\n"
BIG = bytes(range(256)) * (10 * 1024)  # 2.5 MiB: three parts


def stored(place: Place) -> list[str]:
    return sorted(place.writing.store.private.list("uploads"))


def test_a_file_is_announced_sent_and_completed(place: Place) -> None:
    answer = place.announce(CONTENT)
    assert answer.status_code == 201
    found = answer.json()
    assert answer.headers["location"] == f"/v1/uploads/{found['id']}"
    assert found["state"] == "open"
    assert (found["parts"]["count"], found["parts"]["arrived"]) == (1, [])
    send = found["parts"]["send"]
    assert place.ask(send["method"], send["url"], headers=send["headers"], content=CONTENT).status_code == 204
    done = place.ask("POST", found["links"]["complete"])
    assert (done.status_code, done.json()["state"], done.json()["parts"]["arrived"]) == (200, "complete", [1])
    assert place.ask("POST", found["links"]["complete"]).json() == done.json()
    assert b"".join(place.writing.staging.stream(place.writing.uploads.get(found["id"]))) == CONTENT
    assert list(place.writing.store.public.list()) == []


def test_an_interrupted_upload_goes_on_where_it_was(place: Place) -> None:
    found = place.announce(BIG).json()
    own = found["links"]
    assert (found["parts"]["count"], found["parts"]["send"]) == (3, None)
    urls = {one["number"]: one for one in place.ask("POST", own["parts"], json={"numbers": [3, 1]}).json()["data"]}
    for number in (3, 1):
        part = BIG[(number - 1) * MIB : number * MIB]
        assert urls[number]["size"] == len(part)
        assert place.ask("PUT", urls[number]["url"], content=part).status_code == 204
    assert place.ask("GET", own["self"]).json()["parts"]["arrived"] == [1, 3]
    early = place.ask("POST", own["complete"])
    assert (early.status_code, "2" in early.json()["detail"]) == (409, True)
    assert place.ask("PUT", f"{own['self']}/parts/2", content=BIG[MIB : 2 * MIB]).status_code == 204
    assert place.ask("POST", own["complete"]).status_code == 200


def test_other_bytes_than_announced_are_refused_and_forgotten(place: Place) -> None:
    found = place.ask(
        "POST",
        "/v1/uploads",
        json={"owner": "treasury", "filename": "a.csv", "size": len(CONTENT), "sha256": sha256(b"x")},
    ).json()
    place.ask("PUT", f"/v1/uploads/{found['id']}/parts/1", content=CONTENT)
    wrong = place.ask("POST", found["links"]["complete"])
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/v1/problems/mismatch")
    assert "SHA-256" in wrong.json()["detail"]
    assert place.ask("GET", found["links"]["self"]).status_code == 404
    assert stored(place) == []


@pytest.mark.parametrize(("sent", "status"), [(CONTENT + b"1", 413), (CONTENT[:-1], 422)])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_part_has_the_size_it_was_announced_with(place: Place, sent: bytes, status: int, chunked: bool) -> None:
    found = place.announce(CONTENT).json()
    body = iter([sent[:5], sent[5:]]) if chunked else sent
    assert place.ask("PUT", found["parts"]["send"]["url"], content=body).status_code == status
    assert stored(place) == []


def test_digests_are_checked_where_they_are_sent(place: Place) -> None:
    url = place.announce(CONTENT).json()["parts"]["send"]["url"]
    md5 = base64.b64encode(hashlib.md5(CONTENT).digest()).decode()
    sha = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    other = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    for headers, status in (
        ({"Content-MD5": md5, "Repr-Digest": f"sha-256=:{sha}:"}, 204),
        ({"Content-MD5": md5, "Repr-Digest": f"sha-256=:{other}:"}, 422),
        ({"Content-MD5": base64.b64encode(b"1" * 16).decode()}, 422),
        ({"Content-MD5": "?"}, 400),
    ):
        assert place.ask("PUT", url, content=CONTENT, headers=headers).status_code == status


def test_everything_wrong_with_an_announcement_is_told_at_once(place: Place) -> None:
    body = {"owner": "v1", "filename": "", "size": 0, "sha256": "abc", "sise": 3}
    answer = place.ask("POST", "/v1/uploads", json=body)
    assert answer.status_code == 400
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert pointers == {"/owner", "/filename", "/size", "/sha256", "/sise"}


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"owner": "a", "owner": "b"}', b"\xff", b"null"])
def test_a_body_that_is_no_object_is_refused(place: Place, body: bytes) -> None:
    answer = place.ask("POST", "/v1/uploads", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_body_without_an_end_is_refused(place: Place) -> None:
    assert place.ask("POST", "/v1/uploads", content=b" " * (2 * MIB)).status_code == 413


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "a/b\\c.csv", "x" * 900 + ".csv", ".hidden", "a\x00b\n.csv", "C:\\x\\ü.csv", "#1"],
)
def test_hostile_names_are_made_safe(place: Place, name: str) -> None:
    found = place.announce(CONTENT, filename=name)
    assert found.status_code == 201
    kept = found.json()["filename"]
    assert kept
    assert not set(kept) & set("/\\\x00\n#")
    assert not kept.startswith(".")
    place.ask("PUT", found.json()["parts"]["send"]["url"], content=CONTENT)
    assert stored(place) == [f"uploads/{found.json()['id']}/1"]


def test_a_file_larger_than_allowed_is_refused(place: Place) -> None:
    assert place.announce(CONTENT, size=11 * MIB).status_code == 413


def test_an_owner_keeps_no_more_than_its_quota(place: Place) -> None:
    first = place.announce(CONTENT, size=10 * MIB).json()
    place.writing.store.private.put("treasury/budget/files/ab/a.csv", b"1" * (8 * MIB))
    place.writing.quota.count("treasury")
    full = place.announce(CONTENT, size=3 * MIB)
    assert (full.status_code, full.json()["type"]) == (507, "/v1/problems/over-quota")
    assert place.announce(CONTENT, size=2 * MIB).status_code == 201
    assert place.ask("DELETE", first["links"]["self"]).status_code == 204
    assert place.announce(CONTENT, size=3 * MIB).status_code == 201


def test_an_owner_has_so_many_uploads_at_once(place: Place) -> None:
    assert {place.announce(CONTENT).status_code for _ in range(20)} == {201}
    answer = place.announce(CONTENT)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3600")


def test_an_upload_expires(place: Place) -> None:
    upload = place.upload(CONTENT)
    place.writing.uploads.change(upload, expires=now() - timedelta(seconds=1))
    assert place.ask("GET", f"/v1/uploads/{upload}").status_code == 404
    assert place.ask("POST", f"/v1/uploads/{upload}/complete").status_code == 404


def test_nothing_is_sent_to_what_is_complete_or_has_no_such_part(place: Place) -> None:
    upload = place.upload(CONTENT)
    assert place.ask("PUT", f"/v1/uploads/{upload}/parts/1", content=CONTENT).status_code == 409
    assert place.ask("PUT", f"/v1/uploads/{upload}/parts/2", content=CONTENT).status_code == 404
    assert place.ask("POST", f"/v1/uploads/{upload}/parts", json={"numbers": [1]}).status_code == 409
    assert place.ask("POST", f"/v1/uploads/{upload}/parts", json={"numbers": [0, "1"]}).status_code == 400


def test_the_same_announcement_twice_is_one_upload(place: Place) -> None:
    def announce(key: str, size: int = 5) -> tuple[int, str]:
        body = {"owner": "treasury", "filename": "a.csv", "size": size, "sha256": "0" * 64}
        answer = place.ask("POST", "/v1/uploads", json=body, headers={"Idempotency-Key": key})
        return answer.status_code, answer.json().get("id", answer.json().get("type"))

    first = announce("one")
    assert first[0] == 201
    assert announce("one") == first
    assert announce('"one"') == first
    assert announce("one", 6) == (422, "/v1/problems/key-reused")
    assert announce("two")[1] != first[1]
    assert announce("bad key")[0] == 400
