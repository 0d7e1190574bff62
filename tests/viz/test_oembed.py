"""oEmbed: links of ours, and of nobody else, become frames of the size that a site has room for."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from litestar.testing import TestClient

from tests.browse.reading import Reader
from tests.viz.conftest import ADDRESS

pytestmark = pytest.mark.slow

Client = TestClient[Any]
VIEW = "chart=bar&measure=amount.sum&group=code"


def asked(client: Client, url: str, **more: str) -> Any:
    return client.get("/oembed", params={"url": url, **more})


def test_an_answer_is_what_the_standard_wants(client: Client) -> None:
    answer = asked(client, f"{ADDRESS}/gov/budget@1/view?{VIEW}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()
    assert (found["version"], found["type"], found["provider_name"]) == ("1.0", "rich", "OpenSpending")
    assert found["title"].endswith("Budget 0")
    assert (found["width"], found["height"]) == (800, 680)
    assert f'src="{ADDRESS}/embed/gov/budget@1?chart=bar&amp;measure=amount.sum&amp;group=code"' in found["html"]
    assert Reader(found["html"]).elements == {"iframe"}
    assert found["thumbnail_url"] == f"{ADDRESS}/og/gov/budget@1.png?{VIEW}"
    assert (found["thumbnail_width"], found["thumbnail_height"]) == (1200, 630)


def test_xml_says_the_same(client: Client) -> None:
    url = f"{ADDRESS}/embed/gov/budget?{VIEW}"
    answer = asked(client, url, format="xml")
    assert answer.headers["content-type"].startswith("text/xml")
    found = {one.tag: one.text for one in ET.fromstring(answer.content)}
    assert found == {name: str(value) for name, value in asked(client, url, format="json").json().items()}


def test_a_frame_is_no_larger_than_there_is_room(client: Client) -> None:
    found = asked(client, f"{ADDRESS}/gov/budget", maxwidth="400", maxheight="300").json()
    assert (found["width"], found["height"]) == (400, 300)
    assert 'width="400" height="300"' in found["html"]
    assert "thumbnail_url" not in found


def test_a_saved_view_is_framed_as_it_was_saved(client: Client) -> None:
    body = {"dataset": "gov/budget", "version": "2", "view": VIEW}
    id_ = client.post("/v1/views", json=body).json()["id"]
    found = asked(client, f"http://spending.example/q/{id_}?lang=es").json()
    assert f"{ADDRESS}/embed/gov/budget@2?chart=bar" in found["html"]
    assert "lang=es" in found["html"]


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/gov/budget",
        "https://spending.example:8443/gov/budget",
        "https://spending.example@elsewhere.example/gov/budget",
        "ftp://spending.example/gov/budget",
        "/gov/budget",
        "http://[",
        f"{ADDRESS}/",
        f"{ADDRESS}/gov",
        f"{ADDRESS}/v1/datasets",
        f"{ADDRESS}/gov/nothing",
        f"{ADDRESS}/gov/secret",
        f"{ADDRESS}/gov/budget/view?group=nothing",
        f"{ADDRESS}/q/aaaaaaaaaa",
    ],
)
def test_no_other_link_is_framed(client: Client, url: str) -> None:
    assert asked(client, url).status_code == 404


def test_what_is_wrong_is_told(client: Client) -> None:
    assert client.get("/oembed").status_code == 400
    assert asked(client, f"{ADDRESS}/gov/budget", maxwidth="wide").status_code == 400
    assert asked(client, f"{ADDRESS}/gov/budget", format="yaml").status_code == 501


@pytest.mark.parametrize("path", ["/gov/budget", f"/gov/budget/view?{VIEW}"])
def test_pages_say_how_they_are_framed_and_pictured(client: Client, path: str) -> None:
    answer = client.get(path)
    page = Reader(answer.text)
    (json_link, xml_link) = [one for one in page.links if one.startswith(f"{ADDRESS}/oembed?")]
    for link in (json_link, xml_link):
        assert client.get(link.removeprefix(ADDRESS)).status_code == 200
    assert f'property="og:image" content="{ADDRESS}/og/gov/budget' in answer.text
    assert 'name="twitter:card" content="summary_large_image"' in answer.text
