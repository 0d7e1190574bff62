"""Every kind of page for people with other eyes, hands and screens: WCAG 2.2 AA as far as axe-core can tell, a walk
with the keyboard alone, 360 pixels, dark, print, less motion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from openspending import publishing
from openspending.assembly import open_store
from openspending.settings import read_settings
from tests.publishing.packages import write_package
from tests.servers import Served, serving

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).resolve().parents[2]
AXE: Final = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES: Final[Mapping[str, str]] = {
    "home": "/",
    "dataset": "/demo/mexico-2015",
    "viewer": "/demo/ukgov-finances-cra/view",
    "pivot table": "/demo/mexico-2015/view?chart=pivot&group=ID_FIN|ID_Funcion&series=phase|ID_TG",
    "lines": "/search?q=services",
    "datasets": "/search?show=datasets&q=services",
    "nothing found": "/search?q=qqqqzzzz&country=GB",
    "one line": "/demo/boost-moldova/facts/{fact}",
    "member": "/demo/mexico-2015/members/ID_FIN/1",
    "embedded": "/embed/demo/boost-moldova",
    "not found": "/demo/nothing",
    "sign in": "/sign-in",
}
OWN: Final = (
    "/manage",
    "/manage/account",
    "/manage/usage",
    "/manage/gov/taktziv",
    "/manage/gov/taktziv/about",
    "/manage/gov/taktziv/rename",
    "/import",
)
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 360, "height": 740}
GRAVE: Final = ("serious", "critical")
_RUN: Final = """async (options) => (await axe.run(document, options)).violations.map(
  one => ({ id: one.id, impact: one.impact, nodes: one.nodes.slice(0, 5).map(node => node.html.slice(0, 200)) }))"""
_WIDER: Final = """() => [...document.querySelectorAll('body *')].filter(
  one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, .hidden, .skip, svg')
).slice(0, 5).map(one => one.outerHTML.slice(0, 160))"""

_FOCUSED: Final = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return { what: `${one.tagName} ${one.id || one.textContent.trim().slice(0, 40)}`, href: one.getAttribute('href'),
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight,
    ringed: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
      || [...one.children].some(part => one.ownerSVGElement && parseFloat(getComputedStyle(part).strokeWidth) >= 2) };
}"""
_DRAWN: Final = """() => [...document.querySelectorAll('openspending-chart')]
  .every(one => one.shadowRoot?.querySelector('svg, table, [role=alert]'))"""


@pytest.fixture(scope="module")
def testers(browser: Browser, demo: Served) -> Iterator[BrowserContext]:
    """A browser into whose pages a test may put a script, which their policy forbids."""
    context = browser.new_context(base_url=demo.address, locale="en-GB", viewport=WIDE, bypass_csp=True)
    yield context
    context.close()


