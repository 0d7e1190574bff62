"""Files made to harm: each is refused with a reason, or read as what it is, quickly and in little memory."""

from __future__ import annotations

import gzip
import io
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openspending.etl.formats.packed import archive_members
from openspending.etl.sourcefile import source_file
from openspending.etl.textfile import text_file
from openspending.fdp.package import Resource
from openspending.fdp.problems import PackageRejected, Problem
from tests.etl.formats import workbooks

pytestmark = pytest.mark.slow

Problems = Callable[..., list[Problem]]
MEGABYTE = 1 << 20
DOCTYPE = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {"abcdefghij"[at]} "{("&" + "abcdefghij"[at - 1] + ";") * 10}">' for at in range(1, 10))
    + "]>"
)

# Seconds of CPU: not how fast it is, which machines differ in, but that it does not go on for hours.
SOON = 60

# What runs in a process of its own, so that its memory can be measured.
MEASURED = """
import resource, sys, time
from pathlib import Path
from openspending.etl.careful import read_head
from openspending.etl.sourcefile import source_file
from openspending.etl.textfile import check_utf8, text_file
from openspending.fdp.package import Dialect, Resource
from openspending.fdp.problems import PackageRejected

folder, name = Path(sys.argv[1]), sys.argv[2]
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    resource_ = Resource("t", (name,))
    text = text_file(resource_, name, source_file(folder / name), folder)
    READ
    said = f"read {text.path.stat().st_size}"
except PackageRejected as refusal:
    said = refusal.report.errors[0].message
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, round(time.process_time() - start), said)
"""


def measured(folder: Path, name: str, read: str = "read_head(text, Dialect())") -> tuple[int, int, str]:
    """Megabytes of memory, seconds of CPU, and what is said of the file."""
    program = MEASURED.replace("READ", read)
    found = subprocess.run(
        [sys.executable, "-c", program, str(folder), name], capture_output=True, text=True, check=True
    )
    kilobytes, seconds, said = found.stdout.split(" ", 2)
    return int(kilobytes) >> 10, int(seconds), said.strip()


def refusal(folder: Path, name: str, data: bytes, **options: Any) -> str:
    (folder / name).write_bytes(data)
    with pytest.raises(PackageRejected) as caught:
        text_file(Resource("t", (name,), **options), name, source_file(folder / name), folder)
    return caught.value.report.errors[0].message


def test_entities_are_refused_in_every_part_of_a_workbook(tmp_path: Path) -> None:
    cell = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    strings = f'<sst xmlns="{workbooks.SPREADSHEET}"><si><t>&j;</t></si></sst>'
    parts: dict[str, str] = {
        "xl/sharedStrings.xml": DOCTYPE + strings,
        "xl/styles.xml": DOCTYPE + "<styleSheet/>",
        "xl/workbook.xml": DOCTYPE + "<workbook/>",
        "xl/worksheets/sheet1.xml": '<?xml version="1.0"?>' + DOCTYPE + "<worksheet/>",
        "_rels/.rels": DOCTYPE + "<Relationships/>",
    }
    for name, content in parts.items():
        for written in (content, content.replace('<?xml version="1.0"?>', "").encode("utf-16")):
            data = workbooks.xlsx(cell, strings="<si><t>x</t></si>", others={name: written})
            assert "declares a document type" in refusal(tmp_path, "budget.xlsx", data)
    data = workbooks.ods("", others={"content.xml": DOCTYPE + "<x>&j;</x>"})
    assert "declares a document type" in refusal(tmp_path, "budget.ods", data)


def test_what_a_workbook_links_to_is_never_followed(tmp_path: Path) -> None:
    relations = (
        f'<Relationships><Relationship Id="rId1" Type="{workbooks.RELATIONS}/worksheet" TargetMode="External"'
        ' Target="http://127.0.0.1:1/sheet1.xml"/></Relationships>'
    )
    data = workbooks.xlsx("", others={"xl/_rels/workbook.xml.rels": relations})
    assert "no sheet of cells" in refusal(tmp_path, "budget.xlsx", data)
    data = workbooks.xlsx(
        "", others={"xl/_rels/workbook.xml.rels": relations.replace("http://127.0.0.1:1/", "../../../")}
    )
    assert "no sheet of cells" in refusal(tmp_path, "budget.xlsx", data)


