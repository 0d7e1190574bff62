from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from openspending import publishing
from openspending.assembly import application, open_store
from openspending.cli.demo import packages
from openspending.settings import read_settings
from tests.browse.reading import Browser, Reader, page

pytestmark = pytest.mark.slow


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Browser]:
    with application(read_settings({}, data=tmp_path)) as app, TestClient(app) as client:
        yield client


def test_the_list_shows_every_dataset_with_what_is_known_of_it(browser: Browser) -> None:
    shown = page(browser, "/")
    assert "/demo/mexico-2015" in shown.links
    for words in ("Moldova BOOST", "United Kingdom", "2014", "PDDL-1.0", "2,000", "demo/boost-moldova"):
        assert words in shown.text


def test_an_owners_page_shows_that_owners_datasets_only(browser: Browser) -> None:
    shown = page(browser, "/demo")
    assert "Moldova BOOST" in shown.text
    assert "eve@example.org" not in shown.text


def test_pages_lead_feed_readers_to_their_feeds(browser: Browser) -> None:
    feeds = {
        "/": "/v1/changelog.atom",
        "/demo": "/v1/owners/demo/changelog.atom",
        "/demo/mexico-2015": "/v1/datasets/demo/mexico-2015/changelog.atom",
    }
    for address, feed in feeds.items():
        assert feed in page(browser, address).links
        assert browser.get(feed).status_code == 200


def test_without_datasets_the_list_says_how_to_begin(empty: Browser) -> None:
    assert "openspending demo" in page(empty, "/").text


def test_a_dataset_shows_its_exact_totals_with_their_currency(browser: Browser) -> None:
    shown = page(browser, "/demo/ukgov-finances-cra").text
    assert re.search(r"12,008,553,000\.04\s+GBP", shown)
    several = page(browser, "/demo/boost-moldova").text
    for amount in ("730,448,500,000", "779,486,656.62", "73,828,820,178"):
        assert amount in several


def test_a_dataset_shows_totals_by_its_classifications(browser: Browser) -> None:
    shown = page(browser, "/demo/ukgov-finances-cra").text
    assert re.search(r"Running Government\s+01", shown)
    assert "4,332,373,000.04" in shown
    assert "36.1 %" in shown


def test_phases_are_chosen_from_not_added_up(browser: Browser) -> None:
    paid = page(browser, "/demo/mexico-2015")
    assert "108,000,034.44" in paid.text
    assert "?phase=approved" in paid.links
    assert "196,847,494" in page(browser, "/demo/mexico-2015?phase=approved").text
    assert "615,947,217.25" not in paid.text


def test_currencies_are_chosen_from_not_added_up(browser: Browser) -> None:
    shown = page(browser, "/demo/money")
    assert "130.25" in shown.text
    assert "?currency=JPY" in shown.links
    assert "80,000" in page(browser, "/demo/money?currency=JPY").text
    assert "80,130.25" not in shown.text


def test_an_unknown_phase_shows_the_usual_one(browser: Browser) -> None:
    assert "108,000,034.44" in page(browser, "/demo/mexico-2015?phase=%22|x:1").text


def test_negative_amounts_are_shown_without_shares(browser: Browser) -> None:
    shown = page(browser, "/demo/signed")
    assert "-1,200.5" in shown.text
    assert " %" not in shown.text
    assert "(not given)" in shown.text


def test_warnings_are_shown_with_a_fix(browser: Browser) -> None:
    shown = page(browser, "/demo/boost-moldova").text
    assert "File size differs from the descriptor" in shown
    assert "Correct “bytes” in the descriptor" in shown


def test_the_history_shows_each_revisions_message(browser: Browser) -> None:
    assert "The first is 90" in page(browser, "/demo/revised").text


@pytest.mark.parametrize("path", ["/", "/demo", "/demo/mexico-2015", "/demo/boost-moldova", "/eve@example.org/hostile"])
def test_every_link_of_a_page_leads_somewhere(browser: Browser, path: str) -> None:
    inner = {one for one in page(browser, path).links if not one.startswith(("http:", "https:", "#"))}
    targets = {path + one if one.startswith("?") else one for one in inner}
    assert targets
    assert {one: browser.get(one).status_code for one in targets} == dict.fromkeys(targets, 200)


def test_the_query_behind_a_table_answers_the_same_amounts_as_csv(browser: Browser) -> None:
    links = page(browser, "/demo/ukgov-finances-cra").links
    query = next(one for one in links if "/aggregate.csv?" in one and "cofog1" in one)
    answer = browser.get(query)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "4332373000.04" in answer.text


@pytest.mark.parametrize("path", ["/", "/eve@example.org", "/eve@example.org/hostile"])
def test_what_publishers_write_is_shown_as_text(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    shown = Reader(answer.text)
    assert "<script>alert(" in shown.text
    assert not shown.elements & {"img", "iframe", "object", "base", "b"}
    ours = re.compile(r'<script type="module" src="/static/built/[a-z]+\.js\?[0-9a-f]+">')
    assert all(ours.fullmatch(one) for one in re.findall(r"<script[^>]*>", answer.text))
    assert shown.forms == {"/search"}
    assert not any(name.startswith("on") or name == "style" for name in shown.attributes)
    assert not any(link.lower().startswith(("javascript:", "data:", "//")) for link in shown.links)


@pytest.mark.parametrize("path", ["/", "/demo/mexico-2015", "/demo/nothing"])
def test_pages_allow_nothing_from_elsewhere_and_nothing_written_into_them(browser: Browser, path: str) -> None:
    policy = browser.get(path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/demo/nothing", "/nobody", "/nobody/nothing", "/<script>alert(1)</script>", "/../x"])
def test_what_does_not_exist_is_a_page_that_says_so(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "<script>" not in answer.text


def test_a_dataset_that_is_not_derived_yet_can_be_downloaded_already(tmp_path: Path) -> None:
    settings = read_settings({}, data=tmp_path / "data")
    publishing.publish(str(packages()[-1]), owner="demo", store=open_store(settings).public)
    for derived in (tmp_path / "data" / "public").rglob("build.json"):
        derived.unlink()
    with application(settings) as app, TestClient(app) as client:
        shown = page(client, "/demo/ukgov-finances-cra")
        assert "12,008,553,000.04" in shown.text
        assert any(link.endswith(".csv") for link in shown.links)
        assert "being computed" in page(client, "/").text


def test_a_dataset_can_be_downloaded_in_every_form(browser: Browser) -> None:
    shown = page(browser, "/demo/mexico-2015")
    for ending in (".xlsx", ".parquet", ".csv.gz", ".sqlite", ".duckdb"):
        (link,) = (one for one in shown.links if one.endswith(ending))
        assert browser.head(link).status_code == 200
