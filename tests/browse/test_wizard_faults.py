"""Next year's workbook with twelve faults of twelve kinds: one report, each with its cell, a sentence and a fix."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from openspending.publishing import publish
from tests.browse.managing import Browser, Desk, desk, send, word
from tests.browse.seededyear import FAULTS, FIELDS, FIRST, SHEET, Fault, faulty_rows, write_book, write_package
from tests.browse.test_wizard import brought, settled

pytestmark = pytest.mark.slow

INTO = "ministry/national-budget"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("faults")) as found:
        package = write_package(tmp_path_factory.mktemp("package") / "p", 2025)
        publish(str(package), owner="ministry", store=found.parts.store.private, message="2025")
        yield found


@pytest.fixture(scope="module")
def ada(place: Desk) -> Browser:
    return place.signed_in("ada")


@pytest.fixture(scope="module")
def result(ada: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page that tells what is wrong."""
    book = write_book(tmp_path_factory.mktemp("book") / "budget.xlsx", faulty_rows(2026), faulty=True)
    return brought(ada, "national budget 2026.xlsx", book.read_bytes(), into=INTO, how="replace")


def entries(page: str) -> list[str]:
    return re.findall(r'<li>\s*<p class="where">.*?</li>', page, re.DOTALL)


def test_all_faults_are_in_one_report_of_no_more_entries(ada: Browser, result: str) -> None:
    assert result.endswith("/result")
    found = entries(ada.get(result).text)
    assert len(found) <= len(FAULTS) == len({one.cell for one in FAULTS}) == 12
    for one in found:
        _where, said, fix = re.findall(r"<p[^>]*>(.*?)</p>", one, re.DOTALL)
        assert "<strong>" in said
        assert fix.strip()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_each_fault_is_told_with_its_place(ada: Browser, result: str, fault: Fault) -> None:
    page = ada.get(result).text
    done = page.index("Put right by itself")
    mend, steps = entries(page[:done]), entries(page[done:])
    shown = f"<b>{fault.cell}</b>" if fault.cell[0].isalpha() else f"<b>Row {fault.cell}</b>"
    told = [one for one in (mend if fault.mend or fault.by_hand else steps) if shown in one]
    assert len(told) == 1, page


def test_the_workbook_comes_back_with_everything_marked(ada: Browser, result: str) -> None:
    link = re.search(r'href="(/v1/jobs/[^"]+/marked/[^"]+)"', ada.get(result).text)
    assert link is not None
    book = load_workbook(BytesIO(ada.get(link[1]).content))
    assert book.sheetnames == ["To fix", SHEET]
    for one in (fault for fault in FAULTS if fault.mend):
        cell = book[SHEET]["B31" if one.cell == "B32" else one.cell]  # of merged cells only the first one shows
        assert cell.comment is not None, one.what
        assert one.code in cell.comment.text


def test_what_was_mended_is_published_with_the_steps_that_were_taken(ada: Browser, result: str, tmp_path: Path) -> None:
    rows = faulty_rows(2026)
    rows[3][4] = date(2025, 12, 15)
    rows[7][2] = "02.1"
    del rows[10]
    for row in rows[13:19]:
        row[7] /= 1000
    rows[21][5], rows[23][0], rows[40][7] = "approved", 2026, -rows[40][7]
    rows[26][1] = rows[27][1] = rows[25][1]
    book = write_book(tmp_path / "mended.xlsx", rows)
    draft = result.removesuffix("/result")
    files: Any = {"file": ("national budget 2026.xlsx", book.read_bytes(), "application/octet-stream")}
    data = {"csrf": word(ada.get(result).text)}
    again = settled(ada, ada.post(f"{draft}/mended", data=data, files=files, follow_redirects=False))
    page = ada.get(again).text
    assert "What comes of it" in page
    assert [FIRST + at for at, row in enumerate(rows) if "Total Health" in row] == [11]
    assert "<b>Row 11</b>" in page
    done = settled(ada, send(ada, f"{draft}/publish", {"message": "2026", "visibility": ""}))
    assert "Revision 2 has 40 lines." in ada.get(done).text
    found = ada.get(f"/data/{INTO}/datapackage.json").json()["resources"][0]
    assert [one["kind"] for one in found["leaveOut"]] == ["note", "subtotal"]
    (amount,) = [one for one in found["schema"]["fields"] if one["name"] == "Amount (EUR)"]
    assert list(amount["replace"]) == ["307.641,46"]


def test_a_package_that_is_dropped_keeps_all_that_it_says(ada: Browser, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "budget"), "zip", write_package(tmp_path / "p", 2025))
    columns = brought(ada, "budget.zip", Path(packed).read_bytes())
    assert ada.get(columns).text.count("You said so, or the dataset does.") == len(FIELDS)
    draft = columns.removesuffix("/columns")
    assert 'value="National budget"' in ada.get(f"{draft}/about").text
    plan = settled(ada, send(ada, f"{draft}/about", {"title": "National budget", "name": "dropped"}))
    settled(ada, send(ada, plan, {"message": "", "visibility": ""}))
    schema = ada.get("/data/ministry/dropped/datapackage.json").json()["resources"][0]["schema"]
    assert (schema["fields"], schema["primaryKey"]) == (FIELDS, ["Year", "Code"])
