"""The pages of an import, without scripts: from a file to a dataset, and from next year's file to the next revision."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from litestar import Response

from openspending.browse import languages
from openspending.browse.wizard import sending, totals
from tests.browse.managing import Browser, Desk, desk, send
from tests.browse.uglyfile import ugly_workbook

pytestmark = pytest.mark.slow

BUDGET = "Year;Code;Ministry;Approved\n2026;01;Health;1200\n2026;02;Education;3400\n2026;03;Transport;1125\n"
AMBIGUOUS = "date;recipient;amount\n03.02.2026;Museum;1.250\n17.02.2026;Library;3.100\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("wizard")) as found:
        yield found


@pytest.fixture
def ada(place: Desk) -> Browser:
    return place.signed_in("ada")


def brought(browser: Browser, name: str, content: bytes, **fields: str) -> str:
    """The address of the page that a file leads to."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/import").text)
    assert found is not None
    files = {"file": (name, content, "application/octet-stream")}
    data = {"csrf": found[1], "owner": "ministry", "into": "", "url": "", **fields}
    answer = browser.post("/import", data=data, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return settled(browser, answer)


def settled(browser: Browser, answer: Any) -> str:
    """Where an answer leads to, when nothing is waited for any more."""
    where = str(answer.headers["location"])
    for _ in range(100):
        page = browser.get(where, follow_redirects=False)
        if page.status_code == 303:
            where = str(page.headers["location"])
        elif "data-job=" not in page.text:
            return where
        else:
            time.sleep(0.1)
    raise AssertionError(where)


def filled(page: str) -> list[tuple[str, str]]:
    """The fields of the columns' form as the page has them: each question with its answer."""
    found = []
    for question, rest in re.findall(
        r'name="question" value="([^"]*)">(.*?)(?=name="question"|</form>)', page, re.DOTALL
    ):
        chosen = re.search(r'name="answer" list="[a-z]+" value="([^"]*)"', rest)
        selected = re.search(r'<option value="([^"]*)" selected', rest)
        found.append(("question", question))
        found.append(("answer", chosen[1] if chosen else selected[1] if selected else ""))
    return found


def post(browser: Browser, path: str, fields: list[tuple[str, str]]) -> Any:
    """Send a form whose fields may come several times."""
    word = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get(path).text)
    assert word is not None
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    content = urlencode([("csrf", word[1]), *fields])
    return browser.post(path, content=content, headers=headers, follow_redirects=False)


