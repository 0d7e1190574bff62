"""What people come for, in a browser: a number that can be quoted, what became of it, a chart on their own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from openspending import publishing
from openspending.assembly import open_store
from openspending.settings import read_settings
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package
from tests.servers import Served, serving
from tests.sites import site

pytestmark = pytest.mark.slow

README: Final = Path(__file__).resolve().parents[2] / "README.md"
_FOCUSED: Final = """one => { let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement; return here === one; }"""


def mark(page: Page, name: str) -> Locator:
    return page.locator("openspending-chart [data-mark]").and_(page.get_by_label(name))


def total(page: Page) -> Locator:
    return page.locator("openspending-chart .total")


def marks(page: Page) -> list[str]:
    """What the chart says, mark by mark."""
    expect(page.locator("openspending-chart svg.chart")).to_be_visible()
    found: list[str] = page.locator("openspending-chart [data-mark]").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    return found


def test_a_question_leads_to_a_number_its_row_and_an_address_that_stays(page: Page, browser: Browser) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("educación")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Totals")).to_contain_text("10,080,562.80 MXN executed expenditure")
    page.get_by_role("link", name="Mexico: federal budget 2015").first.click()
    page.get_by_role("link", name="Open in the viewer").click()
    mark(page, "Desarrollo Social").click()
    expect(total(page)).to_contain_text("15,228,394.83 MXN")
    mark(page, ": 7,833,929.43 MXN").click()
    expect(total(page)).to_contain_text("7,833,929.43 MXN")

    said = page.get_by_role("main")
    expect(said).to_contain_text("Revision 1")
    expect(page.get_by_label("Filters")).to_contain_text("paid", ignore_case=True)
    expect(page.get_by_label("Way down")).to_contain_text("Educación")
    source = page.get_by_role("region", name="The lines behind it").get_by_role("link", name="Source row").first
    source.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("budget.csv")
    expect(page.locator("tr[aria-current=true]")).to_contain_text("5567225.59")
    page.go_back()

    expect(total(page)).to_contain_text("7,833,929.43 MXN")
    before = marks(page)
    page.get_by_role("button", name="Save this view").click()
    page.wait_for_url(re.compile("/q/[a-z2-7]{10}$"))
    assert marks(page) == before
    citation = f"Amount by Subfunction (Revision 1) [Data set]. OpenSpending. {page.url}"
    expect(page.locator("cite")).to_contain_text(citation)
    other = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    again = other.new_page()
    again.goto(page.url)
    assert marks(again) == before
    expect(again.get_by_role("main")).to_contain_text("A saved view of revision 1")
    other.close()


def tab_to(page: Page, target: Locator, most: int = 90) -> None:
    """Press Tab until the target has the focus."""
    target.wait_for()
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate(_FOCUSED):
            return
    raise AssertionError(f"Tab does not come to {target}")


def test_the_keyboard_alone_does_the_same(page: Page) -> None:
    keys = page.keyboard
    page.goto("/")
    tab_to(page, page.get_by_role("main").get_by_role("searchbox"))
    keys.type("educación")
    keys.press("Enter")
    tab_to(page, page.get_by_role("heading", name="Mexico: federal budget 2015").get_by_role("link"))
    keys.press("Enter")
    tab_to(page, page.get_by_role("link", name="Open in the viewer"))
    keys.press("Enter")
    tab_to(page, page.locator("openspending-chart [data-mark]").first)
    keys.press("End")
    expect(mark(page, "Desarrollo Social")).to_be_focused()
    keys.press("Enter")
    expect(mark(page, ": 7,833,929.43 MXN")).to_be_focused()
    keys.press("Backspace")
    expect(total(page)).to_contain_text("108,000,034.44 MXN")
    keys.press("End")
    keys.press("Enter")
    expect(page.locator("openspending-chart").get_by_role("status")).to_contain_text("Desarrollo Social: 15,228,394.83")
    expect(page.get_by_label("Way down")).to_contain_text("Desarrollo Social")
    tab_to(page, page.get_by_role("region", name="The lines behind it").get_by_role("link", name="Source row").first)
    keys.press("Enter")
    expect(page.locator("tr[aria-current=true]")).to_be_visible()


def test_a_ministry_is_asked_whether_it_spent_what_was_approved(page: Page) -> None:
    page.goto('/demo/mexico-2015@1/view?chart=treemap&group=ID_Ramo|ID_UR&cut=phase.phase:"executed"')
    mark(page, "Educación Pública").click()
    expect(page.get_by_label("Way down")).to_contain_text("Educación Pública")
    page.get_by_role("link", name="Compare approved and paid").click()
    page.wait_for_url(re.compile("compare="))
    expect(page.locator("openspending-chart svg.chart")).to_be_visible()
    asked: dict[str, str | float | bool] = {
        "left": "phase:approved",
        "right": "phase:executed",
        "cut": 'ID_Ramo.ID_Ramo:"11"',
    }
    answer = page.request.get("/v1/datasets/demo/mexico-2015@1/compare", params=asked).json()["summary"]
    drawn = {"approved": Decimal(0), "paid": Decimal(0)}
    for one in marks(page):
        found = re.search(r", (approved|paid) [^:]*: ([\d,.]+)\sMXN", one, re.IGNORECASE)
        assert found is not None, one
        drawn[found[1].lower()] += Decimal(found[2].replace(",", ""))
    assert drawn == {"approved": Decimal(answer["left"]), "paid": Decimal(answer["right"])}


ROWS: Final = "year,code,amount\n2026,Health,1200.25\n2026,Education,1980\n"


@pytest.fixture
def treasury(tmp_path: Path) -> Iterator[tuple[Served, Path]]:
    """A server that has just begun, without any data yet, and their folder."""
    with serving(tmp_path / "data") as server:
        yield server, tmp_path / "data"


def published(data: Path, folder: Path, rows: str) -> None:
    package = write_package(folder, rows, fields=(YEAR, CODE, AMOUNT), name="budget", title="Budget")
    store = open_store(read_settings({}, data=data)).public
    publishing.publish(str(package), owner="treasury", store=store, message="Figures")


def resident(server: Served) -> int:
    """Megabytes of memory that the server has."""
    said = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", said)
    assert found is not None
    return int(found[1]) // 1000


def test_from_an_empty_server_to_a_number_that_says_where_it_was_quoted_that_it_was_corrected(
    browser: Browser, treasury: tuple[Served, Path], tmp_path: Path
) -> None:
    server, data = treasury
    page = browser.new_page(base_url=server.address, locale="en-GB")
    page.goto("/")
    expect(page.get_by_role("heading", name="There are no datasets yet")).to_be_visible()
    expect(page.get_by_role("link", name="Import a file")).to_have_attribute("href", "/import")
    assert resident(server) <= 400

    published(data, tmp_path / "first", ROWS)
    page.reload()
    page.get_by_role("link", name="Budget").first.click()
    page.get_by_role("link", name="Open in the viewer").click()
    page.wait_for_url(re.compile("/view"))
    page.get_by_role("button", name="Save this view").click()
    page.wait_for_url(re.compile("/q/"))
    before = marks(page)
    expect(page.get_by_role("main")).not_to_contain_text("The total was")

    published(data, tmp_path / "second", ROWS.replace("1980", "2000"))
    page.reload()
    expect(page.get_by_text("The total was 3,180.25 EUR, and is 3,200.25 EUR since revision 2.")).to_be_visible()
    assert marks(page) == before
    page.get_by_role("link", name="See the newest one").click()
    expect(total(page)).to_contain_text("3,200.25 EUR")
    page.close()


def first_minutes() -> tuple[list[str], list[str]]:
    """What the README tells a stranger to type and to follow, in this order, and the amounts that it promises."""
    text = README.read_text(encoding="utf-8").partition("## The first five minutes")[2].partition("\n## ")[0]
    steps = " ".join(text.partition("\n\n**")[0].split())
    return re.findall("“(.+?)”", steps), re.findall(r"[\d,]+\.\d\d", steps)


def test_a_stranger_needs_the_readme_alone(page: Page, demo: Served) -> None:
    (question, source, dataset, viewer, save, embed), amounts = first_minutes()
    page.goto(demo.address)
    page.get_by_role("searchbox").fill(question)
    page.keyboard.press("Enter")
    for amount in amounts:
        expect(page.get_by_label("Totals")).to_contain_text(amount)
    page.get_by_role("link", name=source).first.click()
    expect(page.locator("tr[aria-current=true]")).to_contain_text(question, ignore_case=True)
    page.go_back()
    page.get_by_role("link", name=dataset).first.click()
    page.get_by_role("link", name=viewer).click()
    mark(page, "Desarrollo Social").click()
    expect(total(page)).to_contain_text("15,228,394.83 MXN")
    expect(page.get_by_label("Way down")).to_contain_text("Desarrollo Social")
    expect(page.get_by_role("button", name=save)).to_be_visible()
    page.get_by_text(embed, exact=True).click()
    pasted = page.locator("details[open] pre").inner_text()
    with site() as paper:
        paper.files["/paper.html"] = (f"<!doctype html><title>A paper</title>{pasted}".encode(), None)
        paper.files["/favicon.ico"] = (b"", None)
        page.goto(paper.url("/paper.html").replace("127.0.0.1", "localhost"))
        expect(total(page)).to_contain_text("15,228,394.83 MXN")
        mark(page, ": 7,833,929.43 MXN").click()
        expect(total(page)).to_contain_text("7,833,929.43 MXN")
