"""Who may do what: one table over every route of the Write API and every kind of actor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.database.engine import migrate, now, open_database
from openspending.datastore import moving
from openspending.jobs import Jobs
from openspending.write_api import Limits, Writing
from openspending.write_api.routing import HANDLERS
from tests.write_api.conftest import ACTORS, BUDGET, MIB, Place, app_of, store_in

pytestmark = pytest.mark.slow

# who may: of a dataset that others do not see, of one that all see, of uploads to its owner
EVERYBODY = tuple(ACTORS)
IMPORTERS = ("editor", "publisher", "admin", "root", "guest", "importing robot", "budget robot")
READERS = ("viewer", "reading robot", *IMPORTERS)
PUBLISHERS = ("publisher", "admin", "root")
ADMINS = ("admin", "root")

DATASETS = "/v1/datasets/treasury/budget"
NOT_FOUND, UNKNOWN, FORBIDDEN = 404, 401, 403


@dataclass(frozen=True)
class Rule:
    """A request, and who may make it. All others are told so, but of a private dataset that they may not read: 404."""

    method: str
    path: str
    allowed: tuple[str, ...]
    body: Any = None
    hidden: bool = True  # strangers get 404

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def status(self, actor: str, *, public: bool) -> int | None:
        """What the actor is told who may not do it; None for one who may."""
        if actor in self.allowed:
            return None
        if actor == "nobody":
            return UNKNOWN if public or not self.hidden else NOT_FOUND
        return FORBIDDEN if public or not self.hidden or actor in READERS else NOT_FOUND


OF_DATASETS = [
    Rule("POST", f"{DATASETS}/publish", PUBLISHERS, {"zzzz": 1}),
    Rule("POST", f"{DATASETS}/hide", PUBLISHERS, {"zzzz": 1}),
    Rule("POST", f"{DATASETS}/withdraw", ADMINS, {"zzzz": 1}),
    Rule("POST", f"{DATASETS}/rename", ADMINS, {"zzzz": 1}),
    Rule("PATCH", DATASETS, IMPORTERS, {"zzzz": 1}),
    Rule("GET", f"{DATASETS}/collaborators", ADMINS),
    Rule("PUT", f"{DATASETS}/collaborators/zoe", ADMINS, {"zzzz": 1}),
    Rule("DELETE", f"{DATASETS}/collaborators/zoe", ADMINS),
    Rule("GET", f"{DATASETS}/audit", ADMINS),
]


def own_upload(place: Place) -> str:
    body = {"owner": "treasury", "filename": "a.csv", "size": len(BUDGET), "sha256": "0" * 64}
    return str(place.ask("POST", "/v1/uploads", "editor", json=body).json()["id"])


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Place]:
    yield from opened(tmp_path_factory.mktemp("private"), template)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Place]:
    for place in opened(tmp_path_factory.mktemp("public"), template):
        moving.publish(place.writing.store, "treasury", "budget", event="e", by="t", at=now())
        yield place


def opened(folder: Path, template: Path) -> Iterator[Place]:
    for one in ("public", "private"):
        shutil.copytree(template / one, folder / one)
    engine = open_database(f"sqlite:///{folder / 'writing.sqlite'}")
    migrate(engine)
    limits = Limits(MIB, 100 * MIB, MIB)
    writing = Writing.over(store_in(folder), engine, Jobs(engine), limits=limits)
    with TestClient(app_of(writing)) as client:
        yield Place(client, writing)
    engine.dispose()


def ask(place: Place, rule: Rule, actor: str) -> int:
    """What the actor is answered; whoever may, sends a body that is then found to be wrong, so that nothing is done."""
    more = {} if rule.body is None else {"json": rule.body}
    return int(place.ask(rule.method, rule.path, actor, follow_redirects=False, **more).status_code)


def refused(status: int, rule: Rule, actor: str) -> int | None:
    """The status, if it refuses; to share no more with an account that there is not is not refused, but not found."""
    reached = status in {200, 202, 400} or (rule.method == "DELETE" and actor in rule.allowed)
    return None if reached else status


@pytest.mark.parametrize("rule", OF_DATASETS, ids=str)
def test_of_a_private_dataset_nothing_is_told_to_those_who_may_not_read_it(private: Place, rule: Rule) -> None:
    found = {actor: refused(ask(private, rule, actor), rule, actor) for actor in ACTORS}
    assert found == {actor: rule.status(actor, public=False) for actor in ACTORS}


@pytest.mark.parametrize("rule", OF_DATASETS, ids=str)
def test_of_a_public_dataset_it_is_told_what_is_missing(public: Place, rule: Rule) -> None:
    found = {actor: refused(ask(public, rule, actor), rule, actor) for actor in ACTORS}
    assert found == {actor: rule.status(actor, public=True) for actor in ACTORS}


@pytest.mark.parametrize("rule", OF_DATASETS, ids=str)
def test_a_private_dataset_is_answered_as_none_is(private: Place, rule: Rule) -> None:
    for actor in ("nobody", "stranger", "other robot"):
        answers = []
        for path in (rule.path, rule.path.replace("budget", "nothing")):
            more = {} if rule.body is None else {"json": rule.body}
            answer = private.ask(rule.method, path, actor, headers={"X-Request-ID": "r"}, **more)
            told = {name: value for name, value in answer.headers.items() if name != "content-length"}
            answers.append((answer.status_code, answer.text.replace("nothing", "budget"), told))
        assert answers[0] == answers[1]


def test_who_may_link_to_files(private: Place, public: Place) -> None:
    body = {"path": "datapackage.json"}
    for actor in ACTORS:
        assert private.ask("POST", f"{DATASETS}/links", actor, json=body).status_code == (
            200 if actor in READERS else 404
        )
        assert public.ask("POST", f"{DATASETS}/links", actor, json=body).status_code == 200


def test_who_may_send_files(private: Place) -> None:
    body = {"owner": "treasury", "filename": "a.csv", "size": 1, "sha256": "0" * 64}
    found = {actor: private.ask("POST", "/v1/uploads", actor, json=body).status_code for actor in ACTORS}
    assert found == {
        actor: 201 if actor in IMPORTERS else UNKNOWN if actor == "nobody" else FORBIDDEN for actor in ACTORS
    }
    elsewhere = {**body, "owner": "x"}
    found = {actor: private.ask("POST", "/v1/uploads", actor, json=elsewhere).status_code for actor in ACTORS}
    assert found == {actor: 201 if actor == "root" else UNKNOWN if actor == "nobody" else FORBIDDEN for actor in ACTORS}


def test_who_may_use_an_upload(private: Place) -> None:
    upload = f"/v1/uploads/{own_upload(private)}"
    seeing = [one for one in IMPORTERS if one not in {"guest", "budget robot"}]  # these see their own alone
    for method, path, body in (
        ("GET", upload, None),
        ("POST", f"{upload}/parts", {"numbers": [1]}),
        ("PUT", f"{upload}/parts/1", None),
        ("POST", f"{upload}/complete", {"zzzz": 1}),
    ):
        for actor in ACTORS:
            answer = private.ask(method, path, actor, **({} if body is None else {"json": body}))
            wanted = UNKNOWN if actor == "nobody" else NOT_FOUND
            assert (answer.status_code if actor not in seeing else 0) == (wanted if actor not in seeing else 0), path
            assert actor not in seeing or answer.status_code in {200, 400, 422}
    for actor in ACTORS:
        if actor not in seeing:
            assert private.ask("DELETE", upload, actor).status_code in {401, 404}
    assert private.ask("DELETE", upload, "importing robot").status_code == 204


def test_who_may_import(private: Place, public: Place) -> None:
    body = {"owner": "treasury", "name": "budget", "files": [{"upload": "none"}]}  # which is found wrong last
    for place, told in ((private, NOT_FOUND), (public, FORBIDDEN)):
        found = {actor: place.ask("POST", "/v1/imports", actor, json=body).status_code for actor in ACTORS}
        assert found == {
            actor: 400
            if actor in IMPORTERS
            else UNKNOWN
            if actor == "nobody"
            else FORBIDDEN
            if actor in READERS
            else told
            for actor in ACTORS
        }
    for more, allowed in (
        ({"name": "new"}, ("editor", "publisher", "admin", "root", "importing robot")),
        ({"publish": True}, PUBLISHERS),
    ):
        asked = {actor: private.ask("POST", "/v1/imports", actor, json={**body, **more}) for actor in ACTORS}
        assert tuple(actor for actor, answer in asked.items() if answer.status_code == 400) == allowed


def test_who_sees_and_changes_a_job(private: Place) -> None:
    job = private.writing.jobs.submit("import", {}, account="id-editor", owner="treasury", name="budget")
    hiding = private.writing.jobs.submit("withdraw", {}, account="id-admin", owner="treasury", name="budget")
    for path in (f"/v1/jobs/{job.id}", f"/v1/jobs/{job.id}/log"):
        found = {actor: private.ask("GET", path, actor).status_code for actor in ACTORS}
        assert found == {
            actor: 200 if actor in IMPORTERS else UNKNOWN if actor == "nobody" else NOT_FOUND for actor in ACTORS
        }
    for actor in ACTORS:
        status = private.ask("POST", f"/v1/jobs/{hiding.id}/cancel", actor, json={"zzzz": 1}).status_code
        wanted = UNKNOWN if actor == "nobody" else 400 if actor in IMPORTERS else NOT_FOUND
        assert status == wanted
    assert private.ask("POST", f"/v1/jobs/{hiding.id}/cancel", "editor").status_code == FORBIDDEN
    assert private.ask("POST", f"/v1/jobs/{hiding.id}/retry", "editor").status_code == FORBIDDEN
    assert private.ask("POST", f"/v1/jobs/{hiding.id}/cancel", "admin").status_code == 200
    assert private.ask("POST", f"/v1/jobs/{job.id}/cancel", "guest").status_code == 200


def test_no_route_is_missing_here() -> None:
    written = {"treasury/budget": "{owner:str}/{name:str}", "zoe": "{account:str}"}
    covered = {str(rule) for rule in OF_DATASETS}
    for old, new in written.items():
        covered = {one.replace(old, new) for one in covered}
    covered |= {
        "POST /v1/uploads",
        "GET /v1/uploads/limits",  # test_s3.py
        "GET /v1/uploads/{upload:str}",
        "POST /v1/uploads/{upload:str}/parts",
        "PUT /v1/uploads/{upload:str}/parts/{number:int}",
        "POST /v1/uploads/{upload:str}/complete",
        "DELETE /v1/uploads/{upload:str}",
        "POST /v1/imports",
        "GET /v1/jobs",  # test_imports.py
        "GET /v1/jobs/{job:str}",
        "GET /v1/jobs/{job:str}/log",
        "GET /v1/jobs/{job:str}/marked/{filename:str}",  # test_imports.py
        "POST /v1/jobs/{job:str}/cancel",
        "POST /v1/jobs/{job:str}/retry",
        "POST /v1/datasets/{owner:str}/{name:str}/links",
        *(f"{method} /v1/drafts" for method in ("GET", "POST")),  # test_drafts.py
        *(f"{method} /v1/drafts/{{draft:str}}" for method in ("GET", "PATCH", "DELETE")),
        "GET /v1/column-types",  # the same for everybody
        "POST /v1/views",  # tests/read_api/test_views.py
    }
    routes = {
        f"{method} /v1{path}"
        for one in HANDLERS
        for method in one.http_methods
        for path in one.paths
        if method != "HEAD"
    }
    assert routes == covered
