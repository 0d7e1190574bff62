"""Embeds are for everybody's pages: framed by anybody, without anybody's cookies, readable without a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from tests.browse.reading import Reader

pytestmark = pytest.mark.slow

Client = TestClient[Any]
VIEW = "chart=bar&measure=amount.sum&group=code"


def test_an_embed_is_one_chart_with_its_table_and_its_source(client: Client) -> None:
    answer = client.get(f"/embed/gov/budget@1?{VIEW}")
    assert answer.status_code == 200
    page = Reader(answer.text)
    assert {"openspending-chart", "table", "script"} <= page.elements
    assert not {"form", "nav", "iframe"} & page.elements
    for said in ("Budget 0", "Health", "1,000.50", "Roads & bridges", "Revision 1", "1,195.75"):
        assert said in page.text
    assert 'src="/gov/budget@1" chart="bar"' in answer.text
    assert any(one.startswith("/gov/budget@1/view?chart=bar") for one in page.links)


def test_an_embed_may_be_framed_and_sets_nothing(client: Client) -> None:
    answer = client.get(f"/embed/gov/budget?{VIEW}")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "frame-ancestors 'self'" in client.get("/gov/budget").headers["content-security-policy"]


def test_an_embed_speaks_and_looks_as_it_is_told(client: Client) -> None:
    answer = client.get(f"/embed/gov/budget?{VIEW}&lang=es&theme=dark")
    assert '<html lang="es" dir="ltr" data-theme="dark">' in answer.text
    assert 'theme="dark"' in answer.text
    assert "1.200,75" in answer.text
    assert "Abrir en OpenSpending" in answer.text


def test_a_wrong_view_is_told_with_what_there_is(client: Client) -> None:
    answer = client.get("/embed/gov/budget?chart=bra&group=nothing")
    assert answer.status_code == 400
    assert "“bra” is no chart here" in answer.text


def test_what_publishers_wrote_is_text(client: Client) -> None:
    answer = client.get("/embed/eve@example.org/hostile?group=who")
    assert answer.status_code == 200
    assert "alert('x')" not in re.sub("&lt;.*?&gt;", "", answer.text)
    assert "img" not in Reader(answer.text).elements


@pytest.mark.parametrize("path", ["/embed/gov/secret", "/embed/gov/nothing", "/embed/gov/budget@99"])
def test_what_is_not_for_everybody_is_not_framed(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Secret" not in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


def test_an_embed_says_kindly_that_the_api_is_away(without_api: Client) -> None:
    answer = without_api.get(f"/embed/gov/budget?{VIEW}&lang=es")
    assert answer.status_code == 503
    assert "Las cifras no se pueden obtener" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_script_for_other_sites_leads_to_the_built_chart(client: Client) -> None:
    answer = client.get("/static/openspending-chart.js", headers={"origin": "https://paper.example"})
    assert answer.headers["access-control-allow-origin"] == "https://paper.example"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in answer.headers["cache-control"]
    found = re.search(r'"\./(built/chart\.js\?[0-9a-f]+)"', answer.text)
    assert found is not None
    chart = client.get(f"/static/{found[1]}", headers={"origin": "https://paper.example"})
    assert chart.status_code == 200
    assert chart.headers["access-control-allow-origin"] == "https://paper.example"
    assert "immutable" in chart.headers["cache-control"]
    parts = re.findall(r"\./(built/[a-z]+-[\w-]{8}\.js)", answer.text)
    assert [re.sub(r"-.*", "", one) for one in parts] == ["built/element", "built/words"]
    for one in parts:
        part = client.get(f"/static/{one}")
        assert (part.status_code, "immutable" in part.headers["cache-control"]) == (200, True)
    page = client.get(f"/embed/gov/budget?{VIEW}").text
    assert re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', page) == parts
