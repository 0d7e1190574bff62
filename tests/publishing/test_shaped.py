"""Packages whose tables are shaped as declared: their facts, where those stand, and what a marked copy leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.query import AggregateQuery, FactsQuery
from openspending.datastore.objects import ObjectStore
from openspending.etl.check import check
from openspending.etl.marked import MarkedCopy
from openspending.etl.sources import open_package
from openspending.etl.workspace import Workspace
from openspending.publishing import Published
from tests.publishing.packages import AMOUNT, CODE, LABEL, YEAR, write_package

pytestmark = pytest.mark.slow

Publish = Callable[[Path], Published]
Facts = Callable[[Published], list[dict[str, Any]]]
FILLED = {**LABEL, "fillDown": True}
LEAVE_OUT = [{"kind": "total", "reason": "sum of the chapter", "where": {"code": ["Total"]}}]
ROWS = [
    ["Budget of the town", None, None, None],
    ["year", "code", "label", "amount"],
    [2024, "01", "Roads", 5.5],
    [2024, "02", None, -1.25],
    [2024, "Total", None, 4.25],
    [2024, "03", "Parks", 7],
]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Plan 2024")
    for row in ROWS:
        sheet.append(row)
    folder = tmp_path / "p"
    folder.mkdir()
    book.save(folder / "plan.xlsx")
    return folder


def shaped(folder: Path, dialect: dict[str, Any]) -> Path:
    resource = {"path": "plan.xlsx", "dialect": {"headerRows": [2]} | dialect, "leaveOut": LEAVE_OUT}
    return write_package(folder, "", fields=[YEAR, CODE, FILLED, AMOUNT], resource=resource)


@pytest.mark.parametrize(("dialect", "sheet"), [({"sheetName": "Plan 2024"}, "Plan 2024"), ({"sheetNumber": 2}, "2")])
def test_facts_of_a_sheet_say_which_row_of_which_sheet_they_are(
    workbook: Path, published: Publish, facts: Facts, dialect: dict[str, Any], sheet: str
) -> None:
    done = published(shaped(workbook, dialect))
    found = facts(done)

    assert done.measures == {"amount": Decimal("11.25")}
    assert [(one["code"], one["label"], one["_row"], one["_sheet"]) for one in found] == [
        ("01", "Roads", 3, sheet),
        ("02", "Roads", 4, sheet),
        ("03", "Parks", 6, sheet),
    ]


def test_a_cube_of_a_sheet_answers_like_any_other(
    workbook: Path, tmp_path: Path, published: Publish, store: ObjectStore
) -> None:
    published(shaped(workbook, {"sheetName": "Plan 2024"}))
    published(shaped(workbook, {"sheetNumber": 2}))
    cubes = LiveCubes(store, tmp_path / "cache")
    cube = cubes.cube("ministry:budget")

    assert cube.aggregate(AggregateQuery()).summary["amount.sum"] == Decimal("11.25")
    assert len(cube.facts(FactsQuery()).data) == 3
    assert "_sheet" not in str(cube.facts(FactsQuery()).data)
    cubes.close()


def test_facts_of_text_files_have_no_sheet(tmp_path: Path, published: Publish, facts: Facts) -> None:
    done = published(write_package(tmp_path / "p", "year,code,label,amount\n2024,1,a,5\n"))

    assert "_sheet" not in facts(done)[0]


def test_rows_left_out_are_not_marked_as_wrong(tmp_path: Path) -> None:
    text = "year,code,label,amount\n2024,1,a,5\n2024,Total,a,x,,,\nTotal\n2024,2,b,oops\nA note\n2024,O3,c,1\n"
    rules = [{"where": {"code": ["Total"]}}, {"empty": ["code"]}]
    fields: list[Mapping[str, Any]] = [YEAR, {**CODE, "replace": {"O3": "03"}}, LABEL, AMOUNT]
    folder = write_package(tmp_path / "p", text, fields=fields, resource={"leaveOut": rules})
    copy = MarkedCopy(tmp_path / "marked.csv")
    with Workspace(tmp_path / "work") as work:
        opened = open_package(str(folder), tmp_path / "opened", None)
        checked = check(work.connection, opened.package, opened.model, opened.files)
        copy.write(work.connection, checked, opened.files)

    assert [(one.code, one.row) for one in checked.report.errors] == [("type-error", 5)]
    lines = (tmp_path / "marked.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if "type-error" in line] == [5]
    assert not any("-cell" in line or "rows-left-out" in line for line in lines)
