"""XLSX workbooks, read as a stream. Formulas, links and macros are never followed: a cell is its last saved value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Final

from openspending.etl.formats import xlsxfast
from openspending.etl.formats.sheets import Book, Sheet, not_read, refuse_far_apart, without_blank_end
from openspending.etl.formats.xlsxsheet import Extent, Rows
from openspending.etl.formats.xlsxstyles import Texts, read_styles
from openspending.etl.formats.xmlparts import MEND, Parts
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_WORKBOOK: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class _Found:
    """The part that has a sheet, how many of its cells hold something, and whether its rows need no parser."""

    part: str
    filled: int
    plain: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the sheets and what they share are in the zip."""

    sheets: dict[int, _Found]
    styles: str
    texts: str
    mac: bool


def open_xlsx(path: Path, shown: str, limits: Limits = DEFAULT_LIMITS) -> Book:
    """A workbook with all its sheets of cells. Raises PackageRejected for damaged and dangerous ones."""
    parts = Parts(path, shown, limits)
    workbook = _workbook_part(parts)
    related = _related(parts, workbook)
    found: list[tuple[Sheet, _Found]] = []
    mac, number = False, 0
    for name, attributes in parts.elements(workbook):
        if name == "workbookPr":
            mac = attributes.get("date1904", "").lower() in ("1", "true")
        elif name == "sheet":
            number += 1
            kind, place = related.get(_relation_of(attributes), ("", ""))
            if kind == "worksheet" and place in parts:
                hidden = attributes.get("state", "visible") != "visible"
                found.append(_sheet(parts, place, attributes.get("name", ""), number, hidden, limits))
    if not found:
        raise not_read(shown, said("the workbook has no sheet of cells"), MEND)
    styles = next((place for kind, place in related.values() if kind == "styles"), "xl/styles.xml")
    texts = next((place for kind, place in related.values() if kind == "sharedStrings"), "xl/sharedStrings.xml")
    sheets = tuple(sheet for sheet, _ in found)
    where = _Place({sheet.number: one for sheet, one in found}, styles, texts, mac)
    return Book("xlsx", shown, sheets, lambda sheet: without_blank_end(_rows(parts, where, sheet, limits)))


def _sheet(parts: Parts, place: str, name: str, number: int, hidden: bool, limits: Limits) -> tuple[Sheet, _Found]:
    """A sheet, and how it is read again."""
    plain = True
    extent = Extent(parts.shown, name)
    try:
        for _ in xlsxfast.parse(parts, place, extent, partial(xlsxfast.measure, extent), limits):
            pass
    except xlsxfast.Irregular:
        plain = False
        extent = Extent(parts.shown, name)
        for _ in parts.parse(place, extent):
            pass
    sheet = Sheet(name, number, hidden, extent.rows, extent.columns, tuple(extent.merged))
    return sheet, _Found(place, extent.filled, plain)


def _rows(parts: Parts, where: _Place, sheet: Sheet, limits: Limits) -> Iterator[list[str]]:
    found = where.sheets[sheet.number]
    refuse_far_apart(parts.shown, sheet, found.filled, limits)
    styles = read_styles(parts, where.styles)
    texts = Texts(parts, where.texts, limits)
    reader = Rows(parts.shown, sheet, styles, texts, where.mac, limits)
    last = 0
    if found.plain:
        pieces = xlsxfast.parse(parts, found.part, reader, partial(xlsxfast.read, reader), limits)
    else:
        pieces = parts.parse(found.part, reader)
    for _ in pieces:
        for number, row in reader.taken():
            for _ in range(last + 1, min(number, sheet.rows + 1)):
                yield [""] * sheet.columns
            last = number
            if number <= sheet.rows:
                yield row
    reader.refuse_uncalculated()


def _workbook_part(parts: Parts) -> str:
    for name, attributes in parts.elements("_rels/.rels"):
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            place = attributes.get("Target", "").lstrip("/")
            if place in parts:
                return place
    if _WORKBOOK not in parts:
        raise not_read(parts.shown, said("the workbook has no list of its sheets"), MEND)
    return _WORKBOOK


def _related(parts: Parts, workbook: str) -> dict[str, tuple[str, str]]:
    """What the workbook's relations lead to: kind and place, by id. Those outside of the file are left out."""
    folder = PurePosixPath(workbook).parent
    found = {}
    for name, attributes in parts.elements(f"{folder}/_rels/{PurePosixPath(workbook).name}.rels"):
        if name == "Relationship" and attributes.get("TargetMode", "") != "External":
            target = attributes.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else normpath(str(folder / target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rsplit("/", 1)[-1], place)
    return found


def _relation_of(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id" and ":" in name), "")
