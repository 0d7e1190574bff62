"""The chart element in a browser: it goes down and up, opens others, offers choices, and hands out files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.slow

PAID: Final = 'phase.phase:"executed"'
TOTAL: Final = Decimal("108000034.44")
VIEW: Final = f"/demo/mexico-2015/view?chart=treemap&group=ID_FIN|ID_Funcion&cut={PAID}"


@pytest.fixture
def anywhere(visitor: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails; the browser itself logs answers that refuse."""
    page = visitor.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    yield page
    page.close()
    assert said == []


def draw(page: Page, dataset: str, **view: str) -> Locator:
    """A chart alone on the page."""
    asked = json.dumps({"src": f"/demo/{dataset}", "lang": "en", **view})
    page.evaluate(
        f"""() => {{
          const chart = document.createElement("openspending-chart");
          for (const [name, value] of Object.entries({asked})) chart.setAttribute(name, value);
          document.querySelector("main").replaceChildren(chart);
          return customElements.get("openspending-chart") ?? import(
            "/static/openspending-chart.js").then(() => customElements.whenDefined("openspending-chart"));
        }}"""
    )
    return page.locator("openspending-chart")


def saved(page: Page, chart: Locator, kind: str) -> bytes:
    with page.expect_download() as download:
        chart.get_by_role("button", name=f"Download as {kind}").click()
    return Path(download.value.path()).read_bytes()


def test_the_viewer_page_keeps_in_step_with_its_chart(page: Page) -> None:
    page.goto(VIEW)
    chart = page.locator("openspending-chart")
    expect(page.get_by_role("heading", name="Amount by Purpose")).to_have_count(1)  # said by the page alone
    chart.get_by_role("button", name="73,287,054.02 MXN").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amount by Function")
    expect(page.locator("main")).to_contain_text("Gobierno")
    assert "at=ID_FIN.ID_FIN:" in page.url
    expect(chart.locator(".total")).to_contain_text("73,287,054.02")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amount by Purpose")
    expect(chart.locator(".total")).to_contain_text("108,000,034.44")
    page.locator("form#view select[name=chart]").select_option("donut")
    expect(chart.locator("path.slice")).to_have_count(3)
    assert "chart=donut" in page.url
    chart.locator("[data-mark]").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amount by Function")
    page.keyboard.press("Backspace")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amount by Purpose")


def test_others_open_and_files_have_exactly_what_is_shown(anywhere: Page) -> None:
    chart = draw(anywhere, "mexico-2015", chart="treemap", group="ID_Ramo", cut=PAID, size="5")
    expect(chart.get_by_role("heading", level=2)).to_have_text("Amount by Ministry (ramo)")
    rest = chart.get_by_role("button", name="others (16)")
    expect(rest).to_be_visible()
    rows = list(csv.reader(io.StringIO(saved(anywhere, chart, "CSV").decode())))
    assert rows[0] == ["code", "Ministry (ramo)", "Amount (MXN)"]
    assert sum(Decimal(row[2]) for row in rows[1:]) == TOTAL
    svg = saved(anywhere, chart, "SVG").decode()
    assert "Instituto Nacional Electoral" in svg
    assert not any(word in svg for word in ("<style", "class=", "<script"))
    png = saved(anywhere, chart, "PNG")
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") >= 1600
    rest.press("Enter")
    left = Decimal(rows[-1][2])
    expect(chart.locator(".total")).to_contain_text(f"{left:,}")
    expect(chart.get_by_role("button", name="others (11)")).to_be_visible()
    chart.get_by_role("button", name="All", exact=True).click()
    expect(chart.locator(".total")).to_contain_text(f"{TOTAL:,}")


