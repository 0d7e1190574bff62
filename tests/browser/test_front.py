"""The pages in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow


def test_the_front_page_leads_to_datasets(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Suginami").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
