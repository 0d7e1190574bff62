"""The marked copy: the publisher's own table back, every problem marked, everything else as it was."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from openspending.datastore.objects import ObjectStore
from openspending.etl.marked import MarkedCopy
from openspending.fdp.problems import PackageRejected
from openspending.publishing import publish, validate
from tests.publishing.seeded import FAULTS, TABLE, Seeded, write_seeded

pytestmark = pytest.mark.slow

RED, AMBER = "FFFFC6CE", "FFFFEB9B"
ABOVE = 3  # rows of the list above its first line
CLEAN = "year,code,ministry,amount,region,checked,note\n"


def marked(package: Path, name: str = "copy.xlsx") -> MarkedCopy:
    """A marked copy of the package, written beside it."""
    copy = MarkedCopy(package.parent / name)
    with suppress(PackageRejected):
        validate(str(package), marked=copy)
    return copy


def sheets(copy: MarkedCopy) -> dict[str, Worksheet]:
    (path,) = copy.paths
    return {sheet.title: sheet for sheet in load_workbook(path)}


def colour(cell: Cell) -> str | None:
    return cell.fill.start_color.rgb if cell.fill.fill_type else None


def texts(sheet: Worksheet) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def coloured(sheet: Worksheet) -> list[str]:
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if colour(cell)]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Worksheet]:
    return sheets(marked(write_seeded(tmp_path_factory.mktemp("marked") / "seeded")))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_every_seeded_fault_is_marked_and_explained(seeded: dict[str, Worksheet], fault: Seeded) -> None:
    sheet = seeded["budget.csv"]
    assert {colour(sheet[place]) for place in fault.cells} == {RED if fault.error else AMBER}
    told = sheet[fault.cells[0]].comment
    assert told is not None
    assert told.text.startswith(f"{fault.code}\n")
    assert "\nFix: " in told.text
    listed = seeded["To fix"].iter_rows(min_row=ABOVE + 1)
    (first, *others) = [row for row in listed if f"({fault.code})" in row[1].value]
    severity, _, where, _, why, fix, count = first
    assert (severity.value, colour(severity)) == (("error", RED) if fault.error else ("warning", AMBER))
    assert where.hyperlink.location == f"'budget.csv'!{fault.cells[0]}"
    assert why.value in told.text
    assert fix.value in told.text
    assert count.value + sum(row[6].value for row in others) >= 1


def test_nothing_else_is_marked(seeded: dict[str, Worksheet]) -> None:
    expected = {place for fault in FAULTS for place in fault.cells}
    assert set(coloured(seeded["budget.csv"])) == expected


def test_twelve_different_kinds_of_faults_are_seeded() -> None:
    assert len({fault.code for fault in FAULTS}) == len(FAULTS) == 12


def test_every_cell_holds_the_text_of_the_source(seeded: dict[str, Worksheet]) -> None:
    source = list(csv.reader(io.StringIO(TABLE, newline="")))
    found = texts(seeded["budget.csv"])
    assert [row[: len(cells)] for row, cells in zip(found, source, strict=True)] == source
    assert all(not any(row[len(cells) : -2]) for row, cells in zip(found, source, strict=True))
    values = [cell for row in seeded["budget.csv"].iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in values} == {("s", "@")}


def test_rows_with_problems_can_be_filtered_and_the_header_stays(seeded: dict[str, Worksheet]) -> None:
    sheet = seeded["budget.csv"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:L14")
    assert [cell.value for cell in sheet[1]][-2:] == ["problem", "fix"]
    assert {row[0].row for row in sheet.iter_rows(min_row=2) if row[-2].value} == {3, 4, 5, 6, 7, 8, 9, 10, 11, 14}
    assert sheet["K3"].value.startswith("type-error: “many” in column amount is not a number.")


def test_the_list_names_errors_first(seeded: dict[str, Worksheet]) -> None:
    severities = [row[0] for row in texts(seeded["To fix"])[ABOVE:]]
    assert severities == sorted(severities)
    assert next(iter(seeded)) == "To fix"


def test_what_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    hostile = ['=HYPERLINK("http://evil.example")', "+1+1", "-1+1", "@SUM(A1)", "=1", "#N/A", "=cmd|' /C calc'!A0"]
    rows = "".join(f'2025,01,"{one.replace(chr(34), chr(34) * 2)}",{one[:1]}x,N,true,\n' for one in hostile)
    copy = marked(write_seeded(tmp_path / "p", CLEAN + rows))
    sheet = sheets(copy)["budget.csv"]
    assert [sheet.cell(row, 3).value for row in range(2, len(hostile) + 2)] == hostile
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert all(sheet.cell(row, 3).quotePrefix for row in (2, 3, 4, 5, 6, 8))  # stays text when it is edited
    with zipfile.ZipFile(copy.paths[0]) as opened:
        written = "".join(opened.read(one).decode() for one in opened.namelist() if one.startswith("xl/worksheets/"))
    assert "<f>" not in written
    assert 'TargetMode="External"' not in written


def test_the_csv_has_the_source_and_two_columns(tmp_path: Path) -> None:
    copy = marked(write_seeded(tmp_path / "seeded"), "copy.csv")
    assert copy.paths == [tmp_path / "copy.csv"]
    data = copy.paths[0].read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"year",')
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    source = list(csv.reader(io.StringIO(TABLE, newline="")))
    assert [row[: len(cells)] for row, cells in zip(found, source, strict=True)] == source
    assert {len(row) for row in found} == {9 + 2}
    assert found[0][-2:] == ["problem", "fix"]
    said = " ".join(row[-2] for row in found)
    assert [fault.code for fault in FAULTS if f"{fault.code}: " not in said] == []
    assert found[1][-2].startswith("In the header: ")
    assert all(bool(row[-2]) == bool(row[-1]) for row in found)


def test_each_file_has_a_csv_and_a_sheet_of_its_own(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "seeded")
    (package / "codes.csv").write_text("code,label,\n01,Health,\n", encoding="utf-8")
    copy = marked(package, "copy.csv")
    assert [path.name for path in copy.paths] == ["copy-1-budget.csv", "copy-2-codes.csv"]
    assert list(sheets(marked(package))) == ["To fix", "budget.csv", "codes.csv"]


def test_all_cells_are_marked_though_the_report_names_twenty(tmp_path: Path) -> None:
    rows = "".join(f"2025,01,Health,{'' if number % 3 else 'x'}1,N,true,\n" for number in range(300))
    found = sheets(marked(write_seeded(tmp_path / "p", CLEAN + rows, primaryKey=[])))
    wrong = [f"D{number + 2}" for number in range(0, 300, 3)]
    assert coloured(found["budget.csv"]) == wrong
    (line,) = [row for row in found["To fix"].iter_rows(min_row=ABOVE + 1) if "(type-error)" in row[1].value]
    assert (line[2].hyperlink.location, line[6].value) == ("'budget.csv'!D2", 100)


def test_a_table_that_no_sheet_can_hold_comes_as_its_bad_rows_with_neighbours(tmp_path: Path) -> None:
    rows = [f"2025,01,Health,{number},N,true,\n" for number in range(40)]
    rows[20] = f"2025,01,{'long ' * 8_000},many,N,true,\n"
    found = sheets(marked(write_seeded(tmp_path / "p", CLEAN + "".join(rows), primaryKey=[])))
    sheet = found["budget.csv"]
    assert [row[-3] for row in texts(sheet)] == ["row", "19", "20", "21", "22", "23", "24", "25"]
    assert colour(sheet["D5"]) == RED
    assert sheet["C5"].value.endswith("…")
    assert "longer than a sheet can hold" in found["To fix"]["B4"].value
    (line,) = [row for row in found["To fix"].iter_rows(min_row=ABOVE + 2) if "(type-error)" in row[1].value]
    assert (line[2].value, line[2].hyperlink.location) == ("budget.csv, row 22, amount", "'budget.csv'!D5")


@pytest.mark.slow
def test_more_columns_than_a_sheet_has_are_cut_and_told(tmp_path: Path) -> None:
    more = "," * 17_000
    package = write_seeded(tmp_path / "p", CLEAN[:-1] + more + "\n2025,01,Health,many,N,true," + more + "\n")
    found = sheets(marked(package))
    assert found["budget.csv"].max_column == 16_384
    assert "17007 columns, more than a sheet can hold" in found["To fix"]["B4"].value


def test_bytes_that_are_no_text_cannot_come_back(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p")
    (package / "budget.csv").write_bytes(CLEAN.encode() + b"2025,01,Sant\xe9,1,N,true,\n")
    copy = marked(package)
    assert copy.notes[0].startswith("No marked copy of budget.csv is possible: budget.csv is not utf-8")
    assert "(encoding-error)" in sheets(copy)["To fix"]["B5"].value
    assert marked(package, "copy.csv").paths == []


def test_a_quotation_that_never_ends_is_marked_where_it_begins(tmp_path: Path) -> None:
    rows = '2025,01,Health,1,N,true,\n2025,02,"Schools,2,N,true,\n2025,03,Roads,3,N,true,\n'
    sheet = sheets(marked(write_seeded(tmp_path / "p", CLEAN + rows)))["budget.csv"]
    assert sheet["A2"].value == "2025"
    assert (sheet["A3"].value, colour(sheet["A3"])) == ('2025,02,"Schools,2,N,true,', RED)


def test_other_encodings_and_delimiters_come_back_as_the_same_text(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p")
    text = "year;code;ministry;amount;region;checked;note\n2025;01;Santé publique;1,5;N;true;\n"
    (package / "budget.csv").write_bytes(text.encode("cp1252"))
    with_dialect(package, '"path": "budget.csv", "encoding": "windows-1252", "dialect": {"delimiter": ";"}')
    sheet = sheets(marked(package))["budget.csv"]
    assert (sheet["C2"].value, sheet["D2"].value, colour(sheet["D2"])) == ("Santé publique", "1,5", RED)
    written = marked(package, "copy.csv").paths[0].read_text(encoding="utf-8-sig")
    assert '"Santé publique";"1,5";' in written


def with_dialect(package: Path, said: str) -> Path:
    """The package, with more said about its budget.csv."""
    descriptor = package / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8").replace('"path": "budget.csv"', said)
    descriptor.write_text(text, encoding="utf-8")
    return package


def test_a_file_without_a_header_is_marked_in_its_rows(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p", "2025,01,Health,1,N,true,\n2025,02,Schools,many,N,true,\n")
    sheet = sheets(marked(with_dialect(package, '"path": "budget.csv", "dialect": {"header": false}')))["budget.csv"]
    assert (coloured(sheet), sheet.freeze_panes, sheet.max_row) == (["D2"], None, 2)


def test_headers_of_several_rows_are_marked_in_the_last(tmp_path: Path) -> None:
    text = "Budget 2025\nyear,code,ministry,amount,region,checked,note,\n2025,01,Health,many,N,true,,\n"
    package = write_seeded(tmp_path / "p", text)
    said = '"path": "budget.csv", "dialect": {"headerRows": [2], "commentRows": [1]}'
    sheet = sheets(marked(with_dialect(package, said)))["budget.csv"]
    assert (coloured(sheet), sheet.freeze_panes, sheet.auto_filter.ref) == (["H2", "D3"], "A3", "A2:J3")
    assert (sheet["A1"].value, sheet["I2"].value, sheet["J2"].value) == ("Budget 2025", "problem", "fix")


def test_packed_files_come_back_unpacked(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p")
    (package / "budget.csv.gz").write_bytes(gzip.compress(TABLE.encode()))
    sheet = sheets(marked(with_dialect(package, '"path": "budget.csv.gz"')))["budget.csv.gz"]
    assert set(coloured(sheet)) == {place for fault in FAULTS for place in fault.cells}


@pytest.mark.slow
def test_what_is_beyond_the_most_cells_of_a_rule_is_said(tmp_path: Path) -> None:
    copy = marked(
        write_seeded(tmp_path / "p", CLEAN + "2025,01,Health,many,N,true,\n" * 100_010, primaryKey=[]), "c.csv"
    )
    assert copy.notes == ["budget.csv, amount: type-error has 100010 cells; the first 100000 are marked."]
    with copy.paths[0].open(encoding="utf-8-sig", newline="") as stream:
        assert sum(bool(row[-1]) for row in csv.reader(stream)) == 100_001  # the header names the column


def test_two_columns_of_one_name_are_both_marked(tmp_path: Path) -> None:
    text = "year,code,ministry,amount,amount,region,checked,note\n2025,01,Health,1,2,N,true,\n"
    sheet = sheets(marked(write_seeded(tmp_path / "p", text)))["budget.csv"]
    assert (colour(sheet["D1"]), colour(sheet["E1"])) == (RED, RED)


def test_a_missing_column_is_marked_behind_the_last_one(tmp_path: Path) -> None:
    text = "year,code,ministry,region,checked,note\n2025,01,Health,N,true,\n"
    sheet = sheets(marked(write_seeded(tmp_path / "p", text)))["budget.csv"]
    assert colour(sheet["G1"]) == RED
    assert sheet["G1"].comment.text.startswith("missing-label\n")


def test_a_package_that_cannot_be_read_comes_back_as_a_list(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p")
    (package / "budget.csv").unlink()
    copy = marked(package)
    assert list(sheets(copy)) == ["To fix"]
    assert copy.notes == ["The tables were not read: the package itself must be mended first."]


def test_where_nothing_is_wrong_nothing_is_written(tmp_path: Path) -> None:
    copy = marked(write_seeded(tmp_path / "p", CLEAN + "2025,01,Health,1,N,true,\n"))
    assert [row[1] for row in texts(sheets(copy)["To fix"])[ABOVE:]] == ["Columns are not used (fiscal/unused-column)"]
    package = write_seeded(tmp_path / "q", "year,code,amount\n2025,01,1\n", fields=[
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "code", "type": "string", "columnType": "administrative-classification:generic:level1:code"},
        {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
    ])  # fmt: skip
    nothing = MarkedCopy(tmp_path / "nothing.xlsx")
    assert validate(str(package), marked=nothing).report.problems == []
    assert (nothing.paths, nothing.notes, nothing.out.exists()) == ([], [], False)


def test_a_source_file_is_never_written_over(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p")
    copy = marked(package, "p/budget.csv")
    assert copy.paths == []
    assert "is a file of the package itself" in copy.notes[0]
    assert (package / "budget.csv").read_text() == TABLE


def test_publishing_writes_the_copy_only_when_it_refuses(tmp_path: Path, store: ObjectStore) -> None:
    refused = MarkedCopy(tmp_path / "refused.xlsx")
    with pytest.raises(PackageRejected):
        publish(str(write_seeded(tmp_path / "p")), owner="me", store=store, marked=refused)
    assert refused.paths == [tmp_path / "refused.xlsx"]
    done = MarkedCopy(tmp_path / "done.xlsx")
    good = write_seeded(tmp_path / "q", CLEAN + "2025,01,Health,1,N,true,\n")
    publish(str(good), owner="me", store=store, marked=done)
    assert done.paths == []


@pytest.mark.parametrize("name", ["copy.xlsx", "copy.csv"])
def test_a_copy_that_cannot_be_written_does_not_hide_the_problems(tmp_path: Path, name: str) -> None:
    package = write_seeded(tmp_path / "p")
    (tmp_path / name).mkdir()  # a folder of that name is in the way
    copy = MarkedCopy(tmp_path / name)
    with pytest.raises(PackageRejected) as refused:
        validate(str(package), marked=copy)
    assert len(refused.value.report.errors) == 5
    assert copy.paths == []
    assert copy.notes[-1].startswith("The marked copy could not be written: ")


def test_a_control_total_that_is_missed_is_on_the_list(tmp_path: Path) -> None:
    package = write_seeded(tmp_path / "p", CLEAN + "2025,01,Health,1,N,true,\n2025,02,Schools,2000,N,true,\n")
    descriptor = package / "datapackage.json"
    control = '{"controls": [{"title": "All", "measure": "amount", "equals": 3}], '
    descriptor.write_text(control + descriptor.read_text(encoding="utf-8")[1:], encoding="utf-8")
    found = sheets(marked(package))
    assert any("(fiscal/control-total)" in row[1] for row in texts(found["To fix"])[ABOVE:])
