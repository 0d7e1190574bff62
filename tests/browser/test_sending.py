"""Large files from a page: straight to a real object store, by signed URL; interrupted, gone on with, cancelled."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.datastore.servers import Server, has_radosgw
from tests.servers import Served, openspending, serving

pytestmark = pytest.mark.slow

WAIT: Final = 30_000  # milliseconds, for a machine that has much else to do
BUDGET: Final = "Year;Code;Ministry;Approved\n2026;01;Health;1200\n2026;02;Education;3400\n2026;03;Transport;1125\n"
LARGE: Final = b"%PDF-1.7" + bytes(64 * 1024**2)  # two parts, of what is soon seen to be no table

if has_radosgw():

    @pytest.fixture(scope="module")
    def on_s3(radosgw: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        bucket = f"pages-{os.urandom(4).hex()}"
        settings = {
            "OS_STORAGE_BUCKET_NAME": bucket,
            "OS_S3_HOSTNAME": radosgw.endpoint,
            "OS_ACCESS_KEY_ID": radosgw.access_key,
            "OS_SECRET_ACCESS_KEY": radosgw.secret_key,
        }
        made = openspending("datastore", "init", **settings)
        assert made.returncode == 0, made.stderr
        with serving(tmp_path_factory.mktemp("pages") / "data", environment=settings) as found:
            yield found

    @pytest.fixture(scope="module")
    def officer(browser: Browser, on_s3: Served) -> Iterator[Page]:
        assert on_s3.process.stdout is not None
        link = re.search(r"http://\S+", on_s3.process.stdout.readline())
        assert link is not None
        context = browser.new_context(base_url=on_s3.address, locale="en-GB")
        page = context.new_page()
        page.goto(link.group())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{on_s3.address}/")
        yield page
        context.close()

    def choose(page: Page, name: str, content: bytes, folder: Path) -> None:
        page.goto("/import")
        (folder / name).write_bytes(content)
        page.get_by_label("Files", exact=True).set_input_files(str(folder / name))
        page.get_by_role("button", name="Look what is in it").click()

    def test_a_file_goes_from_the_page_to_the_object_store(
        officer: Page,
        radosgw: Server,
        tmp_path: Path,
    ) -> None:
        sent: list[str] = []
        officer.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
        choose(officer, "budget.csv", BUDGET.encode(), tmp_path)
        expect(officer.get_by_role("heading", level=1)).to_have_text("What the columns mean", timeout=WAIT)
        assert [one.startswith(f"{radosgw.endpoint}/") for one in sent] == [True]

    def test_what_was_interrupted_goes_on_where_it_was(officer: Page, tmp_path: Path) -> None:
        tried: list[str] = []

        def unsteady(route: Route) -> None:
            if route.request.method != "PUT":
                route.continue_()
                return
            number = route.request.url.partition("partNumber=")[2][:1]
            tried.append(number)
            if tried == ["1"]:
                route.abort("connectionreset")
            elif tried.count("2") == 1:
                route.fulfill(status=400, headers={"Access-Control-Allow-Origin": "*"})
            else:
                route.continue_()

        officer.route("**/*partNumber=*", unsteady)
        choose(officer, "scan.pdf", LARGE, tmp_path)
        said = officer.get_by_role("status").filter(has_text="scan.pdf")
        expect(said).to_contain_text("The connection was lost. It is tried again.", timeout=WAIT)
        expect(officer.get_by_text("The file could not be sent (400).")).to_be_visible(timeout=WAIT)
        officer.get_by_role("button", name="Look what is in it").click()
        expect(officer.get_by_role("heading", level=1)).to_have_text("This could not be read", timeout=WAIT)
        assert tried == ["1", "1", "2", "2"]
        officer.unroute("**/*partNumber=*")

    def test_who_cancels_leaves_nothing_behind(officer: Page, tmp_path: Path) -> None:
        made: list[str] = []
        officer.on("response", lambda one: made.append(one.url) if one.request.method == "DELETE" else None)
        officer.route("**/uploads/*/file*", lambda _route: None)  # no answer ever comes
        choose(officer, "budget.csv", BUDGET.encode(), tmp_path)
        expect(officer.get_by_text("sending", exact=True)).to_be_visible(timeout=WAIT)
        officer.get_by_role("button", name="Cancel sending").click()
        expect(officer.get_by_text("It was cancelled. Nothing was stored.")).to_be_visible(timeout=WAIT)
        expect(officer.get_by_role("button", name="Look what is in it")).to_be_focused()
        officer.wait_for_timeout(100)
        (upload,) = made
        assert officer.request.get(upload).status == 404
