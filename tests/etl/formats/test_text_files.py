"""Every format becomes text whose records are the source's rows."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.formats.packed import archive_members
from openspending.fdp.problems import PackageRejected
from tests.etl.formats import workbooks

Texts = Callable[..., list[list[str]]]
SHEET = '<row r="2"><c r="B2" t="inlineStr"><is><t>a, "b"\nc</t></is></c></row><row r="4"><c r="A4"><v>1</v></c></row>'
ROWS = [["", ""], ["", 'a, "b"\nc'], ["", ""], ["1", ""]]
TABLES = (
    '<table:table table:name="Empty"/><table:table table:name="One"><table:table-row><table:table-cell><text:p>1'
    "</text:p></table:table-cell></table:table-row></table:table>"
    '<table:table table:name="Two"><table:table-row><table:table-cell><text:p>2'
    "</text:p></table:table-cell></table:table-row></table:table>"
)


def test_records_are_numbered_like_the_rows_of_the_sheet(texts: Texts) -> None:
    data = workbooks.xlsx(SHEET)

    assert texts("budget.xlsx", data) == ROWS
    assert texts("budget.xlsx.gz", gzip.compress(data)) == ROWS
    assert texts("budget.zip", workbooks.zipped({"budget.xlsx": data}), format="xlsx") == ROWS


@pytest.mark.parametrize(
    ("dialect", "text"),
    [({}, "1"), ({"sheet_name": "Two"}, "2"), ({"sheet_name": "two "}, "2"), ({"sheet_number": 3}, "2")],
)
def test_the_sheet_is_the_one_named_else_the_first_that_holds_something(
    texts: Texts, dialect: dict[str, Any], text: str
) -> None:
    assert texts("budget.ods", workbooks.ods(TABLES), dialect) == [[text]]


@pytest.mark.parametrize("dialect", [{"sheet_name": "Tree"}, {"sheet_number": 4}])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(texts: Texts, dialect: dict[str, Any]) -> None:
    with pytest.raises(PackageRejected, match="It has: 1 “Empty”, 2 “One”, 3 “Two”"):
        texts("budget.ods", workbooks.ods(TABLES), dialect)


def test_a_list_is_the_one_at_the_property(texts: Texts) -> None:
    data = b'{"meta": [{"x": 1}], "result": {"records": [{"a": 1}]}}'

    assert texts("budget.json", data, {"property": "result.records"}) == [["a"], ["1"]]
    assert texts("budget.json", data) == [["x"], ["1"]]
    with pytest.raises(PackageRejected, match="It has: 1 “meta”, 2 “result"):
        texts("budget.json", data, {"property": "records"})


def test_a_file_is_what_its_bytes_say_among_the_formats_that_have_sheets(texts: Texts) -> None:
    assert texts("budget.xls", b"<html><table><tr><td>1") == [["1"]]
    assert texts("budget.xls", workbooks.xlsx(SHEET)) == ROWS
    assert texts("budget.html", "<table><tr><td>ü".encode("cp1250"), encoding="windows-1250") == [["ü"]]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("budget.xls", b"a,b\n1,2\n", "plain text"),
        ("budget.csv", workbooks.xlsx(SHEET), "XLSX workbook"),
        ("budget.csv", b"%PDF-1.4", "a PDF"),
        ("budget.xlsx", b"%PDF-1.4", "a PDF"),
        ("budget.xlsx", workbooks.xlsx(SHEET)[:700], "not whole"),
        ("budget.csv", gzip.compress(b"a,b", mtime=0), "compressed"),
    ],
)
def test_a_file_of_another_kind_than_declared_is_refused_by_its_name(
    texts: Texts, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(PackageRejected, match=words):
        texts(name, data)


def test_one_member_of_an_archive_is_read(texts: Texts) -> None:
    data = workbooks.zipped({"a/readme.txt": "x", "a/one.csv": "1,2", "a/two.xlsx": workbooks.xlsx(SHEET)})

    assert texts("budget.zip", data, innerpath="a/one.csv") == [["1", "2"]]
    assert texts("budget.zip", data, innerpath="a/two.xlsx") == ROWS
    with pytest.raises(PackageRejected, match="holds 3 files instead of one"):
        texts("budget.zip", data)
    with pytest.raises(PackageRejected, match=r"has no file “a/three\.csv”, only “a/readme\.txt”"):
        texts("budget.zip", data, innerpath="a/three.csv")


def test_the_members_of_an_archive_are_listed_with_their_kinds(tmp_path: Path) -> None:
    large = workbooks.xlsx("<row><c><v>1</v></c></row>" * 200, others={"media": "\0" * 10})
    path = tmp_path / "data.zip"
    path.write_bytes(
        workbooks.zipped(
            {"x/": "", "x/a.csv": "1", "x/b": large, "__MACOSX/x/._a.csv": "", "x/.DS_Store": "", "c": "[{}]"}
        )
    )

    found = archive_members(path, "data.zip", tmp_path)

    assert [(one.name, one.bytes, one.kind) for one in found] == [
        ("x/a.csv", 1, "text"),
        ("x/b", len(large), "xlsx"),
        ("c", 4, "json"),
    ]
