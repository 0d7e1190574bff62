"""The marked copy of a workbook: the publisher's own file back, marked, and everything else in it as it was."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from openspending.etl.marked import MarkedCopy
from openspending.fdp.problems import PackageRejected
from openspending.publishing import validate
from tests.publishing.seededbook import FAULTS, ROWS, SHEET, Fault, write_book, write_package

pytestmark = pytest.mark.slow

COLOURS = {"error": "FFFFC6CE", "warning": "FFFFEB9B", "changed": "FFDBE9F7", "left out": "FFD8D9DA"}
OURS = {colour: name for name, colour in COLOURS.items()}


def marked(package: Path, name: str = "copy.xlsx", language: str = "en") -> MarkedCopy:
    """A marked copy of the package, written beside it."""
    copy = MarkedCopy(package.parent / name, language=language)
    with suppress(PackageRejected):
        validate(str(package), marked=copy)
    return copy


def opened(copy: MarkedCopy) -> Workbook:
    (path,) = copy.paths
    return load_workbook(path)


def look(cell: Cell) -> str | None:
    return OURS.get(cell.fill.start_color.rgb) if cell.fill.fill_type else None


def marks(sheet: Worksheet) -> dict[str, str]:
    return {cell.coordinate: found for row in sheet.iter_rows() for cell in row if (found := look(cell))}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """A workbook with its parts changed."""
    content = parts(path)
    change(content)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The publisher's workbook, and its copy."""
    folder = tmp_path_factory.mktemp("workbook")
    copy = marked(write_package(folder / "p"))
    assert copy.notes == []
    return folder / "p" / "budget.xlsx", copy.paths[0]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_every_seeded_fault_is_marked_and_explained(seeded: tuple[Path, Path], fault: Fault) -> None:
    book = load_workbook(seeded[1])
    sheet, severity = book[SHEET], "error" if fault.error else "warning"
    assert {look(sheet[place]) for place in fault.cells} == {severity}
    told = sheet[fault.cells[0]].comment.text
    assert f"{fault.code}\n" in told
    assert "\nFix: " in told
    listed = [row for row in book["To fix"].iter_rows(min_row=4) if f"({fault.code})" in row[1].value]
    lines = [row for row in listed if row[4].value in told or fault.column in row[2].value]
    assert lines
    for shown, _, where, _, why, fix, count in lines:
        assert (shown.value, look(shown)) == (severity, severity)
        assert re.fullmatch(rf"'{SHEET}'![A-H]\d+", where.hyperlink.location)
        assert why.value
        assert fix.value
        assert count.value >= 1


def test_twelve_faults_are_seeded_in_twelve_places() -> None:
    assert len({fault.cells for fault in FAULTS}) == len({fault.what for fault in FAULTS}) == len(FAULTS) == 12


def test_nothing_else_is_marked(seeded: tuple[Path, Path]) -> None:
    found = marks(load_workbook(seeded[1])[SHEET])
    assert set(found) == {place for fault in FAULTS for place in fault.cells}


def test_everything_else_is_as_it_was(seeded: tuple[Path, Path]) -> None:
    source, copy = (load_workbook(path) for path in seeded)
    assert copy.sheetnames == ["To fix", *source.sheetnames]
    for before in source:
        after = copy[before.title]
        for row in before.iter_rows():
            for cell in row:
                same = after[cell.coordinate]
                assert same.value == cell.value
                assert [str(getattr(same, one)) for one in ("font", "border", "alignment", "number_format")] == [
                    str(getattr(cell, one)) for one in ("font", "border", "alignment", "number_format")
                ]
                assert look(same) or str(same.fill) == str(cell.fill)
        assert after.merged_cells.ranges == before.merged_cells.ranges
        assert (after.freeze_panes, after.auto_filter.ref) == (before.freeze_panes, before.auto_filter.ref)
        assert str(after.column_dimensions["B"].width) == str(before.column_dimensions["B"].width)
        assert [str(one.sqref) for one in after.conditional_formatting] == [
            str(one.sqref) for one in before.conditional_formatting
        ]
        assert len(after.data_validations.dataValidation) == len(before.data_validations.dataValidation)
        assert after.print_title_rows == before.print_title_rows
        assert len(after._charts) == len(before._charts)


def test_parts_that_have_nothing_to_do_with_marks_are_the_same_bytes(seeded: tuple[Path, Path]) -> None:
    before, after = (parts(path) for path in seeded)
    changed = {name for name, data in before.items() if after[name] != data}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet2.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    assert "xl/charts/chart1.xml" in before
    assert set(after) - set(before) == {"xl/worksheets/sheetOs1.xml"}


