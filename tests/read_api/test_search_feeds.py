"""Every search as a feed: Atom and JSON Feed of the same hits, the newest first, under ids that stay."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest

from openspending.read_api.jsonfeed import VERSION
from tests.read_api.searching import BASE, Demo
from tests.read_api.test_feeds import ATOM, RFC3339, check, links, text

pytestmark = pytest.mark.slow
PATHS = ("/v1/search", "/v1/search/lines")
KINDS = {"atom": "application/atom+xml", "feed": "application/feed+json", "json": "application/json"}


def atom(searched: Demo, address: str) -> list[Any]:
    """The entries of a feed, which is valid."""
    answer = searched.client.get(address)
    assert answer.headers["content-type"] == KINDS["atom"]
    return check(fromstring(answer.content))


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_has_the_hits_of_its_search(path: str, searched: Demo) -> None:
    entries = atom(searched, f"{path}.atom?q=public&pagesize=3")
    found = searched.get(path, q="public", pagesize=3, order="newest")["data"]
    ends = [one.get("fact", one["dataset"]) for one in found]
    assert [text(one, "id").endswith(f"/{end}") for one, end in zip(entries, ends, strict=True)] == [True] * len(found)
    if path == "/v1/search/lines":
        assert "public" in text(entries[0], "title").casefold()
        assert text(entries[0], "title").endswith(" GBP")


@pytest.mark.parametrize("path", PATHS)
def test_both_kinds_of_feed_tell_the_same(path: str, searched: Demo) -> None:
    entries = atom(searched, f"{path}.atom?q=public&pagesize=2")
    told = searched.client.get(f"{path}.feed?q=public&pagesize=2").json()
    assert told["version"] == VERSION
    assert told["feed_url"] == f"{BASE}{path}.feed?q=public&pagesize=2"
    assert told["home_page_url"].startswith(f"{BASE}/search?q=public")
    assert [one["id"] for one in told["items"]] == [text(one, "id") for one in entries]
    assert [one["title"] for one in told["items"]] == [text(one, "title") for one in entries]
    for one in told["items"]:
        assert isinstance(one["content_text"], str)
        assert RFC3339.fullmatch(one["date_published"])
        assert urlsplit(one["url"]).scheme == "https"
        assert all(author["name"] for author in one["authors"])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("format_", KINDS)
def test_the_format_is_that_of_the_extension_the_parameter_or_the_header(
    format_: str, path: str, searched: Demo
) -> None:
    kind = KINDS[format_]
    answers = [
        searched.client.get(f"{path}.{format_}?q=public&pagesize=1", headers={"Accept": "image/png"}),
        searched.client.get(f"{path}?q=public&pagesize=1&format={format_}", headers={"Accept": "image/png"}),
        searched.client.get(f"{path}?q=public&pagesize=1", headers={"Accept": f"text/html, {kind}"}),
    ]
    assert {one.headers["content-type"] for one in answers} == {kind}
    assert all("Accept" in one.headers["vary"] for one in answers)
    assert searched.client.get(path, headers={"Accept": "image/png"}).status_code == 406
    known = answers[0].headers["etag"]
    again = searched.client.get(f"{path}.{format_}?q=public&pagesize=1", headers={"If-None-Match": known})
    assert (again.status_code, again.content) == (304, b"")


def test_pages_of_a_feed_follow_each_other_to_the_end(searched: Demo) -> None:
    ids: list[str] = []
    address: str | None = f"{BASE}/v1/search/lines.atom?q=health&pagesize=100"
    while address is not None:
        root = fromstring(searched.client.get(address.removeprefix(BASE)).content)
        assert links(root)["self"] == address
        assert links(root)["first"] == f"{BASE}/v1/search/lines.atom?q=health"
        ids += [text(one, "id") for one in root.findall(f"{ATOM}entry")]
        address = links(root).get("next")
    assert len(ids) == len(set(ids)) == searched.lines(q="health")["total"]
    told = searched.client.get("/v1/search/lines.feed?q=health&pagesize=100").json()
    assert [one["id"] for one in told["items"]] == ids[:100]
    following = searched.client.get(told["next_url"].removeprefix(BASE)).json()
    assert [one["id"] for one in following["items"]] == ids[100:200]


def test_answers_and_feeds_lead_to_each_other(searched: Demo) -> None:
    answer = searched.client.get("/v1/search/lines?q=health&order=largest")
    addresses = re.findall('<([^>]+)>; rel="alternate"', answer.headers["link"])
    assert addresses == ["/v1/search/lines.atom?q=health", "/v1/search/lines.feed?q=health"]
    assert [searched.client.get(one).status_code for one in addresses] == [200, 200]
    root = fromstring(searched.client.get(addresses[0]).content)
    related = links(root)["related"].removeprefix(BASE)
    assert searched.client.get(related).json()["total"] == answer.json()["total"]


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_of_nothing_is_valid(path: str, searched: Demo) -> None:
    root = fromstring(searched.client.get(f"{path}.atom?q=zzzzzz").content)
    assert text(root, "updated") == "1970-01-01T00:00:00Z"
    told = searched.client.get(f"{path}.feed?q=zzzzzz").json()
    assert (told["items"], "next_url" in told) == ([], False)
