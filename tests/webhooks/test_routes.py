from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from openspending.actor import NOBODY, Actor
from openspending.actor import Scope as Limit
from openspending.datastore import layout
from openspending.web import EXCEPTION_HANDLERS
from openspending.webhooks.routes import Hooks, router
from tests.webhooks.conftest import Deliver, happened
from tests.webhooks.receiver import Receiver

# which database it is makes no difference to a route; the other tests ask both
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
URL = "https://example.org/hook"


class Asker:
    """A client whose requests come from `actor`."""

    def __init__(self, app: ASGIApp, ann: Actor) -> None:
        self.actor = self.ann = ann
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["openspending.actor"] = self.actor  # type: ignore[typeddict-unknown-key]
        await self.app(scope, receive, send)


@pytest.fixture
def asker(hooks: Hooks, ann: str) -> Asker:
    app = Litestar([router(hooks)], exception_handlers=EXCEPTION_HANDLERS, openapi_config=None)
    return Asker(app, Actor(ann, "ann", {"ann": "admin", "ministry": "editor"}))


@pytest.fixture
def client(asker: Asker) -> Iterator[TestClient[Any]]:
    with TestClient(cast("Any", asker)) as client:
        yield client


def made(client: TestClient[Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/webhooks", json={"owner": "ann", "url": URL, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/webhooks/{answer.json()['id']}"
    return cast("dict[str, Any]", answer.json())


def test_a_secret_is_shown_once(client: TestClient[Any]) -> None:
    found = made(client)
    secret = found.pop("secret")
    assert secret.startswith("whsec_")
    shown = client.get(f"/v1/webhooks/{found['id']}")
    assert shown.json() == found
    assert shown.headers["cache-control"] == "private, no-store"
    assert client.head(f"/v1/webhooks/{found['id']}").headers["content-length"] == str(len(shown.content))
    assert secret not in client.get("/v1/webhooks").text
    assert found["events"] == ["commit", "publish", "hide", "withdraw", "rename"]


def test_a_webhook_is_tested_and_its_log_shown(
    client: TestClient[Any], hooks: Hooks, receiver: Receiver, deliver: Deliver
) -> None:
    found = made(client, url=receiver.url)
    happened(hooks.store.public)
    receiver.answers = [500, 200]
    deliver(hooks.subscriptions.get(found["id"]))
    tested = client.post(f"/v1/webhooks/{found['id']}/test")
    assert tested.status_code == 202
    deliver(hooks.subscriptions.get(found["id"]))
    log = client.get(tested.headers["location"]).json()["data"]
    assert [(one["event"], one["state"], len(one["attempts"])) for one in log] == [
        ("ping", "delivered", 1),
        ("commit", "delivered", 2),
    ]
    assert log[1]["attempts"][0]["status"] == 500
    assert log[1]["attempts"][1]["answer"] == "thank you"
    too_often = client.post(f"/v1/webhooks/{found['id']}/test")
    assert too_often.status_code == 429


def test_a_list_goes_on_page_by_page(client: TestClient[Any]) -> None:
    ids = {made(client)["id"] for _ in range(3)}
    first = client.get("/v1/webhooks?pagesize=2&owner=ann").json()
    second = client.get(first["next"]).json()
    assert {one["id"] for one in first["data"] + second["data"]} == ids
    assert second["next"] is None


def test_a_deleted_webhook_is_gone(client: TestClient[Any]) -> None:
    path = f"/v1/webhooks/{made(client)['id']}"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


def test_nobody_is_asked_who_they_are(client: TestClient[Any], asker: Asker) -> None:
    path = f"/v1/webhooks/{made(client)['id']}"
    asker.actor = NOBODY
    asked = [client.get("/v1/webhooks"), client.get(path), client.get("/v1/webhooks/none"), client.post(f"{path}/test")]
    asked += [client.post("/v1/webhooks", json={}), client.delete(path), client.get(f"{path}/deliveries")]
    assert {one.status_code for one in asked} == {401}


STRANGERS = {
    "stranger": Actor("eve", "eve", {"eve": "admin"}),
    "publisher": Actor("eve", "eve", {"ann": "publisher"}),
    "admin of one dataset": Actor("eve", "eve", {}, {"ann/budget": "admin"}),
    "robot for reading": Actor("ann", "ann", {"ann": "admin"}, scopes=(Limit(("read", "import", "publish")),)),
    "robot for some": Actor("ann", "ann", {"ann": "admin"}, scopes=(Limit(("administer",), "ann/budget-*"),)),
    "robot for one letter": Actor("ann", "ann", {"ann": "admin"}, scopes=(Limit(("administer",), "ann/?"),)),
}


@pytest.mark.parametrize("actor", STRANGERS.values(), ids=STRANGERS)
def test_for_whoever_may_not_administer_it_there_is_no_webhook(
    client: TestClient[Any], asker: Asker, actor: Actor
) -> None:
    path = f"/v1/webhooks/{made(client)['id']}"
    asker.actor = actor
    none = client.get("/v1/webhooks/none").json()["detail"]
    for answer in (
        client.get(path),
        client.get(f"{path}/deliveries"),
        client.post(f"{path}/test"),
        client.delete(path),
    ):
        assert answer.status_code == 404
        assert answer.json()["detail"].replace(path.rsplit("/", 1)[1], "none") == none
    assert client.get("/v1/webhooks").json()["data"] == []
    assert client.post("/v1/webhooks", json={"owner": "ann", "url": URL}).status_code == 403
    asker.actor = asker.ann
    assert client.get(path).status_code == 200


def test_an_admin_of_one_dataset_may_subscribe_to_that_and_to_no_other(
    client: TestClient[Any], asker: Asker, hooks: Hooks
) -> None:
    for name in ("budget", "accounts"):
        hooks.store.private.put(layout.revision_key("ann", name, 1), b"{}", create=True)
    asker.actor = STRANGERS["admin of one dataset"]
    found = made(client, dataset="budget")
    assert client.get(f"/v1/webhooks/{found['id']}").json()["dataset"] == "budget"
    hidden = client.post("/v1/webhooks", json={"owner": "ann", "dataset": "accounts", "url": URL})
    nothing = client.post("/v1/webhooks", json={"owner": "ann", "dataset": "nothing", "url": URL})
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.json()["detail"].replace("accounts", "nothing") == nothing.json()["detail"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/owner", "/url"}),
        (
            {"owner": "-", "url": "ftp://example.org", "events": ["open"], "sercet": 1},
            {"/owner", "/url", "/events", "/sercet"},
        ),
        ({"owner": "ann", "url": "https://name:secret@example.org/"}, {"/url"}),
        ({"owner": "ann", "url": 7, "dataset": "A B"}, {"/url", "/dataset"}),
        ([], {"/"}),
    ],
)
def test_all_that_is_wrong_with_a_body_is_told_at_once(client: TestClient[Any], body: Any, pointers: set[str]) -> None:
    answer = client.post("/v1/webhooks", json=body)
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.json()["errors"]} == pointers


def test_what_is_not_known_is_refused(client: TestClient[Any]) -> None:
    path = f"/v1/webhooks/{made(client)['id']}"
    for address in (
        "/v1/webhooks?colour=red",
        f"{path}?x=1",
        "/v1/webhooks?pagesize=0",
        f"{path}/deliveries?cursor=%00",
    ):
        assert client.get(address).status_code == 400
    assert client.get("/v1/webhooks?owner=%00").status_code == 400
    assert client.get("/v1/webhooks/%00").status_code == 404
    assert client.post("/v1/webhooks", content=b"{" + b" " * 19_000).status_code == 400
    assert client.post("/v1/webhooks", content=b" " * 30_000).status_code == 413


def test_an_owner_has_twenty_webhooks_and_no_more(client: TestClient[Any]) -> None:
    for _ in range(20):
        made(client)
    assert client.post("/v1/webhooks", json={"owner": "ann", "url": URL}).status_code == 507
