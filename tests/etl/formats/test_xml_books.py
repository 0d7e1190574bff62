"""XML spreadsheets of 2003, as accounting systems and Excel write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from openspending.etl.formats.book import open_book
from openspending.etl.formats.kinds import kind_of
from openspending.etl.formats.sheets import Book
from openspending.etl.inspecting.tables import inspect
from openspending.fdp.problems import PackageRejected

WORKBOOK = """<?xml version="1.0"{encoding}?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
 <Styles>
  <Style ss:ID="Default" ss:Name="Normal"><Alignment ss:Vertical="Bottom"/></Style>
  <Style ss:ID="code"><NumberFormat ss:Format="000"/></Style>
  <Style ss:ID="bold" ss:Parent="code"><Font ss:Bold="1"/></Style>
  <Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>
 </Styles>
 {sheets}
</Workbook>
"""


def written(folder: Path, rows: str, encoding: str = "utf-8", options: str = "") -> Path:
    sheet = f'<Worksheet ss:Name="Budget"><Table>{rows}</Table>{options}</Worksheet>'
    path = folder / "budget.xls"
    said = "" if encoding == "utf-8" else f' encoding="{encoding}"'
    path.write_bytes(WORKBOOK.format(encoding=said, sheets=sheet).encode(encoding))
    return path


def opened(path: Path) -> Book:
    return open_book(path, kind_of(path), path.name)


def rows_of(folder: Path, rows: str, encoding: str = "utf-8") -> list[list[str]]:
    book = opened(written(folder, rows, encoding))
    return list(book.rows(book.sheets[0]))


def cell(value: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'


def at(name: str, number: int) -> str:
    return f' ss:{name}="{number}"'


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("String", " Schools &amp; roads ", " Schools & roads "),
        ("String", "007", "007"),
        ("Number", "7.0000000000000007E-2", "0.07"),
        ("Number", "1234567.5", "1234567.5"),
        ("Number", "-12", "-12"),
        ("DateTime", "2013-04-02T00:00:00.000", "2013-04-02"),
        ("DateTime", "2013-04-02T08:30:00.000", "2013-04-02T08:30:00"),
        ("DateTime", "1899-12-31T08:30:00.000", "08:30:00"),
        ("Boolean", "1", "TRUE"),
        ("Error", "#REF!", "#REF!"),
    ],
)
def test_a_value_is_read_as_it_is_meant(tmp_path: Path, kind: str, value: str, text: str) -> None:
    assert rows_of(tmp_path, f"<Row>{cell(value, kind)}</Row>") == [[text]]


def test_the_style_of_the_cell_the_row_or_the_column_says_how_a_number_is_shown(tmp_path: Path) -> None:
    columns = '<Column ss:Index="2" ss:Span="1" ss:StyleID="code"/><Column ss:StyleID="day"/>'
    first = cell("7", "Number", ' ss:StyleID="bold"') + cell("7", "Number") + cell("8", "Number")
    second = f'<Row ss:StyleID="code">{cell("9", "Number")}</Row>'
    assert rows_of(tmp_path, f"{columns}<Row>{first}{cell('41366', 'Number')}</Row>{second}") == [
        ["007", "007", "008", "2013-04-02"],
        ["009", "", "", ""],
    ]


def test_rows_and_cells_stand_where_their_numbers_say(tmp_path: Path) -> None:
    rows = f'<Row ss:Index="2">{cell("a", more=at("Index", 2))}{cell("b")}</Row>'
    rows += f'<Row ss:Span="1"/><Row>{cell("c")}</Row><Row/>'
    assert rows_of(tmp_path, rows) == [["", "", ""], ["", "a", "b"], ["", "", ""], ["", "", ""], ["c", "", ""]]


def test_a_merged_cell_stands_over_the_columns_it_covers(tmp_path: Path) -> None:
    path = written(tmp_path, f"<Row>{cell('a', more=at('MergeAcross', 2))}{cell('b')}</Row>")
    (sheet,) = opened(path).sheets
    assert sheet.merged == ((1, 1, 1, 3),)
    assert list(opened(path).rows(sheet)) == [["a", "", "", "b"]]


def test_comments_are_no_values_and_marked_up_text_is_text(tmp_path: Path) -> None:
    comment = "<Comment><ss:Data>no <B>value</B></ss:Data></Comment>"
    rich = '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>Roads</B> and <I>parks</I></ss:Data>'
    row = f'<Row><Cell><Data ss:Type="Number">5</Data>{comment}</Cell><Cell>{rich}</Cell></Row>'
    assert rows_of(tmp_path, row) == [["5", "Roads and parks"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "iso-8859-1"])
def test_any_encoding_that_the_file_declares_is_read(tmp_path: Path, encoding: str) -> None:
    text = "Образование" if encoding != "iso-8859-1" else "Educación"
    assert rows_of(tmp_path, f"<Row>{cell(text)}</Row>", encoding) == [[text]]


def test_a_hidden_sheet_is_known_as_hidden(tmp_path: Path) -> None:
    options = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    assert opened(written(tmp_path, f"<Row>{cell('a')}</Row>", options=options)).sheets[0].hidden


def test_it_is_inspected_like_any_workbook(tmp_path: Path) -> None:
    rows = f"<Row>{cell('Budget of X')}</Row><Row/><Row>{cell('Code')}{cell('Name')}{cell('Amount')}</Row>"
    rows += "".join(f"<Row>{cell(f'0{n}')}{cell(f'Name {n}')}{cell(f'{n}00.5', 'Number')}</Row>" for n in range(1, 9))
    (one,) = inspect([written(tmp_path, rows)], tmp_path).candidates
    assert one.header == ("Code", "Name", "Amount")
    assert one.resource("x")["format"] == "spreadsheetml"
    assert one.resource("x")["dialect"] == {"headerRows": [3]}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('<Row><Cell ss:Formula="=RC[-1]"/></Row>', "formula"),
        (f'<Row ss:Index="1048577">{cell("a")}</Row>', "more than 1048576"),
        (f'<Row ss:Index="5">{cell("a")}</Row><Row ss:Index="2">{cell("b")}</Row>', "in no order"),
        (f"<Row>{cell('a', more=at('Index', 99999))}</Row>", "columns"),
        ("<Row><Cell>", "damaged"),
        (
            f'<Row>{cell("a")}</Row><Row ss:Index="1000000">{cell("b", more=at("Index", 9999))}</Row>',
            "spread",
        ),
    ],
)
def test_what_cannot_be_right_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(PackageRejected) as refused:
        rows_of(tmp_path, rows)
    assert said in refused.value.report.errors[0].message.lower()


def test_entities_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"<Row>{cell('&x;')}</Row>")
    text = path.read_text().replace("<Workbook", '<!DOCTYPE Workbook [<!ENTITY x "y">]><Workbook', 1)
    path.write_text(text)
    with pytest.raises(PackageRejected):
        opened(path)