ROW = (
    "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
    "</table:table>"
)
SPARSE: dict[str, tuple[str, bytes]] = {
    "two corners of XLSX": (
        "budget.xlsx",
        workbooks.xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    "two corners of XLS": (
        "budget.xls",
        workbooks.xls(workbooks.number(0, 0, 1) + workbooks.number(65_535, 255, 1) + workbooks.number(40_000, 255, 1)),
    ),
    "a cell of ODS repeated over all rows and columns": (
        "budget.ods",
        workbooks.ods(
            ROW.replace("row>", 'row table:number-rows-repeated="1048576">', 1).replace(
                "cell>", 'cell table:number-columns-repeated="16384">', 1
            )
        ),
    ),
}


@pytest.mark.parametrize("name", SPARSE)
def test_a_few_cells_far_apart_are_not_written_out(tmp_path: Path, name: str) -> None:
    file, data = SPARSE[name]
    (tmp_path / file).write_bytes(data)

    memory, seconds, said = measured(tmp_path, file)

    assert "spread over" in said or said.startswith("read ")
    assert (memory < 100, seconds <= SOON) == (True, True), (memory, seconds, said)


def test_a_dimension_that_lies_changes_nothing(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{workbooks.SPREADSHEET}"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1">'
        "<v>1</v></c></row></sheetData></worksheet>"
    )
    (tmp_path / "budget.xlsx").write_bytes(workbooks.xlsx("", others={"xl/worksheets/sheet1.xml": sheet}))

    memory, _, said = measured(tmp_path, "budget.xlsx")

    assert said == "read 2"
    assert memory < 50


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="99999999999999999999"/>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="1"><v>1</v></c></row>',
        '<row r="1"><c r="a1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_cells_where_they_cannot_be_are_damage(tmp_path: Path, sheet: str) -> None:
    assert "damaged" in refusal(tmp_path, "budget.xlsx", workbooks.xlsx(sheet))


def test_hundreds_of_thousands_of_columns_are_no_table(tmp_path: Path) -> None:
    labels = ",".join(f"c{number}" for number in range(300_000)).encode()
    (tmp_path / "budget.csv").write_bytes(labels + b"\n1\n")
    record = json.dumps([dict.fromkeys((f"c{number}" for number in range(300_000)), 1)])
    (tmp_path / "budget.json").write_bytes(record.encode())
    (tmp_path / "budget.html").write_bytes(b"<table><tr>" + b"<td>x" * 300_000)

    for name in ("budget.csv", "budget.json", "budget.html"):
        memory, seconds, said = measured(tmp_path, name)
        assert "more than 20000" in said or "one record has more than 8388608 characters" in said
        assert (memory < 300, seconds <= SOON) == (True, True), (name, memory, seconds)


def test_a_line_of_a_gigabyte_is_refused_without_being_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "budget.csv").open("wb") as stream:
        for _ in range(1024):
            stream.write(b"x" * MEGABYTE)

    memory, seconds, said = measured(tmp_path, "budget.csv")

    assert "a line of more than" in said
    assert (memory < 150, seconds <= SOON) == (True, True), (memory, seconds)


def test_a_bad_byte_behind_many_good_ones_is_found_in_little_memory(tmp_path: Path) -> None:
    with (tmp_path / "budget.csv").open("wb") as stream:
        for _ in range(100):
            stream.write(b"a,b\n" * (MEGABYTE // 4))
        stream.write(b"\xff\xff\n")

    memory, seconds, said = measured(tmp_path, "budget.csv", "check_utf8(text)")

    assert "the byte at offset 104857600 cannot be decoded" in said
    assert (memory < 150, seconds <= SOON) == (True, True), (memory, seconds)


def test_a_cell_of_an_xlsx_may_not_be_huge(tmp_path: Path) -> None:
    for attribute in ("", f' x="{"y" * 30 * MEGABYTE}"'):
        text = "" if attribute else "x" * 30 * MEGABYTE
        sheet = f'<row r="1"><c r="A1" t="str"{attribute}><v>{text}</v></c></row>'
        (tmp_path / "budget.xlsx").write_bytes(workbooks.xlsx(sheet))
        memory, seconds, said = measured(tmp_path, "budget.xlsx")
        assert "more than 16777216" in said
        assert (memory < 150, seconds <= SOON) == (True, True), (memory, seconds)


@pytest.mark.parametrize("name", ["budget.zip", "budget.xlsx", "budget.ods", "budget.csv.gz"])
def test_bombs_are_refused_before_they_unpack(tmp_path: Path, name: str) -> None:
    zeros = "0" * 200 * MEGABYTE
    data = {
        "budget.zip": lambda: workbooks.zipped({"a.csv": zeros}),
        "budget.xlsx": lambda: workbooks.xlsx(zeros),
        "budget.ods": lambda: workbooks.ods(zeros),
        "budget.csv.gz": lambda: gzip.compress(zeros.encode()),
    }[name]()
    (tmp_path / name).write_bytes(data)

    memory, seconds, said = measured(tmp_path, name)

    assert "as only a bomb does" in said
    assert (memory < 150, seconds <= SOON) == (True, True), (memory, seconds)


def test_bombs_in_bombs_are_archives_that_are_not_opened(tmp_path: Path) -> None:
    inner = workbooks.zipped({"a.csv": "0" * MEGABYTE})

    said = refusal(tmp_path, "budget.zip", workbooks.zipped({"inner.zip": inner}))

    assert "it is an archive" in said


def test_sizes_that_lie_are_damage(tmp_path: Path) -> None:
    data = bytearray(workbooks.zipped({"a.csv": "a,b\n" * 1000}))
    at = data.rindex(b"PK\1\2")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")

    assert "it is damaged" in refusal(tmp_path, "budget.zip", bytes(data))


def test_a_list_of_millions_of_members_is_not_read(tmp_path: Path) -> None:
    entry = b"PK\1\2" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"x"
    entries = entry * 1_000_000
    end = b"PK\5\6" + bytes(4) + b"\xff\xff\xff\xff" + len(entries).to_bytes(4, "little") + bytes(4) + b"\0\0"
    (tmp_path / "budget.zip").write_bytes(b"PK\3\4" + bytes(40) + entries + end)

    memory, seconds, said = measured(tmp_path, "budget.zip")

    assert "more than 10000 members" in said
    assert (memory < 100, seconds <= SOON) == (True, True), (memory, seconds)


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "C:/a.csv", "a\\..\\..\\b.csv", "a\n.csv"])
def test_members_with_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    data = workbooks.zipped({name: "a,b\n1,2\n"})

    assert "its member" in refusal(tmp_path, "budget.zip", data)
    with pytest.raises(PackageRejected, match="its member"):
        archive_members(tmp_path / "budget.zip", "budget.zip", tmp_path)


