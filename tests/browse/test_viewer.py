"""The viewer without scripts: its table, its choices, the same view elsewhere."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from urllib.parse import quote

import pytest

from tests.browse.reading import Browser, Reader, page

pytestmark = pytest.mark.slow

MEXICO = "/demo/mexico-2015/view"
PAID = "cut=phase.phase:%22executed%22"


def rows(browser: Browser, path: str) -> list[list[str]]:
    """The texts of the cells of the view's table."""
    table = browser.get(path).text.partition('<table class="view">')[2].partition("</table>")[0]
    found = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in found]
    return [[" ".join(unescape(re.sub(r"<[^>]*>", " ", one)).split()) for one in row] for row in cells]


def amount(text: str) -> Decimal:
    return Decimal(text.split(maxsplit=1)[0].replace(",", ""))


def test_a_dataset_is_first_shown_as_suits_it(browser: Browser) -> None:
    assert 'chart="treemap"' in browser.get(MEXICO).text
    assert 'chart="line"' in browser.get("/demo/ukgov-finances-cra/view").text
    assert 'chart="bar"' in browser.get("/demo/signed/view").text


def test_a_table_drills_down_and_back(browser: Browser) -> None:
    shown = page(browser, MEXICO)
    below = next(one for one in shown.links if "Gobierno" in one and "/view?" in one and not one.endswith("#lines"))
    assert rows(browser, below)[-1] == ["Total", "73,287,054.02"]
    deeper = page(browser, below)
    assert "Function" in deeper.text
    assert "Gobierno" in deeper.text
    back = next(one for one in deeper.links if "at=" not in one and "/mexico-2015/view?" in one)
    assert rows(browser, back)[-1][1] == "108,000,034.44"


def test_others_are_exact_and_open(browser: Browser) -> None:
    first = f"{MEXICO}?chart=bar&group=ID_UR&size=5&{PAID}"
    shown = rows(browser, first)
    assert len(shown) == 8
    assert shown[6][0] == "others (62)"
    assert sum(amount(one[1]) for one in shown[1:7]) == amount(shown[7][1]) == Decimal("108000034.44")
    following = next(one for one in page(browser, first).links if "skip=5" in one)
    rest = rows(browser, following)
    assert amount(rest[-1][1]) == amount(shown[6][1])
    assert rest[-2][0] == "others (57)"


def test_what_must_not_be_added_is_a_choice(browser: Browser) -> None:
    refused = page(browser, f"{MEXICO}?group=ID_FIN")
    assert "615,947,217.25" not in refused.text
    choice = next(one for one in refused.links if "cut=phase.phase:%22approved%22" in one)
    assert rows(browser, choice)[-1] == ["Total", "196,847,494"]
    beside = next(one for one in refused.links if "series=phase" in one)
    table = rows(browser, beside)
    assert [one.lower() for one in table[0][1:]] == ["approved mxn", "accrued", "adjusted", "paid"]
    assert table[-1] == ["Total", "196,847,494", "117,980,367.79", "193,119,321.02", "108,000,034.44"]


def test_two_phases_are_compared(browser: Browser) -> None:
    link = next(one for one in page(browser, MEXICO).links if "compare=" in one)
    table = rows(browser, link)
    assert table[0][1:] == ["Approved MXN", "Executed", "Difference"]
    assert table[-1] == ["Total", "196,847,494", "108,000,034.44", "-88,847,459.56"]
    boost = next(one for one in page(browser, "/demo/boost-moldova/view").links if "compare=" in one)
    assert rows(browser, boost)[-1][0] == "Total"


def test_members_to_filter_by_are_searched(browser: Browser) -> None:
    shown = page(browser, f"{MEXICO}?group=ID_FIN&{PAID}&filter=ID_UR&member=ingenieros")
    (link,) = (one for one in shown.links if "ID_UR.ID_UR:" in one)
    filtered = page(browser, link)
    assert "Responsible unit" in filtered.text
    assert "/demo/mexico-2015/members/ID_UR/117" in filtered.links


