"""Somebody who signs in by a one-time link, and manages a dataset in a browser."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.servers import Served, serving

pytestmark = pytest.mark.slow

PLAN = b"Year;Ministry;Approved\n2026;Health;1200\n2026;Education;3400\n"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "data") as found:
        yield found


@pytest.fixture
def desk(browser: Browser, served: Served) -> Iterator[Page]:
    """A page of whoever follows the link that the server prints for the first person."""
    context = browser.new_context(base_url=served.address, locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    assert served.process.stdout is not None
    link = next(re.search(r"http\S+#code=\S+", line) for line in served.process.stdout if "#code=" in line)
    assert link is not None
    page.goto(link.group())
    page.get_by_role("button", name="Sign in with the link").click()
    page.wait_for_url(f"{served.address}/")
    yield page
    context.close()
    assert said == []


def begin_import(context: BrowserContext, owner: str, csrf: str) -> None:
    """As a program would, with the browser's cookies."""
    ask, headers = context.request, {"X-CSRF-Token": csrf}
    digest = hashlib.sha256(PLAN).hexdigest()
    body = {"owner": owner, "filename": "plan.csv", "size": len(PLAN), "sha256": digest}
    upload = ask.post("/v1/uploads", data=body, headers=headers).json()
    ask.put(upload["parts"]["send"]["url"], data=PLAN, headers=headers)
    ask.post(upload["links"]["complete"], headers=headers)
    wanted = {"owner": owner, "name": "plan", "answers": {"currency": "EUR"}, "files": [{"upload": upload["id"]}]}
    assert ask.post("/v1/imports", data=wanted, headers=headers).status == 202


def test_a_dataset_is_imported_shown_and_hidden_and_a_token_made_and_revoked(desk: Page) -> None:
    desk.get_by_role("link", name="Manage").click()
    desk.get_by_role("link", name="Account").click()
    desk.locator("summary", has_text="Make a token").press("Enter")
    desk.get_by_label("What it is for").fill("nightly")
    desk.get_by_role("button", name="Make a token").click()
    expect(desk.locator(".secret")).to_have_text(re.compile("^osr_"))
    desk.get_by_role("link", name="Revoke nightly").click()
    desk.get_by_role("button", name="Revoke").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("The token is revoked")
    assert desk.locator(".secret").count() == 0

    begin_import(desk.context, "admin", desk.locator("[name=csrf]").first.input_value())
    desk.get_by_role("link", name="Jobs").click()
    desk.get_by_role("link", name="Import", exact=True).click()
    expect(desk.get_by_text("2 lines")).to_be_visible()  # the script asks for it until it is done
    desk.get_by_role("link", name="admin/plan").click()
    for deed, said in (("Publish", "Everybody sees the dataset now."), ("Hide", "Only the people of its owner")):
        desk.get_by_role("link", name=deed, exact=True).click()
        desk.get_by_role("button", name=deed, exact=True).click()
        expect(desk.get_by_role("status")).to_contain_text(said)
    desk.get_by_role("button", name="Sign out").click()
    desk.goto("/manage/admin/plan")
    expect(desk.get_by_role("heading", name="Sign in")).to_be_visible()
