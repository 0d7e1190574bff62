"""Nothing private is told to anybody who may not read it; and if it were, the walk would find it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from litestar import Response, route
from litestar.params import FromPath
from typer.testing import CliRunner

from openspending.cli import leaks, leakwalk
from openspending.cli.commands import app
from openspending.cli.leakasking import Request, ask, routes
from openspending.cli.leaks import Found, Leak, listened
from openspending.cli.leakscene import ACTORS, INSIDERS, Scene, installed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with installed(tmp_path_factory.mktemp("leaks")) as found:
        yield found


def walk(scene: Scene, monkeypatch: pytest.MonkeyPatch, *templates: str) -> Found:
    """What is found on a few routes."""

    async def some(_: Any) -> Sequence[tuple[str, tuple[str, ...]]]:
        return [one for one in await routes(scene.app) if one[0] in templates]

    monkeypatch.setattr(leakwalk, "routes", some)
    return leaks.asked(scene)


def test_nothing_leaks_on_any_route(scene: Scene) -> None:
    with listened() as log:
        found = leaks.asked(scene)
    assert found.leaks == ()
    assert [*leaks._in_store(scene.store.public), *leaks._in_log(log)] == []
    known = {template for template, methods in asyncio.run(routes(scene.app)) if {"GET"} & set(methods)}
    assert known == {where for where, who in found.asked if who == "nobody"} & known


def test_members_are_shown_what_others_are_not(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the walk would prove nothing."""
    templates = [
        *(f"/v1/datasets/{{owner}}/{{name}}{end}" for end in ("", "/aggregate", "/facts", "/facts/{rid}", "/receipt")),
        *("/data/{path}", "/api/3/cubes/{name}/facts", "/{owner}/{name}"),
    ]
    found = walk(scene, monkeypatch, *templates)
    assert found.leaks == ()
    for who in INSIDERS:
        assert [one for one in templates if not found.shown.get((one, who))] == []


def test_members_find_what_others_do_not(scene: Scene) -> None:
    asked = "/v1/search/lines?q=kestrel&visibility=all"
    totals = {}
    for who in ACTORS:
        answer = asyncio.run(ask(scene.app, Request("/v1/search/lines", "GET", asked, who), scene.tokens.get(who)))
        totals[who] = json.loads(answer.body)["total"]
    assert totals == {"owner": 2, "member": 2, "stranger": 0, "nobody": 0}


def test_a_route_that_goes_round_the_door_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/v1/datasets/{owner:str}/{name:str}/peek"

    @route(path, http_method=["GET"], sync_to_thread=True, opt={"dataset": lambda _: None}, include_in_schema=False)
    def peek(owner: FromPath[str], name: FromPath[str]) -> Response[bytes]:
        return Response(scene.store.private.get(f"{owner}/{name}/datapackage.json"), media_type="application/json")

    scope: dict[str, Any] = {}

    async def registered(given: dict[str, Any], receive: Any, send: Any) -> None:
        await scene.app(given, receive, send)
        scope.update(given)

    asyncio.run(ask(registered, Request("", "GET", "/health/live", "nobody"), None))
    scope["litestar_app"].register(peek)
    found = walk(scene, monkeypatch, "/v1/datasets/{owner}/{name}/peek")
    assert {one.who for one in found.leaks} == set(ACTORS)
    whys = {(one.who in INSIDERS, one.why) for one in found.leaks}
    assert (False, "“Kestrel” is in the answer") in whys
    assert any(inside and why.startswith("may be kept by others") for inside, why in whys)


def test_words_in_the_public_store_and_in_the_log_are_found(scene: Scene) -> None:
    scene.store.public.put("usage/2026-11-26/x.csv", b"dataset\nministry/roads-secret\n")
    assert [one.address for one in leaks._in_store(scene.store.public)] == ["usage/2026-11-26/x.csv"]
    scene.store.public.delete("usage/2026-11-26/x.csv")
    assert [one.why for one in leaks._in_log(["fine", "about Kestrel"])] == ["“Kestrel” is logged"]


def test_a_private_dataset_that_lies_in_the_public_store_too_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test here: what was public once is remembered."""
    for key in list(scene.store.private.list("ministry/roads-secret")):
        scene.store.public.put(key, scene.store.private.get(key))
    found = walk(scene, monkeypatch, "/v1/datasets/{owner}/{name}/facts", "/data/{path}")
    assert {one.where for one in found.leaks} >= {"/v1/datasets/{owner}/{name}/facts", "/data/{path}"}
    assert {"nobody", "stranger"} <= {one.who for one in found.leaks}


def test_the_command_ends_with_1_when_there_is_a_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_: Path) -> Found:
        return Found({("/v1", "nobody"): 3}, {}, (Leak("/v1", "nobody", "GET /v1", "“x” is in the answer"),))

    monkeypatch.setattr(leaks, "looked", found)
    shown = CliRunner().invoke(app, ["leaks"])
    assert shown.exit_code == 1
    assert "LEAK 1" in shown.output
    assert shown.output.rstrip().endswith("1 leak in 3 requests")
    told = json.loads(CliRunner().invoke(app, ["leaks", "--json"]).output)
    assert (told["requests"], len(told["leaks"])) == (3, 1)
