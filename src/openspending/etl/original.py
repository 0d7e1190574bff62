"""A source file as its publisher wrote it: every record with all its cells, whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openspending.etl import careful
from openspending.etl.header import Columns, match, widened
from openspending.etl.limits import DEFAULT_LIMITS
from openspending.etl.lines import Lines, start_of_text
from openspending.etl.read import dialect_of
from openspending.etl.sourcefile import SourceFile
from openspending.etl.textfile import TextFile, text_file
from openspending.fdp.package import Dialect, Resource
from openspending.fdp.problems import PackageRejected


@dataclass(frozen=True, slots=True)
class Record:
    """One record by its number, which counts from 1. `data` is False for headers, what stands above them, comments,
    and the broken end of a file whose quotation marks do not close."""

    number: int
    cells: list[str]
    data: bool


@dataclass(frozen=True, slots=True)
class Original:
    """One part of a resource, to be read as the check read it: `width` is how many cells a row should have, `columns`
    where each field is found, `header_row` the last row of the header (None: there is none)."""

    resource: Resource
    part: int
    text: TextFile
    dialect: Dialect
    head: careful.Head
    width: int
    columns: Columns

    @property
    def path(self) -> str:
        """Its path in the descriptor."""
        return self.text.shown

    @property
    def labelled(self) -> int:
        """How many cells a row has at least: as many as the header has labels."""
        return self.width if self.head.header is None else len(self.head.header)

    @property
    def header_row(self) -> int | None:
        """The number of the last header row."""
        return None if self.head.header is None else self.head.row - 1

    def records(self) -> Iterator[Record]:
        """Every record, in the order of the file. Where a quotation never ends, the last one is its first line alone.
        Raises PackageRejected for bytes that are no text."""
        start = start_of_text(self.text.path)
        if self.head.header is not None:
            for record in self.records_from(start, 1, 0):
                if record.number < self.head.row:
                    yield Record(record.number, record.cells, data=False)
                if record.number >= self.head.row - 1:
                    break
        yield from self.records_from(self.head.offset, self.head.row, self.width)

    def records_from(self, offset: int, row: int, width: int) -> Iterator[Record]:
        """The records from `offset` on, the first of them numbered `row`, each of which should have `width` cells (0:
        who knows)."""
        lines, number = Lines(self.text.path, offset, DEFAULT_LIMITS.cell), row
        try:
            for cells in careful.records(self.text, self.dialect, lines, row, width):
                yield Record(number, cells, data=not careful.commented(number, cells, self.dialect))
                number += 1
        except PackageRejected as refusal:
            if {one.code for one in refusal.report} != {"fiscal/broken-quoting"}:
                raise
            yield Record(number, [line.rstrip("\r\n") for line in lines.taken[:1]], data=False)


def open_original(
    resource: Resource, part: int, files: Mapping[str, SourceFile], folder: Path, rows: int | None = None
) -> Original:
    """Part number `part` of `resource`; what must be unpacked or transcoded goes into `folder`. Of a workbook, web page
    or JSON no more than the first `rows` rows are read. Raises PackageRejected for what is no table."""
    path, dialect = resource.paths[part], dialect_of(resource)
    text = text_file(resource, path, files[path], folder, rows=rows)
    head = careful.read_head(text, dialect)
    names = [one.name for one in resource.schema.fields]
    header = names if head.header is None else widened(head.header, resource.schema)
    return Original(resource, part, text, dialect, head, len(header), match(header, resource.schema, path))
