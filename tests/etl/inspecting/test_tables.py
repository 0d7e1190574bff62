from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from openspending.etl.inspecting.tables import Inspection, inspect, parts_of
from openspending.fdp.problems import PackageRejected

TABLE = "Code,Department,Amount\r\n" + "".join(f"0{n},Dept {n},{n}00.50\r\n" for n in range(1, 8))


def looked_at(tmp_path: Path, **files: str | bytes) -> Inspection:
    paths = []
    for name, content in files.items():
        path = tmp_path / name.replace("_csv", ".csv").replace("_zip", ".zip").replace("_gz", ".gz").replace(
            "_json", ".json"
        )
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    (tmp_path / "work").mkdir()
    return inspect(paths, tmp_path / "work")


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Read me"
    first.append(["This workbook has the budget of the city of X."])
    sheet = book.create_sheet("Budget")
    sheet.append(["Budget of the city of X"])
    sheet.append([])
    sheet.append(["Code", "Department", "Expenditure", None, "Revenue", None])
    sheet.append([None, None, "Plan", "Actual", "Plan", "Actual"])
    for n in range(1, 9):
        sheet.append([f"0{n}", f"Dept {n}", n * 1000.5, n * 900, n * 10, n * 20])
    sheet.append([])
    sheet.append(["Source: Treasury"])
    for cells in ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:F3"):
        sheet.merge_cells(cells)
    hidden = book.create_sheet("Old")
    for n in range(50):
        hidden.append([f"x{n}", n * 1000.5])
    hidden.sheet_state = "hidden"
    book.create_sheet("Empty")
    book.save(path)
    return path


def test_a_text_becomes_a_resource(tmp_path: Path) -> None:
    (one,) = looked_at(tmp_path, budget_csv=TABLE).candidates
    assert one.header == ("Code", "Department", "Amount")
    assert (one.rows, one.exact) == (7, True)
    assert one.preview[0] == ("01", "Dept 1", "100.50")
    assert one.resource("budget") == {
        "name": "budget",
        "path": "budget.csv",
        "format": "csv",
        "encoding": "utf-8",
    }


def test_encoding_delimiter_and_header_go_into_the_resource(tmp_path: Path) -> None:
    text = "Año 2015\r\n\r\nCódigo;Órgano;Importe\r\n" + "".join(
        f"0{n};Educación {n};{n}00,50\r\n" for n in range(1, 8)
    )
    (one,) = looked_at(tmp_path, budget_csv=text.encode("cp1252")).candidates
    assert one.resource("x")["encoding"] == "windows-1252"
    assert one.resource("x")["dialect"] == {"delimiter": ";", "headerRows": [3]}
    assert [cut.text for cut in one.cut] == ["Año 2015"]


def test_the_sheet_with_the_figures_stands_out(tmp_path: Path) -> None:
    found = inspect([workbook(tmp_path / "budget.xlsx")], tmp_path)
    one = found.candidates[0]
    assert one.title == "budget.xlsx › Budget"
    assert found.proposal.sure
    assert one.resource("x")["dialect"] == {"sheetName": "Budget", "headerRows": [3, 4], "headerFill": True}
    assert one.header[2:4] == ("Expenditure Plan", "Expenditure Actual")
    assert one.rules()[0]["kind"] == "note"
    assert one.rows == 8
    assert found.notes == ("budget.xlsx: the sheet “Empty” is empty",)


def test_a_hidden_sheet_is_never_the_first_choice(tmp_path: Path) -> None:
    found = inspect([workbook(tmp_path / "budget.xlsx")], tmp_path)
    hidden = next(one for one in found.candidates if one.place.hidden)
    assert hidden.confidence < 10
    assert found.candidates[0] is not hidden


def test_two_sheets_alike_are_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Revenue")):
        sheet.append(["Code", "Amount"])
        for n in range(1, 9):
            sheet.append([f"0{n}", n * 100.5])
    book.save(tmp_path / "two.xlsx")
    found = inspect([tmp_path / "two.xlsx"], tmp_path)
    proposal = found.proposal_of("two.xlsx")
    assert proposal is not None
    assert not proposal.sure


