"""The page that searches, and the page of a fact: both for readers without scripts, whatever a publisher wrote."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browse.reading import Browser, Reader, page

pytestmark = pytest.mark.slow

SERVICES = "/search?q=services"
PAGES = ("/search", "/search?show=datasets", SERVICES, "/search?q=alert", "/search?q=%22%3E%3Cb%3E", "/search?from=x")


def found(browser: Browser, path: str) -> dict[str, Any]:
    answer: dict[str, Any] = browser.get(path).json()
    return answer


def squeezed(shown: Reader) -> str:
    return re.sub(r"\s+", " ", shown.text)


def test_every_page_has_a_box_that_searches(browser: Browser) -> None:
    for path in ("/", "/demo", "/demo/mexico-2015", "/search", "/nobody/nothing"):
        assert 'action="/search" method="get"' in browser.get(path).text


def test_a_dataset_is_searched_on_its_own(browser: Browser) -> None:
    assert '<input type="hidden" name="dataset" value="demo/mexico-2015">' in browser.get("/demo/mexico-2015").text
    shown = page(browser, "/search?q=educacion&dataset=demo/mexico-2015")
    assert "Remove Dataset: Mexico: federal budget 2015 (sample of 100 lines)" in shown.named


def test_lines_are_shown_with_marked_words_their_money_and_their_source(browser: Browser) -> None:
    shown = page(browser, "/search?q=educacion&phase=approved")
    assert "10 lines · 8,641,711.00 MXN approved expenditure" in squeezed(shown)
    assert "educación" in shown.marked
    assert "Administración y fomento de la educación naval" in shown.text
    source = next(link for link in shown.links if "/facts/" in link)
    assert source.startswith("/demo/mexico-2015/facts/")
    assert re.search(r"Row \d+ of budget\.csv", page(browser, source).text)


def test_a_code_is_marked_where_it_was_found(browser: Browser) -> None:
    assert page(browser, "/search?q=09.1&dataset=demo/suginami-2013").marked == ["9-1"]


def test_money_of_several_kinds_is_not_added_up(browser: Browser) -> None:
    shown = squeezed(page(browser, SERVICES))
    for figure in ("497,249,058.93 MDL adjusted", "464,539,600,000.00 MDL approved", "9,770,973,000.04 GBP"):
        assert figure in shown
    assert "they are not added up" in shown


def test_lines_of_one_dataset_stand_together_with_the_way_to_all_of_them(browser: Browser) -> None:
    shown = page(browser, SERVICES)
    assert "/search?q=services&dataset=demo/boost-moldova" in shown.links
    assert "All 1,306 lines in this dataset" in squeezed(shown)
    assert "in this dataset" not in page(browser, "/search?q=services&dataset=demo/boost-moldova").text


def test_facets_narrow_a_search_and_chips_widen_it_again(browser: Browser) -> None:
    assert "/search?q=services&year=2008" in page(browser, SERVICES).links
    narrowed = page(browser, "/search?q=services&year=2008")
    assert "182 lines · 1,401,213,000.01 GBP" in squeezed(narrowed)
    assert "/search?q=services&year=2008|2007" in narrowed.links
    assert narrowed.named == {"Remove Fiscal year: 2008": SERVICES}
    both = page(browser, "/search?q=services&year=2008|2007&country=GB&from=1000000")
    assert both.named["Remove Country: United Kingdom"] == "/search?q=services&year=2008|2007&from=1000000"
    assert both.named["Remove Amount: at least 1,000,000"] == "/search?q=services&country=GB&year=2008|2007"
    assert SERVICES in both.links


def test_a_page_leads_to_the_next_and_back_to_the_first(browser: Browser) -> None:
    (following,) = {link for link in page(browser, SERVICES).links if "cursor=" in link}
    second = page(browser, following)
    assert SERVICES in second.links
    assert "2,580 lines" in second.text
    assert second.text != page(browser, SERVICES).text


def test_datasets_are_found_by_what_they_are_about_and_by_their_lines(browser: Browser) -> None:
    shown = page(browser, "/search?show=datasets&q=suginami")
    assert "1 dataset" in shown.text
    assert set(shown.marked) == {"Suginami"}
    services = page(browser, "/search?show=datasets&q=services")
    assert "/search?q=services&dataset=demo/boost-moldova" in services.links
    assert "1,306 lines found" in squeezed(services)
    assert "/search?show=datasets&q=services&country=MD" in services.links


def test_a_word_that_is_nowhere_is_read_as_one_that_is(browser: Browser) -> None:
    shown = squeezed(page(browser, "/search?q=educaton"))
    assert "“educaton” read as" in shown
    assert "Did you mean" in shown
    nothing = page(browser, "/search?q=qqqqzzzz&country=GB")
    assert "Nothing was found" in nothing.text
    assert "/search?q=qqqqzzzz" in nothing.links


def test_a_search_can_be_followed_and_had_as_json(browser: Browser) -> None:
    shown = page(browser, "/search?q=educacion&year=2015&order=largest")
    feeds = {f"/v1/search/lines.{one}?q=educacion&year=2015" for one in ("atom", "feed")}
    assert feeds <= set(shown.links)
    assert all(browser.get(one).status_code == 200 for one in feeds)
    answer = found(browser, "/v1/search/lines?q=educacion&year=2015&order=largest")
    assert answer["total"] == 40
    assert "/v1/search/lines?q=educacion&year=2015&order=largest" in shown.links


@pytest.mark.parametrize("path", PAGES)
def test_what_is_written_and_what_is_asked_is_shown_as_text(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    shown = Reader(answer.text)
    assert not shown.elements & {"script", "img", "iframe", "object", "base"}
    assert not any(name.startswith("on") or name == "style" for name in shown.attributes)
    assert not any(link.lower().startswith(("javascript:", "data:", "//")) for link in shown.links)
    assert shown.forms == {"/search"}
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_built_so_that_it_can_be_read_aloud(browser: Browser, path: str) -> None:
    shown = Reader(browser.get(path).text)
    assert shown.headings.count("h1") == 1
    assert shown.headings[0] == "h1"
    assert shown.inputs == shown.labels


def test_hostile_values_are_found_and_marked(browser: Browser) -> None:
    shown = page(browser, "/search?q=alert&owner=eve@example.org")
    assert "<script>alert('x')</script>" in shown.text
    assert "alert" in shown.marked


def test_other_writing_directions_are_kept(browser: Browser) -> None:
    answer = browser.get("/search?q=החינוך")
    assert re.search(r'<p class="lead-value" dir="auto"><a [^>]*>משרד <mark>החינוך</mark></a></p>', answer.text)
    assert re.search(r'value="החינוך"[^>]* dir="auto"', answer.text)


def test_what_cannot_be_searched_for_is_said_on_the_page(browser: Browser) -> None:
    answer = browser.get("/search?q=road&from=much")
    assert answer.status_code == 400
    assert "“much” is no amount" in answer.text
    assert 'href="/sign-in?next=/search%3Fq%3Droad%26from%3Dmuch"' in answer.text
    assert Reader(answer.text).named == {"Remove Amount: at least much": "/search?q=road"}


@pytest.mark.parametrize("path", ["/search", SERVICES])
def test_search_engines_of_others_are_kept_out_of_ours(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_a_search_of_old_clients_is_answered_beside_the_page(browser: Browser) -> None:
    assert browser.get("/search/package?size=1").headers["content-type"].startswith("application/json")


def test_a_fact_is_shown_with_its_row_in_the_publishers_file(browser: Browser) -> None:
    (fact,) = found(browser, "/v1/datasets/demo/suginami-2013/facts?pagesize=1&fields=_rid")["data"]
    answer = browser.get(f"/demo/suginami-2013/facts/{fact['_rid']}?revision=1")
    shown = Reader(answer.text)
    assert re.search(r"Row \d+ of dataset\.csv", shown.text)
    assert answer.text.count('<tr class="chosen" aria-current="true">') == 1
    assert f"/v1/datasets/demo/suginami-2013@1/facts/{fact['_rid']}" in shown.links
    targets = {one for one in shown.links if one.startswith("/")}
    assert {one: browser.get(one).status_code for one in targets} == dict.fromkeys(targets, 200)
    assert browser.get("/demo/suginami-2013/facts/0?revision=1").status_code == 404
    hostile = found(browser, "/v1/datasets/eve@example.org/hostile/facts?fields=_rid")["data"]
    pages = [Reader(browser.get(f"/eve@example.org/hostile/facts/{one['_rid']}").text) for one in hostile]
    assert not set().union(*(one.elements for one in pages)) & {"script", "img", "b"}