@pytest.mark.parametrize("inner", ["../../etc/passwd", "/etc/passwd", "", "a.csv/../b.csv"])
def test_an_innerpath_is_a_name_in_the_archive_and_nothing_else(tmp_path: Path, inner: str) -> None:
    data = workbooks.zipped({"a.csv": "a,b\n1,2\n"})

    assert "it has no file" in refusal(tmp_path, "budget.zip", data, innerpath=inner)


def test_links_and_encrypted_members_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in refusal(tmp_path, "budget.zip", stream.getvalue())
    for name, data in (("budget.zip", workbooks.zipped({"a.csv": "x"})), ("budget.xlsx", workbooks.xlsx(""))):
        locked = bytearray(data)
        at = locked.rindex(b"PK\1\2")
        locked[at + 8] |= 1
        said = refusal(tmp_path, name, bytes(locked))
        assert "encrypted" in said or "password" in said


def test_workbooks_with_a_password_say_so(tmp_path: Path) -> None:
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
    locked = workbooks.ods("", others={"META-INF/manifest.xml": manifest, "content.xml": "\x12\x34"})
    assert "protected by a password" in refusal(tmp_path, "budget.ods", locked)
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(96)
    assert "protected by a password" in refusal(tmp_path, "budget.xlsx", compound)
    filepass = b"\x2f\0\6\0" + bytes(6)
    assert "protected by a password" in refusal(tmp_path, "budget.xls", workbooks.xls(b"", first=filepass))


def test_trailing_garbage_behind_a_gzip_is_damage(tmp_path: Path) -> None:
    assert "it is damaged" in refusal(tmp_path, "budget.csv.gz", gzip.compress(b"a,b\n1,2\n") + b"garbage")


PAGES: dict[str, bytes] = {
    "tags": b"<html>" + b"<div>" * 1_000_000 + b"<table><tr><td>1</table>",
    "tags in a cell": b"<table><tr><td>" + b"<b>" * 1_000_000 + b"1</table>",
    "tables": b"<table><tr><td>" * 1_000_000,
    "open tags": b"<html><table><tr><td>" + b"<a " * 1_000_000,
    "open comments": b"<html><table><tr><td>" + b"<!" * 1_000_000,
    "one attribute": b"<html><table><tr><td x='" + b"y" * 20_000_000,
    "rowspans": b"<table>" + b"<tr><td rowspan=65534 colspan=1000>x" * 10_000,
    "entities": b"<table><tr><td>" + b"&amp" * 2_000_000,
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_to_exhaust_a_parser_end_soon(tmp_path: Path, name: str) -> None:
    (tmp_path / "budget.html").write_bytes(PAGES[name])

    memory, seconds, said = measured(tmp_path, "budget.html")

    assert (memory < 300, seconds <= SOON) == (True, True), (memory, seconds, said)


def test_names_of_sheets_are_never_paths(tmp_path: Path) -> None:
    data = workbooks.ods(
        '<table:table table:name="../../x"><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    (tmp_path / "budget.ods").write_bytes(data)
    (tmp_path / "work").mkdir()

    text = text_file(Resource("t", ("b.ods",)), "b.ods", source_file(tmp_path / "budget.ods"), tmp_path / "work")

    assert text.path.is_relative_to(tmp_path / "work")


def said_of(folder: Path, name: str, data: bytes) -> str:
    """What a file is refused for, or nothing."""
    (folder / name).write_bytes(data)
    try:
        text_file(Resource("t", (name,)), name, source_file(folder / name), folder)
    except PackageRejected as refused:
        return refused.report.errors[0].message
    return ""


def test_damaged_workbooks_are_refused_wherever_they_are_cut_or_changed(tmp_path: Path) -> None:
    cells = b"".join(workbooks.number(row, 1, row, 1) + workbooks.label(row, 2, "x" * 9) for row in range(20))
    for name, data in (
        ("budget.xls", workbooks.xls(cells, {164: "000"})),
        ("budget.xlsx", workbooks.xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')),
        ("budget.ods", workbooks.ods(ROW)),
    ):
        for at in range(8, len(data), 7):
            for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
                assert len(said_of(tmp_path, name, broken)) < 400