def test_what_must_not_be_added_up_is_a_choice(anywhere: Page) -> None:
    chart = draw(anywhere, "mexico-2015", chart="treemap", group="ID_FIN")
    expect(chart).to_contain_text("the same money at several stages")
    chart.get_by_role("button", name="Approved", exact=True).click()
    expect(chart.locator(".total")).to_contain_text("196,847,494.00")
    chart = draw(anywhere, "mexico-2015", chart="treemap", group="ID_FIN")
    chart.get_by_role("button", name="All, side by side").click()
    expect(chart.locator("[data-mark]")).to_have_count(12)
    expect(chart.locator(".total")).to_have_count(0)


def test_a_chart_that_shows_nothing_offers_others(anywhere: Page) -> None:
    chart = draw(anywhere, "mexico-2015", chart="map", group="ID_Ramo", cut=PAID)
    expect(chart).to_contain_text("The map has no shapes for these members.")
    chart.get_by_role("button", name="Bars").click()
    expect(chart.locator("svg.chart")).to_be_visible()


def test_a_map_of_regions_tells_what_is_not_on_it_and_opens_by_keyboard(anywhere: Page) -> None:
    chart = draw(anywhere, "mexico-2015", chart="map", group="ID_EF|ID_Funcion", cut=PAID)
    expect(chart.locator("[data-mark]")).to_have_count(27)  # 26 states, and all that is outside of them
    chart.get_by_text("1 of 27, 1,045,502.87 MXN, is not on this map").click()
    expect(chart.locator(".outside li")).to_have_text(["En El Extranjero (33): 1,045,502.87 MXN"])
    chart.locator('[role=button][aria-label^="Guerrero: "]').press("Enter")
    expect(chart.locator(".crumbs")).to_contain_text("Guerrero")


def test_members_lead_to_their_pages(page: Page) -> None:
    own = "/demo/mexico-2015@1/members/ID_FIN/1"
    page.goto(VIEW)
    chart = page.locator("openspending-chart")
    first = chart.locator("[data-mark]").first
    first.hover()
    detail = chart.locator(".tip a")
    expect(detail).to_have_attribute("href", f"{page.evaluate('location.origin')}{own}")
    detail.hover()  # it stays while the pointer is on it
    page.wait_for_timeout(300)
    expect(detail).to_be_visible()
    detail.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gobierno")
    page.go_back()
    first.focus()
    page.keyboard.press("Tab")
    expect(detail).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    chart.get_by_text("The same as a table").click()
    link = chart.get_by_role("link", name="Gobierno: its page")
    expect(link).to_have_attribute("href", f"{page.evaluate('location.origin')}{own}")
    assert link.get_attribute("target") is None


def test_a_pivot_table_goes_down_and_out_as_csv(anywhere: Page) -> None:
    chart = draw(anywhere, "mexico-2015", chart="pivot", group="ID_FIN|ID_Funcion", series="phase|ID_TG", size="3")
    expect(chart.locator("th[scope=rowgroup]")).to_have_count(3)
    expect(chart.locator("th[scope=colgroup]")).to_have_count(4)
    rows = list(csv.reader(io.StringIO(saved(anywhere, chart, "CSV").decode())))
    paid = [at for at, one in enumerate(rows[0]) if one.startswith("Paid › ")]
    assert sum(Decimal(row[at] or 0) for row in rows[1:] for at in paid) == TOTAL
    chart.get_by_role("button", name="Gobierno", exact=True).click()
    expect(chart.locator("tfoot")).to_contain_text("73,287,054.02")
    expect(chart.locator("th[scope=rowgroup]")).to_have_count(0)


def test_a_map_loads_nothing_twice(anywhere: Page) -> None:
    loaded: list[str] = []
    anywhere.on("request", lambda one: loaded.append(one.url) if "/static/built/" in one.url else None)
    chart = draw(anywhere, "mexico-2015", chart="map", group="ID_EF", cut=PAID)
    expect(chart.locator("svg.chart")).to_be_visible()
    parts = [one.partition("?")[0] for one in loaded]
    assert len(parts) == len(set(parts)) >= 4, parts
