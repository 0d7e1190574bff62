"""Workbooks changed in place: whatever way their XML is written, and whatever else is in it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from openspending.etl.patching.comments import Commented
from openspending.etl.patching.listing import listing
from openspending.etl.patching.looks import Looks
from openspending.etl.patching.merged import Merged, column_of, place_of, reference
from openspending.etl.patching.package import Parts, appended
from openspending.etl.patching.shapes import with_boxes
from openspending.etl.patching.sheet import Coloured, SheetPatch
from openspending.etl.patching.splice import Splicer, Unpatchable, with_attributes
from openspending.etl.tofix import ToFix
from openspending.fdp.problems import problem

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf fontId="0" fillId="0"/>'
    '<xf numFmtId="4" fillId="1" xfId="0"><alignment horizontal="right"/></xf></cellXfs></styleSheet>'
)


def patched(
    sheet: str, *places: str, boxes: str | None = None, grey: int = 0, stale: frozenset[int] = frozenset()
) -> str:
    """A sheet with some cells marked; a style is ten times its number and one more when it is marked."""
    coloured = Coloured()
    for place in places:
        row, column = place_of(place)
        coloured.cells.setdefault(row, {})[column] = "error"
    if grey:
        coloured.rows[grey] = ("left out", 2)
    held = BytesIO()
    SheetPatch(sheet.encode(), held, coloured, lambda style, look: style * 10 + (look is not None), stale, boxes).run()
    return held.getvalue().decode()


def in_sheet(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def test_a_cell_gets_another_style_and_keeps_all_else() -> None:
    rows = '<row r="1" spans="1:2"><c r="A1" s="3" t="s"><f>B1</f><v>0</v></c><c r="B1"><v>1</v></c></row>'
    found = patched(in_sheet(rows), "A1")
    assert found == in_sheet('<row r="1"><c r="A1" t="s" s="31"><f>B1</f><v>0</v></c><c r="B1"><v>1</v></c></row>')


def test_cells_that_are_not_there_are_put_where_they_belong() -> None:
    rows = '<row r="2"><c r="B2"/><c r="D2"/></row><row r="5"/><row r="7" s="4" customFormat="1"></row>'
    found = patched(in_sheet(rows), "A2", "C2", "E2", "D1", "C5", "A6", "B7", "A9")
    assert found == in_sheet(
        '<row r="1"><c r="D1" s="1"/></row>'
        '<row r="2"><c r="A2" s="1"/><c r="B2"/><c r="C2" s="1"/><c r="D2"/><c r="E2" s="1"/></row>'
        '<row r="5"><c r="C5" s="1"/></row><row r="6"><c r="A6" s="1"/></row>'
        '<row r="7" s="4" customFormat="1"><c r="B7" s="41"/></row><row r="9"><c r="A9" s="1"/></row>'
    )


def test_empty_cells_have_the_style_of_their_column() -> None:
    columns = '<cols><col min="2" max="3" style="7"/><col min="4" max="4" width="9"/></cols>'
    found = patched(in_sheet("", before=columns), "C1", "D1")
    assert found == in_sheet('<row r="1"><c r="C1" s="71"/><c r="D1" s="1"/></row>', before=columns)


def test_a_sheet_without_any_row_can_be_marked() -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    assert patched(sheet, "B2") == in_sheet('<row r="2"><c r="B2" s="1"/></row>')
    assert patched(sheet) == sheet


def test_places_need_not_be_written() -> None:
    rows = "<row><c><v>1</v></c><c/></row><row><c/><c t='n' s='2'/></row>"
    assert patched(in_sheet(rows), "B2", "C1") == in_sheet(
        '<row><c><v>1</v></c><c/><c r="C1" s="1"/></row><row><c/><c t=\'n\' s="21"/></row>'
    )


def test_the_main_namespace_may_have_a_prefix() -> None:
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="B1"/></x:row></x:sheetData></x:worksheet>'
    found = patched(sheet, "A1", "B1", "A2", boxes="rId9")
    assert (
        '<x:row r="1"><x:c r="A1" s="1"/><x:c r="B1" s="1"/></x:row><x:row r="2"><x:c r="A2" s="1"/></x:row>' in found
    )
    assert "<x:legacyDrawing xmlns:rel=" in found


def test_boxes_are_referred_to_where_the_format_wants_it() -> None:
    after = '<drawing rel="a"/><tableParts count="0"/><extLst/>'
    found = patched(in_sheet("", after=after), boxes="rId9")
    assert '<drawing rel="a"/><legacyDrawing xmlns:rel=' in found
    assert found.endswith('rel:id="rId9"/><tableParts count="0"/><extLst/></worksheet>')


def test_rows_are_coloured_as_a_whole_and_no_sheet_stays_selected() -> None:
    views = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
    found = patched(in_sheet('<row r="3"><c r="B3" s="1"/><c r="C3"/></row>', before=views), grey=3)
    assert '<sheetView workbookViewId="0"/>' in found
    assert '<row r="3"><c r="A3" s="1"/><c r="B3" s="11"/><c r="C3"/></row>' in found


def test_colours_of_an_earlier_copy_are_taken_away() -> None:
    rows = '<row r="1"><c r="A1" s="5"/><c r="B1" s="5"/><c r="C1" s="6"/></row>'
    assert patched(in_sheet(rows), "B1", stale=frozenset({5})) == in_sheet(
        '<row r="1"><c r="A1" s="50"/><c r="B1" s="51"/><c r="C1" s="6"/></row>'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"<a><b></a>",
        b"<!DOCTYPE a><a/>",
        '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?><a/>',
        b"",
    ],
)
def test_what_is_no_plain_xml_is_refused(data: bytes) -> None:
    with pytest.raises(Unpatchable):
        Splicer(data, BytesIO()).run()


def test_a_copy_without_changes_is_the_same_bytes() -> None:
    data = (
        '\ufeff<?xml version="1.0"?><a b=\'>\' c="/>"><!-- <d> --><d/>&#10;<![CDATA[<e>]]>\r\n' + "é" * 3 + "</a>\n"
    ).encode()
    held = BytesIO()
    Splicer(data, held).run()
    assert held.getvalue() == data


def test_attributes_are_replaced_and_never_looked_for_inside_others() -> None:
    tag = b"""<c t='a s="1" b' s="2" r="A1"/>"""
    assert with_attributes(tag, s=3) == b"""<c t='a s="1" b' r="A1" s="3"/>"""
    assert with_attributes(b"<c s='1'>", s=None, r='"') == b'<c r="&quot;">'


def test_styles_differ_from_their_models_in_nothing_but_the_fill() -> None:
    looks = Looks(STYLES.encode())
    assert [looks.on(1, "error"), looks.on(1, "error"), looks.on(0, "warning"), looks.on(99, "error")] == [2, 2, 3, 4]
    written = looks.part().decode()
    assert '<fills count="4">' in written
    assert '<cellXfs count="5">' in written
    assert '<xf numFmtId="4" xfId="0" fillId="2" applyFill="1"><alignment horizontal="right"/></xf>' in written
    again = Looks(looks.part())
    assert again.stale == frozenset({2, 3, 4})


def test_the_list_has_no_formula_and_no_markup_of_others() -> None:
    listed = ToFix(["<f>1+2</f>", "\x01_x0041_"])
    listed.add(problem("blank-row", file="=1+2<v>", row=3, rows="1"), ("O'Neill & Co", "A3"))
    looks = Looks(STYLES.encode())
    xml = listing(listed, looks).decode()
    assert "<f>" not in xml
    assert "&lt;f&gt;1+2&lt;/f&gt;" in xml
    assert "_x0001__x005F_x0041_" in xml
    assert "location=\"'O''Neill &amp; Co'!A3\"" in xml


def test_comments_of_others_get_ours_below_and_old_ones_of_ours_go() -> None:
    old = (
        f'<comments xmlns="{MAIN}"><authors><author>Jana</author><author/></authors><commentList>'
        '<comment ref="A1" authorId="0"><text><t>plain</t></text></comment>'
        '<comment ref="B1" authorId="0"><text><r><t>run</t></r><phoneticPr fontId="1"/></text></comment>'
        '<comment ref="C1" authorId="1"><text><t>old\n— OpenSpending</t></text></comment>'
        '<comment ref="D1" authorId="1"><text><r><t>old</t></r><r><t>\n— OpenSpending\n</t></r></text></comment>'
        '<comment ref="E1" authorId="0"><text><t>still</t></text></comment></commentList></comments>'
    )
    texts = {"A1": "one", "B1": "<two>", "C1": "three"}
    made = Commented(old.encode(), texts)
    assert (made.added, made.removed) == (["C1"], ["C1", "D1"])
    text = made.part.decode()
    below = '<r><t>plain</t></r><r><t xml:space="preserve">\n\n——\none\n— OpenSpending</t></r></text>'
    assert below in text
    assert "&lt;two&gt;\n— OpenSpending</t></r><phoneticPr" in text
    assert '<comment ref="E1" authorId="0"><text><t>still</t></text></comment>' in text
    assert (text.count("old"), text.count("three"), text.count("<comment ")) == (0, 1, 4)
    again = Commented(made.part, texts)
    assert (again.part.count(b"\none\n"), again.removed, again.added) == (1, ["C1"], ["C1"])


def test_boxes_come_and_go_with_their_comments() -> None:
    first = with_boxes(None, [(3, 1), (4, 0)], [])
    second = with_boxes(first.replace(b"</xml>", b"<br></xml>"), [(9, 9)], [(3, 1)])
    assert second.count(b"<v:shape ") == 2
    assert b"<x:Row>2</x:Row>" not in second
    assert b'id="_x0000_s1027"' in second
    assert b"<br>" in second
    with pytest.raises(Unpatchable):
        with_boxes(b"<html>", [(1, 1)], [])


def test_marks_under_merged_cells_are_shown_in_the_first_one() -> None:
    merged = Merged(b'<sheetData/><mergeCells><x:mergeCell ref="B2:C4"/></mergeCells>')
    assert (merged.shown((3, 2)), merged.shown((5, 2)), merged.shown((2, 0))) == ((2, 1), (5, 2), (2, 0))


def test_places_are_written_as_spreadsheets_do() -> None:
    for place, text in (((1, 0), "A1"), ((7, 25), "Z7"), ((9, 26), "AA9"), ((1, 16_383), "XFD1")):
        assert (reference(place), place_of(text)) == (text, place)
    assert (column_of("AB"), place_of("$B$12"), place_of("B2:C3")) == (27, (12, 1), (0, 0))


def test_something_can_be_appended_to_an_empty_element() -> None:
    assert appended(b'<x:a xmlns:x="y"/>', "<{0}b/>") == b'<x:a xmlns:x="y"><x:b/></x:a>'


def test_a_damaged_zip_and_a_bomb_are_refused(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"PK")
    with pytest.raises(Unpatchable, match="its zip is damaged"):
        Parts(tmp_path / "no.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 80_000_000)
    with pytest.raises(Unpatchable, match="as only a bomb does"):
        Parts(tmp_path / "bomb.xlsx")
