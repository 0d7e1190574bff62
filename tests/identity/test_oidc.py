"""Signing in by an issuer: with a real provider, and with one that lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from openspending.database.engine import alone, now
from openspending.identity import accounts, links, organisations
from openspending.identity.cookies import FLOW_COOKIE
from openspending.identity.installation import Installation, first_run
from openspending.identity.keys import Keys
from openspending.identity.links import Invitation
from openspending.identity.provider import Issuer, Provider
from openspending.identity.signingin import CALLBACK
from tests.identity.conftest import BASE, Published, application, installed
from tests.oidcprovider import know, oidc_provider, sign_in_at

pytestmark = pytest.mark.slow
Browser = TestClient[Any]
START = "/v1/identity/oidc/start"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider() as address:
        yield address


@pytest.fixture
def identity(engine: Engine, store: Published, provider: str) -> Iterator[Installation]:
    found = Provider(Issuer(provider, "openspending", "hush-hush", "the Ministry"))
    yield installed(engine, store, provider=found)
    found.close()


def started(browser: Browser, then: str = "/") -> str:
    answer = browser.get(START, params={"next": then}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def back(browser: Browser, address: str) -> Any:
    """The browser goes to where the provider sends it."""
    assert address.startswith(f"{BASE}{CALLBACK}?"), address
    return browser.get(address.removeprefix(BASE), follow_redirects=False)


def signed_in(browser: Browser, subject: str, then: str = "/") -> Any:
    return back(browser, sign_in_at(started(browser, then), subject))


def changed(address: str, **parameters: str | None) -> str:
    """The address with other parameters; None takes one out."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return parts._replace(query=urlencode({k: v for k, v in asked.items() if v is not None})).geturl()


def refused(answer: Any) -> bool:
    """Told on the page, without a session; the sign-in under way is over."""
    cookies = answer.headers.get_list("set-cookie")
    assert 'class="said" role="alert"' in answer.text
    assert [one for one in cookies if one.startswith(f"{FLOW_COOKIE}=") and "Max-Age=0" in one]
    assert not [one for one in cookies if one.startswith(("os_session", "os_access"))]
    return bool(answer.status_code == 401)


def test_the_first_sign_in_makes_the_account_and_the_next_ones_find_it(browser: Browser, provider: str) -> None:
    person = {"preferred_username": "Ada.Lovelace@ministry", "name": "Ada L.", "email": "ada@example.org"}
    know(provider, "1815", **person, email_verified=True)
    assert 'href="/v1/identity/oidc/start?next=%2Fministry"' in browser.get("/sign-in?next=/ministry").text
    answer = signed_in(browser, "1815", "/ministry?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ministry?a=b")
    me = browser.get("/v1/identity/me").json()
    assert (me["name"], me["title"], me["email"], me["administrator"]) == (
        "ada-lovelace",
        "Ada L.",
        "ada@example.org",
        False,
    )
    browser.cookies.clear()
    know(provider, "1815", **{**person, "preferred_username": "another"})
    signed_in(browser, "1815")
    assert browser.get("/v1/identity/me").json()["account"] == me["account"]


def test_an_address_that_the_issuer_did_not_verify_counts_for_nothing(
    browser: Browser, provider: str, identity: Installation
) -> None:
    with alone(identity.engine, 1) as connection:
        account = accounts.create(connection, "ada", email="ada@example.org")
        ministry = organisations.create(connection, "ministry", "", account, identity.names)
    invitation = Invitation(email="ada@example.org", organisation=ministry.id, role="publisher")
    links.invite(identity.engine, invitation)
    for subject, verified in (("eve", False), ("eve-2", None), ("eve-3", "true")):
        claims = {} if verified is None else {"email_verified": verified}
        know(provider, subject, email="ada@example.org", preferred_username="ada", **claims)
        signed_in(browser, subject)
        me = browser.get("/v1/identity/me").json()
        assert (me["email"], "ministry" in me["roles"]) == (None, False)
        assert me["account"] != account.id
        assert me["name"] != "ada"
    # a verified one brings what was meant for it, and still nobody's account
    know(provider, "ada", email="Ada@Example.org", email_verified=True)
    signed_in(browser, "ada")
    me = browser.get("/v1/identity/me").json()
    assert me["roles"]["ministry"] == "publisher"
    assert me["account"] != account.id
    assert links.open_invitations(identity.engine) == []


def test_what_was_changed_on_the_way_signs_nobody_in(browser: Browser, provider: str) -> None:
    know(provider, "ada")
    for changes in (
        {"state": "x"},
        {"state": None},
        {"code": "x"},
        {"code": None},
        {"iss": "https://evil.example.org"},
    ):
        assert refused(back(browser, changed(sign_in_at(started(browser), "ada"), **changes)))
    for changes in (
        {"nonce": "x"},
        {"code_challenge": "x" * 43},
        {"code_challenge": None, "code_challenge_method": None},
    ):
        assert refused(back(browser, sign_in_at(changed(started(browser), **changes), "ada")))
    doubled = sign_in_at(started(browser), "ada")
    assert refused(back(browser, f"{doubled}&state=x"))


