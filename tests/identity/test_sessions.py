"""Sessions and open invitations over HTTP: seen and ended by whom they concern, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.identity import links, robots
from openspending.identity.devices import Device, device
from openspending.identity.installation import Installation
from tests.identity.conftest import BASE, Join, SignIn

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
