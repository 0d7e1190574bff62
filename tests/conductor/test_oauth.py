"""Signing in for old clients: through our own sign-in, back to nowhere but ourselves and the asker's own machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from openspending.conductor.nextaddress import next_of
from openspending.identity import robots
from tests.conductor.conftest import BASE, KEY, Place


def sign_in_url(place: Place, then: str) -> str:
    found = place.ask("GET", "/user/check", params={"next": then}).json()
    return str(found["providers"]["google"]["url"]).removeprefix(BASE)


def back(place: Place, then: str, name: str = "ada") -> Any:
    return place.ask("GET", sign_in_url(place, then), headers=place.cookies(name))


def test_who_is_not_signed_in_comes_to_our_page_and_from_there_back(place: Place) -> None:
    url = sign_in_url(place, f"{BASE}/admin/?a=1")
    answer = place.ask("GET", url)

    assert answer.status_code == 303
    path, _, query = answer.headers["location"].partition("?")
    assert path == "/sign-in"
    assert parse_qs(query)["next"] == [url]
    again = place.ask("GET", parse_qs(query)["next"][0], headers=place.cookies("ada"))
    assert again.headers["location"] == f"{BASE}/admin/?a=1"  # with no token: the cookies do


def test_a_client_on_ones_own_machine_gets_a_token_that_can_be_seen_and_revoked(lenient: Place) -> None:
    answer = back(lenient, "http://127.0.0.1:8001/?a=1#b")

    assert answer.status_code == 303
    assert answer.headers["referrer-policy"] == "no-referrer"
    address = urlsplit(answer.headers["location"])
    assert (address.netloc, address.fragment) == ("127.0.0.1:8001", "b")
    query = parse_qs(address.query)
    assert query["a"] == ["1"]
    assert lenient.ask("GET", "/user/check", headers={"Auth-Token": query["jwt"][0]}).json()["authenticated"] is True
    listed = robots.listed(lenient.conductor.installation.engine, lenient.ids["ada"])
    (made,) = [one for one in listed if one.title == "Signed in from http://127.0.0.1:8001/"]
    assert (made.expires - made.created).days == 14


def test_a_page_of_ours_gets_a_token_only_where_the_server_allows_it(place: Place, lenient: Place) -> None:
    assert back(place, f"{BASE}/packager/").headers["location"] == f"{BASE}/packager/"
    assert back(lenient, f"{BASE}/packager/").headers["location"].startswith(f"{BASE}/packager/?jwt=osr_")
    assert back(lenient, "").headers["location"].startswith(f"{BASE}/?jwt=osr_")


def test_a_client_gets_no_token_unless_the_server_allows_it(place: Place) -> None:
    answer = back(place, "http://localhost:8001/")

    assert answer.status_code == 400
    assert "OS_TOKEN_IN_QUERY" in answer.json()["detail"]


ELSEWHERE = [
    *("https://evil.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/", "//evil.example"),
    *("http://localhost\\@evil.example/", "/\\evil.example", "javascript:alert(1)", f"{BASE}.evil.example/"),
    *(
        f"{BASE}@evil.example/",
        f"{BASE}:81/",
        "http://[::1].evil.example",
        "http://user@localhost/",
        "data:text/html,x",
    ),
    *("http://localhost:8001/\r\nX: y", "http://169.254.169.254/", "http://0.0.0.0/", "/a\tb", "/" + "a" * 3000),
    "data:text/html,x",
]


@pytest.mark.parametrize("then", ELSEWHERE)
def test_nobody_is_sent_anywhere_else(lenient: Place, then: str) -> None:
    assert next_of(then, BASE) is None
    answer = back(lenient, then)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_a_state_that_is_none_of_ours_leads_home(place: Place) -> None:
    other = KEY.sign({"iss": "openspending", "aud": "openspending-conductor", "iat": 1, "exp": 2, "next": "/x"})
    for state in ("", "nonsense", other):
        answer = place.ask("GET", "/oauth/google_callback", params={"state": state}, headers=place.cookies("ada"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_other_providers_are_not_known(place: Place) -> None:
    assert place.ask("GET", "/oauth/facebook_callback").status_code == 404
    assert place.ask("GET", "/oauth/google").status_code == 404


def test_one_account_makes_only_so_many_tokens_an_hour(lenient: Place) -> None:
    url, cookies = sign_in_url(lenient, "http://localhost:1/"), lenient.cookies("bob")
    statuses = [lenient.ask("GET", url, headers=cookies).status_code for _ in range(31)]

    assert statuses == [*[303] * 30, 429]