def test_a_packed_text_is_found(tmp_path: Path) -> None:
    (one,) = looked_at(tmp_path, budget_gz=gzip.compress(TABLE.encode())).candidates
    assert one.resource("x")["compression"] == "gz"


def test_members_of_a_zip_are_candidates(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2015/budget.csv", TABLE)
        archive.writestr("codes.csv", "Code,Label\r\nA,Alpha\r\nB,Beta\r\n")
        archive.writestr("report.pdf", "%PDF-1.4")
    found = inspect([path], tmp_path)
    assert [one.title for one in found.candidates] == ["all.zip › 2015/budget.csv", "all.zip › codes.csv"]
    assert found.candidates[0].resource("x")["innerpath"] == "2015/budget.csv"
    assert "report.pdf" in found.notes[0]


def test_records_in_json_have_their_keys_as_header(tmp_path: Path) -> None:
    records = [{"year": 2015, "name": f"Dept {n}", "amount": n * 100.5} for n in range(5)]
    (one,) = looked_at(tmp_path, budget_json=json.dumps({"result": {"records": records}})).candidates
    assert one.header == ("year", "name", "amount")
    assert one.resource("x")["dialect"]["property"] == "result.records"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRejected):
        looked_at(tmp_path, empty_csv=b"")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRejected):
        looked_at(tmp_path, noise_csv=bytes(range(1, 256)) * 40)


def test_more_columns_than_any_table_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRejected):
        looked_at(tmp_path, wide_csv="1," * 300_000 + "\n")


def test_one_unreadable_file_among_others_is_noted(tmp_path: Path) -> None:
    found = looked_at(tmp_path, a_csv=TABLE, b_csv=b"%PDF-1.4 not a table")
    assert len(found.candidates) == 1
    assert "PDF" in found.notes[0]


def test_a_large_file_is_read_at_both_ends_only(tmp_path: Path) -> None:
    rows = "".join(f"{n},Department number {n},{n}.50\r\n" for n in range(900_000))
    text = f"Code,Department,Amount\r\n{rows}\r\nSource: Treasury,,\r\n"
    (one,) = looked_at(tmp_path, large_csv=text).candidates
    assert not one.exact
    assert abs(one.rows - 900_000) < 10
    assert one.rules()[0]["empty"] == ["Department", "Amount"]


def test_files_with_the_same_columns_are_parts(tmp_path: Path) -> None:
    second = TABLE.replace("Code,Department,Amount", "code, Department ,Amount")
    found = looked_at(tmp_path, p1_csv=TABLE, p2_csv=second, other_csv="Region,People\r\nA,5\r\nB,7\r\n")
    groups = parts_of(found.candidates)
    assert sorted(len(one.parts) for one in groups) == [1, 2]
    both = next(one for one in groups if len(one.parts) == 2)
    assert both.resource("x")["path"] == ["p1.csv", "p2.csv"]
    assert both.aliases == {"Code": ("code",), "Department": (" Department ",)}
    assert both.proposal is None


def test_a_misspelt_label_is_proposed_as_an_alias(tmp_path: Path) -> None:
    found = looked_at(tmp_path, p1_csv=TABLE, p2_csv=TABLE.replace("Department", "Departmnet"))
    (both,) = parts_of(found.candidates)
    assert both.aliases == {"Department": ("Departmnet",)}
    assert both.proposal is not None
    assert both.proposal.sure


def test_a_part_of_a_series_may_lack_a_column_but_that_is_asked(tmp_path: Path) -> None:
    wide = TABLE.replace("\r\n", ",x\r\n").replace("Amount,x", "Amount,Remark")
    wider = wide.replace("\r\n", ",y\r\n").replace("Remark,y", "Remark,Fund")
    found = looked_at(tmp_path, p1_csv=wider, p2_csv=wide, unlike_csv=wide)
    (both, other) = parts_of(found.candidates)
    assert [one.name for one in both.parts] == ["p1.csv", "p2.csv"]
    assert both.missing == ("Fund",)
    assert both.proposal is not None
    assert not both.proposal.sure
    assert other.proposal is None


