"""Reading declared tables: every resource becomes a DuckDB relation of raw text with file and row of each record.

OSEP-1's "load" box. Validation and derivation read through here, so they see the same cells.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Final

import duckdb
import pyarrow as pa

from openspending.etl import careful, fast
from openspending.etl.formats.kinds import BOOKS
from openspending.etl.header import match, widened
from openspending.etl.inline import read_inline
from openspending.etl.limits import SHOWN
from openspending.etl.loaded import Loaded, Ragged
from openspending.etl.rawtable import RawTable
from openspending.etl.shaping import shape
from openspending.etl.sourcefile import Progress, SourceFile
from openspending.etl.textfile import CONVERTED, TextFile, format_of, text_file
from openspending.etl.workspace import folder_of
from openspending.fdp.package import UNSET, Dialect, Resource
from openspending.fdp.problems import PackageRejected, problem, rejected
from openspending.fdp.spaces import BLANKS, blank
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

__all__ = ["Loaded", "dialect_of", "load", "load_raw"]

_DELIMITED: Final = ("csv", "tsv", "tab", "txt", "text", "dat")
_SMALL: Final = 1 << 20  # the careful path goes in small steps, so that it is left again soon


def load(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    resource: Resource,
    files: Mapping[str, SourceFile],
    needed: Container[str] | None = None,
    segment: int = fast.SEGMENT,
    progress: Progress | None = None,
) -> Loaded:
    """Read all parts of `resource` as `load_raw` does, and shape them as it declares."""
    raw = load_raw(connection, relation, resource, files, needed, segment, progress)
    return shape(connection, raw, resource)


def load_raw(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    resource: Resource,
    files: Mapping[str, SourceFile],
    needed: Container[str] | None = None,
    segment: int = fast.SEGMENT,
    progress: Progress | None = None,
) -> Loaded:
    """Read all parts of `resource` into the relation `relation` of a workspace's connection, in file order, its texts
    as they are written.

    `needed` are the fields that the model uses (None: all): only theirs must be there. What makes a file unreadable
    is among the problems too; its relation then lacks the rows. Rows too short or too long are under `ragged`.
    """
    inline = resource.data is not UNSET
    loaded = Loaded(relation, ("data",) if inline else resource.paths)
    table = RawTable(relation, len(resource.schema.fields), folder_of(connection))
    try:
        if inline:
            loaded.problems += read_inline(resource, table, needed)
        else:
            _load_parts(resource, files, table, loaded, needed, segment, progress)
    except PackageRejected as refusal:
        loaded.problems += refusal.report.problems
    table.finish(connection)
    loaded.rows, loaded.distinct = table.rows, table.distinct()
    _leave_out_blank_rows(connection, loaded, len(resource.schema.fields))
    return loaded


def _load_parts(
    resource: Resource,
    files: Mapping[str, SourceFile],
    table: RawTable,
    loaded: Loaded,
    needed: Container[str] | None,
    segment: int,
    progress: Progress | None,
) -> None:
    """Read the parts one after the other. Each has its own header, which is matched by itself."""
    dialect = dialect_of(resource)
    names = [one.name for one in resource.schema.fields]
    seen: list[list[str] | None] = []
    for part, path in enumerate(resource.paths):
        file = text_file(resource, path, files[path], table.folder)
        head = careful.read_head(file, dialect)
        header = names if head.header is None else widened(head.header, resource.schema)
        columns = match(header, resource.schema, path, needed)
        if part and names and not columns.any:
            first = resource.paths[0]
            loaded.problems.append(problem("fiscal/parts-differ", file=path, resource=resource.name, first=first))
            continue
        if head.header not in seen:  # what is said of one header need not be said of its equals
            loaded.problems += [replace(one, resource=resource.name, row=head.row - 1) for one in columns.problems]
            seen.append(head.header)
        ragged = Ragged(file.shown, file.resource, part, len(header if head.header is None else head.header))
        loaded.ragged.append(ragged)
        layout = fast.Layout(dialect.delimiter, dialect.quote_char, len(header), tuple(columns.positions))
        _load_part(file, dialect, head, layout, table, ragged, segment, _teller(progress, resource, files, part, table))


def _load_part(
    file: TextFile,
    dialect: Dialect,
    head: careful.Head,
    layout: fast.Layout,
    table: RawTable,
    ragged: Ragged,
    segment: int,
    tell: Callable[[int, int], None],
) -> None:
    """Read one file segment by segment: each fast if it may be, else carefully."""
    offset, row, end = head.offset, head.row, file.path.stat().st_size
    segments = fast.Segments(file.path, layout, segment) if fast.plain(dialect, head.row) else None
    while offset < end:
        tell(offset, end)
        parsed = segments.read(offset, table.types) if segments is not None else None
        if parsed is not None:
            table.add(ragged.part, pa.arange(row, row + parsed.rows), parsed.columns)
            offset, row = offset + parsed.size, row + parsed.rows
            continue
        batch = careful.read_batch(file, dialect, offset, row, layout.width, min(segment, _SMALL * 16), ragged)
        columns = careful.columns_of(batch, layout.positions, dialect)
        table.add(ragged.part, pa.array(batch.numbers, pa.int64()), columns)
        offset, row = offset + batch.size, row + batch.records
    tell(end, end)


def _teller(
    progress: Progress | None, resource: Resource, files: Mapping[str, SourceFile], part: int, table: RawTable
) -> Callable[[int, int], None]:
    """Tells how far a part has been read, in bytes of the files as they were given, and how many rows there are."""
    sizes = [files[path].bytes for path in resource.paths]
    before, name = sum(sizes[:part]), resource.paths[part]

    def tell(done: int, end: int) -> None:
        if progress is not None:
            share = sizes[part] * done // max(end, 1)
            progress(before + share, sum(sizes), f"reading {name}: {table.rows:,} rows")

    return tell


def _leave_out_blank_rows(connection: duckdb.DuckDBPyConnection, loaded: Loaded, width: int) -> None:
    """Make the relation one without rows whose cells are all blank, and say which they were."""
    if any(texts.null_count == 0 and not _any_blank(texts) for texts in loaded.distinct.values()):
        return
    empty = " AND ".join(blank(f"f{number}") for number in range(width)) or "FALSE"
    relation = identifier(loaded.relation)
    found = connection.execute(
        f"SELECT _file, count(*), list(_row ORDER BY _row)[1:{SHOWN}] FROM {relation} WHERE {empty} GROUP BY 1"
    ).fetchall()
    if not found:
        return
    for part, count, rows in sorted(found):
        shown = ", ".join(str(row) for row in rows[:5])
        loaded.problems.append(problem("blank-row", file=loaded.parts[part], row=rows[0], count=count, rows=shown))
        loaded.rows -= count
    connection.execute(f"ALTER VIEW {relation} RENAME TO {identifier(loaded.relation + '_all')}")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {relation} AS"
        f" SELECT * FROM {identifier(loaded.relation + '_all')} WHERE NOT ({empty})"
    )


def _any_blank(texts: pa.Array) -> bool:
    """Whether one of the texts is nothing but spaces."""
    return any(not text.strip(BLANKS) for text in texts.to_pylist())


def dialect_of(resource: Resource) -> Dialect:
    """The dialect of a resource; tab is the delimiter of TSV unless it says otherwise. A workbook, a web page and JSON
    have been made plain text when they are read, so only their header and comments count. Raises PackageRejected."""
    kind, dialect = format_of(resource), resource.dialect
    if kind in BOOKS:
        return replace(
            CONVERTED,
            header=dialect.header,
            header_rows=dialect.header_rows,
            header_join=dialect.header_join,
            header_fill=dialect.header_fill,
            comment_rows=dialect.comment_rows,
        )
    if kind not in _DELIMITED:
        raise rejected(problem("format-error", resource=resource.name, file=", ".join(resource.paths), value=kind))
    if kind in ("tsv", "tab") and "delimiter" not in dialect.raw:
        dialect = replace(dialect, delimiter="\t")
    marks = [one for one in (dialect.delimiter, dialect.quote_char, dialect.escape_char) if one]
    if any(len(one) != 1 or one in "\0\r\n" for one in marks) or len(set(marks)) < len(marks):
        detail = said("delimiter, quoteChar and escapeChar are one character each, all different, and no line break")
        raise rejected(problem("dialect-error", resource=resource.name, detail=detail))
    return dialect
