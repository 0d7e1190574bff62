"""Workbooks made piece by piece, to have in them what no library would write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx(
    sheet: str,
    *,
    styles: str = "",
    strings: str = "",
    pr: str = "",
    after: str = "",
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of one sheet, whose rows are the XML `sheet`."""
    members: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">{pr}'
        '<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}">'
        f"<sheetData>{sheet}</sheetData>{after}</worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{strings}</sst>',
    }
    return zipped({**members, **(others or {})})


def ods(tables: str, styles: str = "", others: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook of the tables in the XML `tables`."""
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": ODS_TYPE, "content.xml": content, **(others or {})})


def xls(cells: bytes, formats: Mapping[int, str] | None = None, *, hidden: bool = False, first: bytes = b"") -> bytes:
    """The records of an Excel 97 workbook of one sheet; style n has the n-th of `formats`, style 0 has none."""
    codes = dict(formats or {})
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + first
    for number, code in codes.items():
        head += _record(0x041E, struct.pack("<HHB", number, len(code), 0) + code.encode("latin-1"))
    for number in (0, *codes):
        head += _record(0x00E0, struct.pack("<HHH", 0, number, 0) + bytes(14))
    name = b"One"
    size = 4 + 8 + len(name)
    offset = len(head) + size + 4
    head += _record(0x0085, struct.pack("<IBBBB", offset, int(hidden), 0, len(name), 0) + name) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + _record(0x000A, b"")
    return head + sheet


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, style, value))


def label(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def flag(row: int, column: int, value: int, *, error: bool = False) -> bytes:
    return _record(0x0205, struct.pack("<HHHBB", row, column, 0, value, int(error)))


def merged(*ranges: tuple[int, int, int, int]) -> bytes:
    """Ranges as first row, last row, first column, last column, from 0."""
    return _record(0x00E5, struct.pack("<H", len(ranges)) + b"".join(struct.pack("<HHHH", *one) for one in ranges))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