def test_another_browser_cannot_finish_a_sign_in(
    browser: Browser, identity: Installation, store: Published, provider: str
) -> None:
    know(provider, "ada")
    address = sign_in_at(started(browser), "ada")
    with TestClient(application(identity, store), base_url=BASE) as other:
        assert refused(back(other, address))  # without a cookie
        started(other)
        assert refused(back(other, address))  # with one of its own
    assert back(browser, address).status_code == 303


def test_an_answer_works_once(browser: Browser, provider: str) -> None:
    know(provider, "ada")
    begun = started(browser)
    cookie = browser.cookies[FLOW_COOKIE]
    address = sign_in_at(begun, "ada")
    assert back(browser, address).status_code == 303
    browser.cookies.clear()
    assert refused(back(browser, address))
    browser.cookies.set(FLOW_COOKIE, cookie, domain="testserver.local", path="/v1/identity/oidc")
    assert refused(back(browser, address))  # the provider takes the code once


def test_a_cookie_that_we_did_not_sign_for_this_is_none(
    browser: Browser, provider: str, identity: Installation
) -> None:
    know(provider, "ada")
    address = sign_in_at(started(browser), "ada")
    state = parse_qs(urlsplit(address).query)["state"][0]
    kept = {"state": state, "nonce": "n", "verifier": "v", "next": "/"}
    at = int(now().timestamp())
    claims = {"iss": "openspending", "iat": at, "exp": at + 60, **kept}
    forged = [
        identity.keys.sign({**claims, "aud": "openspending"}),  # an access token is none
        identity.keys.sign({**claims, "aud": "openspending/sign-in", "exp": at - 120}),
        "x.y.z",
    ]
    for cookie in forged:
        browser.cookies.clear()
        browser.cookies.set(FLOW_COOKIE, cookie, domain="testserver.local", path="/v1/identity/oidc")
        assert refused(back(browser, address))


def test_a_refusal_of_the_issuer_is_told(browser: Browser) -> None:
    state = parse_qs(urlsplit(started(browser)).query)["state"][0]
    answer = browser.get(f"{CALLBACK}?error=access_denied&error_description=<b>no</b>&state={state}")
    assert refused(answer)
    assert "<b>no" not in answer.text


def test_a_disabled_account_stays_out(browser: Browser, provider: str, identity: Installation) -> None:
    know(provider, "ada")
    signed_in(browser, "ada")
    account = browser.get("/v1/identity/me").json()["account"]
    with alone(identity.engine, 1) as connection:
        accounts.change(connection, account, disabled=now())
    browser.cookies.clear()
    assert refused(signed_in(browser, "ada"))


def test_where_an_issuer_signs_in_no_link_makes_an_administrator(identity: Installation) -> None:
    assert first_run(identity, BASE) is None


@pytest.mark.parametrize(
    ("then", "goes"),
    [
        ("/a/b?c=d&e=%20f#g", "/a/b?c=d&e=%20f#g"),
        *((nasty, "/") for nasty in ("//evil.example.org", "https://evil.example.org", "/\\evil.example.org")),
    ],
)
def test_afterwards_one_is_at_a_page_of_ours(browser: Browser, provider: str, then: str, goes: str) -> None:
    know(provider, "ada")
    assert signed_in(browser, "ada", then).headers["location"] == goes


def test_an_issuer_that_calls_itself_otherwise_is_not_used(engine: Engine, store: Published, provider: str) -> None:
    elsewhere = provider.replace("127.0.0.1", "localhost")
    port = urlsplit(provider).port
    for url, status in (
        (f"{elsewhere}/x", 503),
        (f"http://127.0.0.1:{port}/nowhere", 503),
        ("http://127.0.0.1:9", 503),
    ):
        found = Provider(Issuer(url, "openspending"))
        with TestClient(application(installed(engine, store, provider=found), store), base_url=BASE) as browser:
            answer = browser.get(START, follow_redirects=False)
        found.close()
        assert answer.status_code == status
        assert answer.json()["type"] == "/v1/problems/issuer-unavailable"


def test_behind_https_cookies_travel_by_https_alone(engine: Engine, store: Published, provider: str) -> None:
    found = Provider(Issuer(provider, "openspending"))
    identity = installed(engine, store, provider=found, base_url="https://openspending.example.org")
    assert isinstance(identity.keys, Keys)
    with TestClient(application(identity, store), base_url="https://inside.example.org") as browser:
        answer = browser.get(START, follow_redirects=False)
        cookie = answer.headers["set-cookie"]
        assert all(one in cookie for one in ("Secure", "HttpOnly", "SameSite=lax", "Path=/v1/identity/oidc"))
        asked = parse_qs(urlsplit(answer.headers["location"]).query)
        assert asked["redirect_uri"] == [f"https://openspending.example.org{CALLBACK}"]
        assert asked["code_challenge_method"] == ["S256"]
        code = links.invite(identity.engine, Invitation(email="ada@example.org"))
        answer = browser.post("/v1/identity/sign-in", json={"code": code})
        assert all("Secure" in one for one in answer.headers.get_list("set-cookie"))
    found.close()
