"""Imports through the API: a revision, questions, or problems; once for each request."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from openspending.datastore import revisions
from tests.write_api.conftest import BUDGET, MIB, Place

pytestmark = pytest.mark.slow

UNSURE = b"date;recipient;amount\n03.02.2026;Museum;1.250\n17.02.2026;Library;3.100\n"
BAD = b"Year;Code;Ministry;Approved\n2026;01;Health;1200\n2026;02;Education;x400\n2026;03;Transport;1125\n2026;04;A;5\n"


def newest(place: Place, name: str = "budget") -> Any:
    return revisions.latest(place.writing.store.private, "treasury", name)


def package(amount: str = "5") -> bytes:
    descriptor = {
        "name": "budget",
        "resources": [
            {
                "name": "budget",
                "path": "data/budget.csv",
                "schema": {
                    "fields": [
                        {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
                        {"name": "who", "type": "string", "columnType": "recipient:generic:id"},
                    ]
                },
            }
        ],
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("datapackage.json", json.dumps(descriptor))
        made.writestr("data/budget.csv", f"amount,who\n{amount},a\n7,b\n")
    return target.getvalue()


def test_an_upload_becomes_a_private_revision(work: Place) -> None:
    job = work.imported(properties={"title": "Budget"}, message="First")
    assert (job["state"], job["kind"], job["error"]) == ("done", "import", None)
    result = job["result"]
    assert (result["outcome"], result["dataset"], result["revision"]) == ("committed", "treasury/budget", 1)
    assert (result["created"], result["rows"], result["visibility"]) == (True, 3, "private")
    assert result["measures"] == {"Approved": "5725"}
    assert result["links"]["revision"] == "/v1/datasets/treasury/budget@1"
    made = newest(work)
    assert (made.author, made.message, made.descriptor["title"]) == ("Editor", "First", "Budget")
    assert [one for one in work.writing.store.public.list() if "treasury" in one] == []
    log = work.ask("GET", job["links"]["log"]).json()["data"]
    assert "storing" in [one["text"] for one in log]


def test_the_same_files_again_are_no_new_revision(made: Place) -> None:
    result = made.imported()["result"]
    assert (result["revision"], result["created"], result["hash"]) == (1, False, newest(made).hash)


def test_the_next_import_keeps_what_was_said_changes_what_it_names_and_takes_away_what_is_null(work: Place) -> None:
    period = {"start": "2026-04-01", "end": "2027-03-31"}
    said = {"title": "Budget", "homepage": "https://example.org/", "fiscalPeriod": period, "granularity": "aggregated"}
    work.imported(properties=said)
    assert {name: newest(work).descriptor[name] for name in said} == said
    work.imported(BUDGET.replace(b"1200", b"1"), properties={"homepage": None, "granularity": "transactional"})
    found = newest(work).descriptor
    assert "homepage" not in found
    assert (found["title"], found["fiscalPeriod"], found["granularity"]) == ("Budget", period, "transactional")


def test_what_is_not_sure_is_asked_and_answered_with_the_same_upload(work: Place) -> None:
    upload = work.upload(UNSURE)
    asked = work.finished(work.start_import(upload, answers={}))
    assert (asked["state"], asked["result"]["outcome"]) == ("done", "questions")
    ids = {one["id"] for one in asked["result"]["questions"]}
    assert "column:amount:writing" in ids
    assert newest(work) is None
    spanish = work.ask("GET", f"/v1/jobs/{asked['id']}?lang=es").json()["result"]
    (unsure,) = (one for one in spanish["questions"] if one["id"] == "column:amount:writing")
    assert unsure["question"].startswith("¿El signo de «1.250» (una vez)")
    assert unsure["choices"][0]["reason"].startswith("la suma sería ")
    assert [one["value"] for one in unsure["choices"]] == [
        one["value"]
        for question in asked["result"]["questions"]
        if question["id"] == "column:amount:writing"
        for one in question["choices"]
    ]
    answers = {"column:amount:writing": "1.250 is 1250", "currency": "EUR"}
    done = work.finished(work.start_import(upload, answers=answers))
    assert done["result"]["measures"] == {"amount": "4350"}


def test_an_answer_that_is_none_ends_the_job(work: Place) -> None:
    job = work.imported(answers={"nothing": "asked"})
    assert (job["state"], job["attempts"]) == ("failed", 1)
    assert "nothing" in job["error"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_wrong_is_told_whole_with_a_marked_copy(work: Place, kind: str) -> None:
    upload = work.upload(package("x5"), filename="budget.zip")
    job = work.finished(work.start_import(upload, package=True, marked=kind, answers={}))
    assert [(one["row"], one["value"]) for one in job["problems"] if one["severity"] == "error"] == [(2, "x5")]
    (marked,) = job["marked"]
    assert marked["name"].endswith(kind)
    copy = work.ask("GET", marked["url"])
    assert len(copy.content) == marked["bytes"] == int(copy.headers["content-length"])
    assert copy.headers["cache-control"] == "private, no-store"
    if kind == "csv":
        assert any("x5" in "".join(row) for row in csv.reader(io.StringIO(copy.text)))
    assert work.ask("GET", marked["url"], "stranger").status_code == 404
    assert work.ask("GET", marked["url"] + "x").status_code == 404


def test_a_file_that_no_package_can_be_made_of_leaves_a_list_of_what_is_wrong(made: Place) -> None:
    job = made.imported(BAD, answers={})
    assert (job["state"], [one["name"] for one in job["marked"]]) == ("failed", ["marked.xlsx"])


def test_a_job_is_told_in_the_language_of_whoever_reads_it(made: Place) -> None:
    upload = made.upload(package("x5"), filename="budget.zip")
    asked_in_spanish = {"Accept-Language": "es"}
    job = made.finished(made.start_import(upload, package=True, marked="csv", answers={}, headers=asked_in_spanish))
    copy = made.ask("GET", job["marked"][0]["url"]).text
    assert '"problema","remedio"' in copy
    assert "«x5» en la columna amount no es un número." in copy
    english = made.ask("GET", f"/v1/jobs/{job['id']}")
    assert english.headers["content-language"] == "en"
    assert "Accept-Language" in english.headers["vary"]
    assert english.json()["error"] == "1 error must be mended first; nothing was stored."
    (told,) = (one for one in english.json()["problems"] if one["severity"] == "error")
    assert (told["title"], told["language"]) == ("A value is not of the declared type", "en")
    for spanish in (
        made.ask("GET", f"/v1/jobs/{job['id']}?lang=es"),
        made.ask("GET", f"/v1/jobs/{job['id']}", headers={"Accept-Language": "es-MX, en;q=0.5"}),
    ):
        assert spanish.headers["content-language"] == "es"
        assert spanish.json()["error"] == "Hay que corregir antes 1 error; no se guardó nada."
        (error,) = (one for one in spanish.json()["problems"] if one["severity"] == "error")
        assert error["message"] == "«x5» en la columna amount no es un número."
        assert {name: error[name] for name in ("code", "row", "value", "words")} == {
            name: told[name] for name in ("code", "row", "value", "words")
        }
    (listed,) = made.ask("GET", "/v1/jobs?lang=es").json()["data"]
    assert listed["problems"] == spanish.json()["problems"]
    kept = made.writing.jobs.get(job["id"])
    assert kept.error == english.json()["error"]
    assert made.ask("GET", f"/v1/jobs/{job['id']}?lang=xx").json()["errors"][0]["choices"] == ["en", "es"]


def test_a_plan_stores_nothing(made: Place) -> None:
    job = made.imported(BUDGET.replace(b"1200", b"1300"), commit=False)
    assert (job["result"]["outcome"], job["result"]["revision"], job["result"]["changes"]) == ("planned", 2, True)
    assert newest(made).number == 1


def test_a_package_is_taken_as_it_is(work: Place) -> None:
    upload = work.upload(package(), filename="budget.zip")
    job = work.finished(work.start_import(upload, package=True, answers={}))
    assert (job["state"], job["result"]["rows"], job["result"]["measures"]) == ("done", 2, {"amount": "12"})


def test_a_package_may_come_file_by_file(work: Place) -> None:
    with zipfile.ZipFile(io.BytesIO(package())) as packed:
        files = [
            {"upload": work.upload(packed.read(one), filename=one.rpartition("/")[2]), "path": one}
            for one in packed.namelist()
        ]
    job = work.finished(work.start_import(*files, package=True, answers={}))
    assert (job["state"], job["result"]["rows"]) == ("done", 2), job


def test_files_are_added_to_those_of_the_dataset(made: Place) -> None:
    job = made.finished(made.start_import(made.upload(BUDGET.replace(b"2026", b"2027"), filename="2027.csv"), add=True))
    assert (job["result"]["rows"], job["result"]["revision"]) == (6, 2)


def test_a_recipe_comes_as_json(made: Place) -> None:
    recipe = {one: value for one, value in newest(made).descriptor.items() if one != "openspending"}
    job = made.finished(made.start_import(made.upload(BUDGET), name="copy", recipe=recipe, answers={}))
    assert job["result"]["measures"] == {"Approved": "5725"}, job
    assert made.finished(made.start_import(made.upload(BUDGET), recipe={"a": 1}))["state"] == "failed"


def test_everything_wrong_with_a_request_is_told_at_once(work: Place) -> None:
    body = {
        "owner": "treasury",
        "name": "Budget",
        "files": [{}, {"url": "file:///etc/passwd"}, {"url": "http://a@b/"}, {"upload": "x", "path": "../x"}, 7],
        "answers": {"a": 1},
        "properties": {"resources": [], "title": 3},
        "commit": False,
        "publish": True,
        "why": "",
    }
    answer = work.ask("POST", "/v1/imports", json=body)
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.json()["errors"]} == {
        *("/name", "/files/0/upload", "/files/1/url", "/files/2/url", "/files/3/path", "/files/4", "/answers"),
        *("/properties/resources", "/properties/title", "/publish", "/why"),
    }


def test_uploads_are_complete_and_ones_own(work: Place) -> None:
    open_ = work.announce(BUDGET).json()["id"]
    others = work.upload(BUDGET, "admin")
    elsewhere = work.upload(BUDGET, "root", owner="other")
    answer = work.start_import(open_, "none", elsewhere)
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/files/{n}/upload" for n in range(3)]
    assert (
        work.start_import(others, actor="guest").status_code == 400
    )  # who may send into one dataset sees its own alone
    assert work.start_import(others).status_code == 202


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-Match": '"1"'}, 202),
        ({"If-Match": "*"}, 202),
        ({"If-Match": '"treasury/budget@1"'}, 202),
        ({"If-Match": '"2"'}, 412),
        ({"If-Match": '"sha256:00"'}, 412),
        ({"If-None-Match": "*"}, 412),
        ({"If-None-Match": '"1"'}, 400),
        ({"If-Match": '"a b"'}, 400),
    ],
)
def test_a_request_may_say_which_revision_it_follows(budget: Place, headers: dict[str, str], status: int) -> None:
    assert budget.start_import(budget.upload(BUDGET), headers=headers).status_code == status


def test_a_job_refuses_to_follow_another_revision_than_was_said(made: Place) -> None:
    ids = [made.upload(BUDGET.replace(b"1200", amount)) for amount in (b"1", b"2")]
    answers = [made.start_import(one, headers={"If-Match": '"1"'}) for one in ids]
    jobs = [made.finished(one) for one in answers]
    assert sorted(one["state"] for one in jobs) == ["done", "failed"]
    (lost,) = [one for one in jobs if one["state"] == "failed"]
    assert (lost["problems"][0]["code"], lost["problems"][0]["current"]) == ("precondition-failed", 2)
    assert newest(made).number == 2


def test_of_many_at_once_none_is_lost(made: Place) -> None:
    contents = [BUDGET.replace(b"1200", str(number).encode()) for number in range(2)]
    answers = [made.start_import(made.upload(one)) for one in contents]
    jobs = [made.finished(one) for one in answers]
    assert {one["state"] for one in jobs} == {"done"}
    assert sorted(one["result"]["revision"] for one in jobs) == [2, 3]
    kept = revisions.history(made.writing.store.private, "treasury", "budget")
    assert [one.number for one in kept] == [1, 2, 3]


def test_a_key_gives_the_same_job(work: Place) -> None:
    upload = work.upload(BUDGET)
    answers = [work.start_import(upload, headers={"Idempotency-Key": "k-1"}) for _ in range(3)]
    assert len({one.headers["location"] for one in answers}) == 1
    assert len(work.writing.jobs.listed()) == 1
    assert work.start_import(upload, add=True, headers={"Idempotency-Key": "k-1"}).status_code == 422


def test_urls_of_this_network_are_not_fetched(work: Place) -> None:
    object.__setattr__(work.writing.fetcher, "allow_private_hosts", False)
    for url in ("http://127.0.0.1:1/a.csv", "http://[::1]/a.csv", "http://169.254.169.254/latest/meta-data"):
        job = work.finished(work.start_import({"url": url}))
        assert job["state"] == "failed"
        assert job["problems"][0]["code"] == "fiscal/unreachable-url"
        assert "public internet" in job["problems"][0]["message"]


def test_a_bomb_is_refused(work: Place) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("datapackage.json", b"{}")
        for number in range(20):
            made.writestr(f"{number}.csv", b"0" * (40 * MIB) if number < 1 else b"")
    job = work.finished(work.start_import(work.upload(target.getvalue(), filename="b.zip"), package=True, answers={}))
    assert (job["state"], job["attempts"]) == ("failed", 1)


def test_an_upload_that_was_changed_since_is_not_imported(work: Place) -> None:
    upload = work.upload(BUDGET)
    work.writing.store.private.put(f"uploads/{upload}/1", BUDGET.replace(b"1200", b"9999"))
    job = work.finished(work.start_import(upload))
    assert (job["state"], newest(work)) == ("failed", None)


def test_a_waiting_job_is_cancelled_and_tried_again(place: Place) -> None:
    job = place.start_import(place.upload(BUDGET)).json()
    cancelled = place.ask("POST", job["links"]["cancel"]).json()
    assert cancelled["state"] == "cancelled"
    again = place.ask("POST", cancelled["links"]["retry"])
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    assert place.ask("POST", cancelled["links"]["retry"]).status_code == 409


def test_an_owner_has_so_many_jobs_at_once(place: Place) -> None:
    upload = place.upload(BUDGET)
    answers = [place.start_import(upload) for _ in range(21)]
    assert [one.status_code for one in answers] == [202] * 20 + [429]


def test_jobs_are_listed_page_by_page(place: Place) -> None:
    upload = place.upload(BUDGET)
    ids = [place.start_import(upload, name=f"b{number}").json()["id"] for number in range(5)]
    place.start_import(place.upload(BUDGET, "root", owner="other"), actor="root", owner="other")
    path, found = "/v1/jobs?pagesize=2", []
    while path:
        page = place.ask("GET", path).json()
        found += [one["id"] for one in page["data"]]
        path = page["next"]
    assert found == ids[::-1]
    assert len(place.ask("GET", "/v1/jobs", "root").json()["data"]) == 6
    assert len(place.ask("GET", "/v1/jobs?name=b1&state=queued", "admin").json()["data"]) == 1
    for actor in ("stranger", "viewer", "guest", "other robot"):
        assert place.ask("GET", "/v1/jobs", actor).json()["data"] == []
    assert place.ask("GET", "/v1/jobs?state=odd").status_code == 400
    assert place.ask("GET", "/v1/jobs?cursor=odd").status_code == 400
