"""The publisher's own file, opened around the row of a fact: which of its columns made which fields of the fact."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openspending.analytics.cube import Row
from openspending.analytics.livecubes import Opened
from openspending.analytics.proving import lineage
from openspending.analytics.proving.lineage import DESCRIPTOR, FILE, ROW, ColumnSource, Place
from openspending.analytics.proving.sourcefiles import SourceFiles
from openspending.errors import NotFound
from openspending.etl.window import Window, open_window

AROUND: Final = 100  # rows before and after, at most
_TEXTS: Final = 1_000_000  # characters of a window; a cell has at most its share, and at least 40
_LEAST, _MOST = 40, 4_000


@dataclass(frozen=True, slots=True)
class SourceWindow:
    """A window into the file of a fact, the resource that it is, and where the fact's values come from."""

    place: Place
    window: Window
    sources: Sequence[ColumnSource]

    def longest(self) -> int:
        """How many characters of a cell are shown."""
        cells = sum(len(row.cells) for row in (*self.window.header, *self.window.rows))
        return min(max(_TEXTS // max(cells, 1), _LEAST), _MOST)


def source_window(sources: SourceFiles, opened: Opened, found: Row, around: int) -> SourceWindow:
    """The file of the fact `found` from `around` rows before its row to `around` rows after it.

    Raises NotFound when the file has no such row, and what `sources` raises.
    """
    with tempfile.TemporaryDirectory(prefix="window-") as folder:
        windows = list(_windows(sources, opened, found, around, Path(folder)))
    if not windows:
        raise NotFound(f"{opened.revision.id} has no table with row {found[ROW]} in {found[FILE]}.")
    return max(windows, key=lambda one: _fits(opened, one, found)) if len(windows) > 1 else windows[0]


def _windows(sources: SourceFiles, opened: Opened, found: Row, around: int, folder: Path) -> Iterator[SourceWindow]:
    """The window into each resource that the fact may come from, if it has that row."""
    path, row = str(found[FILE]), int(found[ROW])
    files = {} if path == DESCRIPTOR else {path: sources.file(opened.revision, path)}
    for place in lineage.places(opened, found):
        table = f"{opened.revision.hash} {place.resource.name} {place.part}"
        window = open_window(place.resource, place.part, files, row, around, folder, sources.marks(table))
        cells = next((one.cells for one in window.rows if one.number == row), None)
        if cells is not None:
            texts = {name: cells[at] for name, at in column_numbers(place, window).items() if at < len(cells)}
            yield SourceWindow(place, window, lineage.column_sources(opened, place, found, texts))


def _fits(opened: Opened, one: SourceWindow, found: Row) -> int:
    """How many texts of the fact stand in its row as they are."""
    cells = next(row.cells for row in one.window.rows if row.number == found[ROW])
    values: dict[str, Any] = lineage.by_column(opened, found)
    places = column_numbers(one.place, one.window)
    pairs = [(values.get(origin.column), places.get(origin.field or "")) for origin in one.sources]
    return sum(at is not None and at < len(cells) and cells[at].strip() == value for value, at in pairs)


def column_numbers(place: Place, window: Window) -> dict[str, int]:
    """The column of the file, from 0, of each field that it has."""
    pairs = zip(place.resource.schema.fields, window.positions, strict=True)
    return {field.name: position for field, position in pairs if position is not None}
