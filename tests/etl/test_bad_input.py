"""Bad input: every kind is a clear, located error; what is harmless is a warning."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.check import Checked
from openspending.fdp.problems import Problem

pytestmark = pytest.mark.slow

Problems = Callable[..., list[Problem]]
Place = tuple[str, int | None, str | None]
HEAD = "year,code,amount\n"


def places(problems: list[Problem], severity: str | None = None) -> list[Place]:
    return [(one.code, one.row, one.field) for one in problems if severity in (None, one.severity)]


BAD_DATA: dict[str, tuple[str | bytes, Place]] = {
    "a word as amount": (HEAD + "2015,01,x\n", ("type-error", 2, "amount")),
    "NaN": (HEAD + "2015,01,1\n2015,01,NaN\n", ("type-error", 3, "amount")),
    "infinity": (HEAD + "2015,01,-INF\n", ("type-error", 2, "amount")),
    "brackets for a minus": (HEAD + "2015,01,(5)\n", ("type-error", 2, "amount")),
    "a decimal comma": (HEAD + '2015,01,"1,5"\n', ("type-error", 2, "amount")),
    "a number of 300 digits": (HEAD + "2015,01," + "9" * 300 + "\n", ("fiscal/amount-too-long", 2, "amount")),
    "a number of 300 decimals": (HEAD + "2015,01,0." + "9" * 300 + "\n", ("fiscal/amount-too-long", 2, "amount")),
    "an exponent": (HEAD + "2015,01,1e99\n", ("fiscal/amount-too-long", 2, "amount")),
    "a year that is none": (HEAD + "15/16,01,1\n", ("type-error", 2, "year")),
    "a row too short": (HEAD + "2015,01,1\n2015,01\n", ("missing-cell", 3, None)),
    "a row too long": (HEAD + "2015,01,1\n2015,01,02,1\n", ("extra-cell", 3, None)),
    "a missing column": ("year,code\n2015,01\n", ("missing-label", 1, "amount")),
    "a doubled column": ("year,code,amount,amount\n2015,01,1,1\n", ("duplicate-label", 1, "amount")),
    "an empty file": (b"", ("source-error", None, None)),
    "only a mark of UTF-8": (b"\xef\xbb\xbf", ("source-error", None, None)),
    "only a header": (HEAD, ("source-error", None, None)),
    "only blank rows": (HEAD + ",,\n\n", ("source-error", None, None)),
    "Latin-1 as UTF-8": (HEAD.encode() + b"2015,01,1\n2015,caf\xe9,1\n", ("encoding-error", 3, None)),
    "Latin-1 in the header": (b"ann\xe9e,code,amount\n2015,01,1\n", ("encoding-error", 1, None)),
    "NUL": (HEAD.encode() + b"2015,0\x001,1\n", ("encoding-error", 2, None)),
    "UTF-16 without a mark": ((HEAD + "2015,01,1\n").encode("utf-16-le"), ("encoding-error", 1, None)),
    "an open quotation": (HEAD + '2015,01,1\n2015,"01,1\n2015,02,2\n', ("fiscal/broken-quoting", 3, None)),
    "an open quotation in the last row": (HEAD + '2015,01,"1\n', ("fiscal/broken-quoting", 2, None)),
    "an open quotation at the very end": (HEAD + '2015,01,"1', ("fiscal/broken-quoting", 2, None)),
    "a hidden row": (HEAD + '2015,"a,1\n2015,"b,2\n', ("fiscal/broken-quoting", 2, None)),
}


@pytest.mark.parametrize("name", BAD_DATA)
def test_bad_data_is_an_error_with_its_place(problems: Problems, name: str) -> None:
    data, place = BAD_DATA[name]

    assert place in places(problems(data), "error")


HARMLESS: dict[str, tuple[str, Place]] = {
    "blank rows": (HEAD + "2015,01,1\n,,\n\n2015,02,1\n", ("blank-row", 3, None)),
    "blank rows with too few cells": (HEAD + '2015,01,1\n,\n" ",\n2015,02,1\n', ("blank-row", 3, None)),
    "an unknown column": ("year,code,amount,note\n2015,01,1,x\n", ("extra-label", 1, None)),
    "a column without name": ("year,code,amount,\n2015,01,1,\n", ("blank-label", 1, None)),
    "another order": ("amount,code,year\n1,01,2015\n", ("fiscal/column-order", 1, None)),
    "spaces in the header": (" Year ,code,amount\n2015,01,1\n", ("incorrect-label", 1, "year")),
    "delimiters at the end": (HEAD + "2015,01,1,\n2015,02,2,,\n", ("fiscal/extra-empty-cell", 2, None)),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_data_is_a_warning(problems: Problems, name: str) -> None:
    data, place = HARMLESS[name]
    found = problems(data)

    assert places(found) == [place]
    assert found[0].severity == "warning"


def test_every_error_is_told_at_once(problems: Problems) -> None:
    found = problems("year,code,amount\nx,01,1\n2015,02,y\n2016,03\n")

    assert places(found) == [("missing-cell", 4, None), ("type-error", 2, "year"), ("type-error", 3, "amount")]


def test_problems_name_file_resource_value_and_a_way_out(problems: Problems) -> None:
    (found,) = problems(HEAD + "2015,01,nfp\n")

    assert (found.file, found.resource, found.value) == ("budget.csv", "budget", "nfp")
    assert "missingValues" in found.fix


def test_many_bad_cells_are_counted_though_only_twenty_are_named(problems: Problems) -> None:
    found = problems(HEAD + "2015,01,x\n" * 1000)

    assert len(found) == 20
    assert sum(one.count for one in found) == 1000
    assert [one.row for one in found] == list(range(2, 22))


def test_many_ragged_rows_are_counted_though_only_twenty_are_named(problems: Problems) -> None:
    found = [one for one in problems(HEAD + "2015,01\n" * 100) if one.code == "missing-cell"]

    assert len(found) == 20
    assert sum(one.count for one in found) == 100


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf8"),
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8-sig"),
        ("utf-8-sig", None),
        ("cp1252", "windows-1252"),
        ("cp1252", "CP1252"),
        ("latin-1", "ISO-8859-1"),
        ("iso-8859-2", "iso_8859_2"),
        ("utf-16", "utf-16"),
        ("utf-16", None),
        ("utf-16-le", "UTF-16LE"),
        ("gb18030", "GB18030"),
    ],
)
def test_declared_encodings_are_read(
    write: Callable[..., Path], checked: Callable[[Path], Checked], encoding: str, declared: str | None
) -> None:
    text = "year,code,amount\n2015,Bücher,1\n"
    options = {"encoding": declared} if declared else {}

    assert rows_of(checked(write(text.encode(encoding), **options))) == 1


def rows_of(found: Checked) -> int:
    assert found.report.valid, [one.message for one in found.report]
    return found.loaded["budget"].rows


@pytest.mark.parametrize("declared", ["klingon", "base64", "rot13", "idna", "undefined", "unicode_escape", "utf\0-8"])
def test_unknown_encodings_are_refused(problems: Problems, declared: str) -> None:
    assert places(problems(encoding=declared)) == [("encoding-error", None, None)]


def test_a_byte_outside_the_declared_encoding_is_told_with_its_offset(problems: Problems) -> None:
    (found,) = problems(HEAD.encode() + b"2015,\x81,1\n", encoding="cp1252")

    assert (found.code, found.row) == ("encoding-error", 2)
    assert f"offset {len(HEAD) + 5}" in found.message


def test_a_mark_of_utf_8_contradicts_another_encoding(problems: Problems) -> None:
    found = problems(b"\xef\xbb\xbf" + HEAD.encode() + b"2015,01,1\n", encoding="cp1252")

    assert places(found) == [("encoding-error", None, None)]


@pytest.mark.parametrize(
    "dialect",
    [{"delimiter": "\0"}, {"delimiter": "\n"}, {"quoteChar": "\r"}, {"delimiter": '"'}, {"escapeChar": ","}],
)
def test_marks_that_cannot_be_told_apart_are_refused(problems: Problems, dialect: dict[str, str]) -> None:
    assert places(problems(dialect=dialect)) == [("dialect-error", None, None)]


def test_rows_between_two_stray_quotation_marks_are_not_lost(problems: Problems) -> None:
    hidden = HEAD + '2015,"01,1\n2015,02,2\n2015,03",3\n2015,04,4\n'
    text = HEAD + '2015,"of, say,\ntwo lines",1\n'

    assert places(problems(hidden)) == [("fiscal/broken-quoting", 2, None)]
    assert problems(text) == []


def test_gzip_and_zip_members_are_unpacked(write: Callable[..., Path], checked: Callable[[Path], Checked]) -> None:
    text = (HEAD + "2015,01,1\n").encode()
    two_members = gzip.compress(text) + gzip.compress(b"2016,02,2\n")

    assert rows_of(checked(write(path="b.csv.gz", files={"b.csv.gz": gzip.compress(text)}))) == 1
    assert rows_of(checked(write(path="b.csv.gz", files={"b.csv.gz": two_members}))) == 2
    assert rows_of(checked(write(path="b.csv", compression="gz", files={"b.csv": gzip.compress(text)}))) == 1
    assert rows_of(checked(write(path="b.zip", format="csv", files={"b.zip": zipped({"in/b.csv": text})}))) == 1


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


DANGEROUS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "half a gzip": ("b.csv.gz", lambda: gzip.compress(b"x" * 100_000)[:50]),
    "no gzip": ("b.csv.gz", lambda: b"not gzip"),
    "two files": ("b.csv.zip", lambda: zipped({"a.csv": b"a", "b.csv": b"b"})),
    "no zip": ("b.csv.zip", lambda: b"PK not zip"),
    "a gzip bomb": ("b.csv.gz", lambda: gzip.compress(bytes(100 << 20))),  # 100 MB in 100 kB
    "a zip bomb": ("b.csv.zip", lambda: zipped({"a.csv": bytes(100 << 20)})),
}


@pytest.mark.parametrize("archive", DANGEROUS)
def test_damaged_and_dangerous_archives_are_refused(problems: Problems, archive: str) -> None:
    name, made = DANGEROUS[archive]
    assert places(problems(path=name, files={name: made()})) == [("compression-error", None, None)]


def test_parts_are_one_table_with_rows_counted_in_each(
    write: Callable[..., Path], checked: Callable[[Path], Checked], workspace: Any
) -> None:
    files = {"a.csv": HEAD + "2015,01,1\n2015,02,2\n", "b.csv": HEAD + "2016,01,3\n"}
    found = checked(write(path=["a.csv", "b.csv"], files=files))
    rows = workspace.connection.execute(f"SELECT _file, _row, f2 FROM {found.loaded['budget'].relation}").fetchall()

    assert rows == [(0, 2, "1"), (0, 3, "2"), (1, 2, "3")]
    assert found.loaded["budget"].parts == ("a.csv", "b.csv")


def test_a_part_that_is_another_table_is_refused(problems: Problems) -> None:
    files = {"a.csv": HEAD + "2015,01,1\n", "b.csv": "name,town\nx,y\n"}

    assert places(problems(path=["a.csv", "b.csv"], files=files)) == [("fiscal/parts-differ", None, None)]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ({"delimiter": ";"}, "year;code;amount\n2015;01;1\n"),
        ({"delimiter": "\t", "quoteChar": "'"}, "year\tcode\tamount\n2015\t'0\t1'\t1\n"),
        ({"header": False}, "2015,01,1\n"),
        ({"commentChar": "#"}, "# by the ministry\nyear,code,amount\n2015,01,1\n# end\n"),
        ({"commentRows": [2]}, "year,code,amount\n(text),(text),(EUR)\n2015,01,1\n"),
        ({"headerRows": [2]}, "Budget of the city,,\nyear,code,amount\n2015,01,1\n"),
        ({"escapeChar": "\\", "doubleQuote": False}, 'year,code,amount\n2015,"a\\"b",1\n'),
        ({"skipInitialSpace": True}, 'year, code, amount\n2015, "0,1", 1\n'),
    ],
)
def test_dialects_are_read_as_declared(
    write: Callable[..., Path], checked: Callable[[Path], Checked], dialect: dict[str, Any], text: str
) -> None:
    assert rows_of(checked(write(text, dialect=dialect))) == 1


def test_a_header_of_two_rows_is_joined(write: Callable[..., Path], checked: Callable[[Path], Checked]) -> None:
    fields = [{"name": "year", "type": "integer"}, {"name": "code"}, {"name": "amount paid", "type": "number"}]
    model = {
        "measures": {"amount": {"source": "amount paid", "currency": "EUR"}},
        "dimensions": {"code": {"attributes": {"code": {"source": "code"}}, "primaryKey": "code"}},
    }
    text = ",,amount\nyear,code,paid\n2015,01,1\n"

    assert rows_of(checked(write(text, fields=fields, model=model, dialect={"headerRows": [1, 2]}))) == 1


@pytest.mark.parametrize(
    "data",
    [
        [["year", "code", "amount"], [2015, "01", 1.5], [2016, None, "2"]],
        [{"year": 2015, "code": "01", "amount": 1.5}, {"year": 2016, "amount": 2}],
    ],
)
def test_inline_data_are_a_table_too(
    write: Callable[..., Path], checked: Callable[[Path], Checked], workspace: Any, data: Any
) -> None:
    found = checked(write(data=data))
    rows = workspace.connection.execute(f"SELECT * FROM {found.loaded['budget'].relation}").fetchall()

    assert rows == [(0, 2, "2015", "01", "1.5"), (0, 3, "2016", None, "2")]
    assert found.loaded["budget"].parts == ("data",)


@pytest.mark.parametrize("data", ["text", {"a": 1}, [1, 2], []])
def test_other_inline_data_are_refused(problems: Problems, data: Any) -> None:
    assert {one.severity for one in problems(data=data)} == {"error"}


def test_formats_that_are_no_tables_are_refused(problems: Problems) -> None:
    assert places(problems(path="b.pdf", files={"b.pdf": b"%PDF-1.4"})) == [("format-error", None, None)]