def test_comments_of_others_stay_and_ours_stand_below(seeded: tuple[Path, Path]) -> None:
    sheet = load_workbook(seeded[1])[SHEET]
    told = sheet["A12"].comment
    assert told.author == "Jana"
    assert told.text.startswith("Ask Jana whether this is right\n\n——\nprimary-key\n")
    assert (sheet["B8"].comment.text, look(sheet["B8"])) == ("Checked", None)


def test_the_list_is_the_first_sheet_and_the_only_one_selected(seeded: tuple[Path, Path]) -> None:
    book = load_workbook(seeded[1])
    sheet = book["To fix"]
    assert book.active is sheet
    assert [one.title for one in book if one.sheet_view.tabSelected] == ["To fix"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("A4", "$3:$3", "landscape")
    assert sheet["A1"].value == (
        "8 errors in 10 places and 3 warnings in 3 places."
        " Mend the errors; look at the warnings, which may be right. Click a place to go there."
    )
    severities = [row[0].value for row in sheet.iter_rows(min_row=4)]
    assert severities == sorted(severities)
    counts = [row[6].value for row in sheet.iter_rows(min_row=4) if row[0].value == "error"]
    assert counts == sorted(counts, reverse=True)


def test_stored_results_of_formulas_stay(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")

    def calculated(content: dict[str, bytes]) -> None:
        sums = content["xl/worksheets/sheet3.xml"]
        content["xl/worksheets/sheet3.xml"] = re.sub(rb"</f><v ?/?>(</v>)?", b"</f><v>4711.5</v>", sums)

    rewritten(package / "budget.xlsx", calculated)
    copy = marked(package)
    assert opened(copy)["Sums"]["B2"].value == f"=SUM('{SHEET}'!G6:G20)"
    assert load_workbook(copy.paths[0], data_only=True)["Sums"]["B2"].value == 4711.5


def test_rows_left_out_are_grey_and_texts_replaced_blue(tmp_path: Path) -> None:
    rules = [
        {"kind": "total", "reason": "sums up the others", "where": {"Ministry": ["Total"]}},
        {"kind": "note", "empty": ["Year"]},
    ]
    package = write_package(tmp_path / "p", leaveOut=rules)
    descriptor = package / "datapackage.json"
    said = json.loads(descriptor.read_text(encoding="utf-8"))
    amount = said["resources"][0]["schema"]["fields"][6]
    amount["replace"] = {"nil so far": None, "1,980": "1980"}
    descriptor.write_text(json.dumps(said), encoding="utf-8")
    book = opened(marked(package))
    sheet = book[SHEET]
    assert {look(cell) for row in (20, 21) for cell in sheet[row][:8]} == {"left out"}
    assert sheet["A20"].comment.text.startswith("left out: sums up the others\n")
    assert sheet["A21"].comment.text.startswith("left out: note\n")
    assert (look(sheet["G7"]), sheet["G7"].comment.text.split("\n")[0]) == ("changed", "read as “1980”")
    assert (look(sheet["G9"]), sheet["G9"].comment.text.split("\n")[0]) == ("changed", "read as a missing value")
    assert [cell.value for cell in book["To fix"][2]][:4] == [
        "error",
        "warning: may be right",
        "read as its comment says",
        "left out, not read",
    ]
    assert [look(cell) for cell in book["To fix"][2]][:4] == list(COLOURS)


def test_rows_left_out_are_told_in_a_csv(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p", leaveOut=[{"kind": "note", "empty": ["Year"]}])
    text = marked(package, "copy.csv").paths[0].read_text(encoding="utf-8-sig")
    assert '"left out: note",""' in text


def test_a_mended_copy_that_comes_again_has_only_what_is_still_wrong(tmp_path: Path) -> None:
    first = marked(write_package(tmp_path / "p"))
    book = opened(first)
    sheet = book[SHEET]
    sheet["G7"], sheet["C11"], sheet["E13"] = 1980, "02.9", "approved"
    second = write_package(tmp_path / "q")
    book.save(second / "budget.xlsx")  # as another program writes it
    found = opened(marked(second, "again.xlsx"))
    assert found.sheetnames == ["To fix", "Read me", SHEET, "Sums"]
    mended = {"G7", "C11", "E13"}
    assert set(marks(found[SHEET])) == {place for one in FAULTS for place in one.cells} - mended
    comments = {cell.coordinate for row in found[SHEET].iter_rows() for cell in row if cell.comment is not None}
    assert comments == {one.cells[0] for one in FAULTS} - mended | {"B8"}
    assert found[SHEET]["G9"].comment.text.count("type-error") == 1
    assert found.active.title == "To fix"


def test_a_copy_is_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p", leaveOut=[{"kind": "note", "empty": ["Year"]}])
    book = opened(marked(package, language="es"))
    listed, sheet = book["Por corregir"], book[SHEET]
    assert listed["A1"].value.endswith(
        "Corrija los errores; revise las advertencias, que pueden ser correctas. Haga clic en un lugar para ir a él."
    )
    assert [cell.value for cell in listed[2]][:3] == ["error", "advertencia: puede ser correcta", "omitida, no se lee"]
    assert [cell.value for cell in listed[3]][:2] == ["gravedad", "qué"]
    assert "Un valor no es del tipo declarado (type-error)" in {row[1].value for row in listed.iter_rows(min_row=4)}
    assert {row[0].value for row in listed.iter_rows(min_row=4)} == {"error", "advertencia"}
    assert "\nRemedio: " in sheet["G9"].comment.text
    assert sheet["A21"].comment.text.startswith("omitida: nota\n")
    again = write_package(tmp_path / "q")
    book.save(again / "budget.xlsx")
    for language, words in (("es", "Haga clic"), ("en", "Click")):  # the list of the earlier copy is known in any
        found = opened(marked(again, f"again-{language}.xlsx", language))
        assert found.sheetnames == ["Por corregir", "Read me", SHEET, "Sums"], language
        assert words in found["Por corregir"]["A1"].value
        assert found[SHEET]["G9"].comment.text.count("type-error") == 1
    text = marked(package, "copy.csv", "es").paths[0].read_text(encoding="utf-8-sig")
    assert '"problema","remedio"' in text
    assert "omitida: nota" in text


def test_a_list_of_the_publisher_called_so_stays(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    book = load_workbook(package / "budget.xlsx")
    book.create_sheet("To fix", 0)["A1"] = "The roof"
    book.save(package / "budget.xlsx")
    found = opened(marked(package))
    assert found.sheetnames[:2] == ["To fix~2", "To fix"]
    assert found["To fix"]["A1"].value == "The roof"


def test_a_table_found_by_number_asks_for_the_list_to_be_deleted(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p", dialect={"sheetNumber": 2, "headerRows": [5]})
    copy = marked(package)
    assert copy.notes == ["Delete this list before budget.xlsx is sent again: its table is found by number."]
    assert opened(copy)["To fix"]["B4"].value == copy.notes[0]


def test_names_of_sheets_move_with_them(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    found = opened(marked(package))
    assert found[SHEET].print_title_rows == "$5:$5"
    assert found["Sums"].print_title_rows is None


def test_a_discussion_stays_and_no_comment_is_put_beside_it(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = f'<Relationship Id="rIdT" Type="{kind}" Target="/xl/threadedComments/threadedComment1.xml"/>'
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="A12" id="{1}"><text>Ask Jana</text></threadedComment></ThreadedComments>'
    )

    def discussed(content: dict[str, bytes]) -> None:
        name = "xl/worksheets/_rels/sheet2.xml.rels"
        content[name] = content[name].replace(b"</Relationships>", relation.encode() + b"</Relationships>")
        content["xl/threadedComments/threadedComment1.xml"] = thread.encode()

    rewritten(package / "budget.xlsx", discussed)
    sheet = opened(marked(package))[SHEET]
    assert (sheet["A12"].comment.text, look(sheet["A12"])) == ("Ask Jana whether this is right", "warning")


def _strict(content: dict[str, bytes]) -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(
        main, b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


def _in_latin(content: dict[str, bytes]) -> None:
    name = "xl/styles.xml"
    content[name] = b'<?xml version="1.0" encoding="iso-8859-1"?>' + content[name].removeprefix(
        content[name].partition(b"<styleSheet")[0]
    )


def _without_styles(content: dict[str, bytes]) -> None:
    del content["xl/styles.xml"]


def _template(content: dict[str, bytes]) -> None:
    name = "[Content_Types].xml"
    content[name] = content[name].replace(b"spreadsheetml.sheet.main+xml", b"spreadsheetml.template.main+xml")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_strict, "it is of the strict kind of Office Open XML"),
        (_in_latin, "a part of it is written in iso-8859-1"),
        (_without_styles, "it has no styles"),
        (_template, "it is a template or of a kind that we do not know"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_a_new_workbook(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], reason: str
) -> None:
    package = write_package(tmp_path / "p")
    rewritten(package / "budget.xlsx", change)
    copy = marked(package)
    assert copy.notes == [
        f"budget.xlsx cannot be marked as it is: {reason}.",
        "Of budget.xlsx this is a new workbook with its texts, not the file itself.",
    ]
    book = opened(copy)
    assert book.sheetnames == ["To fix", SHEET]
    assert set(marks(book[SHEET])) >= {"G7", "G9", "D10", "C11"}
    assert book[SHEET]["B20"].value == "Total"


def test_a_workbook_with_macros_keeps_them_and_its_kind(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")

    def with_macros(content: dict[str, bytes]) -> None:
        old = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        name = "[Content_Types].xml"
        content[name] = content[name].replace(old, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        content["xl/vbaProject.bin"] = b"macros"

    rewritten(package / "budget.xlsx", with_macros)
    copy = marked(package)
    assert copy.paths == [tmp_path / "copy.xlsm"]
    assert parts(copy.paths[0])["xl/vbaProject.bin"] == b"macros"


def test_each_workbook_comes_back_and_other_tables_in_a_new_one(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    (package / "offices.csv").write_text("Office,Name,\n001,Clinics,\n", encoding="utf-8")
    copy = marked(package)
    assert [path.name for path in copy.paths] == ["copy-1-budget.xlsx", "copy-2-tables.xlsx"]
    own, new = (load_workbook(path) for path in copy.paths)
    assert own.sheetnames == ["To fix", "Read me", SHEET, "Sums"]
    assert new.sheetnames == ["To fix", "offices.csv"]
    assert not any("blank-label" in row[1] for row in own["To fix"].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in new["To fix"].iter_rows(min_row=4, values_only=True)] == [
        "A column without a name (blank-label)"
    ]


def test_two_tables_of_one_workbook_come_back_in_it(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    write_book(package / "budget.xlsx", [*ROWS, *([None] * 8 for _ in range(3))])
    book = load_workbook(package / "budget.xlsx")
    offices = book.create_sheet("Offices")
    for row in (("Office", "Name", None), ("001", "Clinics", "!"), ("002", None, None)):
        offices.append(row)
    book.save(package / "budget.xlsx")
    descriptor = package / "datapackage.json"
    said = json.loads(descriptor.read_text(encoding="utf-8"))
    said["resources"][1] |= {"path": "budget.xlsx", "format": "xlsx", "dialect": {"sheetName": "Offices"}}
    said["resources"][1]["schema"]["fields"][1]["constraints"] = {"required": True}
    descriptor.write_text(json.dumps(said), encoding="utf-8")
    found = opened(marked(package))
    assert found.sheetnames == ["To fix", "Read me", SHEET, "Sums", "Offices"]
    assert {"B3", "C1"} <= set(marks(found["Offices"]))
    assert {"G7", "G9"} <= set(marks(found[SHEET]))


def test_a_spreadsheet_of_another_kind_comes_back_as_a_new_workbook(tmp_path: Path) -> None:
    page = "<table><tr><th>Office<th>Name<th></tr><tr><td>001<td>Clinics<td>=1+2</tr></table>"
    package = write_package(tmp_path / "p")
    (package / "offices.xls").write_text(page, encoding="utf-8")
    descriptor = package / "datapackage.json"
    said: dict[str, Any] = json.loads(descriptor.read_text(encoding="utf-8"))
    said["resources"][1] |= {"path": "offices.xls", "format": "html"}
    descriptor.write_text(json.dumps(said), encoding="utf-8")
    copy = marked(package)
    assert copy.notes == ["Of offices.xls this is a new workbook with its texts, not the file itself."]
    sheet = load_workbook(copy.paths[1])["offices.xls"]
    assert (sheet["C2"].value, sheet["C2"].data_type, look(sheet["C1"])) == ("=1+2", "s", "warning")


def test_the_source_is_not_touched(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p")
    shutil.copy(package / "budget.xlsx", tmp_path / "before.xlsx")
    copy = marked(package, "p/budget.xlsx")
    assert copy.paths == []
    marked(package)
    assert (package / "budget.xlsx").read_bytes() == (tmp_path / "before.xlsx").read_bytes()
