"""A source file opened around one row: the cells as their publisher wrote them, and what becomes of each row.

Rows are counted as `_row` of the facts counts them: records of the file from 1, the header included; a text that runs
over several lines is in one record. Of a workbook they are the sheet's own rows; of JSON record n is row n + 1.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Final

import pyarrow as pa

from openspending.etl import careful, fast
from openspending.etl.declared import reasons, replaced
from openspending.etl.inline import as_text, inline_rows
from openspending.etl.loaded import Loaded, Ragged
from openspending.etl.original import Original, Record, open_original
from openspending.etl.rawtable import RawTable
from openspending.etl.shaping import shape
from openspending.etl.sourcefile import SourceFile, source_file
from openspending.etl.textfile import CONVERTED
from openspending.etl.workspace import Workspace
from openspending.fdp.package import UNSET, Resource
from openspending.fdp.spaces import BLANKS

Marks = dict[int, int]  # by the number of a record, the byte at which it begins in the text that is read

_SEGMENT: Final = 1 << 20  # bytes that are passed over at a time; up to so many are read again, record by record


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A row by its number, with its cells as they are in the file. `kind`: header, data, comment, blank or left out,
    which is for the reason `why`; `changed` says what is read instead of a column's text."""

    number: int
    cells: Sequence[str]
    kind: str
    why: str = ""
    changed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of the header and those around one row; `labels` are the header's, its rows joined; `positions` has the
    column, from 0, of every field of the resource (None: the file lacks it)."""

    header: Sequence[WindowRow]
    rows: Sequence[WindowRow]
    labels: Sequence[str]
    positions: Sequence[int | None]
    sheet: str | None
    encoding: str | None


def open_window(
    resource: Resource,
    part: int,
    files: Mapping[str, SourceFile],
    row: int,
    around: int,
    folder: Path,
    marks: Marks | None = None,
) -> Window:
    """Part number `part` of `resource` from `around` rows before `row` to `around` rows after it, working in `folder`.

    Reads no further than that: delimited text segment by segment, workbooks row by row where their format lets it.
    `marks` of the same part, which were filled by windows before, save the way to the row. Raises PackageRejected for
    what is no table.
    """
    if resource.data is not UNSET:
        resource, part, files = _written(resource, folder)
    original = open_original(resource, part, files, folder, rows=row + around)
    offset, number = _before(original, max(row - around, original.head.row), {} if marks is None else marks)
    found = original.records_from(offset, number, original.width)
    upto = takewhile(lambda one: one.number <= row + around, found)
    records = [one for one in upto if one.number >= row - around]
    return Window(
        header=[WindowRow(one.number, one.cells, "header") for one in _header(original)],
        rows=list(_judged(original, records, folder)),
        labels=original.head.header or [one.name for one in resource.schema.fields],
        positions=original.columns.positions,
        sheet=original.text.sheet,
        encoding=original.text.encoding,
    )


def _written(resource: Resource, folder: Path) -> tuple[Resource, int, dict[str, SourceFile]]:
    """Inline data as a file of its own, whose header is row 1."""
    header, rows = inline_rows(resource)
    path = Path(tempfile.mkdtemp(dir=folder)) / "data.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *([as_text(one) for one in row] for row in rows)])
    plain = replace(resource, data=UNSET, paths=(path.name,), format="csv", dialect=CONVERTED, encoding=None)
    return plain, 0, {path.name: source_file(path)}


def _before(original: Original, first: int, marks: Marks) -> tuple[int, int]:
    """Byte offset and number of a record that is not after record `first`, and near it: as the check read the file."""
    text, dialect = original.text, original.dialect
    number, offset = max(
        (one for one in list(marks.items()) if one[0] <= first), default=(original.head.row, original.head.offset)
    )
    end = text.path.stat().st_size
    layout = fast.Layout(dialect.delimiter, dialect.quote_char, original.width, ())
    segments = fast.Segments(text.path, layout, _SEGMENT) if fast.plain(dialect, original.head.row) else None
    while offset < end:
        parsed = segments.read(offset, None) if segments is not None else None
        if parsed is not None:
            rows, size = parsed.rows, parsed.size
        else:
            ragged = Ragged(text.shown, text.resource)
            batch = careful.read_batch(text, dialect, offset, number, original.width, _SEGMENT, ragged)
            rows, size = batch.records, batch.size
        if number + rows > first:
            break
        offset, number = offset + size, number + rows
        marks[number] = offset
    return offset, number


def _header(original: Original) -> list[Record]:
    """The rows of the header, without what stands above them."""
    if original.header_row is None:
        return []
    wanted = {*original.dialect.header_rows, original.header_row}
    above = takewhile(lambda one: one.number <= (original.header_row or 0), original.records())
    return [one for one in above if one.number in wanted]


def _judged(original: Original, records: Sequence[Record], folder: Path) -> Iterable[WindowRow]:
    """The rows with what becomes of them, by the very rules that left them out."""
    left_out = _left_out(original, records, folder)
    new = replaced(original.resource, original.columns.positions)
    for one in records:
        if not one.data:
            yield WindowRow(one.number, one.cells, "comment")
        elif one.number in left_out:
            yield WindowRow(one.number, one.cells, "left out", left_out[one.number].removeprefix("left out: "))
        elif not any(text.strip(BLANKS) for text in _fields(original, one)):
            yield WindowRow(one.number, one.cells, "blank")
        else:
            yield WindowRow(one.number, one.cells, "data", changed=new.of(one.cells))


def _left_out(original: Original, records: Sequence[Record], folder: Path) -> dict[int, str]:
    """For each of the rows that is left out by rule, why."""
    data = [one for one in records if one.data]
    resource = original.resource
    if not data or not resource.leave_out:
        return {}
    columns = list(zip(*(_fields(original, one) for one in data), strict=True))
    with Workspace(folder, threads=1) as workspace:
        table = RawTable("window", len(resource.schema.fields), workspace.folder)
        numbers = pa.array([one.number for one in data], pa.int64())
        table.add(original.part, numbers, [pa.chunked_array([pa.array(texts, pa.string())]) for texts in columns])
        table.finish(workspace.connection)
        loaded = Loaded("window", resource.paths, rows=len(data))
        return reasons(workspace.connection, shape(workspace.connection, loaded, resource), resource, original.part)


def _fields(original: Original, record: Record) -> list[str]:
    """The cells of a record in the order of the fields; empty where the file or the row lacks one."""
    cells = record.cells
    return [cells[at] if at is not None and at < len(cells) else "" for at in original.columns.positions]
