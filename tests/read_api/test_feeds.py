"""Changelogs as Atom feeds: valid, paged, with ids that stay, and never of what their asker may not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest

from openspending.actor import NOBODY
from openspending.datastore import changelog
from openspending.datastore.changelog import Entry
from openspending.read_api import atom
from openspending.read_api.changefeed import Channel, feed_of
from tests.read_api.homes import MEMBER, OWNER, STRANGER, Asking, asking, furnished

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://open.example.org"
ALL = ("/v1/changelog", f"/v1/owners/{OWNER}/changelog", f"/v1/datasets/{OWNER}/open/changelog")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder = tmp_path_factory.mktemp("feeds")
    with asking(furnished(folder), folder / "cache") as found:
        yield found


def links(parent: Element) -> dict[str, str]:
    return {one.attrib["rel"]: one.attrib["href"] for one in parent.findall(f"{ATOM}link")}


def text(parent: Element, name: str) -> str:
    found = parent.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return found[0].text or ""


def check(root: Element) -> list[Element]:
    """Raise AssertionError where RFC 4287 is not obeyed; return the entries."""
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for one in (root, *entries):
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d-\d\d)?:\S+", text(one, "id"))
        assert text(one, "title")
        assert RFC3339.fullmatch(text(one, "updated"))
        assert all(urlsplit(href).scheme == "https" for href in links(one).values())
        assert "alternate" in links(one)
    for one in entries:
        author = one.find(f"{ATOM}author")
        assert author is not None
        assert text(author, "name")
    ids = [text(one, "id") for one in entries]
    assert len(ids) == len(set(ids))
    updated = [text(one, "updated") for one in entries]
    assert text(root, "updated") == updated[0]
    return entries


@pytest.mark.parametrize("path", ALL)
def test_a_feed_is_valid_and_tells_what_the_changelog_tells(path: str, asked: Asking) -> None:
    answer = asked.as_(NOBODY).get(f"{path}.atom")
    assert answer.headers["content-type"].partition(";")[0] == "application/atom+xml"
    entries = check(fromstring(answer.content))
    told = asked.client.get(path).json()
    assert asked.client.get(f"{path}.json").json() == told
    positions = [int(text(one, "id").rpartition("/")[2]) for one in entries]
    assert positions == [one["position"] for one in reversed(told["data"])]
    assert links(fromstring(answer.content))["self"] == f"{BASE}{path}.atom"


@pytest.mark.parametrize("path", ALL)
def test_pages_follow_each_other_to_the_end_and_ids_stay(path: str, asked: Asking) -> None:
    whole = [text(one, "id") for one in check(fromstring(asked.as_(NOBODY).get(f"{path}.atom").content))]
    found: list[str] = []
    address: str | None = f"{path}.atom?pagesize=2"
    while address is not None:
        root = fromstring(asked.client.get(address.removeprefix(BASE)).content)
        entries = root.findall(f"{ATOM}entry")
        assert len(entries) <= 2
        found += [text(one, "id") for one in entries]
        assert links(root)["first"] == f"{BASE}{path}.atom"
        address = links(root).get("next")
    assert found == whole


@pytest.mark.parametrize("path", [*ALL, *(f"{one}.atom" for one in ALL)])
def test_who_has_it_already_is_told_so(path: str, asked: Asking) -> None:
    answer = asked.as_(NOBODY).get(path)
    again = asked.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert asked.client.get(f"{path}?zzzz=1").status_code == 400
    assert 'rel="alternate"; type="application/atom+xml"' in answer.headers["link"]


def test_a_dataset_leads_to_its_feed(asked: Asking) -> None:
    answer = asked.as_(NOBODY).get(f"/v1/datasets/{OWNER}/open")
    feed_of_it = f"/v1/datasets/{OWNER}/open/changelog.atom"
    assert f'<{feed_of_it}>; rel="alternate"; type="application/atom+xml"' in answer.headers["link"]
    assert answer.json()["links"]["feed"] == feed_of_it


def test_what_moved_is_told_under_both_names(asked: Asking) -> None:
    entries = check(fromstring(asked.as_(NOBODY).get(f"/v1/datasets/{OWNER}/new/changelog.atom").content))
    assert [text(one, "title") for one in entries] == [f"{OWNER}/old: renamed to {OWNER}/new"]
    titles = [text(one, "title") for one in check(fromstring(asked.client.get("/v1/changelog.atom").content))]
    assert {f"{OWNER}/hidden: hidden", f"{OWNER}/gone: withdrawn", f"{OWNER}/open: revision 1"} <= set(titles)


def test_a_feed_of_a_private_dataset_is_for_its_people(asked: Asking) -> None:
    path = f"/v1/datasets/{OWNER}/secret/changelog.atom"
    answer = asked.as_(MEMBER).get(path)
    assert answer.headers["cache-control"] == "private, no-store"
    assert [text(one, "title") for one in check(fromstring(answer.content))] == [f"{OWNER}/secret: revision 1"]
    for who in (STRANGER, NOBODY):
        assert asked.as_(who).get(path).status_code == 404
        for public in ("/v1/changelog.atom", f"/v1/owners/{OWNER}/changelog.atom"):
            assert b"secret" not in asked.client.get(public).content


def test_an_owner_who_published_nothing_has_no_feed(asked: Asking) -> None:
    answer = asked.as_(NOBODY).get("/v1/owners/nobody/changelog.atom")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_whatever_a_publisher_wrote_is_text_in_well_formed_xml() -> None:
    hostile = "</summary><script>&\x00\x08\ud800\ufffe]]>"
    entry = Entry(1, "2026-11-26T12:00:00Z", changelog.COMMIT, "a&b", "x<y", 1, "sha256:0", hostile, hostile)
    channel = Channel(BASE, hostile, "/v1/changelog", "public", "/")
    (found,) = check(fromstring(atom.written(feed_of(channel, [entry], 'a="<', None))))
    shown = "</summary><script>&\ufffd\ufffd\ufffd\ufffd]]>"
    assert text(found, "summary") == shown
    assert text(found, "title") == "a&b/x<y: revision 1"


def test_a_feed_without_entries_is_valid() -> None:
    root = fromstring(atom.written(feed_of(Channel(BASE, "None", "/v1/changelog", "public", "/"), [], "", None)))
    assert text(root, "updated") == "1970-01-01T00:00:00Z"
