"""What pages show to whom: signing in and out, and private datasets, which nobody else hears of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.assembly import open_store
from openspending.assembly.composed import composed
from openspending.assembly.parts import Parts
from openspending.cli.demo import packages
from openspending.identity.installation import first_run
from openspending.publishing import publish
from openspending.settings import read_settings

pytestmark = pytest.mark.slow

Browser = TestClient[Any]
BASE = "http://testserver.local"
HTML = {"Accept": "text/html"}


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    settings = read_settings({}, data=tmp_path)
    (package,) = [one for one in packages() if one.name == "suginami-2013"]
    for store, owner in zip(
        (open_store(settings).public, open_store(settings).private), ("open", "closed"), strict=True
    ):
        publish(str(package), owner=owner, name="budget", store=store)
    with Parts(settings) as found:
        yield found


@pytest.fixture
def browser(parts: Parts) -> Iterator[Browser]:
    with TestClient(composed(parts), base_url=BASE) as client:
        yield client


def sign_in(browser: Browser, parts: Parts) -> None:
    link = first_run(parts.installation, BASE)
    assert link is not None
    assert browser.post("/v1/identity/sign-in", json={"code": link.partition("=")[2]}).status_code == 200


def test_pages_say_where_to_sign_in_and_how_to_sign_out(browser: Browser, parts: Parts) -> None:
    assert 'href="/sign-in?next=/open/budget"' in browser.get("/open/budget").text
    sign_in(browser, parts)
    signed_in = browser.get("/open/budget")
    assert "/sign-in" not in signed_in.text
    assert 'action="/sign-out"' in signed_in.text
    assert "form-action 'self'" in signed_in.headers["content-security-policy"]
    out = browser.post("/sign-out", headers={**HTML, "Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert out.headers["location"] == "/"
    assert 'href="/sign-in?next=/"' in browser.get("/").text


def test_a_private_dataset_has_a_page_and_is_found_for_those_who_may_see_it_and_is_counted_nowhere(
    browser: Browser, parts: Parts
) -> None:
    parts.search.catch_up()
    search = "/search?q=保健福祉費"
    assert browser.get("/closed/budget").status_code == 404
    assert "open/budget" in browser.get(search).text
    assert "closed/budget" not in browser.get(search).text
    sign_in(browser, parts)
    for path in ("/closed/budget", search):
        page = browser.get(path)
        assert page.status_code == 200
        assert "closed/budget" in page.text
        assert '<span class="badge">private</span>' in page.text
        assert page.headers["cache-control"] == "private, no-store"
    assert '<span class="badge">private</span>' not in browser.get("/open/budget").text
    counted = browser.get("/v1/usage?by=dataset").json()["data"]
    assert {one["dataset"] for one in counted} == {"", "open/budget"}
