"""A newspaper's page with charts of ours: they draw, open, speak, and say kindly when they cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.servers import Served
from tests.sites import site

pytestmark = pytest.mark.slow

REGIONS: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 0]]]},
        }
        for x, code in enumerate(("scotland", "wales"))
    ],
}
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "embed.html"


@pytest.fixture(scope="module")
def paper(demo: Served) -> Iterator[str]:
    """The address of the example, served by somebody else, with charts of the demo."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("http://127.0.0.1:8000", demo.address)
    with site() as found:
        found.files["/paper.html"] = (text.encode(), None)
        found.files["/favicon.ico"] = (b"", None)
        found.files["/regions.geojson"] = (json.dumps(REGIONS).encode(), None)
        yield found.url("/paper.html").replace("127.0.0.1", "localhost")  # another site, not another port alone


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 900})
    yield context
    assert context.cookies() == []
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails."""
    page = reader.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def test_charts_draw_and_open_on_another_site_in_two_languages(page: Page, paper: str) -> None:
    page.goto(paper)
    english, spanish = page.locator("openspending-chart").all()
    expect(english.locator("svg.chart")).to_be_visible()
    expect(english.locator(".total")).to_contain_text("73,828,820,178.00")
    expect(spanish.locator(".total")).to_contain_text("108.000.034,44")
    expect(spanish.locator("[data-mark]")).to_have_count(27)
    expect(spanish).to_contain_text("1 de 27, 1.045.502,87\u00a0MXN, no está en este mapa")
    english.locator("[data-mark]").first.focus()
    page.keyboard.press("Enter")
    expect(english.get_by_role("status")).to_contain_text("General purpose state services: 38,")
    page.keyboard.press("Backspace")
    expect(english.get_by_role("status")).to_contain_text("73,828,820,178.00")


def test_a_page_gives_a_map_shapes_of_its_own(page: Page, paper: str, demo: Served) -> None:
    page.goto(paper)
    chart = page.locator("openspending-chart").first
    there = {"src": f"{demo.address}/demo/ukgov-finances-cra@1", "chart": "map", "group": "region_2", "measure": ""}
    asked = {**there, "shapes": "/regions.geojson"}
    chart.evaluate("(one, asked) => { for (const name in asked) one.setAttribute(name, asked[name]); }", asked)
    expect(chart.locator("[data-mark]")).to_have_count(3)  # two regions, and all that is outside of them
    expect(chart).to_contain_text("11 of 13, ")
    chart.evaluate("one => one.setAttribute('shapes', '/nothing.geojson')")
    expect(chart).to_contain_text("The shapes that were given cannot be used: the server answers with an error.")
    expect(chart.locator("[data-mark]")).to_have_count(13)  # those that we have


def test_a_frame_shows_its_chart_and_leads_to_us(page: Page, paper: str) -> None:
    page.goto(paper)
    page.locator("iframe").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Suginami")
    expect(frame.locator("svg.chart")).to_be_visible()
    expect(frame.get_by_role("link", name="Open in OpenSpending")).to_have_attribute(
        "href", "/demo/suginami-2013@1/view?chart=bar&measure=amount.sum&group=category_2&theme=light"
    )


def test_charts_say_kindly_that_the_api_is_away(page: Page, paper: str, demo: Served) -> None:
    page.route(f"{demo.address}/v1/**", lambda route: route.abort())
    page.goto(paper)
    for chart in page.locator("openspending-chart").all():
        expect(chart.get_by_role("alert")).to_be_visible()
        expect(chart.get_by_role("link").first).to_be_visible()  # what the page itself has in its place


def test_without_scripts_the_page_has_links_and_the_frame_a_table(browser: Browser, paper: str, demo: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(paper)
    expect(page.get_by_role("link", name="Spending of Moldova, in figures")).to_be_visible()
    page.goto(f"{demo.address}/embed/demo/suginami-2013@1?chart=bar&group=category_2")
    expect(page.get_by_role("table")).to_contain_text("69,988,286,000")
    context.close()
