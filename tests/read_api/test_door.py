"""Who may ask for which dataset: one door before all routes, and what it says of what is not to be had."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.actor import NOBODY
from openspending.assembly import application
from openspending.datastore.store import DataStore
from openspending.errors import NotFound
from openspending.read_api import datasets
from openspending.read_api import door as doors
from openspending.read_api.door import Door
from openspending.settings import read_settings
from tests.read_api.homes import ACTORS, ADMIN, MEMBER, OWNER, STRANGER, Asking, asking, furnished

PATHS = (
    *("/v1/datasets/{}", "/v1/datasets/{}@1", "/v1/datasets/{}/revisions", "/v1/datasets/{}/facts.csv"),
    *("/v1/datasets/{}/aggregate?drilldown=code", "/v1/datasets/{}/changelog", "/v1/datasets/{}/changelog.atom"),
    "/data/{}/datapackage.json",
)

WORD = "canary"
OF_WRITERS = ("/audit", "/collaborators")  # are asked for by other permissions than to read


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> DataStore:
    return furnished(tmp_path_factory.mktemp("homes"))


@pytest.fixture(scope="module")
def asked(store: DataStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with asking(store, tmp_path_factory.mktemp("cache")) as found:
        yield found


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["secret", "hidden", "silent"])
def test_a_private_dataset_is_there_for_its_people_alone(path: str, name: str, asked: Asking) -> None:
    address = path.format(f"{OWNER}/{name}")
    answer = asked.as_(ADMIN).get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert {"Accept", "Authorization", "Cookie"} <= set(answer.headers["vary"].split(", "))
    for who in (STRANGER, NOBODY):
        for headers in ({}, {"If-None-Match": answer.headers["etag"]}, {"Range": "bytes=0-3"}):
            mine = asked.as_(who).get(address, headers=headers)
            other = asked.as_(who).get(path.format(f"{OWNER}/absent"), headers=headers)
            assert (mine.status_code, mine.text.replace(name, "absent")) == (404, other.text)
            assert sorted(set(mine.headers) - {"x-request-id", "content-length"}) == sorted(
                set(other.headers) - {"x-request-id", "content-length"}
            )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ACTORS)
def test_what_was_withdrawn_is_gone_with_a_reason_for_everybody(path: str, who: str, asked: Asking) -> None:
    answer = asked.as_(ACTORS[who]).get(path.format(f"{OWNER}/gone"))
    assert answer.status_code == 410
    assert answer.json()["reason"] == "It named people."


@pytest.mark.parametrize("path", PATHS)
def test_the_old_name_leads_to_the_same_question_under_the_new_one(path: str, asked: Asking) -> None:
    answer = asked.as_(NOBODY).get(path.format(f"{OWNER}/old"))
    assert answer.status_code == 308
    assert answer.headers["location"] == path.format(f"{OWNER}/new")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert asked.as_(NOBODY).get(answer.headers["location"]).status_code == 200


def test_the_old_name_of_a_private_dataset_leads_on_only_who_may_read_it(asked: Asking) -> None:
    answer = asked.as_(ADMIN).get(f"/v1/datasets/{OWNER}/quiet@1/facts?pagesize=1")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/v1/datasets/{OWNER}/silent@1/facts?pagesize=1")
    assert answer.headers["cache-control"] == "private, no-store"
    for who in (STRANGER, NOBODY, MEMBER):
        assert asked.as_(who).get(f"/v1/datasets/{OWNER}/quiet@1/facts?pagesize=1").status_code == 404


def test_the_old_api_has_its_own_words_for_that(asked: Asking) -> None:
    secret, gone, old = (f"/api/3/cubes/{OWNER}:{name}/model/" for name in ("secret", "gone", "old"))
    assert asked.as_(MEMBER).get(secret).json()["name"] == f"{OWNER}:secret"
    assert asked.as_(STRANGER).get(secret).json() == {
        "status": "error",
        "message": f"There is no dataset {OWNER}/secret.",
        "context": {},
    }
    answer = asked.as_(NOBODY).get(gone)
    assert (answer.status_code, answer.json()["context"]["reason"]) == (410, "It named people.")
    answer = asked.as_(NOBODY).get(f"{old}?callback=f")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/api/3/cubes/{OWNER}:new/model/?callback=f")


def test_a_comparison_with_a_private_dataset_is_private_too(asked: Asking) -> None:
    def compared(left: str) -> Any:
        return asked.client.get(f"/v1/datasets/{OWNER}/open/compare", params={"left": f"{OWNER}/{left}@1"})

    asked.as_(MEMBER)
    assert compared("new").headers["cache-control"].startswith("public")
    answer = compared("secret")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    asked.as_(STRANGER)
    assert compared("secret").text.replace("secret", "absent") == compared("absent").text
    assert (compared("gone").status_code, compared("old").status_code) == (410, 400)
    assert compared("old").json()["errors"][0]["choices"] == [f"{OWNER}/new"]


def test_nothing_private_gets_into_the_cache_that_all_share(asked: Asking) -> None:
    asked.door.public.cache.clear()
    asked.as_(MEMBER).get(f"/v1/datasets/{OWNER}/secret/aggregate?drilldown=code")
    asked.as_(MEMBER).get(f"/v1/datasets/{OWNER}/open/compare?left={OWNER}/secret@1")
    assert asked.door.public.cache._held == {}
    asked.as_(MEMBER).get(f"/v1/datasets/{OWNER}/open/aggregate?drilldown=code")
    assert len(asked.door.public.cache._held) == 1


def test_files_of_a_private_dataset_come_in_parts_too(asked: Asking) -> None:
    path = f"/data/{OWNER}/secret/r1.datapackage.json"
    whole = asked.as_(MEMBER).get(path)
    part = asked.client.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, whole.content[:10])
    assert asked.client.head(path).headers["content-length"] == str(len(whole.content))
    assert {one.headers["cache-control"] for one in (whole, part)} == {"private, no-store"}


def test_our_mistakes_are_logged_without_a_word_of_what_is_private(
    asked: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_: Any) -> Any:
        raise RuntimeError(WORD)

    monkeypatch.setattr(datasets, "files", failing)
    monkeypatch.setattr(asked.client._transport, "raise_server_exceptions", False)
    assert asked.as_(MEMBER).get(f"/v1/datasets/{OWNER}/secret/files").status_code == 500
    (said,) = [caplog.handler.format(one) for one in caplog.records if one.name.startswith("openspending")]
    assert "/v1/datasets/{owner}/{name}/files: RuntimeError" in said
    assert WORD not in said
    assert "secret" not in said
    assert asked.client.get(f"/v1/datasets/{OWNER}/open/files").status_code == 500
    assert WORD in caplog.text


def test_the_list_has_private_datasets_for_those_who_ask_for_them_and_may_read_them(asked: Asking) -> None:
    def names(query: str = "") -> list[tuple[str, str]]:
        return [(one["name"], one["visibility"]) for one in asked.client.get(f"/v1/datasets{query}").json()["data"]]

    public = [("new", "public"), ("open", "public")]
    for who, private in ((NOBODY, []), (STRANGER, []), (MEMBER, ["hidden", "secret"])):
        asked.as_(who)
        assert names() == public
        assert names("?visibility=private") == [(one, "private") for one in private]
        assert names("?visibility=all") == sorted(public + [(one, "private") for one in private])
    answer = asked.as_(ADMIN).get("/v1/datasets?visibility=all&pagesize=2")
    assert answer.headers["cache-control"] == "private, no-store"
    rest = asked.client.get(answer.json()["next"]).json()
    assert [one["name"] for one in answer.json()["data"] + rest["data"]] == ["hidden", "new", "open", "secret"]
    assert asked.client.get("/v1/datasets?visibility=mine").status_code == 400


@pytest.mark.slow
def test_every_route_of_a_dataset_is_behind_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one cannot forget: only routes that say so have a door of their own, which are those that write, and
    the pages of who writes."""
    passed: list[str] = []

    async def closed(_: Door, scope: Any, __: str, ___: str) -> Any:
        passed.append(scope["path_template"])
        raise NotFound("closed")

    monkeypatch.setattr(doors.Door, "_let_in", closed)
    with application(read_settings({}, data=tmp_path)) as app, TestClient(app) as client:
        seen: dict[str, Any] = {}
        client.get("/health/live")
        client.app = _keeping(app, seen)
        client.get("/health/live")
        named = [one for one in seen["litestar_app"].routes if "{owner}/{name}" in one.path_format]
        assert len(named) > 30
        for one in named:
            for handler in one.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    passed.clear()
                    client.request(method, one.path_format.format_map(_Parts()), json={})
                    own = handler.opt.get("dataset") is not None
                    assert passed == ([] if own else [one.path_format]), f"{method} {one.path_format}"
                    asks = one.path_format.startswith("/manage/")  # pages, which ask routes behind the door
                    assert asks or not own or method not in {"GET", "HEAD"} or one.path_format.endswith(OF_WRITERS)


class _Parts(dict[str, str]):
    """Something for each part of a path."""

    def __missing__(self, part: str) -> str:
        return "x"


def _keeping(app: Any, seen: dict[str, Any]) -> Any:
    async def kept(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        seen.update(scope)

    return kept
