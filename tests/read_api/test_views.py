"""Saved views: the same wherever they are made, of what the dataset has, and for whoever may read it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from openspending.cli.leakasking import Answer, Request, ask
from openspending.cli.leakscene import Scene, installed
from openspending.datastore import moving
from openspending.write_api import clients

pytestmark = pytest.mark.slow

OPEN, SECRET, HIDDEN = "ministry/roads-open", "ministry/roads-secret", "ministry/roads-hidden"
LEVEL = "code"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with installed(tmp_path_factory.mktemp("views")) as found:
        yield found


def asked(scene: Scene, method: str, path: str, who: str = "nobody", body: Any = None, **headers: str) -> Answer:
    sent = b"" if body is None else json.dumps(body).encode()
    return asyncio.run(ask(scene.app, Request("", method, path, who, headers, sent), scene.tokens.get(who)))


def save(scene: Scene, dataset: str, view: Any, who: str = "nobody", **more: Any) -> Answer:
    return asked(scene, "POST", "/v1/views", who, {"dataset": dataset, "view": view, **more})


def told(answer: Answer) -> Any:
    return json.loads(answer.body)


def test_a_view_has_one_address_however_it_is_written(scene: Scene) -> None:
    first = save(scene, OPEN, f"?chart=treemap&group={LEVEL}&cut=code.code:2;1|amount<:900&lang=es&theme=dark")
    assert first.status == 201, first.body
    view = told(first)
    assert first.headers["location"] == f"/v1/views/{view['id']}"
    assert (view["dataset"], view["revision"], view["url"]) == (OPEN, 1, f"/q/{view['id']}")
    parts = {
        "group": LEVEL,
        "chart": "treemap",
        "measure": "amount.sum",
        "cut": 'code.code:"1";"2"|amount<:900',
        "size": "12",
    }
    again = save(scene, OPEN, parts, who="stranger", version="1")
    assert again.status == 200
    assert told(again) == view
    assert told(asked(scene, "GET", f"/v1/views/{view['id']}")) == view
    assert asked(scene, "GET", f"/data/views/{view['id']}.json").status == 404, "the file says nothing of who may read"
    assert "lang" not in view["view"]


def test_a_saved_view_is_cached_and_validated(scene: Scene) -> None:
    id_ = told(save(scene, OPEN, {"group": LEVEL}))["id"]
    found = asked(scene, "GET", f"/v1/views/{id_}")
    assert found.headers["cache-control"] == "public, max-age=60"
    same = asked(scene, "GET", f"/v1/views/{id_}", **{"if-none-match": found.headers["etag"]})
    assert (same.status, same.body) == (304, b"")


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("chart=tremap", "treemap"),
        ("measure=amout.sum", "amount.sum"),
        ("group=nothing", "label"),
        ("zzz=1", "chart"),
        ("cut=nothing:1", ""),
        ("cut=amount>:many", ""),
        ("order=nothing:asc", "amount.sum"),
        ("compare=year:2025", ""),
        ("compare=nothing:1~nothing:2", "year"),
        ("size=0", "1–2000"),
        (7, ""),
    ],
)
def test_what_a_dataset_does_not_have_is_refused_with_what_it_has(scene: Scene, view: Any, said: str) -> None:
    answer = save(scene, OPEN, view)
    assert answer.status == 400
    (error,) = told(answer)["errors"]
    assert error["pointer"] == "/view"
    assert said in "".join(error.get("choices", [])) or "label" in said


@pytest.mark.parametrize(
    "body", [{}, {"dataset": "x"}, {"dataset": "a/b", "zzz": 1}, [], {"dataset": OPEN, "version": 1}]
)
def test_other_bodies_are_refused(scene: Scene, body: Any) -> None:
    assert asked(scene, "POST", "/v1/views", body=body).status == 400


def test_comparisons_are_views_too(scene: Scene) -> None:
    answer = save(scene, OPEN, "chart=bar&compare=year:2025~year:2026&group=code")
    assert answer.status == 201, answer.body
    assert told(answer)["view"].endswith("compare=year:2025~year:2026")


def test_a_pivot_table_keeps_all_its_levels(scene: Scene) -> None:
    answer = save(scene, OPEN, f"chart=pivot&group={LEVEL}&series=year&series=code&series=year")
    assert answer.status == 201, answer.body
    assert told(answer)["view"].endswith("&series=year|code")


def test_versions_that_there_are_not_are_not_found(scene: Scene) -> None:
    assert save(scene, OPEN, "", version="9").status == 404


def test_a_private_view_is_for_those_who_may_read_its_dataset(scene: Scene) -> None:
    before = set(scene.store.public.list("views/"))
    made = save(scene, SECRET, "chart=table", who="member")
    assert made.status == 201
    id_ = told(made)["id"]
    assert set(scene.store.public.list("views/")) == before
    read = asked(scene, "GET", f"/v1/views/{id_}", "owner")
    assert told(read)["dataset"] == SECRET
    assert "no-store" in read.headers["cache-control"]
    for who in ("stranger", "nobody"):
        mine, other = (asked(scene, "GET", f"/v1/views/{one}", who) for one in (id_, "a" * 10))
        assert mine.status == other.status == 404
        assert mine.all.replace(id_.encode(), b"a" * 10) == other.all
        assert save(scene, SECRET, "chart=table", who).all == save(scene, "ministry/roads-absent", "", who).all.replace(
            b"roads-absent", b"roads-secret"
        )


def test_a_view_of_what_was_hidden_or_renamed_goes_with_it(scene: Scene) -> None:
    assert save(scene, HIDDEN, "chart=bar", "nobody").status == 404
    id_ = told(save(scene, OPEN, "chart=line"))["id"]
    at = datetime.now(UTC)
    moving.rename(scene.store, "ministry", "roads-open", ("ministry", "roads"), event="r", by="ada", at=at)
    assert told(asked(scene, "GET", f"/v1/views/{id_}"))["dataset"] == "ministry/roads"
    refused = save(scene, OPEN, "chart=line")
    assert (refused.status, told(refused)["choices"]) == (400, ["ministry/roads"])
    moving.hide(scene.store, "ministry", "roads", event="h", by="ada", at=at)
    assert asked(scene, "GET", f"/v1/views/{id_}").status == 404
    assert asked(scene, "GET", f"/v1/views/{id_}", "member").status == 200
    moving.withdraw(scene.store, "ministry", "roads", reason="An error.", event="w", by="ada", at=at)
    assert asked(scene, "GET", f"/v1/views/{id_}", "member").status in {404, 410}


def test_a_view_of_what_was_private_opens_to_everybody_when_that_is_published(scene: Scene) -> None:
    saved = told(save(scene, SECRET, "chart=bar&size=3", who="member"))
    path, at = f"/v1/views/{saved['id']}", datetime.now(UTC)
    assert asked(scene, "GET", path).status == 404
    moving.rename(scene.store, "ministry", "roads-secret", ("ministry", "plan"), event="r2", by="ada", at=at)
    assert asked(scene, "GET", path).status == 404
    moving.publish(scene.store, "ministry", "plan", event="s", by="ada", at=at)
    for who in ("nobody", "stranger", "member"):
        found = asked(scene, "GET", path, who)
        assert (found.status, told(found)) == (200, {**saved, "dataset": "ministry/plan"}), who
        assert found.headers["cache-control"] == "public, max-age=60"
    moving.hide(scene.store, "ministry", "plan", event="h2", by="ada", at=at)
    refused, other = (asked(scene, "GET", f"/v1/views/{one}") for one in (saved["id"], "b" * 10))
    assert refused.status == 404
    assert refused.all.replace(saved["id"].encode(), b"b" * 10) == other.all
    assert asked(scene, "GET", path, "member").status == 200


def test_who_saves_too_many_has_to_wait(tmp_path_factory: pytest.TempPathFactory) -> None:
    with installed(tmp_path_factory.mktemp("pace")) as scene:
        found = [save(scene, OPEN, {"chart": "bar", "size": str(size)}) for size in range(1, 63)]
        assert [one.status for one in found] == [201] * 60 + [429] * 2
        assert int(found[-1].headers["retry-after"]) > 0
        assert save(scene, OPEN, {"chart": "bar", "size": "1"}).status == 200, "what is there already costs nothing"
        assert save(scene, OPEN, {"chart": "bar", "size": "62"}, "owner").status == 201, "another client"


def test_a_client_is_told_apart_by_what_its_gateway_says() -> None:
    class Asking:
        def __init__(self, host: str, forwarded: str = "") -> None:
            self.client = type("Client", (), {"host": host})
            self.headers = {"x-forwarded-for": forwarded} if forwarded else {}

    assert clients._network(Asking("8.8.8.8", "9.9.9.9")) == "8.8.8.8"  # type: ignore[arg-type]
    assert clients._network(Asking("10.0.0.1", "1.1.1.1, 9.9.9.9")) == "9.9.9.9"  # type: ignore[arg-type]
    assert clients._network(Asking("127.0.0.1")) == "127.0.0.1"  # type: ignore[arg-type]
    assert clients._network(Asking("2001:db9::1:2")) == "2001:db9::/64"  # type: ignore[arg-type]
    assert clients._network(Asking("testclient")) == "None"  # type: ignore[arg-type]
