"""Browsers keep pages, and ask each time whether they are still so: 304 where they are, and never for what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending import publishing
from openspending.assembly.composed import composed
from openspending.assembly.parts import Parts
from openspending.browse import fresh
from openspending.browse.viewer.place import Place
from openspending.datastore import moving
from openspending.settings import read_settings
from tests.browse.reading import Browser
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package

pytestmark = pytest.mark.slow

MEXICO = "/demo/mexico-2015"
PAGES = ["/", "/demo", "/search?q=a", MEXICO, f"{MEXICO}@1", f"{MEXICO}/view", f"/embed{MEXICO}"]
CHANGES = ["/town/money", "/town/money@1", "/town/money/view", "/town/money@1/view", "/embed/town/money", "/town", "/"]

Publish = Callable[[str], None]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_as_it_was_is_304(browser: Browser, path: str) -> None:
    first = browser.get(path)
    assert first.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    again = browser.get(path, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert again.headers["cache-control"] == "no-cache"
    for other in ({"Accept-Language": "es"}, {"If-None-Match": '"other"'}):
        assert browser.get(path, headers={**known, **other}).status_code == 200
    assert browser.get(f"{path}{'&' if '?' in path else '?'}lang=es", headers=known).status_code == 200


def test_the_states_of_pages_are_the_same_by_head_as_by_get(browser: Browser) -> None:
    place = Place.read("demo", "mexico-2015")
    for path in {*fresh.of_dataset(place), *fresh.of_view(place)}:
        assert browser.head(path).headers["etag"] == browser.get(path).headers["etag"], path


@pytest.mark.parametrize("path", ["/static/openspending.css", "/static/manage.css", "/static/icon.svg"])
def test_a_style_sheet_is_sent_once(browser: Browser, path: str) -> None:
    first = browser.get(path)
    assert (first.status_code, "stale-while-revalidate" in first.headers["cache-control"]) == (200, True)
    again = browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[TestClient[Any], Parts, Publish]]:
    def publish(amount: str) -> None:
        rows = f"year,code,amount\n2024,1,{amount}\n2025,2,30\n"
        package = write_package(tmp_path / amount, rows, fields=(YEAR, CODE, AMOUNT), name="money", title="Money")
        publishing.publish(str(package), owner="town", store=parts.store.public)

    with Parts(read_settings({}, data=tmp_path / "data")) as parts, TestClient(composed(parts)) as client:
        publish("100")
        parts.search.catch_up()
        yield client, parts, publish


def test_what_was_corrected_or_hidden_is_shown_from_no_browsers_cache(
    asked: tuple[TestClient[Any], Parts, Publish],
) -> None:
    client, parts, publish = asked
    tags = {path: client.get(path).headers["etag"] for path in CHANGES}
    publish("900")
    parts.search.catch_up()
    for path, etag in tags.items():
        answer = client.get(path, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.headers["etag"] != etag) == (200, True), path
        tags[path] = answer.headers["etag"]
        assert client.get(path, headers={"If-None-Match": tags[path]}).status_code == 304, path
    moving.hide(parts.store, "town", "money", event="h", by="ada", at=datetime.now(UTC))
    parts.search.catch_up()
    gone = {path: client.get(path, headers={"If-None-Match": etag}).status_code for path, etag in tags.items()}
    assert gone == {**dict.fromkeys(CHANGES[:-1], 404), "/": 200}
