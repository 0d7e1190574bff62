"""Grids of cells as bytes of files: delimited text, XLSX, ODS, HTML, JSON, packed."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from tests.journeys.nasty import Grid, Table

_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"""


def delimited(
    cells: Grid,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    bom: bool = False,
    newline: str = "\r\n",
    quote_all: bool = False,
    pad: bool = True,
) -> bytes:
    """Delimited text. `pad`: all rows have as many cells, as spreadsheets export them."""
    target = io.StringIO(newline="")
    writer = csv.writer(
        target,
        delimiter=delimiter,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    width = max(map(len, cells))
    for row in cells:
        writer.writerow([*row, *([""] * (width - len(row)))] if pad else row)
    text = ("\ufeff" if bom else "") + target.getvalue()
    return text.encode(encoding)


def typed(table: Table, measures: Sequence[Any] | None = None) -> list[list[Any]]:
    """A table with its amounts as numbers, as spreadsheets have them."""
    header: list[Any] = [*table.labels, *(measures or table.measures)]
    return [header, *([*texts, *amounts] for texts, amounts in table.rows)]


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook; `formats` are number formats by column letter (of the first sheet)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    for letter, code in (formats or {}).items():
        for cell in book.worksheets[0][letter]:
            cell.number_format = code
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A spreadsheet of OpenDocument, as small as it can be."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(tables=tables))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return target.getvalue()


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, Decimal | int):
        shown = f"{value:,}"
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def web_page(cells: Grid, *, encoding: str = "utf-8", head: int = 1, around: str = "") -> bytes:
    """A web page with the table, and something around it, as programs write it for Excel."""
    rows = []
    for number, row in enumerate(cells):
        tag = "th" if number < head else "td"
        rows.append("<tr>" + "".join(f"<{tag}>{html.escape(one)}</{tag}>" for one in row) + "</tr>")
    page = (
        f'<html><head><meta charset="{encoding}"><title>x</title></head><body>{around}<table border=1>\n'
        + "\n".join(rows)
        + "\n</table></body></html>"
    )
    return page.encode(encoding)


def records(cells: Grid, *, lines: bool = False, within: str | None = None) -> bytes:
    """JSON records, or one in each line; `within`: the property that has them."""
    found = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    if lines:
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in found).encode()
    whole: Any = found if within is None else {"meta": {"count": len(found)}, within: found}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def packed(data: bytes) -> bytes:
    """The bytes, compressed by gzip."""
    return gzip.compress(data, mtime=0)


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return target.getvalue()
