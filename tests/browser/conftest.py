"""A person's browser: Debian's Chromium, headless, with a fresh profile for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.demo import InstallDemo
from tests.servers import Served, serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module alone: as long as Playwright runs, nothing else in this process can run an event loop."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
        found = playwright.chromium.launch(executable_path=program, args=flags)
        yield found
        found.close()


@pytest.fixture(scope="session")
def demo(install_demo: InstallDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the demo packages, which tests only read."""
    with serving(install_demo(tmp_path_factory.mktemp("browser") / "data")) as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, demo: Served) -> Iterator[BrowserContext]:
    """A reader from nowhere who asks in English, on a laptop; paths are those of the demo."""
    context = browser.new_context(base_url=demo.address, locale="en-GB", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page that may log no error, and load nothing from elsewhere."""
    page = visitor.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []
