"""The list "To fix" as a sheet among those of the publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from openspending.etl.celltext import formula_like, in_sheet
from openspending.etl.patching.looks import Looks
from openspending.etl.patching.merged import reference
from openspending.etl.patching.splice import quoted
from openspending.etl.tofix import COLOURS, HEAD_ROW, WIDTHS, Entry, ToFix, height

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# By the colour of its tab our own list is known when a workbook comes back.
_TAB: Final = f'<tabColor rgb="{COLOURS["error"]}"/>'
_OURS: Final = re.compile(rb'<(?:\w+:)?tabColor\s[^>]*rgb="' + COLOURS["error"].encode() + b'"', re.IGNORECASE)
_PRINTED: Final = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
)


def is_ours(sheet: bytes) -> bool:
    """Whether a sheet is such a list, from an earlier copy; its first bytes tell."""
    return _OURS.search(sheet.partition(b"sheetData")[0]) is not None


def listing(to_fix: ToFix, looks: Looks) -> bytes:
    """The sheet's part."""
    links: list[str] = []
    rows = "".join(_rows(to_fix, looks, links))
    below = f'<pane ySplit="{HEAD_ROW}" topLeftCell="A{HEAD_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(WIDTHS, start=1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}"><sheetPr>{_TAB}<pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0">{below}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{rows}</sheetData>{linked}{_PRINTED}</worksheet>"
    ).encode()


def _rows(to_fix: ToFix, looks: Looks, links: list[str]) -> Iterator[str]:
    for number, entries in enumerate(to_fix.table(), start=1):
        cells = "".join(_cell((number, at), one, looks) for at, one in enumerate(entries))
        yield f'<row r="{number}" ht="{height(entries)}" customHeight="1">{cells}</row>'
        for at, one in enumerate(entries):
            if one.link is not None:
                location = f"{quoted_name(one.link[0])}!{one.link[1]}"
                links.append(f'<hyperlink ref="{reference((number, at))}" location="{quoted(location)}"/>')


def _cell(place: tuple[int, int], entry: Entry, looks: Looks) -> str:
    if not entry.text:
        return ""
    if entry.look == "number":
        return f'<c r="{reference(place)}" s="{looks.own("number")}"><v>{entry.text}</v></c>'
    style = looks.quoted(entry.look) if formula_like(entry.text) else looks.own(entry.look)
    text = quoted(in_sheet(entry.text)).replace("&#10;", "\n")
    return f'<c r="{reference(place)}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def quoted_name(sheet: str) -> str:
    """The name of a sheet as references have it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"
