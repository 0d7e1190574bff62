"""What programs look for at fixed places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import application
from openspending.settings import read_settings

BASE = "https://openspending.example"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    with (
        application(read_settings({}, data=tmp_path_factory.mktemp("discovery"))) as app,
        TestClient(app, base_url=BASE) as client,
    ):
        yield client


def test_the_catalogue_leads_to_the_apis_and_their_description(client: TestClient[Any]) -> None:
    found = client.get("/.well-known/api-catalog")
    assert found.headers["content-type"].startswith("application/linkset+json")
    items, *apis = found.json()["linkset"]
    assert (
        [one["href"] for one in items["item"]] == [one["anchor"] for one in apis] == [f"{BASE}/v1/", f"{BASE}/api/3/"]
    )
    for one in apis:
        assert client.get(one["anchor"]).status_code == 200
        assert client.get(one["service-desc"][0]["href"]).headers["content-type"] == one["service-desc"][0]["type"]
        assert client.get(one["status"][0]["href"]).json()["status"] == "ok"


def test_the_beginning_of_the_api_links_to_its_description(client: TestClient[Any]) -> None:
    answer = client.get("/v1/")
    assert answer.headers["link"] == '</openapi.json>; rel="service-desc"'
    assert answer.headers["access-control-allow-origin"] == "*"
    assert all(client.get(one).status_code == 200 for one in answer.json()["links"].values() if "sql" not in one)


def test_robots_and_language_models_are_told_where_to_go(client: TestClient[Any]) -> None:
    assert "Disallow: /v1/sql\n" in client.get("/robots.txt").text
    text = client.get("/llms.txt").text
    assert {client.get(path).status_code for path in re.findall(r"\]\((/[^)]+)\)", text)} == {200}
