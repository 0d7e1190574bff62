"""Saved views as pages: what was, and what has become of it since, exactly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

pytestmark = pytest.mark.slow

Client = TestClient[Any]
VIEW = "chart=bar&measure=amount.sum&group=code"


def saved(client: Client, version: str, view: str = VIEW) -> str:
    answer = client.post("/v1/views", json={"dataset": "gov/budget", "version": version, "view": view})
    return str(answer.json()["url"])


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", answer.text))


@pytest.mark.parametrize(
    ("version", "view", "said"),
    [
        ("1", VIEW, "The total was 1,195.75 EUR, and is 1,396.00 EUR since revision 3."),
        ("2", VIEW, "The total was 1,195.75 EUR, and is 1,396.00 EUR since revision 3."),
        ("3", VIEW, "The total is the same in the newest revision, 4: 1,396 EUR."),
        ("1", f"{VIEW}&cut=code:2", "The total is the same in the newest revision, 4: 200.25 EUR."),
        ("1", f"{VIEW}&at=code.code:1", "The total was 1,000.50 EUR, and is 1,200.75 EUR since revision 3."),
    ],
)
def test_a_saved_view_says_what_has_become_of_its_total(client: Client, version: str, view: str, said: str) -> None:
    assert said in text(client, saved(client, version, view))


def test_a_saved_view_of_the_newest_revision_says_nothing_has_changed(client: Client) -> None:
    found = text(client, saved(client, "4"))
    assert "A saved view of revision 4" in found
    assert "The total" not in found


def test_the_permalink_is_the_canonical_address(client: Client) -> None:
    address = saved(client, "1")
    answer = client.get(address)
    assert f'<link rel="canonical" href="https://spending.example{address}">' in answer.text
    assert "1,000.50" in answer.text, "the figures of then"
    assert answer.headers["x-robots-tag"].startswith("noindex")


def test_a_saved_view_speaks_spanish(client: Client) -> None:
    found = text(client, saved(client, "1") + "?lang=es")
    assert "El total era 1.195,75 EUR, y es 1.396,00 EUR desde la revisión 3." in found


def test_a_view_is_saved_by_a_form(client: Client) -> None:
    assert 'action="/q"' in client.get(f"/gov/budget/view?{VIEW}").text
    form = {"dataset": "gov/budget", "version": "1", "view": VIEW}
    answer = client.post("/q", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, saved(client, "1"))
    refused = client.post("/q", data={**form, "view": "group=nothing"})
    assert refused.status_code == 400
    assert "There is no level “nothing”" in refused.text


@pytest.mark.parametrize("path", ["/q/aaaaaaaaaa", "/q/x"])
def test_there_is_nothing_under_other_ids(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