def test_whoever_is_nobody_is_asked_to_sign_in(place: Desk) -> None:
    browser = Browser(place.application, base_url="http://testserver.local")
    answer = browser.get("/import", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=%2Fimport"


def test_an_ugly_file_becomes_a_dataset_without_scripts(ada: Browser, tmp_path: Path) -> None:
    columns = brought(ada, "Budget book 2025.xlsx", ugly_workbook(tmp_path / "a.xlsx").read_bytes())
    assert columns.endswith("/columns")
    page = ada.get(columns).text
    assert "Administrative: level 1, name" in page
    assert "Written as the number 1.234,56" in page
    assert "1.200,50" in page
    assert "times 1,000, EUR" in page
    files = ada.get(columns.replace("/columns", "/files")).text
    assert "header in row 4" in files
    assert "Source: Treasury" in files

    result = settled(ada, post(ada, columns, filled(page)))
    assert result.endswith("/result")
    shown = ada.get(result).text
    for amount in ("9,456,350", "9,366,100", "9,840,700"):
        assert amount in shown

    about = result.replace("/result", "/about")
    wrong = send(ada, about, {"title": "", "name": "budget-book", "countries": "Atlantis"})
    assert wrong.status_code == 400
    assert 'value="Atlantis"' in wrong.text
    assert wrong.text.count('class="fault"') == 2
    said = {"title": "Budget of Examplia", "name": "budget-book", "countries": "gh", "licence": "CC-BY-4.0"}
    said |= {
        "control.title": "Approved 2025",
        "control.equals": "9,840,700",
        "control.year": "2025",
        "control.source": "Law",
    }
    plan = settled(ada, send(ada, about, said))
    assert plan.endswith("/publish"), ada.get(plan).text
    assert "✓" in ada.get(plan).text

    done = settled(ada, send(ada, plan, {"message": "First", "visibility": "public"}))
    page = ada.get(done).text
    assert "Everybody can see it." in page
    assert 'href="/ministry/budget-book"' in page
    assert ada.get("/v1/datasets/ministry/budget-book").json()["title"] == "Budget of Examplia"
    assert "Budget book 2025.xlsx" not in ada.get("/import").text


def test_next_years_file_goes_straight_to_what_changes(ada: Browser) -> None:
    columns = brought(ada, "spending.csv", BUDGET.encode())
    post(ada, columns, [("question", "currency"), ("answer", "EUR")])
    draft = columns.removesuffix("/columns")
    settled(ada, send(ada, f"{draft}/about", {"title": "Spending", "name": "spending"}))
    settled(ada, send(ada, f"{draft}/publish", {"message": "", "visibility": "private"}))
    assert '<option value="ministry/spending">' in ada.get("/import").text
    following = BUDGET.replace("2026", "2027").replace("1200", "1300").encode()
    plan = brought(ada, "spending-2027.csv", following, into="ministry/spending", how="add")
    assert plan.endswith("/publish")
    page = ada.get(plan).text
    assert "nothing to decide" in page
    assert "5,725" in page
    assert "11,550" in page
    other = brought(ada, "spending-2028.csv", following.replace(b"2027", b"2028"), into="ministry/spending", how="add")
    done = settled(ada, send(ada, plan, {"message": "2027", "visibility": ""}))
    assert "Revision 2 has 6 lines." in ada.get(done).text
    compared = settled(
        ada, send(ada, other, {"message": "2028", "visibility": ""})
    )  # what it was planned on is old now
    assert compared.endswith("/publish")
    assert "Against revision 2" in ada.get(compared).text
    done = settled(ada, send(ada, compared, {"message": "2028", "visibility": ""}))
    assert "Revision 3 has 9 lines." in ada.get(done).text


def test_a_new_dataset_does_not_change_one_that_there_is(ada: Browser) -> None:
    columns = brought(ada, "budget.csv", BUDGET.encode())
    draft = columns.removesuffix("/columns")
    post(ada, columns, [("question", "currency"), ("answer", "EUR")])
    assert ada.get(f"/v1/drafts/{draft.rpartition('/')[2]}").json()["name"] == "budget-2"
    wrong = send(ada, f"{draft}/about", {"title": "Budget", "name": "budget"})
    assert "There is such a dataset already." in wrong.text
    assert 'value="Budget"' in wrong.text


def test_what_is_not_sure_is_asked_before_all_else_and_kept_as_a_draft(ada: Browser) -> None:
    columns = brought(ada, "grants.csv", AMBIGUOUS.encode())
    page = ada.get(columns).text
    assert "only you can say it" in page
    assert "1.250 is 1250" in page
    assert "grants.csv" in ada.get("/import").text
    silent = post(ada, columns, filled(page)[2:])
    assert silent.status_code == 400
    assert "Choose one of these first." in silent.text
    answers = [("question", "column:amount:writing"), ("answer-q1", "1.250 is 1250")]
    result = settled(ada, post(ada, columns, [*answers, *filled(page)[2:]]))
    assert result.endswith("/result"), ada.get(result).text
    assert "4,350" in ada.get(result).text


def test_what_means_nothing_known_is_told_beside_its_field_and_nothing_is_lost(ada: Browser) -> None:
    columns = brought(ada, "again.csv", BUDGET.encode())
    role = "column:Ministry:role"
    wrong = post(ada, columns, [("question", role), ("answer", "qwertz"), ("question", "currency"), ("answer", "EUR")])
    assert wrong.status_code == 400
    assert 'value="qwertz"' in wrong.text
    assert "There is no such meaning." in wrong.text
    assert 'value="EUR"' in wrong.text


def test_control_totals_that_do_not_hold_are_told_with_a_marked_copy(ada: Browser) -> None:
    columns = brought(ada, "wrong.csv", BUDGET.encode())
    draft = columns.removesuffix("/columns")
    settled(ada, post(ada, columns, [("question", "currency"), ("answer", "EUR")]))
    said = {"title": "Wrong", "name": "wrong", "control.title": "All", "control.equals": "1", "control.year": ""}
    result = settled(ada, send(ada, f"{draft}/about", {**said, "control.source": ""}))
    assert result.endswith("/result")
    page = ada.get(result).text
    assert "One thing must be mended" in page
    marked = re.search(r'href="(/v1/jobs/[^"]+/marked/[^"]+)"', page)
    assert marked is not None
    assert ada.get(marked[1]).status_code == 200
    assert ada.get(f"{draft}/publish", follow_redirects=False).status_code == 303
    word = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert word is not None
    mended = BUDGET.replace("1200", "-4524").encode()
    files = {"file": ("mended.csv", mended, "text/csv")}
    answer = ada.post(f"{draft}/mended", data={"csrf": word[1]}, files=files, follow_redirects=False)
    page = ada.get(settled(ada, answer)).text
    assert "What comes of it" in page
    assert f"{draft}/about" in page


def test_a_file_that_cannot_be_read_says_so(ada: Browser) -> None:
    stopped = brought(ada, "scan.pdf", b"%PDF-1.7 nothing here")
    page = ada.get(stopped).text
    assert "This could not be read" in page
    assert "PDF" in page


def test_a_form_without_its_word_does_nothing(ada: Browser) -> None:
    before = len(ada.get("/v1/drafts").json()["data"])
    answer = ada.post("/import", data={"owner": "ministry", "url": "https://example.org/a.csv"}, follow_redirects=False)
    assert answer.status_code == 403
    assert len(ada.get("/v1/drafts").json()["data"]) == before


def test_faults_of_the_first_form_are_told_at_once(ada: Browser) -> None:
    wrong = send(ada, "/import", {"owner": "strangers", "url": "ftp://example.org/a.csv"})
    assert wrong.status_code == 400
    assert wrong.text.count('class="fault"') == 2
    assert "ftp://example.org/a.csv" in wrong.text


def test_a_draft_can_be_deleted(ada: Browser) -> None:
    columns = brought(ada, "gone.csv", BUDGET.encode())
    draft = columns.removesuffix("/columns")
    assert send(ada, "/import", {}, f"{draft}/delete").headers["location"] == "/import"
    assert ada.get(columns).status_code == 404


def test_each_column_of_amounts_has_a_unit_and_currency_of_its_own(ada: Browser) -> None:
    rows = ("Year;Ministry;Grants (thousand EUR);Loans", "2026;Health;1200;30.50", "2026;Roads;3400;1500.25")
    columns = brought(ada, "grants and loans.csv", "\n".join([*rows, "2026;Parks;125;8.75", ""]).encode())
    page = ada.get(columns).text
    assert re.search(r"<summary>Its amounts: <b>times 1,000, EUR", page)
    assert re.search("because its label.* says “thousand”", page)
    loans = [("question", "column:Loans:unit"), ("answer", "1000000"), ("question", "column:Loans:currency")]
    wrong = post(ada, columns, [*loans, ("answer", "dollars")])
    assert wrong.status_code == 400
    assert "Write the three letters of the currency" in wrong.text
    assert 'value="dollars"' in wrong.text
    result = settled(ada, post(ada, columns, [*loans, ("answer", "usd")]))
    assert result.endswith("/result"), ada.get(result).text
    shown = ada.get(result).text
    assert "4,725,000" in shown
    assert "1,539,500,000" in shown
    again = ada.get(columns).text
    assert 'value="USD"' in again
    assert filled(again).count(("answer", "1000000")) == 1
    role = [("question", "column:Loans:role"), ("answer", "nothing")]
    unsaid = [("question", "column:Loans:unit"), ("answer", ""), *role]
    page = ada.get(settled(ada, post(ada, columns, unsaid))).text
    assert "the currency of “Loans”: USD" in page
    assert "does not count any more" in page
    draft = columns.removesuffix("/columns")
    plan = settled(ada, send(ada, f"{draft}/about", {"title": "Grants", "name": "grants-and-loans"}))
    done = settled(ada, send(ada, plan, {"message": "", "visibility": "private"}))
    assert "Revision 1 has 3 lines." in ada.get(done).text


def test_what_is_said_of_a_dataset_is_kept_by_the_next_file_and_its_period_moves_on(ada: Browser) -> None:
    columns = brought(ada, "plan_of_the_ministry.csv", BUDGET.encode())
    draft = columns.removesuffix("/columns")
    settled(ada, post(ada, columns, [("question", "currency"), ("answer", "MXN")]))
    form = ada.get(f"{draft}/about").text
    assert 'value="plan of the ministry"' in form
    assert 'value="2026-01-01"' in form
    assert 'value="2026-12-31"' in form
    wrong = {"title": "", "countries": "Mexico, Atlantis", "start": "2026-04-01", "end": "2025-03-31", "contact": "me"}
    wrong |= {"homepage": "ftp://a.org", "control.title": "All", "control.equals": "1.2.3,4,5"}
    told = send(ada, f"{draft}/about", {**wrong, "name": "plan-of-it", "control.year": "", "control.source": ""})
    assert told.status_code == 400
    assert told.text.count('class="fault"') == 7
    assert "“Atlantis” is no country" in told.text
    said = {"title": "Plan", "publisher": "Treasury", "contact": "info@treasury.example", "countries": "Mexico"}
    said |= {"licence": "CC-BY-4.0", "start": "2026-01-01", "end": "2026-12-31", "region": "MX-OAX, MX-PUE"}
    said |= {"granularity": "aggregated", "keywords": "plan, budget", "author": "Budget office", "homepage": ""}
    plan = settled(ada, send(ada, f"{draft}/about", {**said, "name": "plan-of-it"}))
    settled(ada, send(ada, plan, {"message": "", "visibility": "public"}))
    found = ada.get("/data/ministry/plan-of-it/datapackage.json").json()
    assert (found["countryCode"], found["regionCode"]) == ("MX", ["MX-OAX", "MX-PUE"])
    assert found["fiscalPeriod"] == {"start": "2026-01-01", "end": "2026-12-31"}
    publisher = {"title": "Treasury", "role": "publisher", "email": "info@treasury.example"}
    assert found["contributors"] == [publisher, {"title": "Budget office", "role": "author"}]
    assert (found["granularity"], found["keywords"]) == ("aggregated", ["plan", "budget"])

    following = BUDGET.replace("2026", "2027").replace("1200", "1300").encode()
    plan = brought(ada, "plan-2027.csv", following, into="ministry/plan-of-it", how="replace")
    assert "It will say that it covers 2027; until now it says 2026." in ada.get(plan).text
    settled(ada, send(ada, plan, {"message": "2027", "visibility": ""}))
    now = ada.get("/data/ministry/plan-of-it/datapackage.json").json()
    assert now["fiscalPeriod"] == {"start": "2027-01-01", "end": "2027-12-31"}
    same = ("title", "licenses", "contributors", "countryCode", "regionCode", "granularity", "keywords")
    assert {one: now[one] for one in same} == {one: found[one] for one in same}
    another = brought(ada, "another.csv", BUDGET.encode()).removesuffix("/columns")
    form = ada.get(f"{another}/about").text
    assert 'value="Treasury"' in form
    assert 'value="CC-BY-4.0" selected' in form


@pytest.mark.parametrize(
    ("written", "language", "amount"),
    [
        ("9,840,700", "en", "9840700"),
        ("9.840.700,50", "en", "9840700.50"),
        ("9 840 700,5", "es", "9840700.5"),
        ("1,000", "en", "1000"),
        ("1.000", "es", ""),
        ("-12.50", "es", "-12.50"),
        ("1.2.3,4,5", "en", ""),
        ("1,2,3", "en", ""),
        ("12.34.56", "es", ""),
        ("12,34,567.89", "en", "1234567.89"),
        ("about 5", "en", ""),
    ],
)
def test_an_amount_is_read_as_it_is_meant_or_not_at_all(written: str, language: str, amount: str) -> None:
    languages.speak(language)
    try:
        assert totals.amount(written) == amount
    finally:
        languages.speak("en")


def test_what_is_too_large_for_a_form_is_said_before_and_when_it_happens(ada: Browser) -> None:
    page = ada.get("/import")
    assert "Without scripts, files up to 10 MB can be sent." in page.text
    assert "connect-src 'self';" in page.headers["content-security-policy"]
    files = {"file": ("large.csv", bytes(10_500_000), "text/csv")}
    answer = ada.post("/import", data={"csrf": "x"}, files=files, headers={"Accept": "text/html"})
    assert answer.status_code == 413
    assert "The file is too large to be sent like this" in answer.text
    assert "Pack the file as ZIP" in answer.text


def test_pages_let_scripts_send_to_the_store_and_nowhere_else() -> None:
    answer: Any = Response(b"")
    policy = sending.letting_send(answer, "https://s3.example.org:8443").headers["Content-Security-Policy"]
    assert "connect-src 'self' https://s3.example.org:8443;" in policy
    hostile: Any = Response(b"")
    assert "Content-Security-Policy" not in sending.letting_send(hostile, "https://a; script-src *").headers


def test_what_nothing_in_the_file_says_is_asked_for_first(ada: Browser) -> None:
    rows = "Ministry;Approved\nHealth;1200.50\nRoads;3400.25\nParks;125.75\n"
    columns = brought(ada, "silent.csv", rows.encode())
    page = ada.get(columns).text
    assert "The file does not say which currency its amounts are in." in page
    assert "No column says of which year the amounts are." in page
    assert "<title>What the columns mean" in page
    said = [("question", "currency"), ("answer", "eur"), ("question", "year"), ("answer", "26")]
    unsaid = ada.get(settled(ada, post(ada, columns, []))).text
    assert unsaid.count(f'<a href="{columns}">Say it in the columns</a>') == 2
    wrong = post(ada, columns, said)
    assert "Write the year with four digits" in wrong.text
    result = settled(ada, post(ada, columns, [*said[:-1], ("answer", "2026")]))
    page = ada.get(result).text
    assert "4,726.5" in page
    assert ">2026<" in page
