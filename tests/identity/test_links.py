"""One-time links sign in once, whom they were made for, and leave nothing in the address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import update

from openspending.database.engine import alone, now
from openspending.errors import Unauthorised
from openspending.identity import accounts, links, organisations, signinwords
from openspending.identity.authentication import SESSION_COOKIE
from openspending.identity.installation import Installation, first_run
from openspending.identity.links import Invitation
from openspending.identity.schema import LINKS
from tests.identity.conftest import BASE, Join, SignIn

Browser = TestClient[Any]


def entered(browser: Browser, code: str) -> Any:
    return browser.post("/v1/identity/sign-in", json={"code": code})


def test_the_first_link_makes_the_administrator_and_then_there_is_no_other(
    identity: Installation, browser: Browser
) -> None:
    printed = first_run(identity, BASE)
    again = first_run(identity, BASE)
    assert printed is not None
    assert again is not None
    assert again.startswith(f"{BASE}/sign-in#code=")
    assert entered(browser, printed.partition("=")[2]).status_code == 401  # the newest one holds
    assert entered(browser, again.partition("=")[2]).status_code == 200
    me = browser.get("/v1/identity/me").json()
    assert (me["name"], me["administrator"], me["named"], me["roles"]) == ("admin", True, False, {"admin": "admin"})
    assert first_run(identity, BASE) is None


def test_a_link_works_once_also_when_it_is_followed_many_times_at_once(identity: Installation, join: Join) -> None:
    code = links.sign_in(identity.engine, join("ada"))

    def follow(_: int) -> bool:
        try:
            links.follow(identity.engine, code, identity.names)
        except Unauthorised:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(follow, range(8))) == [False] * 7 + [True]


def test_a_link_that_was_used_expired_or_changed_signs_nobody_in(
    identity: Installation, browser: Browser, join: Join
) -> None:
    ada = join("ada")
    used, expired, changed = (links.sign_in(identity.engine, ada) for _ in range(3))
    assert entered(browser, used).status_code == 200
    browser.cookies.clear()
    with identity.engine.begin() as connection:
        ended = update(LINKS).where(LINKS.c.id == expired[:32]).values(expires=now() - timedelta(seconds=1))
        connection.execute(ended)
    for code in (used, expired, f"{changed[:-1]}!", changed[:32], "", "x" * 1500, "é"):
        answer = entered(browser, code)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert not code[32:] or code[32:] not in answer.text
    assert entered(browser, changed).status_code == 200


def test_the_page_takes_a_form_too_where_no_script_runs(identity: Installation, browser: Browser, join: Join) -> None:
    code = links.sign_in(identity.engine, join("ada"))
    link = links.address(BASE, code)
    wrong = browser.post("/v1/identity/sign-in", data={"code": "x", "next": "/a"})
    assert (wrong.status_code, wrong.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert "The link does not hold" in wrong.text
    answer = browser.post("/v1/identity/sign-in", data={"code": link, "next": "/a?b=c"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/a?b=c")
    assert browser.get("/v1/identity/me").json()["name"] == "ada"


def test_the_page_speaks_the_language_of_whoever_reads_it(browser: Browser) -> None:
    def language(path: str, accept: str = "") -> str:
        answer = browser.get(path, headers={"Accept-Language": accept})
        assert f'<html lang="{answer.headers["content-language"]}">' in answer.text
        return str(answer.headers["content-language"])

    assert language("/sign-in") == "en"
    assert language("/sign-in", "fr, es-MX;q=0.8, en;q=0.5") == "es"
    assert language("/sign-in?next=/search%3Fq%3Dx%26lang%3Des", "en") == "es"
    assert language("/sign-in?lang=en", "es") == "en"
    assert "Iniciar sesión" in browser.get("/sign-in?lang=es").text
    wrong = browser.post("/v1/identity/sign-in", data={"code": "x"}, headers={"Accept-Language": "es"})
    assert "El enlace no es válido" in wrong.text
    assert signinwords.WORDS["es"].keys() == signinwords.WORDS["en"].keys()


def test_guessing_is_slow(identity: Installation, browser: Browser, join: Join) -> None:
    code = links.sign_in(identity.engine, join("ada"))
    statuses = [entered(browser, f"{code[:32]}{number}").status_code for number in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    refused = entered(browser, code)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert entered(browser, "another").status_code == 401  # others are not kept out


def test_the_session_of_a_browser_is_always_a_new_one(identity: Installation, browser: Browser, join: Join) -> None:
    ada, bob = join("ada"), join("bob")
    browser.cookies.set(SESSION_COOKIE, "planted-by-somebody", domain="testserver.local", path="/")
    entered(browser, links.sign_in(identity.engine, ada))
    first = browser.cookies[SESSION_COOKIE]
    assert first != "planted-by-somebody"
    entered(browser, links.sign_in(identity.engine, bob))
    second = browser.cookies[SESSION_COOKIE]
    assert second != first
    browser.cookies.clear()
    for stolen in (first, "planted-by-somebody", f"{second}; {SESSION_COOKIE}=planted-by-somebody"):
        headers = {"Cookie": f"{SESSION_COOKIE}={stolen}"}
        assert browser.post("/v1/identity/refresh", headers=headers).status_code == 401
    assert browser.post("/v1/identity/refresh", headers={"Cookie": f"{SESSION_COOKIE}={second}"}).status_code == 200


def ministry(identity: Installation, admin: str) -> str:
    with alone(identity.engine, 1) as connection:
        account = accounts.get(connection, admin)
        return organisations.create(connection, "ministry", "Ministry", account, identity.names).id


def roles(identity: Installation, account: str) -> dict[str, str]:
    return dict(identity.actor(account).roles)


def test_an_invitation_makes_an_account_with_the_role_that_it_brings(
    identity: Installation, browser: Browser, join: Join
) -> None:
    wanted = Invitation(email="Bob@Example.org", organisation=ministry(identity, join("ada")), role="editor")
    answer = entered(browser, links.invite(identity.engine, wanted))
    me = browser.get("/v1/identity/me").json()
    assert (me["name"], me["email"], me["named"]) == ("bob", "bob@example.org", False)
    assert roles(identity, answer.json()["account"]) == {"bob": "admin", "ministry": "editor"}
    assert links.open_invitations(identity.engine) == []


def test_whoever_is_signed_in_keeps_the_account_and_loses_no_role(
    identity: Installation, join: Join, browser: Browser, sign_in: SignIn
) -> None:
    ada, bob = join("ada"), join("bob")
    organisation = ministry(identity, ada)
    for account, role, after in (
        (bob, "publisher", "publisher"),
        (bob, "viewer", "publisher"),
        (ada, "viewer", "admin"),
    ):
        sign_in(account)
        code = links.invite(identity.engine, Invitation(organisation=organisation, role=role))
        assert entered(browser, code).json()["account"] == account
        assert roles(identity, account)["ministry"] == after


def test_no_other_site_signs_a_browser_in_or_out(identity: Installation, browser: Browser, join: Join) -> None:
    code = links.sign_in(identity.engine, join("ada"))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}, {"Origin": "null"}):
        for path in ("/v1/identity/sign-in", "/v1/identity/refresh", "/sign-out"):
            assert browser.post(path, data={"code": code}, headers=headers).status_code == 403
    own = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}
    assert browser.post("/v1/identity/sign-in", json={"code": code}, headers=own).status_code == 200


def test_the_sign_in_page_runs_nothing_but_its_own_script(browser: Browser) -> None:
    answer = browser.get('/sign-in?next=/a"><script>alert(1)</script>')
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "oidc/start" not in answer.text
