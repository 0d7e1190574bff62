"""Drafts of imports, dry imports, and what columns can mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openspending.database.engine import now
from openspending.write_api import sweep
from openspending.write_api.drafts import LIFETIME
from openspending.write_api.schema import drafts
from tests.write_api.conftest import BUDGET, Place

pytestmark = pytest.mark.slow

AMBIGUOUS = b"date;recipient;amount\n03.02.2026;Museum;1.250\n17.02.2026;Library;3.100\n"


def begun(place: Place, actor: str = "editor", **more: Any) -> Any:
    answer = place.ask("POST", "/v1/drafts", actor, json={"owner": "treasury", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_draft_is_kept_and_gone_on_with(place: Place) -> None:
    upload = place.upload(BUDGET)
    draft = begun(place, name="budget", files=[{"upload": upload}], notes={"step": "columns"})
    path = f"/v1/drafts/{draft['id']}"
    assert place.ask("GET", path).json() == draft
    changed = place.ask("PATCH", path, json={"answers": {"currency": "EUR"}, "properties": {"title": "B"}}).json()
    assert changed["files"] == [{"upload": upload}]
    assert changed["answers"] == {"currency": "EUR"}
    assert [one["id"] for one in place.ask("GET", "/v1/drafts").json()["data"]] == [draft["id"]]
    assert place.writing.uploads.get(upload).expires > now() + LIFETIME - timedelta(minutes=1)
    assert place.ask("DELETE", path).status_code == 204
    assert place.ask("GET", path).status_code == 404
    assert place.writing.uploads.get(upload).expires < now() + timedelta(hours=2)


def test_drafts_are_for_those_who_may_import(place: Place) -> None:
    draft = begun(place)
    path = f"/v1/drafts/{draft['id']}"
    for actor in ("stranger", "viewer", "other robot", "nobody"):
        assert place.ask("GET", path, actor).status_code in (401, 404)
        assert place.ask("PATCH", path, actor, json={"message": "x"}).status_code in (401, 404)
        assert place.ask("DELETE", path, actor).status_code in (401, 404)
        assert place.ask("POST", "/v1/drafts", actor, json={"owner": "treasury"}).status_code in (401, 403)
    assert place.ask("GET", "/v1/drafts", "stranger").json()["data"] == []
    assert place.ask("GET", path, "publisher").status_code == 200


def test_what_is_wrong_with_a_draft_is_told_at_once(place: Place) -> None:
    body = {"owner": "treasury", "name": "No!", "files": [{"url": "file:///x"}], "answers": 1, "anwsers": 2}
    wrong = place.ask("POST", "/v1/drafts", json=body).json()["errors"]
    assert {one["pointer"] for one in wrong} == {"/name", "/files/0/url", "/answers", "/anwsers"}


def test_drafts_that_nobody_goes_on_with_are_swept(place: Place) -> None:
    draft = begun(place)
    with place.writing.engine.begin() as connection:
        connection.execute(drafts.update().values(changed=now() - LIFETIME))
    assert place.ask("GET", f"/v1/drafts/{draft['id']}").status_code == 404
    sweep(place.writing)
    assert place.writing.drafts.sweep() == 0


def test_a_dry_import_says_all_that_it_found_and_stores_nothing(work: Place) -> None:
    result = work.imported(dry=True, controls=[{"equals": "5725", "title": "All"}])["result"]
    assert result["outcome"] == "planned"
    assert result["plan"]["measures"] == {"Approved": "5725"}
    assert result["plan"]["controls"][0]["holds"]
    assert result["tables"][0]["preview"][0] == ["2026", "01", "Health", "1200"]
    look = result["plan"]["preview"]
    assert look["by"] == ["year"]
    assert look["totals"] == [{"year": "2026", "facts": 3, "measures": {"Approved": "5725"}}]
    assert len(look["rows"]) == 3
    assert result["package"]["resources"][0]["schema"]["fields"][3]["currency"] == "EUR"
    assert list(work.writing.store.private.list("treasury")) == []


def test_a_dry_import_that_has_questions_or_errors_is_no_failure(work: Place) -> None:
    asked = work.imported(AMBIGUOUS, dry=True)["result"]
    assert asked["outcome"] == "questions"
    assert [one["id"] for one in asked["questions"]] == ["column:amount:writing"]
    refused = work.imported(dry=True, controls=[{"equals": "4600", "where": {"Year": "2026"}}])
    assert refused["state"] == "done"
    assert refused["result"]["outcome"] == "rejected"
    assert refused["result"]["problems"][0]["code"] == "fiscal/control-total"
    assert refused["result"]["tables"][0]["rows"] == 3
    assert refused["marked"][0]["name"] == "marked.xlsx"
    assert work.ask("GET", refused["marked"][0]["url"]).status_code == 200


def test_answers_that_nothing_asks_for_are_told_and_left_aside_only_while_it_is_tried(work: Place) -> None:
    answers = {"currency": "EUR", "column:Gone:role": "nothing"}
    tried = work.imported(dry=True, answers=answers)["result"]
    assert (tried["outcome"], tried["aside"]) == ("planned", {"column:Gone:role": "nothing"})
    refused = work.imported(answers=answers)
    assert refused["state"] == "failed"
    assert "column:Gone:role" in refused["error"]


def test_an_import_forgets_its_draft(work: Place) -> None:
    draft = begun(work, name="budget")
    assert work.imported(draft=draft["id"])["result"]["outcome"] == "committed"
    assert work.ask("GET", f"/v1/drafts/{draft['id']}").status_code == 404


def test_column_types_are_found_by_words(place: Place) -> None:
    everything = place.ask("GET", "/v1/column-types", "nobody").json()["data"]
    assert everything[0]["name"] == "value"
    found = place.ask("GET", "/v1/column-types?q=ministry+level 1+code", "nobody").json()["data"]
    assert found[0]["name"] == "administrative-classification:generic:level1:code"
    assert found[0]["title"] == "Administrative: level 1, code"
    spanish = place.ask("GET", "/v1/column-types?q=ministerio+nivel 1+código&lang=es", "nobody")
    assert spanish.json()["data"][0]["title"] == "Administrativa: nivel 1, código"
    assert spanish.headers["content-language"] == "es"
    assert place.ask("GET", "/v1/column-types?x=1", "nobody").status_code == 400
