"""The pages of members, and the front page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from openspending.browse.dataset import dataset_page
from openspending.browse.listing import front_page, owner_page
from openspending.browse.member import member_page
from openspending.browse.viewer import viewer_page
from openspending.browse.viewer.place import Place
from openspending.client import Client
from tests.browse.reading import Browser, page
from tests.browse.test_viewer import rows

pytestmark = pytest.mark.slow

MINISTRY = "/demo/mexico-2015/members/ID_Ramo/9"


def test_a_member_is_shown_by_phase_and_by_what_it_is_made_of(browser: Browser) -> None:
    shown = page(browser, MINISTRY)
    assert "Comunicaciones y Transportes" in shown.text
    table = rows(browser, MINISTRY)
    assert [one[0].split()[0].lower() for one in table[1:]] == ["approved", "accrued", "adjusted", "paid"]
    assert "Total" not in [one[0] for one in table]
    assert "Responsible unit" in shown.text
    assert any("/facts/" in one for one in shown.links)
    assert "/demo/mexico-2015/members/ID_UR/643" in shown.links


def test_a_member_is_shown_over_the_years(browser: Browser) -> None:
    table = rows(browser, "/demo/ukgov-finances-cra/members/cofog1_2/01")
    assert [one[0] for one in table[1:8]] == [str(year) for year in range(2004, 2011)]


def test_a_member_is_looked_for_in_other_datasets(browser: Browser) -> None:
    shown = page(browser, "/demo/signed/members/who/A")
    assert "/search?q=%22A%22" in shown.links
    hostile = page(browser, "/eve@example.org/hostile/members/who/%3Cscript%3Ealert%28%27x%27%29%3C%2Fscript%3E")
    assert "<script>alert('x')</script>" in hostile.text
    assert not hostile.elements & {"img", "b"}


@pytest.mark.parametrize("path", ["ID_Ramo/none", "nothing/1", "ID_Ramo.Ramo/9"])
def test_a_member_that_is_none_is_not_here(browser: Browser, path: str) -> None:
    assert browser.get(f"/demo/mexico-2015/members/{path}").status_code == 404


def test_every_link_of_a_member_leads_somewhere(browser: Browser) -> None:
    inner = {one.partition("#")[0] for one in page(browser, "/demo/signed/members/who/B").links if one.startswith("/")}
    assert {one: browser.get(one).status_code for one in inner} == dict.fromkeys(inner, 200)


def test_a_fact_leads_to_its_members(browser: Browser) -> None:
    (fact,) = browser.get("/v1/datasets/demo/mexico-2015/facts?pagesize=1&cut=ID_Ramo:9&fields=_rid").json()["data"]
    assert MINISTRY in [one.replace("@1", "") for one in page(browser, f"/demo/mexico-2015/facts/{fact['_rid']}").links]


def test_what_a_search_finds_leads_to_its_members(browser: Browser) -> None:
    found = (browser.get(f"/search?q={word}").text for word in ("educacion", "health", "procurement", "費"))
    members = {one for text in found for one in re.findall(r'href="([^"]*/members/[^"]*)"', text)}
    assert members
    assert {one: browser.get(one).status_code for one in sorted(members)[::9]} == dict.fromkeys(
        sorted(members)[::9], 200
    )


def test_the_front_page_counts_and_leads_to_what_there_is(browser: Browser) -> None:
    shown = page(browser, "/")
    text = re.sub(r"\s+", " ", shown.text)
    assert re.search(r"\d datasets", text)
    assert re.search(r"4,\d\d\d budget lines", text)
    assert "United Kingdom" in text
    assert "/search?show=datasets&country=MX&order=newest" in shown.links
    assert any(one.endswith("@1") for one in shown.links)


class Counting(Client):
    """A client that remembers what it was asked for."""

    asked: list[str]

    async def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> httpx.Response:
        self.asked.append(path)
        return await super()._get(path, parameters)


def test_pages_ask_little(browser: Browser) -> None:
    client = Counting.in_process(browser.app)
    place = Place("demo", "mexico-2015")
    pages: list[tuple[Callable[[], Coroutine[Any, Any, object]], int]] = [
        (lambda: front_page(client, known=False), 4),
        (lambda: owner_page(client, "demo", "", known=False), 2),
        (lambda: dataset_page(client, place, asked={}, base="http://testserver.local"), 14),
        (lambda: viewer_page(client, place, {}, "http://testserver.local"), 4),
        (lambda: member_page(client, place, "ID_Ramo", "9", "http://testserver.local", known=False), 9),
    ]
    with ThreadPoolExecutor(1) as apart:  # where no event loop runs, as one does beside tests in a browser
        for page_of, most in pages:
            client.asked = []
            apart.submit(_run, page_of).result()
            assert len(client.asked) <= most, client.asked


def _run(page_of: Callable[[], Coroutine[Any, Any, object]]) -> None:
    asyncio.run(page_of())
