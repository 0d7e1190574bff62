"""Who a request is for is found once, for every route alike; a bad token is refused even where none is needed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, get, post
from litestar.testing import TestClient

from openspending.actor import Actor
from openspending.errors import StoreError, Unauthorised
from openspending.identity.authentication import Authenticated
from openspending.identity.tokens import PublicKeys, SigningKey, Verifier, access_claims, published
from openspending.web import EXCEPTION_HANDLERS, AnyRequest, actor_of

KEY = SigningKey.new()
ADA = Actor(account="a1", name="ada", roles={"ada": "admin"}, token="t1")
ROBOT = Actor(account="a1", name="ada", token="t2")
TOKEN = KEY.sign(access_claims(ADA, issuer="openspending"))
COOKIE = KEY.sign(access_claims(ADA, issuer="openspending", csrf="word"))


@get("/v1/who", sync_to_thread=False)
def who(request: AnyRequest) -> dict[str, str]:
    return {"name": actor_of(request).name, "token": actor_of(request).token, "query": request.url.query}


@post(["/v1/change", "/manage/account", "/import", "/managed"], sync_to_thread=False)
def change(request: AnyRequest) -> dict[str, str]:
    return {"name": actor_of(request).name}


@get("/v1/broken", sync_to_thread=False)
def broken() -> None:
    raise ZeroDivisionError


@get("/sign-in", sync_to_thread=False)
def sign_in(request: AnyRequest) -> dict[str, str]:
    return {"name": actor_of(request).name}


def robots(token: str) -> Actor:
    if token != "osr_right":
        raise Unauthorised("No such token.", "invalid_token")
    return ROBOT


def client(**options: Any) -> TestClient[Any]:
    handlers = [who, change, broken, sign_in]
    app = Litestar(handlers, exception_handlers=EXCEPTION_HANDLERS, openapi_config=None, logging_config=None)
    verifier = Verifier(PublicKeys(lambda: published([KEY])), "openspending")
    options = {"robots": robots, **options}
    return TestClient(Authenticated(app, verifier, **options), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def ask() -> Iterator[TestClient[Any]]:
    with client() as running:
        yield running


def test_without_a_token_one_is_nobody(ask: TestClient[Any]) -> None:
    assert ask.get("/v1/who").json() == {"name": "", "token": "", "query": ""}


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, "t1"),
        ({"Authorization": f"bearer  {TOKEN} "}, "t1"),
        ({"Auth-Token": TOKEN}, "t1"),
        ({"Auth-Token": TOKEN, "Authorization": f"Bearer {TOKEN}"}, "t1"),
        ({"Authorization": "Bearer osr_right"}, "t2"),
        ({"Cookie": f"a=b; os_access={COOKIE}; c=d"}, "t1"),
        ({"Cookie": f'os_access="{COOKIE}"', "Authorization": "Bearer osr_right"}, "t2"),
    ],
)
def test_a_token_says_who_one_is(ask: TestClient[Any], headers: dict[str, str], token: str) -> None:
    assert ask.get("/v1/who", headers=headers).json()["token"] == token


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer osr_wrong"},
        {"Auth-Token": "nonsense"},
        {"Auth-Token": TOKEN, "Authorization": "Bearer osr_right"},
        {"Cookie": "os_access=nonsense"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/who", "/v1/nowhere"])
def test_a_bad_token_is_refused_on_public_routes_and_on_none_too(
    ask: TestClient[Any], headers: dict[str, str], path: str
) -> None:
    answer = ask.get(path, headers={**headers, "Origin": "https://elsewhere.example.org"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith('Bearer realm="openspending", error="invalid_')
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "https://elsewhere.example.org"
    assert answer.headers["x-request-id"]
    assert answer.json()["type"] == "/v1/problems/unauthorised"
    assert not any(value in answer.text for value in headers.values() if len(value) > 10)


def test_a_refusal_to_head_has_no_body(ask: TestClient[Any]) -> None:
    answer = ask.head("/v1/who", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_a_cookie_that_does_not_hold_is_taken_away_and_sign_in_opens_with_it(ask: TestClient[Any]) -> None:
    headers = {"Cookie": "os_access=nonsense"}
    assert ask.get("/v1/who", headers=headers).headers["set-cookie"].startswith("os_access=; Path=/; Max-Age=0")
    assert ask.get("/sign-in", headers=headers).json() == {"name": ""}


def test_what_changes_something_must_repeat_the_word_in_the_cookie(ask: TestClient[Any]) -> None:
    cookie = {"Cookie": f"os_access={COOKIE}"}
    assert ask.post("/v1/change", headers=cookie).status_code == 403
    assert ask.post("/v1/change", headers={**cookie, "X-CSRF-Token": "wrong"}).status_code == 403
    assert ask.post("/v1/change", headers={**cookie, "X-CSRF-Token": "word"}).json() == {"name": "ada"}
    # pages take forms without it, from nobody: the APIs that they ask with the cookie want the word
    assert ask.post("/manage/account", headers=cookie).json() == {"name": ""}
    assert ask.post("/import", headers=cookie).json() == {"name": ""}
    assert ask.post("/managed", headers=cookie).status_code == 403
    assert ask.post("/manage/account", headers={**cookie, "X-CSRF-Token": "wrong"}).status_code == 403
    # a token that a program was given has no such word, and is of no use as a cookie
    stolen = {"Cookie": f"os_access={TOKEN}", "X-CSRF-Token": ""}
    assert ask.post("/v1/change", headers=stolen).status_code == 403
    assert ask.post("/v1/change", headers={"Authorization": f"Bearer {TOKEN}"}).json() == {"name": "ada"}


@pytest.mark.parametrize("query", [f"a=1&jwt={TOKEN}&b=2", f"a=1&b=2&j%77t={TOKEN}"])
def test_a_token_in_the_address_is_refused_unless_it_is_allowed_and_no_route_sees_it(
    ask: TestClient[Any], query: str
) -> None:
    refused = ask.get(f"/v1/who?{query}")
    assert refused.status_code == 401
    assert TOKEN not in refused.text
    with client(token_in_query=True) as allowing:
        answer = allowing.get(f"/v1/who?{query}").json()
        assert answer == {"name": "ada", "token": "t1", "query": "a=1&b=2"}
        assert allowing.get("/v1/who?jwt=nonsense").status_code == 401
        assert allowing.get("/v1/who?jwt=&a=1").json() == {"name": "", "token": "", "query": "a=1"}


def test_no_secret_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with client(token_in_query=True) as asking, caplog.at_level(logging.DEBUG):
        asking.get(f"/v1/broken?jwt={TOKEN}")
        asking.get("/v1/broken", headers={"Authorization": f"Bearer {TOKEN}", "Cookie": f"os_session={COOKIE}"})
        asking.get("/v1/broken", headers={"Authorization": "Bearer osr_right"})
    of_the_client = {"httpx", "httpcore"}
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name not in of_the_client)
    assert "failed: GET" in ours
    assert not any(secret in ours for secret in (TOKEN, COOKIE, "osr_right"))


def test_where_there_is_no_database_a_robot_is_told_to_exchange_its_token() -> None:
    with client(robots=None) as apart:
        answer = apart.get("/v1/who", headers={"Authorization": "Bearer osr_right"})
    assert answer.status_code == 401
    assert "/v1/identity/token" in answer.json()["detail"]


def test_a_silent_store_is_no_fault_of_the_token() -> None:
    def silent() -> bytes:
        raise StoreError("The store is silent.")

    app = Litestar([who], openapi_config=None)
    with TestClient(Authenticated(app, Verifier(PublicKeys(silent), "openspending"))) as asking:
        assert asking.get("/v1/who", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 503
        assert asking.get("/v1/who").status_code == 200