@pytest.fixture
def seen(testers: BrowserContext) -> Iterator[Page]:
    page = testers.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def ministry(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A server with one dataset, which is written in Hebrew, and its administrator, who has signed in."""
    folder = tmp_path_factory.mktemp("ministry")
    rows = "year,code,label,amount\n2024,1,חינוך,1234567.50\n2024,2,בריאות (2024),-2.25\n"
    package = write_package(folder / "israel", rows, name="taktziv", title="תקציב המדינה 2024")
    data = folder / "data"
    publishing.publish(str(package), owner="gov", store=open_store(read_settings({}, data=data)).public)
    with serving(data) as server:
        assert server.process.stdout is not None
        link = next(re.search(r"http\S+#code=\S+", line) for line in server.process.stdout if "#code=" in line)
        assert link is not None
        context = browser.new_context(base_url=server.address, locale="en-GB", viewport=WIDE, bypass_csp=True)
        page = context.new_page()
        page.goto(link.group())
        page.get_by_role("button", name="Sign in with the link").click()
        page.wait_for_url(f"{server.address}/")
        page.close()
        yield context
        context.close()


@pytest.fixture
def desk(ministry: BrowserContext) -> Iterator[Page]:
    page = ministry.new_page()
    yield page
    page.close()


def opened(page: Page, path: str) -> None:
    if "{fact}" in path:
        lines = page.request.get("/v1/search/lines?dataset=demo/boost-moldova&pagesize=1").json()
        path = path.format(fact=lines["data"][0]["fact"])
    page.goto(path, wait_until="load")
    page.wait_for_function(_DRAWN)


def grave(page: Page, *rules: str) -> list[dict[str, Any]]:
    """What axe-core finds, by these rules or by all that there are."""
    options = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": rules}} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate(_RUN, options)
    return [one for one in found if one["impact"] in GRAVE]


def look(page: Page, path: str) -> None:
    """Look at a page light and dark, wide and narrow."""
    opened(page, path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert grave(page) == []
    page.emulate_media(color_scheme="dark")
    assert grave(page, "color-contrast", "link-in-text-block") == []
    page.set_viewport_size(NARROW)
    assert grave(page, "color-contrast", "target-size", "scrollable-region-focusable") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.evaluate(_WIDER)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_has_no_grave_fault_light_and_dark_wide_and_narrow(seen: Page, path: str) -> None:
    look(seen, path)


@pytest.mark.parametrize("path", OWN)
def test_a_page_for_the_signed_in_has_no_grave_fault_either(desk: Page, path: str) -> None:
    look(desk, path)


def walked(page: Page, steps: int) -> list[dict[str, Any]]:
    """What has the focus after each press of the Tab key, until it is back where it began."""
    found: list[dict[str, Any]] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        here = page.evaluate(_FOCUSED)
        if here["what"].startswith("BODY"):
            break
        found.append(here)
    return found


def test_the_keyboard_alone_searches_and_comes_to_what_was_found(seen: Page) -> None:
    opened(seen, "/")
    seen.keyboard.press("Tab")
    assert seen.evaluate(_FOCUSED) == {"what": "A Skip to content", "href": "#content", "seen": True, "ringed": True}
    seen.keyboard.press("Enter")
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.closest('main') !== null")
    seen.locator("main input[type=search]").focus()
    seen.keyboard.type("services")
    with seen.expect_navigation():
        seen.keyboard.press("Enter")
    way = walked(seen, 60)
    assert any("/facts/" in (one["href"] or "") for one in way)
    assert [one["what"] for one in way if not (one["seen"] and one["ringed"])] == []


@pytest.mark.parametrize("path", ["/demo/mexico-2015", PAGES["viewer"], "/sign-in"])
def test_whatever_the_keyboard_comes_to_is_seen(seen: Page, path: str) -> None:
    opened(seen, path)
    assert [one["what"] for one in walked(seen, 40) if not (one["seen"] and one["ringed"])] == []


def test_print_has_the_figures_and_not_what_leads_elsewhere(seen: Page) -> None:
    opened(seen, "/demo/mexico-2015")
    seen.emulate_media(media="print", color_scheme="dark")
    assert seen.get_by_text("108,000,034.44").first.is_visible()
    assert not seen.locator("header.site nav").is_visible()
    paper = seen.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert paper == ["rgb(27, 35, 48)", "rgba(0, 0, 0, 0)"]


def test_nothing_moves_for_those_who_ask_for_less_motion(seen: Page) -> None:
    seen.emulate_media(reduced_motion="reduce")
    for path in ("/", PAGES["viewer"]):
        opened(seen, path)
        assert seen.evaluate("document.getAnimations().length") == 0


def test_a_dataset_that_is_written_from_right_to_left_is_shown_so(desk: Page) -> None:
    desk.set_viewport_size(NARROW)
    opened(desk, "/gov/taktziv")
    for one, direction in (
        (desk.locator("h1"), "rtl"),
        (desk.get_by_text("בריאות (2024)").filter(visible=True).first, "rtl"),
        (desk.get_by_text("1,234,567.50").filter(visible=True).first, "ltr"),
    ):
        assert one.evaluate("one => getComputedStyle(one).direction") == direction
    assert desk.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    desk.evaluate("document.documentElement.dir = 'rtl'")  # as it will be in a language that is written so
    assert desk.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], desk.evaluate(_WIDER)
    brand = desk.locator(".brand").bounding_box()
    assert brand is not None
    assert brand["x"] > NARROW["width"] / 2


def test_styles_say_start_and_end_not_left_and_right() -> None:
    physical = re.compile(
        r"(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|text-align:\s*(?:left|right))\b(?=\s*:|;)"
    )
    sheets = (ROOT / "src" / "openspending").rglob("*.css")
    assert [
        (one.name, line)
        for one in sheets
        if "built" not in one.parts
        for line in one.read_text(encoding="utf-8").splitlines()
        if physical.search(line)
    ] == []
