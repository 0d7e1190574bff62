"""Cells of workbooks as text: the same whatever the format is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest

from openspending.etl.formats import xlsxfast
from openspending.etl.formats.sheets import Book
from openspending.fdp.problems import PackageRejected
from tests.etl.formats import workbooks

Opens = Callable[[bytes], Book]


def rows(book: Book, number: int = 1) -> list[list[str]]:
    return list(book.rows(next(one for one in book.sheets if one.number == number)))


def saved(cells: Mapping[str, Any], formats: Mapping[str, str] | None = None, merge: str = "") -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for place, value in cells.items():
        sheet[place] = value
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    if merge:
        sheet.merge_cells(merge)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


VALUES: list[tuple[Any, str, str]] = [
    (7, "General", "7"),
    (7.0, "0.00", "7"),
    (7, "000", "007"),
    (-7, "000", "-007"),
    (1234, "000", "1234"),
    (7.5, "000", "7.5"),
    (7, "0000;-0000", "0007"),
    (0.07, "General", "0.07"),
    (1e-7, "General", "0.0000001"),
    (1e21, "General", "1000000000000000000000"),
    (134364.24, '#,##0.00 "€"', "134364.24"),
    (1234567.891, "#,##0", "1234567.891"),
    (0.125, "0%", "0.125"),
    (True, "General", "TRUE"),
    (False, "General", "FALSE"),
    (dt.datetime(2020, 1, 2), "dd.mm.yyyy", "2020-01-02"),  # noqa: DTZ001 - cells have no time zone
    (dt.datetime(2020, 1, 2, 3, 4, 5), "yyyy-mm-dd hh:mm", "2020-01-02T03:04:05"),  # noqa: DTZ001
    (dt.time(3, 4), "h:mm", "03:04:00"),
    (dt.timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
    (44000, "mmm-yy", "2020-06-18"),
    (-44000, "mmm-yy", "-44000"),
    (9e9, "mmm-yy", "9000000000"),
    ("#REF!", "General", "#REF!"),
    ("007", "@", "007"),
    (" two\nlines ", "General", " two\nlines "),
    ("=cmd|'/c calc'!A1", "@", "=cmd|'/c calc'!A1"),
    ("", "General", ""),
    (None, "000", ""),
]


@pytest.mark.parametrize(("value", "code", "text"), VALUES)
def test_a_value_of_xlsx_has_one_text(book: Opens, value: Any, code: str, text: str) -> None:
    workbook = openpyxl.Workbook()
    cell = workbook.active.cell(1, 1)
    cell.value, cell.number_format = value, code
    if isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"
    workbook.active["B1"] = "x"
    stream = io.BytesIO()
    workbook.save(stream)

    assert rows(book(stream.getvalue())) == [[text, "x"]]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("7.0000000000000007E-2", "0.07"),
        ("134364.23999999999", "134364.24"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("12345678901234567890", "12345678901234567890"),
        ("1234567890123456.7891", "1234567890123456.7891"),
        ("1.50", "1.5"),
        ("-0", "0"),
        ("1E400", "1E400"),
        ("1E999999999", "1E999999999"),
        ("x", "x"),
    ],
)
def test_numbers_keep_what_was_typed(book: Opens, written: str, text: str) -> None:
    sheet = f'<row r="1"><c r="A1"><v>{written}</v></c></row>'

    assert rows(book(workbooks.xlsx(sheet))) == [[text]]


def test_rows_and_columns_are_those_of_the_sheet(book: Opens) -> None:
    opened = book(saved({"C3": "a", "D5": 1}, {"Z99": "000"}, merge="C3:D4"))

    assert rows(opened) == [["", "", "", ""], ["", "", "", ""], ["", "", "a", ""], [""] * 4, ["", "", "", "1"]]
    sheet = opened.sheets[0]
    assert (sheet.name, sheet.number, sheet.rows, sheet.columns, sheet.merged) == ("Sheet", 1, 5, 4, ((3, 3, 4, 4),))


def test_cells_that_do_not_say_where_they_are_come_in_order(book: Opens) -> None:
    sheet = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"

    assert rows(book(workbooks.xlsx(sheet))) == [["1", "2"], ["", ""], ["", "3"]]


def test_prefixes_rich_texts_readings_and_escapes_are_understood(book: Opens) -> None:
    sheet = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>a_x000D_b</t></is></c></row>'
    strings = "<si><r><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='1'><t>トウ</t></rPh></si>"
    data = workbooks.xlsx(sheet, strings=strings)
    prefixed = workbooks.xlsx(
        "",
        strings=strings,
        others={
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{workbooks.SPREADSHEET}"><x:sheetData>'
            + sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
            + "</x:sheetData></x:worksheet>"
        },
    )

    assert rows(book(data)) == rows(book(prefixed)) == [["東京", "a\rb"]]


def test_days_may_be_counted_from_1904(book: Opens) -> None:
    sheet = '<row r="1"><c r="A1" s="1"><v>42000</v></c></row>'
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'

    assert rows(book(workbooks.xlsx(sheet, styles=styles))) == [["2014-12-27"]]
    assert rows(book(workbooks.xlsx(sheet, styles=styles, pr='<workbookPr date1904="1"/>'))) == [["2018-12-28"]]


def test_formulas_without_a_value_are_refused_and_those_with_one_are_values(book: Opens) -> None:
    counted = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><v>1</v></c></row>'
    )

    assert rows(book(workbooks.xlsx(counted))) == [["2", "", "1"]]
    with pytest.raises(PackageRejected) as caught:
        rows(book(saved({"A1": "x", "B2": "=1+1", "B3": "=SUM(B2)"})))
    problem = caught.value.report.errors[0]
    assert problem.code == "fiscal/formula-without-value"
    assert "2 formulas have no value, such as those in B2, B3" in problem.message


def test_hidden_sheets_are_known_as_such(book: Opens) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Second").sheet_state = "veryHidden"
    stream = io.BytesIO()
    workbook.save(stream)

    assert [(one.name, one.number, one.hidden) for one in book(stream.getvalue()).sheets] == [
        ("Sheet", 1, False),
        ("Second", 2, True),
    ]


def test_xls_is_read_like_xlsx(book: Opens) -> None:
    cells = (
        workbooks.label(1, 1, "Ünit")
        + workbooks.number(2, 1, 7, 1)
        + workbooks.number(2, 2, 0.07)
        + workbooks.number(3, 1, 43832, 2)
        + workbooks.flag(3, 2, 1)
        + workbooks.flag(3, 3, 0x17, error=True)
        + workbooks.merged((1, 1, 1, 3))
    )
    opened = book(workbooks.xls(cells, {164: "000", 165: "dd/mm/yyyy"}, hidden=True))

    assert rows(opened) == [
        ["", "", "", ""],
        ["", "Ünit", "", ""],
        ["", "007", "0.07", ""],
        ["", "2020-01-02", "TRUE", "#REF!"],
    ]
    sheet = opened.sheets[0]
    assert (sheet.name, sheet.hidden, sheet.rows, sheet.columns, sheet.merged) == ("One", True, 4, 4, ((2, 2, 2, 4),))


def cell(kind: str, attributes: str = "", shown: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {attributes}><text:p>{shown}</text:p></table:table-cell>'


def test_ods_is_read_like_xlsx(book: Opens) -> None:
    cells = [
        (cell("float", 'office:value="7"', "007"), "007"),
        (cell("float", 'office:value="7"', "7,00 €"), "7"),
        (cell("float", 'office:value="0.07"', "7%"), "0.07"),
        (cell("float", 'office:value="0.4"', "0"), "0.4"),
        (cell("currency", 'office:value="1.5E-3"', "0"), "0.0015"),
        (cell("date", 'office:date-value="2020-01-02"', "2.1.20"), "2020-01-02"),
        (cell("date", 'office:date-value="2020-01-02T03:04:05"', "2.1."), "2020-01-02T03:04:05"),
        (cell("time", 'office:time-value="PT30H05M00S"', "30:05"), "30:05:00"),
        (cell("boolean", 'office:boolean-value="true"', "WAHR"), "TRUE"),
        (cell("string", "", "a<text:s text:c='2'/>b<text:line-break/>c</text:p><text:p>d"), "a  b\nc\nd"),
        (cell("string", "", "x</text:p><office:annotation><text:p>note</text:p></office:annotation><text:p>y"), "x\ny"),
        (cell("string", 'table:formula="of:=1/0" office:string-value=""', "#DIV/0!"), "#DIV/0!"),
        (cell("float", 'table:formula="of:=1/0" office:value="0"', "Err:502"), "Err:502"),
    ]
    row = "".join(xml for xml, _ in cells)
    opened = book(workbooks.ods(f"<table:table><table:table-row>{row}</table:table-row></table:table>"))

    assert rows(opened) == [[text for _, text in cells]]


def test_ods_repeats_merges_hides_and_has_formulas_without_value(book: Opens) -> None:
    one, wide = cell("string", "", "x"), cell("string", 'table:number-columns-spanned="3"', "x")
    style = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    tables = (
        '<table:table table:name="A" table:style-name="h">'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>{one}'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
        f'<table:table table:name="B"><table:table-row>{wide}'
        "<table:covered-table-cell table:number-columns-repeated='2'/></table:table-row></table:table>"
        '<table:table table:name="C"><table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>'
        "</table:table>"
    )
    opened = book(workbooks.ods(tables, style))

    assert [one.hidden for one in opened.sheets] == [True, False, False]
    assert rows(opened) == [["", "", ""], ["", "", ""], ["", "", "x"], ["", "", "x"]]
    assert opened.sheets[1].merged == ((1, 1, 1, 3),)
    assert rows(opened, 2) == [["x"]]
    with pytest.raises(PackageRejected, match="1 formulas have no value"):
        rows(opened, 3)


ODD_CELLS = [
    '<c r="A1" s="1"><v>7</v></c>',
    '<c r="A1" t="s" s="1"><v>0</v></c>',
    '<c s="1" r="A1"><v>7</v></c>',
    "<c r='A1'><v>7</v></c>",
    '<c r="A1"> <v>7</v></c>',
    '<c r="A1"><v>7</v></c><!-- <row r="9"> -->',
    '<c r="A1" t="str"><v><![CDATA[</row>]]></v></c>',
    '<c r="A1" t="str"><v>&lt;a&amp;b&gt;&#38;&#x20AC;&quot;&apos;</v></c>',
    '<c r="A1" t="str"><v>a&#10;b&#9;c</v></c>',
    '<c r="A1" t="str"><f t="array" ref="A1:A2">1&lt;2</f><v>x</v></c>',
    '<c r="A1"><f>1+1</f><v>2</v></c><c r="C1"><f t="shared" si="0"/><v>3</v></c>',
    '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>',
    '<c r="A1" t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c>',
    '<c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="d"><v>2020-01-02T00:00:00</v></c>',
    '<c r="A1"/><c r="B1" s="1"></c><c r="C1"><v/></c><c r="D1"><v></v></c><c r="E1"><v>1</v></c>',
    '<c r="AA1"><v>1</v></c>',
    '<c r="A1" cm="1"><v>1</v></c>',
    '<c r="A1" x="]]&gt;"><v>1</v></c>',
    "<c><v>1</v></c>",
]


@pytest.mark.parametrize("cells", ODD_CELLS)
@pytest.mark.parametrize(
    "row", ['<row r="1">', "<row>", '<row spans="1:3" r="1">', '<row r="1" ht="1.5" x14ac:dyDescent="0.25">']
)
def test_rows_are_the_same_with_and_without_a_parser(
    book: Opens, monkeypatch: pytest.MonkeyPatch, cells: str, row: str
) -> None:
    sheet = (
        f'<worksheet xmlns="{workbooks.SPREADSHEET}" xmlns:x14ac="x"><cols/><sheetData>{row}{cells}</row><row r="3"/>'
        '<row r="4"><c r="A4"><v>9</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
    )
    styles = '<numFmts><numFmt numFmtId="164" formatCode="000"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs>'
    data = workbooks.xlsx("", styles=styles, strings="<si><t>z</t></si>", others={"xl/worksheets/sheet1.xml": sheet})
    fast = book(data)
    found = rows(fast)

    def irregular(*_: object) -> None:
        raise xlsxfast.Irregular

    monkeypatch.setattr(xlsxfast, "split", irregular)
    careful = book(data)
    assert (found, fast.sheets) == (rows(careful), careful.sheets)
    assert careful.sheets[0].merged == ((1, 1, 2, 2),)


def test_rows_may_be_cut_anywhere(book: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c><c r="C{at}"/></row>' for at in range(1, 30))
    monkeypatch.setattr(xlsxfast, "_HEAD", 120)
    for size in (1, 7, 50, 1000):
        monkeypatch.setattr(xlsxfast, "_PIECE", size)
        assert rows(book(workbooks.xlsx(sheet))) == [[str(at)] for at in range(1, 30)]
