"""XML spreadsheets of 2003 (SpreadsheetML), which many accounting systems export and call .xls, read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from openspending.etl.formats.sheets import Book, Sheet, not_read, refuse_far_apart, refuse_uncalculated
from openspending.etl.formats.xmlparts import MEND, Feed
from openspending.etl.formats.xmlsheet import Place, Worksheets
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_PIECE: Final = 1 << 18


def open_xml_book(path: Path, shown: str, limits: Limits = DEFAULT_LIMITS) -> Book:
    """A workbook with all its sheets. Raises PackageRejected for damaged and dangerous ones."""
    reader = Worksheets(shown, limits)
    for _ in _parse(path, reader, shown, limits):
        reader.ready.clear()
    places = reader.places
    if not places:
        raise not_read(shown, said("the workbook has no sheet"), MEND)
    sheets = tuple(
        Sheet(one.name, number, one.hidden, one.rows, one.columns, tuple(one.merged))
        for number, one in enumerate(places, start=1)
    )

    def rows(sheet: Sheet) -> Iterator[list[str]]:
        return _rows(path, places[sheet.number - 1], sheet, shown, limits)

    return Book("spreadsheetml", shown, sheets, rows)


def _parse(path: Path, reader: Worksheets, shown: str, limits: Limits) -> Iterator[None]:
    """Tell a reader what is in the file, piece by piece."""
    feed = Feed(reader, shown, limits)
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            feed.add(piece)
            yield
    feed.finish()
    yield


def _rows(path: Path, place: Place, sheet: Sheet, shown: str, limits: Limits) -> Iterator[list[str]]:
    refuse_far_apart(shown, sheet, place.filled, limits)
    refuse_uncalculated(shown, sheet.name, place.uncalculated, place.uncounted)
    reader = Worksheets(shown, limits, wanted=sheet.number)
    done = 0
    for _ in _parse(path, reader, shown, limits):
        for number, cells in reader.ready:
            while done < number - 1:
                done += 1
                yield [""] * sheet.columns
            done += 1
            yield [cells.get(column, "") for column in range(1, sheet.columns + 1)]
        reader.ready.clear()
        if done >= sheet.rows:
            return