def test_wrong_parameters_are_told_with_what_there_is(browser: Browser) -> None:
    answer = browser.get(f"{MEXICO}?chart=cake&group=nothing&measure=x&order=y:up&colour=1&series=z&cut=q:1&{PAID}")
    assert answer.status_code == 400
    shown = Reader(answer.text).text
    for value in ("cake", "nothing", "“x”", "y:up", "colour", "“z”", "q:1", "treemap", "amount.sum", "ID_FIN"):
        assert value in shown


def test_a_cut_that_cannot_be_read_is_said(browser: Browser) -> None:
    answer = browser.get(f"{MEXICO}?group=ID_FIN&cut=amount%3E:abc")
    assert answer.status_code == 200
    assert "This cannot be shown" in answer.text


def test_another_revision_is_shown_when_the_address_names_it(browser: Browser) -> None:
    assert rows(browser, "/demo/mexico-2015@1/view")[-1][1] == "108,000,034.44"
    assert browser.get("/demo/mexico-2015@7/view").status_code == 404
    assert browser.get("/nobody/nothing/view").status_code == 404


def test_revisions_lead_to_what_changed(browser: Browser) -> None:
    shown = page(browser, "/demo/revised")
    assert "The first is 90" in shown.text
    assert "In 2025 it was 30 EUR, after 80,090 EUR in 2024." in " ".join(shown.text.split())
    (changes,) = (one for one in shown.links if "compare=" in one and "%401~%402" in one)
    table = rows(browser, changes)
    assert table[0] == ["Year", "Revision 1 EUR", "Revision 2", "Difference"]
    assert table[1] == ["2024", "80,100", "80,090", "-10"]
    older = page(browser, "/demo/revised@1")
    assert "This is an older revision" in older.text
    assert "80,100 EUR" in older.text
    assert "This is an older revision" in page(browser, "/demo/revised@1/view?group=code").text


def test_the_same_view_elsewhere_has_the_same_numbers(browser: Browser) -> None:
    for path in (MEXICO, "/demo/ukgov-finances-cra/view", "/demo/boost-moldova/view", "/demo/suginami-2013/view"):
        text = browser.get(path).text
        found = re.findall(r'id="use-(\w+)"[^>]*><code>(.*?)</code>', text, re.DOTALL)
        snippets = {name: unescape(code) for name, code in found}
        assert set(snippets) == {"url", "api", "curl", "sql", "python", "r", "sheet", "embed", "frame"}
        total = rows(browser, path)[-1][1].replace(",", "")
        api = browser.get(snippets["api"].replace("http://testserver.local", "")).json()
        assert Decimal(api["summary"][next(one for one in api["summary"] if one.endswith(".sum"))]) == Decimal(total)
        (address,) = re.findall(r"curl -sg '(.*)'", snippets["curl"])
        csv = browser.get(address.replace("http://testserver.local", ""))
        assert csv.status_code == 200
        assert address in snippets["r"]
        assert snippets["sheet"] == f'=IMPORTDATA("{address}")'


def test_every_link_of_a_view_leads_somewhere(browser: Browser) -> None:
    shown = page(browser, f"{MEXICO}?group=ID_FIN&{PAID}")
    inner = {one.partition("#")[0] for one in shown.links if one.startswith("/")}
    assert {one: browser.get(one).status_code for one in inner} == dict.fromkeys(inner, 200)


HOSTILE = ("", "?group=who&series=who", "?group=who&cut=who.who~:%3Cscript%3E", "?chart=%3Cb%3E")


@pytest.mark.parametrize("further", HOSTILE)
def test_hostile_values_are_shown_as_text(browser: Browser, further: str) -> None:
    answer = browser.get(f"/eve@example.org/hostile/view{further}")
    shown = Reader(answer.text)
    assert not shown.elements & {"img", "iframe", "b"}
    assert "<script>alert(" not in answer.text
    assert not any(name.startswith("on") or name == "style" for name in shown.attributes)
    assert not any(link.lower().startswith(("javascript:", "data:", "//")) for link in shown.links)


def test_a_view_says_who_may_keep_it(browser: Browser) -> None:
    answer = browser.get(MEXICO)
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-cache"
    assert quote("phase.phase:", safe=":.") in answer.text
