"""Packages whose tables lie in workbooks, pages and JSON are checked like those of CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from openspending.etl.check import Checked
from openspending.fdp.problems import Problem
from tests.etl.formats import workbooks

Problems = Callable[..., list[Problem]]
Write = Callable[..., Path]
ROWS = [["Budget", "", ""], ["year", "code", "amount"], ["2015", "001", "1.50"], ["2016", "002", "x"]]


def xlsx(rows: list[list[str]]) -> bytes:
    return workbooks.xlsx(
        "".join(
            "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) + "</row>" for row in rows
        )
    )


def page(rows: list[list[str]]) -> bytes:
    return ("<table>" + "".join("<tr><td>" + "<td>".join(row) for row in rows) + "</table>").encode()


def records(rows: list[list[str]]) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(("name", "make"), [("b.xlsx", xlsx), ("b.html", page), ("b.json", records)])
def test_a_bad_cell_is_named_by_its_row_in_the_sheet(problems: Problems, name: str, make: Callable[..., bytes]) -> None:
    found = problems("", path=name, files={name: make(ROWS)}, dialect={"headerRows": [2], "delimiter": ";"})

    assert [(one.code, one.file, one.row, one.field) for one in found] == [("type-error", name, 4, "amount")]


@pytest.mark.parametrize(("name", "make"), [("b.xlsx", xlsx), ("b.html", page), ("b.json", records)])
def test_parts_may_be_workbooks(
    write: Write, checked: Callable[[Path], Checked], name: str, make: Callable[..., bytes]
) -> None:
    files = {name: make(ROWS[1:3]), f"a/{name}": make([ROWS[1], ["2016", "002", "2"]])}

    result = checked(write("", path=list(files), files=files))

    assert result.report.valid
