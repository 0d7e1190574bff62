"""One's own account, tokens for robots, organisations: over HTTP, as who one is."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.actor import Scope
from openspending.database.engine import alone, now
from openspending.identity import accounts, links, organisations, robots
from openspending.identity.authentication import ACCESS_COOKIES
from openspending.identity.cookies import access_cookies
from openspending.identity.installation import Installation
from tests.identity.conftest import Join, Published, SignIn, application

pytestmark = pytest.mark.slow

Browser = TestClient[Any]
PRIVATE = [
    ("GET", "/v1/identity/me"),
    ("PATCH", "/v1/identity/me"),
    ("GET", "/v1/identity/tokens"),
    ("POST", "/v1/identity/tokens"),
    ("DELETE", "/v1/identity/tokens/x"),
    ("GET", "/v1/identity/sessions"),
    ("DELETE", "/v1/identity/sessions"),
    ("DELETE", "/v1/identity/sessions/x"),
    ("POST", "/v1/organisations"),
    ("GET", "/v1/organisations/ministry"),
    ("GET", "/v1/organisations/ministry/members"),
    ("PUT", "/v1/organisations/ministry/members/ada"),
    ("DELETE", "/v1/organisations/ministry/members/ada"),
    ("POST", "/v1/organisations/ministry/invitations"),
    ("GET", "/v1/organisations/ministry/invitations"),
    ("DELETE", "/v1/organisations/ministry/invitations/x"),
    ("POST", "/v1/organisations/ministry/invitations/x/link"),
]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_nobody_gets_at_anything(browser: Browser) -> None:
    for method, path in PRIVATE:
        answer = browser.request(method, path, json={} if method in {"POST", "PUT", "PATCH"} else None)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == 'Bearer realm="openspending"'


def test_a_robot_with_scopes_changes_no_account(identity: Installation, browser: Browser, join: Join) -> None:
    _, secret = robots.create(identity.engine, join("ada"), title="x", scopes=[Scope(("administer",))])
    for method, path in PRIVATE[1:]:
        body: dict[str, str] | None = {} if method in {"POST", "PUT", "PATCH"} else None
        assert browser.request(method, path, json=body, headers=bearer(secret)).status_code == 403, path


def test_signed_in_out_and_anew(browser: Browser, join: Join, sign_in: SignIn) -> None:
    csrf = sign_in(join("ada", title="Ada Lovelace"))
    me = browser.get("/v1/identity/me")
    assert me.headers["cache-control"] == "private, no-store"
    assert (me.json()["title"], me.json()["csrf"]) == ("Ada Lovelace", csrf["X-CSRF-Token"])
    cookies = [one for one in browser.cookies.jar if one.value]
    assert all(one.has_nonstandard_attr("HttpOnly") for one in cookies)
    del browser.cookies[ACCESS_COOKIES[0]]  # as browsers do after nine minutes
    assert browser.get("/v1/identity/me").status_code == 401
    assert browser.post("/v1/identity/refresh").json() == {"csrf": csrf["X-CSRF-Token"]}
    assert browser.get("/v1/identity/me").json()["name"] == "ada"
    session = {"Cookie": f"os_session={browser.cookies['os_session']}"}
    assert browser.post("/sign-out").status_code == 204
    assert browser.get("/v1/identity/me").status_code == 401
    assert browser.post("/v1/identity/refresh", headers=session).status_code == 401


def test_what_changes_something_needs_the_word_of_the_session(browser: Browser, join: Join, sign_in: SignIn) -> None:
    csrf = sign_in(join("ada"))
    body = {"name": "ministry"}
    assert browser.post("/v1/organisations", json=body).status_code == 403
    assert browser.post("/v1/organisations", json=body, headers={"X-CSRF-Token": "x"}).status_code == 403
    assert browser.post("/v1/organisations", data=body, headers=csrf).status_code == 400  # no form of another site
    made = browser.post("/v1/organisations", json=body, headers=csrf)
    assert (made.status_code, made.headers["location"]) == (201, "/v1/organisations/ministry")


def test_a_disabled_account_is_out_at_once_where_there_is_a_database(
    identity: Installation, browser: Browser, join: Join, sign_in: SignIn
) -> None:
    ada = join("ada")
    csrf = sign_in(ada)
    _, secret = robots.create(identity.engine, ada, title="x", scopes=None)
    code = links.sign_in(identity.engine, ada)
    with alone(identity.engine, 1) as connection:
        accounts.change(connection, ada, disabled=now())
    assert browser.post("/v1/identity/tokens", json={"title": "x"}, headers=csrf).status_code == 401
    assert browser.post("/v1/identity/refresh").status_code == 401
    assert browser.post("/v1/identity/token", headers=bearer(secret)).status_code == 401
    assert browser.post("/v1/identity/sign-in", json={"code": code}).status_code == 401


def test_the_name_is_chosen_once(browser: Browser, identity: Installation) -> None:
    code = links.invite(identity.engine, links.Invitation(email="ada@example.org"))
    csrf = {"X-CSRF-Token": browser.post("/v1/identity/sign-in", json={"code": code}).json()["csrf"]}
    bad = browser.patch("/v1/identity/me", json={"name": "v1", "titel": "x"}, headers=csrf)
    assert bad.status_code == 400
    assert bad.json()["errors"][0]["pointer"] == "/titel"
    for body, status in (({"name": "v1"}, 400), ({"title": " "}, 400), ({"name": 1}, 400)):
        assert browser.patch("/v1/identity/me", json=body, headers=csrf).status_code == status
    done = browser.patch("/v1/identity/me", json={"name": "lovelace", "title": "Ada"}, headers=csrf)
    assert (done.status_code, done.json()["name"], done.json()["title"]) == (200, "lovelace", "Ada")
    assert browser.patch("/v1/identity/me", json={"name": "other"}, headers=csrf).status_code == 409


def test_a_robots_token_is_shown_once_exchanged_and_revoked(
    browser: Browser, join: Join, sign_in: SignIn, identity: Installation, store: Published
) -> None:
    csrf = sign_in(join("ada"))
    scopes = [{"actions": ["read", "import"], "datasets": "ada/*"}]
    made = browser.post("/v1/identity/tokens", json={"title": "nightly", "scopes": scopes, "days": 7}, headers=csrf)
    assert made.status_code == 201
    secret, address = made.json()["secret"], made.headers["location"]
    listed = browser.get("/v1/identity/tokens")
    assert secret not in listed.text
    assert listed.json()["data"][0]["prefix"] == secret[:10]
    browser.cookies.clear()
    answer = browser.post("/v1/identity/token", headers=bearer(secret)).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 600)
    me = browser.get("/v1/identity/me", headers=bearer(answer["access_token"])).json()
    assert (me["scopes"], me["token"], me["csrf"]) == (scopes, made.json()["id"], None)
    assert browser.get("/v1/identity/me", headers=bearer(secret)).json() == me
    # an access token cannot be made to live longer
    assert browser.post("/v1/identity/token", headers=bearer(answer["access_token"])).status_code == 401
    assert browser.post("/v1/identity/token").status_code == 401
    with TestClient(application(identity, store)) as owner:
        owner.post("/v1/identity/sign-in", json={"code": links.sign_in(identity.engine, me["account"])})
        word = {"X-CSRF-Token": owner.get("/v1/identity/me").json()["csrf"]}
        assert owner.delete(address, headers=word).status_code == 204
        assert owner.get("/v1/identity/tokens").json()["data"][0]["revoked"] is not None
    assert browser.post("/v1/identity/token", headers=bearer(secret)).status_code == 401
    assert browser.get("/v1/identity/me", headers=bearer(secret)).status_code == 401


NO_TOKENS: tuple[dict[str, Any], ...] = (
    {},
    {"title": ""},
    {"title": "x", "scopes": []},
    {"title": "x", "scopes": ["read"]},
    {"title": "x", "scopes": [{"actions": "read"}]},
    {"title": "x", "scopes": [{"actions": ["read"], "datasets": 1}]},
    {"title": "x", "scopes": [{"actions": ["read"], "dataset": "x"}]},
    {"title": "x", "days": 1000},
    {"title": "x", "days": True},
    {"title": "x\n", "days": 1},
)


def test_a_token_that_cannot_be_is_refused(browser: Browser, join: Join, sign_in: SignIn) -> None:
    csrf = sign_in(join("ada"))
    for body in NO_TOKENS:
        answer = browser.post("/v1/identity/tokens", json=body, headers=csrf)
        assert answer.status_code == 400, body
        assert answer.json()["errors"][0]["pointer"].startswith("/")


def test_an_organisation_is_its_members_and_admins_business(
    browser: Browser, join: Join, sign_in: SignIn, identity: Installation
) -> None:
    ada, bob, eve = join("ada"), join("bob"), join("eve")
    csrf = sign_in(ada)
    browser.post("/v1/organisations", json={"name": "ministry", "title": "The Ministry"}, headers=csrf)
    put = browser.put("/v1/organisations/ministry/members/bob", json={"role": "editor"}, headers=csrf)
    assert (put.status_code, put.json()["role"]) == (200, "editor")
    assert browser.put("/v1/organisations/ministry/members/x", json={"role": "editor"}, headers=csrf).status_code == 404
    invited = browser.post("/v1/organisations/ministry/invitations", json={"role": "viewer"}, headers=csrf)
    assert invited.status_code == 201
    assert "/sign-in#code=" in invited.json()["link"]
    for email in ("x", "x@", "@example.org", "a b@example.org"):
        body = {"email": email, "role": "viewer"}
        assert browser.post("/v1/organisations/ministry/invitations", json=body, headers=csrf).status_code == 400
    csrf = sign_in(bob)
    members = browser.get("/v1/organisations/ministry/members").json()["data"]
    assert [(one["name"], one["role"]) for one in members] == [("ada", "admin"), ("bob", "editor")]
    assert browser.get("/v1/organisations/Ministry").json()["title"] == "The Ministry"
    for method, path in (("PUT", "members/eve"), ("DELETE", "members/ada"), ("POST", "invitations")):
        change = None if method == "DELETE" else {"role": "admin"}
        answer = browser.request(method, f"/v1/organisations/ministry/{path}", json=change, headers=csrf)
        assert answer.status_code == 403
    csrf = sign_in(eve)
    there, nowhere = (browser.get(f"/v1/organisations/{one}") for one in ("ministry", "nowhere"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.json()["detail"].replace("ministry", "nowhere") == nowhere.json()["detail"]
    csrf = sign_in(bob)
    assert browser.delete("/v1/organisations/ministry/members/bob", headers=csrf).status_code == 204
    assert browser.get("/v1/organisations/ministry").status_code == 404
    csrf = sign_in(ada)
    assert browser.delete("/v1/organisations/ministry/members/ada", headers=csrf).status_code == 409
    assert identity.actor(ada).roles == {"ada": "admin", "ministry": "admin"}


def test_a_database_that_is_away_is_nobodys_fault(
    browser: Browser, join: Join, sign_in: SignIn, identity: Installation
) -> None:
    sign_in(join("ada"))
    with identity.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE robot_tokens")
        connection.exec_driver_sql("DROP TABLE memberships")
    for headers in ({}, bearer("osr_secret-word")):
        answer = browser.get("/v1/identity/tokens", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (503, "/v1/problems/store-unavailable")
        assert "secret-word" not in answer.text


def test_pages_get_a_browser_that_has_a_session_a_new_access_token(
    browser: Browser, join: Join, sign_in: SignIn
) -> None:
    sign_in(join("ada"))
    del browser.cookies[ACCESS_COOKIES[0]]
    there = {"next": "/ministry/budget?a=b"}
    answer = browser.get("/v1/identity/resume", params=there, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ministry/budget?a=b")
    assert browser.get("/v1/identity/me").json()["name"] == "ada"
    browser.post("/sign-out")
    headers = {"Cookie": "os_session=ended"}
    for then, goes in (("/a", "/a"), ("//evil.example.org", "/")):
        answer = browser.get("/v1/identity/resume", params={"next": then}, headers=headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, goes)
        assert any(one.startswith("os_session=") for one in answer.headers.get_list("set-cookie"))


def test_whoever_has_very_many_roles_can_sign_in_too(
    browser: Browser, join: Join, sign_in: SignIn, identity: Installation
) -> None:
    ada = join("ada")
    sign_in(ada)
    with alone(identity.engine, 1) as connection:
        account = accounts.get(connection, ada)
        for number in range(150):
            organisations.create(connection, f"organisation-number-{number}", "", account, identity.names)
    assert browser.post("/v1/identity/refresh").status_code == 200
    assert browser.cookies[ACCESS_COOKIES[1]]
    assert len(browser.get("/v1/identity/me").json()["roles"]) == 151
    assert len(access_cookies("x" * 3800, secure=True)) == 2  # the second is taken away
    with pytest.raises(ValueError, match="too long"):
        access_cookies("x" * 20_000, secure=True)


def test_the_public_keys_are_there_for_everybody(browser: Browser, store: Published) -> None:
    jwks = browser.get("/v1/identity/jwks.json")
    assert jwks.content.replace(b" ", b"").replace(b"\n", b"") == store.content.replace(b" ", b"").replace(b"\n", b"")
    assert jwks.headers["access-control-allow-origin"] == "*"
    pem = browser.get("/v1/identity/public-key").text
    assert pem.startswith("-----BEGIN PUBLIC KEY-----")
