"""An import in a browser: an ugly file from the drop zone to a published dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browse.uglyfile import ugly_workbook
from tests.servers import Served, serving

pytestmark = pytest.mark.slow

WAIT = 30_000  # milliseconds, for a machine that has much else to do


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "data") as found:
        yield found


@pytest.fixture
def officer(browser: Browser, server: Served) -> Iterator[Page]:
    """The page of somebody who has just signed in, which may log no error."""
    assert server.process.stdout is not None
    link = re.search(r"http://\S+", server.process.stdout.readline())
    assert link is not None
    context = browser.new_context(base_url=server.address, locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(link.group())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.address}/")
    yield page
    context.close()
    assert said == []


def drop(page: Page, file: Path) -> None:
    """Drop a file where it may be dropped, as from another window."""
    zone = page.get_by_label("Files", exact=True)
    content = list(file.read_bytes())
    transfer = page.evaluate_handle(
        "([name, bytes]) => { const moved = new DataTransfer();"
        " moved.items.add(new File([new Uint8Array(bytes)], name)); return moved; }",
        [file.name, content],
    )
    zone.evaluate("(zone, moved) => { zone.files = moved.files; }", transfer)
    page.get_by_role("button", name="Look what is in it").click()


def test_an_ugly_file_is_dropped_looked_over_and_published(officer: Page, tmp_path: Path) -> None:
    page = officer
    page.goto("/import")
    drop(page, ugly_workbook(tmp_path / "Budget book 2025.xlsx"))

    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns mean", timeout=WAIT)
    programme = page.get_by_role("combobox", name="Means Programme")
    programme.fill("project code")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_have_attribute(
        "aria-selected", "true", timeout=WAIT
    )
    programme.press("ArrowDown")
    programme.press("ArrowUp")
    programme.press("Enter")
    expect(programme).to_have_value("Activity: project, code")
    page.get_by_role("button", name="See what comes of it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What comes of it", timeout=WAIT)
    expect(page.get_by_role("row", name="2025 approved 5 9,840,700")).to_be_visible()
    page.get_by_role("link", name="On: say what it is").click()
    page.get_by_label("Title").fill("Budget of Examplia")
    page.get_by_role("button", name="On to publishing").click()

    page.get_by_label("Everybody, at once").check(timeout=WAIT)
    page.get_by_role("button", name="Publish this revision").click()
    page.get_by_role("link", name="Look at the dataset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Budget of Examplia")
    largest = page.locator("openspending-chart [data-mark]").first
    expect(largest).to_have_accessible_name(re.compile(r"^Education[\s\S]*6,090,850\.00\sEUR"), timeout=WAIT)
    next_year(page, ugly_workbook(tmp_path / "Budget book 2026.xlsx", first=2025))


def next_year(page: Page, file: Path) -> None:
    """Next year's file is dropped and published: no step in between, and a handful of clicks."""
    clicks = 0

    def click(found: Locator) -> None:
        nonlocal clicks
        clicks += 1
        found.click()

    click(page.get_by_role("link", name="Manage"))
    click(page.get_by_role("link", name=re.compile("^New revision")))
    expect(page.get_by_label("Into which dataset")).to_have_value(re.compile("^admin/budget"))
    clicks += 2  # to drop the file, and to send it
    drop(page, file)
    expect(page.get_by_role("heading", level=1)).to_have_text("What will change", timeout=WAIT)
    expect(page.get_by_text("New", exact=True)).to_be_visible()
    expect(page.get_by_text("It will say that it covers 2025–2026; until now it says 2024–2025.")).to_be_visible()
    click(page.get_by_role("button", name="Publish this revision"))
    expect(page.get_by_text("Revision 2 has 15 lines.")).to_be_visible(timeout=WAIT)
    click(page.get_by_role("link", name="Look at the dataset"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Budget of Examplia")
    assert clicks == 6  # of the fifteen that it may take
