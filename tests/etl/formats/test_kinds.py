"""What a file is, by its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.etl.formats.book import open_book
from openspending.etl.formats.kinds import BOOKS, PACKED, kind_of
from openspending.fdp.problems import PackageRejected
from tests.etl.formats import workbooks

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
KINDS: dict[str, tuple[bytes, str]] = {
    "an XLSX workbook": (workbooks.xlsx(""), "xlsx"),
    "an ODS workbook": (workbooks.ods(""), "ods"),
    "an ODS workbook whose type is not the first member": (
        workbooks.zipped({"content.xml": "", "mimetype": workbooks.ODS_TYPE}),
        "ods",
    ),
    "a binary workbook": (workbooks.zipped({"xl/workbook.bin": ""}), "xlsb"),
    "an XLS workbook": (workbooks.xls(b""), "xls"),
    "a compound XLS workbook": (COMPOUND + "Workbook".encode("utf-16-le") + bytes(112), "xls"),
    "an encrypted workbook": (COMPOUND + "EncryptedPackage".encode("utf-16-le") + bytes(112), "encrypted"),
    "a Word document": (COMPOUND + "WordDocument".encode("utf-16-le") + bytes(112), "doc"),
    "a DOCX document": (workbooks.zipped({"word/document.xml": ""}), "docx"),
    "a zip": (workbooks.zipped({"a.csv": "a"}), "zip"),
    "a damaged zip": (workbooks.xlsx("")[:300], "damaged"),
    "a gzip": (b"\x1f\x8b\x08", "gz"),
    "a PDF": (b"%PDF-1.4", "pdf"),
    "a picture": (b"\x89PNG\r\n", "image"),
    "a Parquet file": (b"PAR1" + bytes(20) + b"PAR1", "parquet"),
    "a page": (b"\xef\xbb\xbf \n<!DOCTYPE html>\n<html>", "html"),
    "a bare table": (b"<TABLE BORDER=1><tr>", "html"),
    "a page of an office program": (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "html"),
    "a page in UTF-16": ("<html><table>".encode("utf-16"), "html"),
    "an XML spreadsheet": (
        b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Style/><Table>',
        "spreadsheetml",
    ),
    "other XML": (b'<?xml version="1.0"?><budget/>', "xml"),
    "JSON": (b' [\n {"a": 1}]', "json"),
    "an object": (b'{"data":\n[{"a": 1}]}', "json"),
    "an object on one line": (b'{"data": [{"a": 1}]}\n', "json"),
    "lines of JSON": (b'{"a": 1}\n{"a": 2}\n', "jsonl"),
    "text": (b"a,b\n1,2\n", "text"),
    "text that begins like JSON": (b"[Total] x,b\n", "text"),
    "text that begins like a page": (b"<5,>6\n1,2\n", "text"),
    "text that begins like Parquet": (b"PAR1,b\n1,2\n", "text"),
    "nothing": (b"", "text"),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_bytes_say_what_a_file_is(tmp_path: Path, name: str) -> None:
    data, kind = KINDS[name]
    (tmp_path / "budget.csv").write_bytes(data)

    assert kind_of(tmp_path / "budget.csv") == kind


@pytest.mark.parametrize("kind", sorted({kind for _, kind in KINDS.values()} - {*BOOKS, "text"} | set(PACKED)))
def test_what_cannot_be_read_is_called_by_its_kind_with_what_to_do(tmp_path: Path, kind: str) -> None:
    (tmp_path / "budget.csv").write_bytes(b"x")

    with pytest.raises(PackageRejected) as caught:
        open_book(tmp_path / "budget.csv", kind, "budget.csv")
    problem = caught.value.report.errors[0]
    assert problem.message.startswith("budget.csv is not read: it is ")
    assert len(problem.fix) > 15
