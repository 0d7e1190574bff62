"""Sessions and open invitations over HTTP: seen and ended by whom they concern, and by nobody else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.errors import StoreError, Unauthorised
from openspending.identity import links, robots, sessions
from openspending.identity.authentication import ACCESS_COOKIES
from openspending.identity.devices import Device, device
from openspending.identity.ended import Ended, listed
from openspending.identity.installation import Installation
from openspending.identity.tokens import PublicKeys, Verifier
from tests.identity.conftest import BASE, Join, Published, SignIn
from tests.identity.test_account_routes import bearer

Browser = TestClient[Any]
SESSIONS = "/v1/identity/sessions"
INVITATIONS = "/v1/organisations/ministry/invitations"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/139.0 Safari/537.36 Edg/139.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.5 Safari/605.1", ("Safari", "macOS")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/139.0 Safari/604.1", ("Chrome", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 15; SM-S931B) SamsungBrowser/28.0 Chrome/130.0", ("Samsung", "Android")),
        ("somebody's own program", ("", "")),
    ],
)
def test_a_device_is_two_words_of_a_list(agent: str, known: tuple[str, str]) -> None:
    assert device(agent) == Device(*known)


def test_one_sees_and_ends_ones_own_sessions(
    app: Any, identity: Installation, browser: Browser, join: Join, sign_in: SignIn
) -> None:
    ada, bob = join("ada"), join("bob")
    browser.headers["User-Agent"] = FIREFOX
    csrf = sign_in(ada)
    elsewhere, stranger = (TestClient(app, base_url=BASE) for _ in range(2))
    for who, account in ((elsewhere, ada), (stranger, bob)):
        who.post("/v1/identity/sign-in", json={"code": links.sign_in(identity.engine, account)})
    answer = browser.get(SESSIONS)
    there, here = sorted(answer.json()["data"], key=lambda one: one["current"])
    assert (here["browser"], here["system"], there["browser"]) == ("Firefox", "Linux", None)
    assert set(here) == {"id", "browser", "system", "created", "last_used", "expires", "current"}
    assert answer.headers["cache-control"] == "private, no-store"
    secrets = [str(one.cookies["os_session"]) for one in (browser, elsewhere)]
    assert not [one for one in secrets if one in answer.text]
    theirs = stranger.get(SESSIONS).json()["data"][0]["id"]
    assert browser.delete(f"{SESSIONS}/{theirs}", headers=csrf).status_code == 404
    assert browser.delete(f"{SESSIONS}/{there['id']}").status_code == 403  # without the word of the session
    assert browser.delete(f"{SESSIONS}/{there['id']}", headers=csrf).status_code == 204
    assert elsewhere.get("/v1/identity/me").status_code == 401  # with the access token that it had
    assert elsewhere.post("/v1/identity/refresh").status_code == 401
    elsewhere.post("/v1/identity/sign-in", json={"code": links.sign_in(identity.engine, ada)})
    assert browser.delete(SESSIONS, headers=csrf).json() == {"ended": 1}
    assert [one["current"] for one in browser.get(SESSIONS).json()["data"]] == [True]
    assert len(stranger.get(SESSIONS).json()["data"]) == 1
    assert browser.delete(f"{SESSIONS}/{here['id']}", headers=csrf).status_code == 204
    assert not [one for one in browser.cookies.jar if one.value]
    _, robot = robots.create(identity.engine, bob, title="x", scopes=None)
    assert browser.delete(SESSIONS, headers={"Authorization": f"Bearer {robot}"}).json() == {"ended": 1}


def test_open_invitations_are_the_business_of_admins(browser: Browser, join: Join, sign_in: SignIn) -> None:
    ada, bob, eve = join("ada"), join("bob"), join("eve")
    csrf = sign_in(ada)
    browser.post("/v1/organisations", json={"name": "ministry"}, headers=csrf)
    browser.put("/v1/organisations/ministry/members/bob", json={"role": "publisher"}, headers=csrf)
    wanted = {"email": "eve@example.org", "role": "editor"}
    link = browser.post(INVITATIONS, json=wanted, headers=csrf).json()["link"]
    listed = browser.get(INVITATIONS)
    (one,) = listed.json()["data"]
    assert (one["email"], one["role"], one["made_by"]) == ("eve@example.org", "editor", "ada")
    assert link.partition("#code=")[2][32:] not in listed.text
    deeds = (
        ("GET", INVITATIONS),
        ("DELETE", f"{INVITATIONS}/{one['id']}"),
        ("POST", f"{INVITATIONS}/{one['id']}/link"),
    )
    for account, status in ((bob, 403), (eve, 404)):
        csrf = sign_in(account)
        assert [browser.request(method, path, headers=csrf).status_code for method, path in deeds] == [status] * 3
    csrf = sign_in(ada)
    anew = browser.post(f"{INVITATIONS}/{one['id']}/link", headers=csrf)
    assert (anew.status_code, anew.json()["email"], anew.json()["expires_in"]) == (201, "eve@example.org", 14 * 86400)
    assert anew.json()["link"] != link
    assert browser.delete(f"{INVITATIONS}/{one['id']}", headers=csrf).status_code == 204
    assert browser.delete(f"{INVITATIONS}/{one['id']}", headers=csrf).status_code == 404
    assert browser.get(INVITATIONS).json()["data"] == []
    for old in (link, anew.json()["link"]):
        code = old.partition("#code=")[2]
        assert browser.post("/v1/identity/sign-in", json={"code": code}).status_code == 401


def test_access_tokens_end_with_their_session_or_robots_token_also_where_no_database_is(
    identity: Installation, store: Published, browser: Browser, join: Join, sign_in: SignIn
) -> None:
    ada = join("ada")
    csrf = sign_in(ada)
    made = browser.post("/v1/identity/tokens", json={"title": "x"}, headers=csrf).json()
    exchanged = browser.post("/v1/identity/token", headers=bearer(made["secret"])).json()["access_token"]
    session = "".join(str(browser.cookies[one]) for one in ACCESS_COOKIES if browser.cookies.get(one))
    verifier = Verifier(PublicKeys(store.get), "openspending", Ended(lambda: listed(lambda: store.ended), lambda: 0))
    here = Verifier(PublicKeys(store.get), "openspending", identity.endings.known)
    for one in (session, exchanged):
        assert verifier.verify(one).account == here.verify(one).account == ada
    browser.delete(f"/v1/identity/tokens/{made['id']}", headers=csrf)
    browser.post("/sign-out", headers={"Accept": "text/html"})
    late = Verifier(PublicKeys(store.get), "openspending", Ended(lambda: listed(lambda: store.ended)))
    for one in (session, exchanged):
        assert verifier.verify(one).account == ada  # it has not looked again
        for each in (here, late):
            assert each.known(one) is None
            with pytest.raises(Unauthorised):
                each.verify(one)


def test_while_nobody_can_say_what_ended_what_was_known_counts() -> None:
    at, said = [0.0], [["one"]]

    def read() -> list[str]:
        if not said:
            raise StoreError("silent")
        return said.pop()

    ended = Ended(read, lambda: at[0])
    ended.refresh()
    at[0] = 2
    ended.refresh()
    assert (ended.has("one"), ended.has("two"), ended.old()) == (True, False, False)
    at[0] = 11
    assert not ended.old()
    at[0] = 15
    assert ended.old()
    for damaged in (b"", b"[]", b'{"ended": {"a": 1}}', b'{"ended": [1]}'):
        assert list(listed(BytesIO(damaged).read)) == []


def test_a_page_opens_as_nobodys_when_its_session_has_ended(
    identity: Installation, browser: Browser, join: Join, sign_in: SignIn
) -> None:
    ada = join("ada")
    sign_in(ada)
    sessions.end_all(identity.engine, ada)
    identity.endings.tell()
    page = browser.get("/ada?q=%C3%A9", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/ada?q=%C3%A9")
    assert ACCESS_COOKIES[0] not in browser.cookies
