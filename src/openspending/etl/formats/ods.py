"""OpenDocument spreadsheets (ODS), read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openspending.etl.formats.odssheet import Places, Tables
from openspending.etl.formats.sheets import Book, Sheet, not_read, refuse_far_apart, refuse_uncalculated
from openspending.etl.formats.xmlparts import MEND, Parts
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_CONTENT: Final = "content.xml"


def open_ods(path: Path, shown: str, limits: Limits = DEFAULT_LIMITS) -> Book:
    """A workbook with all its sheets. Raises PackageRejected for damaged, dangerous and encrypted ones."""
    parts = Parts(path, shown, limits)
    if any(name == "encryption-data" for name, _ in parts.elements("META-INF/manifest.xml")):
        raise not_read(
            shown, said("it is protected by a password"), said("Open it, remove the password, and save it again.")
        )
    reader = Tables(shown, limits)
    for _ in parts.parse(_CONTENT, reader):
        reader.ready.clear()
    places = reader.places
    if not places:
        raise not_read(shown, said("the workbook has no sheet"), MEND)
    sheets = tuple(
        Sheet(one.name, number, one.style in reader.hidden_styles, one.rows, one.columns, tuple(one.merged))
        for number, one in enumerate(places, start=1)
    )
    return Book("ods", shown, sheets, lambda sheet: _rows(parts, places[sheet.number - 1], sheet, limits))


def _rows(parts: Parts, place: Places, sheet: Sheet, limits: Limits) -> Iterator[list[str]]:
    refuse_far_apart(parts.shown, sheet, place.filled, limits)
    refuse_uncalculated(parts.shown, sheet.name, place.uncalculated, place.uncounted)
    reader = Tables(parts.shown, limits, wanted=sheet.number)
    done = 0
    for _ in parts.parse(_CONTENT, reader):
        for times, cells in reader.ready:
            for _ in range(min(times, sheet.rows - done)):
                done += 1
                yield _spread(cells, sheet.columns)
        reader.ready.clear()
        if done >= sheet.rows:
            return


def _spread(cells: list[tuple[int, str]], width: int) -> list[str]:
    """A row with its repeated cells, `width` long."""
    row: list[str] = []
    for times, text in cells:
        row += [text] * min(times, width - len(row))
    return row + [""] * (width - len(row))
