"""`/user`: who one is, permission tokens, and the name one goes by."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import update

from openspending.identity import robots
from openspending.identity.schema import ACCOUNTS, ROBOT_TOKENS
from openspending.identity.tokens import access_claims
from tests.conductor.conftest import BASE, KEY, Place


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, RSAKey.import_key(KEY.public_pem().encode()), algorithms=["RS256"]).claims)


def test_check_tells_nobody_where_to_sign_in(place: Place) -> None:
    found = place.ask("GET", "/user/check", params={"next": f"{BASE}/admin/"}).json()

    assert found["authenticated"] is False
    assert set(found["providers"]) == {"openspending", "google"}
    assert found["providers"]["google"]["url"].startswith(f"{BASE}/oauth/google_callback?state=")


@pytest.mark.parametrize("token", ["nonsense", "osr_nonsense", "a.b.c"])
def test_check_takes_a_token_that_does_not_hold_for_nobody(place: Place, token: str) -> None:
    answer = place.ask("GET", "/user/check", headers={"Auth-Token": token})

    assert answer.status_code == 200
    assert answer.json()["authenticated"] is False


def test_check_tells_who_one_is(place: Place) -> None:
    found = place.ask("GET", "/user/check", headers={"Authorization": f"Bearer {place.tokens['ada']}"}).json()

    assert found["authenticated"] is True
    profile = found["profile"]
    assert profile.pop("join_date").startswith("20")
    assert profile == {
        "id": f"openspending:{place.ids['ada']}",
        "idhash": "ada",
        "name": "Ada",
        "username": "ada",
        "email": "ada@example.org",
        "avatar_url": "",
    }


def test_check_knows_a_browser_by_its_cookies_but_not_through_a_script_of_another_site(place: Place) -> None:
    cookies = place.cookies("ada")

    assert place.ask("GET", "/user/check", headers=cookies).json()["authenticated"] is True
    jsonp = place.ask("GET", "/user/check", headers=cookies, params={"callback": "steal"})
    assert jsonp.headers["content-type"].startswith("application/javascript")
    assert json.loads(jsonp.text.removeprefix("steal(").removesuffix(");"))["authenticated"] is False


def test_authorize_gives_a_signed_token_that_ends(place: Place) -> None:
    headers = {"Auth-Token": place.tokens["ada"]}
    found = place.ask("GET", "/user/authorize", params={"service": "os.datastore"}, headers=headers).json()

    assert found["userid"] == "ada"
    assert found["service"] == "os.datastore"
    assert found["permissions"] == {"datapackage-upload": True}
    claims = claims_of(found["token"])
    assert {name: claims[name] for name in ("userid", "permissions", "service")} == {
        "userid": "ada",
        "permissions": {"datapackage-upload": True},
        "service": "os.datastore",
    }
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    assert "ada@example.org" not in json.dumps(claims)


def test_a_person_gets_a_token_for_an_hour_since_their_session_may_end(place: Place) -> None:
    found = place.ask("GET", "/user/authorize", params={"service": "os.datastore"}, headers=place.cookies("ada")).json()

    assert 0 < claims_of(found["token"])["exp"] - time.time() <= 3600


def test_authorize_for_another_service_permits_nothing_and_opens_no_datastore(place: Place) -> None:
    headers = {"Auth-Token": place.tokens["ada"]}
    found = place.ask("GET", "/user/authorize", params={"service": "world"}, headers=headers).json()

    assert found["permissions"] == {}
    answer = place.client.get("/datastore/info", headers={"Auth-Token": found["token"]})
    assert answer.status_code == 401


def test_authorize_permits_nobody_anything(place: Place) -> None:
    assert place.ask("GET", "/user/authorize", params={"service": "os.datastore"}).json() == {"permissions": {}}
    without = place.ask("GET", "/user/authorize", headers={"Auth-Token": place.tokens["ada"]})
    assert without.json() == {"permissions": {}}


def test_authorize_refuses_a_token_that_does_not_hold(place: Place) -> None:
    answer = place.ask("GET", "/user/authorize", params={"service": "os.datastore"}, headers={"Auth-Token": "nonsense"})

    assert answer.status_code == 401
    assert answer.json()["success"] is False


def test_a_permission_token_makes_no_further_one_and_is_good_for_nothing_else(place: Place) -> None:
    token = place.permission("ada")

    again = place.ask("GET", "/user/authorize", params={"service": "os.datastore"}, headers={"Auth-Token": token})
    assert again.status_code == 401
    assert place.ask("POST", "/user/update", params={"username": "x"}, headers={"Auth-Token": token}).status_code == 401


def test_a_robot_that_may_not_import_is_permitted_no_upload(place: Place) -> None:
    headers = {"Auth-Token": place.robot("ada", "read")}
    found = place.ask("GET", "/user/authorize", params={"service": "os.datastore"}, headers=headers).json()

    assert found["permissions"] == {}
    body = {"metadata": {"owner": "ada", "name": "x"}, "filedata": {"a": {"length": 1, "md5": "aaa"}}}
    answer = place.ask("POST", "/datastore/", json=body, headers={"Auth-Token": found["token"]})
    assert answer.status_code == 403


def test_a_permission_token_ends_with_what_is_behind_it(place: Place) -> None:
    engine = place.conductor.installation.engine
    tokens = {}
    for name in ("revoked", "disabled", "expired"):
        place.join(name)
        tokens[name] = place.permission(name)
        assert place.ask("GET", "/datastore/info", headers={"Auth-Token": tokens[name]}).status_code == 200

    (token,) = robots.listed(engine, place.ids["revoked"])
    robots.revoke(engine, place.ids["revoked"], token.id)
    with engine.begin() as connection:
        disabled = update(ACCOUNTS).where(ACCOUNTS.c.id == place.ids["disabled"])
        connection.execute(disabled.values(disabled=token.created))
        expired = update(ROBOT_TOKENS).where(ROBOT_TOKENS.c.account == place.ids["expired"])
        connection.execute(expired.values(expires=ROBOT_TOKENS.c.created))

    for one in tokens.values():
        assert place.ask("GET", "/datastore/info", headers={"Auth-Token": one}).status_code == 401


def forged(**changes: Any) -> dict[str, Any]:
    issued = int(time.time())
    claims = {"iss": "openspending", "aud": "openspending-conductor", "iat": issued, "exp": issued + 600}
    return {**claims, "userid": "ada", "tok": "", "service": "os.datastore", "permissions": {}, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_600_000_000},  # long ago
        {"aud": "openspending/sign-in"},
        {"iss": "elsewhere"},
        {"sub": "nobody"},
        {"service": "os.other"},
        {"tok": "unknown"},
    ],
    ids=str,
)
def test_permission_tokens_that_do_not_hold_are_refused(place: Place, changes: dict[str, Any]) -> None:
    token = KEY.sign(forged(**{"sub": place.ids["ada"], **changes}))

    answer = place.ask("GET", "/datastore/info", headers={"Auth-Token": token})

    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_tokens_that_hold_are_taken_whatever_their_kind(place: Place) -> None:
    actor = place.conductor.installation.actor(place.ids["ada"])
    for token in (
        KEY.sign(forged(sub=place.ids["ada"])),
        KEY.sign(access_claims(actor, issuer="openspending")),
        place.tokens["ada"],
    ):
        assert place.ask("GET", "/datastore/info", headers={"Auth-Token": token}).status_code == 200


def test_neither_no_algorithm_nor_the_public_key_as_a_secret_signs_a_permission_token(place: Place) -> None:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    unsigned = f"{part({'alg': 'none', 'kid': KEY.kid})}.{part(forged(sub=place.ids['ada']))}."
    for token in (unsigned, "testing-token"):
        assert place.ask("GET", "/datastore/info", headers={"Auth-Token": token}).status_code == 401


def test_a_token_in_the_address_is_refused_unless_the_server_allows_it(place: Place) -> None:
    for method, path in (("GET", "/user/check"), ("POST", "/package/publish"), ("GET", "/search/package")):
        answer = place.ask(method, path, params={"jwt": place.tokens["ada"]})
        assert answer.status_code == 401, path
        assert "OS_TOKEN_IN_QUERY" in answer.json()["detail"]
    answer = place.ask("POST", "/user/update", data={"jwt": place.tokens["ada"], "username": "x"})
    assert answer.status_code == 401


def test_a_token_in_the_address_or_a_form_is_taken_where_the_server_allows_it(lenient: Place) -> None:
    token = lenient.tokens["ada"]

    assert lenient.ask("GET", "/user/check", params={"jwt": token}).json()["authenticated"] is True
    assert lenient.ask("GET", "/user/check", params={"jwt": "nonsense"}).json()["authenticated"] is False
    found = lenient.ask("POST", "/user/update", data={"jwt": token, "username": "x"}).json()
    assert found == {"success": False, "error": "Cannot modify username, already set"}
    two = lenient.ask("GET", "/user/check", params={"jwt": token}, headers={"Auth-Token": lenient.tokens["bob"]})
    assert two.status_code == 401


def test_update_chooses_a_name_once(place: Place) -> None:
    headers = {"Auth-Token": place.join("account-7", named=False)}

    def update_to(name: str) -> Any:
        return place.ask("POST", "/user/update", params={"username": name}, headers=headers).json()

    assert update_to("no/slash")["success"] is False
    assert update_to("ADA") == {"success": False, "error": "The name “ADA” is taken."}
    assert update_to("carol") == {"success": True}
    assert update_to("dora") == {"success": False, "error": "Cannot modify username, already set"}
    profile = place.ask("GET", "/user/check", headers=headers).json()["profile"]
    assert (profile["username"], profile["idhash"]) == ("carol", "carol")


def test_update_is_for_whoever_is_known(place: Place) -> None:
    answer = place.ask("POST", "/user/update", params={"username": "x"})

    assert answer.status_code == 401
    assert (answer.json()["success"], answer.json()["error"]) == (False, "No token")
    scoped = {"Auth-Token": place.robot("ada", "read", "import")}
    assert place.ask("POST", "/user/update", params={"username": "x"}, headers=scoped).status_code == 403
    forged_by_a_page = place.ask("POST", "/user/update", params={"username": "x"}, headers=place.cookies("ada"))
    assert forged_by_a_page.status_code == 403  # without X-CSRF-Token


def test_the_public_key_is_the_one_that_signs(place: Place) -> None:
    answer = place.ask("GET", "/user/public-key")

    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == KEY.public_pem()


def test_the_script_for_pages_keeps_no_token_where_others_could_read_it(place: Place) -> None:
    answer = place.ask("GET", "/user/lib")

    assert answer.headers["content-type"].startswith("application/javascript")
    assert "authClient.services" in answer.text
    assert not re.search(r"(local|session)Storage *[.\[]|document\.cookie", answer.text)


@pytest.mark.parametrize("name", ["alert(1)//", "a b", "<script>", "a;b", "x" * 200, "é"])
def test_a_callback_is_a_plain_name(place: Place, name: str) -> None:
    answer = place.ask("GET", "/user/check", params={"callback": name})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert name not in answer.text


def test_any_site_may_read_but_none_with_the_cookies_of_ours(place: Place) -> None:
    answer = place.ask("GET", "/user/check", headers={"Origin": "https://elsewhere.example"})

    assert answer.headers["access-control-allow-origin"] == "https://elsewhere.example"
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]
    before = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    before["Access-Control-Request-Headers"] = "auth-token"
    asked = place.ask("OPTIONS", "/datastore/", headers=before)
    assert asked.headers["access-control-allow-headers"] == "auth-token"
    assert "access-control-allow-credentials" not in asked.headers


def test_answers_are_for_their_askers_alone_and_no_log_has_a_token_or_a_name(
    lenient: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = lenient.permission("ada")

    said = "ada:secret"  # the log has the lines of the code that failed

    def broken(*_: object) -> None:
        raise ZeroDivisionError(said)

    monkeypatch.setattr("openspending.conductor.moving.home_of", broken)
    asked = {"jwt": token, "id": said, "publish": "true"}
    answer = lenient.client.post("/package/publish", params=asked)

    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "private, no-store"
    # what the test's own client logs is none of ours
    logged = "".join(caplog.handler.format(one) for one in caplog.records if one.name.startswith("openspending"))
    assert "ZeroDivisionError" in logged
    assert said not in logged + answer.text
    assert token not in logged + answer.text
