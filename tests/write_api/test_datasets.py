"""What becomes of a dataset: published, hidden, withdrawn, renamed, described, shared; all is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from openspending.database.engine import alone, now
from openspending.datastore import audit, homes, moving, revisions
from openspending.errors import StoreError
from openspending.identity import accounts
from openspending.identity.secretcodes import NAMING
from tests.write_api.conftest import BUDGET, Place

pytestmark = pytest.mark.slow

PATH = "/v1/datasets/treasury/budget"


def do(place: Place, action: str, actor: str = "admin", body: Any = None, **headers: str) -> Any:
    return place.finished(place.ask("POST", f"{PATH}/{action}", actor, json=body, headers=headers))


def visibility(place: Place, name: str = "budget") -> str | None:
    home = homes.find(place.writing.store, "treasury", name)
    return None if home is None else home.visibility


def newest(place: Place) -> Any:
    home = homes.find(place.writing.store, "treasury", "budget")
    assert home is not None
    return revisions.latest(home.objects, "treasury", "budget")


def test_a_dataset_is_published_hidden_and_withdrawn(made: Place) -> None:
    done = do(made, "publish", "publisher")
    assert (done["state"], done["result"]["visibility"], done["result"]["moved"]) == ("done", "public", True)
    assert visibility(made) == "public"
    assert do(made, "publish", "publisher")["result"]["moved"] is False
    assert do(made, "hide", "publisher")["result"]["visibility"] == "private"
    assert visibility(made) == "private"
    do(made, "publish", "publisher")
    gone = do(made, "withdraw", body={"reason": "Names of minors"})
    assert gone["result"]["visibility"] == "withdrawn"
    answer = made.ask("POST", f"{PATH}/publish", "admin")
    assert (answer.status_code, answer.json()["reason"]) == (410, "Names of minors")
    assert made.start_import(made.upload(BUDGET)).status_code == 410
    assert [one for one in made.writing.store.public.list("treasury") if "/files/" in one] == []


def test_a_withdrawal_says_why(made: Place) -> None:
    assert made.ask("POST", f"{PATH}/withdraw", "admin", json={}).json()["errors"][0]["pointer"] == "/reason"


def test_a_dataset_gets_another_address_which_the_old_one_leads_to(made: Place) -> None:
    done = do(made, "rename", body={"name": "plan"})
    assert (done["result"]["dataset"], done["result"]["visibility"]) == ("treasury/plan", "private")
    moved = made.ask("POST", f"{PATH}/publish?", "publisher", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/datasets/treasury/plan/publish")
    assert made.ask("PATCH", PATH, json={"title": "x"}, follow_redirects=False).headers["location"] == PATH.replace(
        "budget", "plan"
    )
    refused = made.start_import(made.upload(BUDGET))
    assert (refused.status_code, refused.json()["errors"][0]["choices"]) == (400, ["treasury/plan"])
    assert made.ask("POST", f"{PATH}/publish", "stranger", follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    ("to", "status"),
    [({"name": "budget"}, 409), ({"name": "../x"}, 400), ({"owner": "other", "name": "b"}, 404), ({}, 400)],
)
def test_a_new_address_is_free_valid_and_ones_own(made: Place, to: Any, status: int) -> None:
    assert made.ask("POST", f"{PATH}/rename", "admin", json=to).status_code == status


def test_what_is_said_of_a_dataset_can_be_changed_and_nothing_else(made: Place) -> None:
    patch = {"title": "The budget", "licenses": [{"name": "CC0-1.0"}], "homepage": "https://example.org/"}
    done = made.finished(made.ask("PATCH", PATH, json=patch, headers={"If-Match": '"1"'}))
    assert (done["state"], done["result"]["revision"], done["result"]["measures"]) == ("done", 2, {"Approved": "5725"})
    said = newest(made)
    assert {one: said.descriptor[one] for one in patch} == patch
    assert (said.message, said.author) == ("Edited title, licenses, homepage", "Editor")
    done = made.finished(made.ask("PATCH", PATH, json={"homepage": None}))
    assert "homepage" not in newest(made).descriptor
    again = made.finished(made.ask("PATCH", PATH, json={"homepage": None}))
    assert (again["result"]["revision"], again["result"]["created"]) == (3, False)
    wrong = {
        "resources": [],
        "name": "x",
        "title": 1,
        "homepage": "javascript:alert(1)",
        "licenses": [{"path": "file:///x"}],
        "fiscalPeriod": {"start": "2026-12-31", "end": "2026-01-01"},
        "granularity": "fine",
    }
    answer = made.ask("PATCH", PATH, json=wrong)
    assert {one["pointer"] for one in answer.json()["errors"]} == {f"/{one}" for one in wrong}
    assert made.ask("PATCH", PATH, json={}).status_code == 400
    assert made.ask("PATCH", PATH, json={"title": "x"}, headers={"If-Match": '"1"'}).status_code == 412


def test_an_import_may_publish_at_once(work: Place) -> None:
    job = work.imported(actor="publisher", publish=True)
    assert (job["state"], job["result"]["visibility"], visibility(work)) == ("done", "public", "public")
    assert work.imported(BUDGET.replace(b"1200", b"1"))["result"]["visibility"] == "public"
    assert work.start_import(work.upload(BUDGET), name="other", publish=True).status_code == 403


def test_an_import_that_publishes_ends_what_a_lost_job_began(made: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any) -> None:
        raise StoreError("Killed.")

    with monkeypatch.context() as patched:
        patched.setattr("openspending.datastore.moving.run", killed)
        with pytest.raises(StoreError):
            moving.publish(made.writing.store, "treasury", "budget", event="lost", by="x", at=now())
    job = made.imported(BUDGET.replace(b"1200", b"1"), actor="admin", publish=True)
    assert (job["state"], job["attempts"], visibility(made), newest(made).number) == ("done", 1, "public", 2)


def test_a_dataset_is_shared_with_accounts(made: Place) -> None:
    engine = made.writing.engine
    with alone(engine, NAMING) as connection:
        known = accounts.create(connection, "zoe", title="Zoë")
    path = f"{PATH}/collaborators/zoe"
    assert made.ask("PUT", path, "admin", json={"role": "editor"}).json()["role"] == "editor"
    assert made.ask("PUT", path, "admin", json={"role": "owner"}).status_code == 400
    assert made.ask("PUT", f"{PATH}/collaborators/nobody-at-all", "admin", json={"role": "editor"}).status_code == 404
    listed = made.ask("GET", f"{PATH}/collaborators", "admin").json()["data"]
    assert [(one["account"], one["name"], one["role"]) for one in listed] == [(known.id, "zoe", "editor")]
    do(made, "rename", body={"name": "plan"})
    moved = "/v1/datasets/treasury/plan/collaborators"
    assert len(made.ask("GET", moved, "admin").json()["data"]) == 1
    assert made.ask("DELETE", f"{moved}/zoe", "admin").status_code == 204
    assert made.ask("DELETE", f"{moved}/zoe", "admin").status_code == 404
    assert made.ask("GET", moved, "admin").json()["data"] == []


def test_a_link_leads_to_a_file(made: Place) -> None:
    found = made.ask("POST", f"{PATH}/links", "viewer", json={"path": "datapackage.json"})
    assert found.json()["url"] == "/data/treasury/budget/datapackage.json"
    assert found.json()["signed"] is False
    for path in ("../other/datapackage.json", "nothing", "files/../../x", "r9.datapackage.json"):
        assert made.ask("POST", f"{PATH}/links", "viewer", json={"path": path}).status_code == 404
    assert made.ask("POST", f"{PATH}/links", "viewer", json={"path": "x", "seconds": 4000}).status_code == 400
    assert made.ask("POST", f"{PATH}/links", "stranger", json={"path": "datapackage.json"}).status_code == 404


def test_every_accepted_write_is_recorded_and_no_other(made: Place) -> None:
    do(made, "publish", "publisher")
    made.ask("POST", f"{PATH}/hide", "viewer")
    made.finished(made.ask("PATCH", PATH, json={"title": "x"}, headers={"X-Request-ID": "mine"}))
    events = list(audit.events(made.writing.store.private))
    assert [one.action for one in events] == ["publish", "describe"]
    assert [one.account for one in events] == ["id-publisher", "id-editor"]
    assert events[-1].request == "mine"
    path, found = f"{PATH}/audit?pagesize=1", []
    while path:
        page = made.ask("GET", path, "admin").json()
        found += [one["action"] for one in page["data"]]
        path = page["next"]
    assert found == ["publish", "describe"]
    assert made.ask("GET", f"{PATH}/audit", "publisher").status_code == 403
    assert made.ask("GET", f"{PATH}/audit?since=2026-13-01", "admin").status_code == 400
    assert made.ask("GET", f"{PATH}/audit?since=2020-01-01&until=2020-01-02", "admin").json()["data"] == []


def test_if_match_holds_for_moves(made: Place) -> None:
    assert made.ask("POST", f"{PATH}/publish", "admin", headers={"If-Match": '"2"'}).status_code == 412
    assert do(made, "publish", "admin", None, **{"If-Match": '"1"'})["state"] == "done"


def test_nothing_of_it_is_kept_by_caches(made: Place) -> None:
    for path in (f"{PATH}/collaborators", "/v1/jobs", "/v1/jobs/x", f"{PATH}/audit"):
        for actor in ("nobody", "admin"):
            answer, head = (made.ask(method, path, actor) for method in ("GET", "HEAD"))
            assert (head.status_code, head.content) == (answer.status_code, b"")
            assert {answer.headers["cache-control"], head.headers["cache-control"]} == {"private, no-store"}