def test_columns_of_other_years_are_other_columns(tmp_path: Path) -> None:
    texts = [
        f"Code,Name,Plan {year}\r\n" + "".join(f"0{n},N {n},{n}00.5\r\n" for n in range(1, 8)) for year in (2015, 2016)
    ]
    found = looked_at(tmp_path, p_a_csv=texts[0], p_b_csv=texts[1])
    assert len(parts_of(found.candidates)) == 2


def test_files_in_other_encodings_are_no_parts_but_ascii_fits_all(tmp_path: Path) -> None:
    spanish = TABLE.replace("Dept", "Educación Español").encode("cp1252")
    found = looked_at(tmp_path, p1_csv=spanish, p2_csv=TABLE)
    (both,) = parts_of(found.candidates)
    assert both.resource("x")["encoding"] == "windows-1252"


def test_cells_beyond_the_header_of_one_part_are_columns_of_all_without_a_question(tmp_path: Path) -> None:
    longer = TABLE + "08,Dept 8,800.50,,Contra\r\n"
    for texts in ((TABLE, longer, TABLE), (longer, TABLE), (longer, longer, TABLE)):
        files = {f"p{n}_csv": text for n, text in enumerate(texts)}
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        (one,) = parts_of(looked_at(folder, **files).candidates)
        assert (*one.parts[0].header, *one.extra)[3:] in (("column 5",), ("column 4", "column 5"))
        assert one.missing == ()
        assert one.proposal is None


def test_each_question_about_one_of_several_files_has_an_id_of_its_own(tmp_path: Path) -> None:
    both = looked_at(tmp_path, p1_csv=TABLE, p2_csv=TABLE.replace("Dept", "Office")).candidates
    assert [one.header_proposal.id for one in both] == ["header:p1.csv", "header:p2.csv"]
    assert [one.dialect.id for one in both if one.dialect] == ["delimiter:p1.csv", "delimiter:p2.csv"]


def test_questions_about_the_only_file_have_plain_ids(tmp_path: Path) -> None:
    (one,) = looked_at(tmp_path, p1_csv=TABLE).candidates
    assert one.header_proposal.id == "header"


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_files_of_an_archive_with_the_same_columns_are_all_meant(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"2015.csv": TABLE, "2016.csv": TABLE.replace(".50", ".70"), "x.csv": "A,B\n"})
    found = inspect([path], tmp_path)
    proposal = found.proposal_of("all.zip")
    assert proposal is not None
    assert (proposal.best.value, proposal.sure) == ("all of them", True)
    assert [one.place.member for one in found.meant("all.zip", proposal.best)] == ["2015.csv", "2016.csv"]
    assert [one.place.member for one in found.meant("all.zip", proposal.choices[1])] == ["2015.csv"]


def test_files_of_an_archive_with_other_columns_are_asked_about(tmp_path: Path) -> None:
    members = {"2015.csv": TABLE, "2016.csv": TABLE, "more.csv": TABLE.replace("Amount", "Paid") * 3}
    proposal = inspect([zipped(tmp_path / "all.zip", members)], tmp_path).proposal_of("all.zip")
    assert proposal is not None
    assert not proposal.sure


def test_sheets_with_the_same_columns_may_all_be_meant_but_that_is_asked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("2016")):
        sheet.append(["Code", "Amount"])
        for n in range(1, 9):
            sheet.append([f"0{n}", n * 100.5])
    book.save(tmp_path / "two.xlsx")
    proposal = inspect([tmp_path / "two.xlsx"], tmp_path).proposal_of("two.xlsx")
    assert proposal is not None
    assert proposal.best.value == "all of them"
    assert not proposal.sure
