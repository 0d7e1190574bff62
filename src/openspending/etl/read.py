"""Reading declared tables: every resource becomes a DuckDB relation of raw text with file and row of each record.

OSEP-1's "load" box. Validation and derivation read through here, so they see the same cells.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
from pyarrow import compute

from openspending.etl import careful, fast
from openspending.etl.header import match
from openspending.etl.inline import read_inline
from openspending.etl.limits import SHOWN
from openspending.etl.rawtable import RawTable
from openspending.etl.sourcefile import SourceFile
from openspending.etl.textfile import TextFile, text_file
from openspending.etl.workspace import folder_of
from openspending.fdp.package import UNSET, Dialect, Resource
from openspending.fdp.problems import PackageRejected, Problem, problem, rejected
from openspending.fdp.sqltext import identifier

_DELIMITED: Final = ("csv", "tsv", "tab", "txt", "text", "dat")
_SMALL: Final = 1 << 20  # the careful path goes in small steps, so that it is left again soon


@dataclass(slots=True)
class Loaded:
    """A resource as DuckDB relation: `_file` (index into `parts`), `_row`, f0, f1, … in the order of the schema.

    `rows` counts its rows, blank ones left out. `distinct` has all texts of a column, by its number, where they are
    few. The relation is seen only by the connection that loaded it.
    """

    relation: str
    parts: tuple[str, ...]
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    distinct: dict[int, pa.Array] = field(default_factory=dict)


def load(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    resource: Resource,
    files: Mapping[str, SourceFile],
    needed: Container[str] | None = None,
    segment: int = fast.SEGMENT,
) -> Loaded:
    """Read all parts of `resource` into the relation `relation` of a workspace's connection, in file order.

    `needed` are the fields that the model uses (None: all): only theirs must be there. What makes a file unreadable
    is among the problems too; its relation then lacks the rows.
    """
    inline = resource.data is not UNSET
    loaded = Loaded(relation, ("data",) if inline else resource.paths)
    table = RawTable(relation, len(resource.schema.fields), folder_of(connection))
    try:
        if inline:
            loaded.problems += read_inline(resource, table, needed)
        else:
            _load_parts(resource, files, table, loaded, needed, segment)
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
) -> None:
    """Read the parts one after the other. Each has its own header, which must be the first part's."""
    dialect = dialect_of(resource)
    first: list[str] | None = None
    for part, path in enumerate(resource.paths):
        file = text_file(resource, path, files[path], table.folder)
        head = careful.read_head(file, dialect)
        if part == 0:
            first = head.header
        elif head.header != first:
            raise rejected(problem("fiscal/parts-differ", file=path, resource=resource.name, first=resource.paths[0]))
        names = [one.name for one in resource.schema.fields]
        columns = match(head.header if head.header is not None else names, resource.schema, path, needed)
        if part == 0:
            loaded.problems += [replace(one, resource=resource.name) for one in columns.problems]
        width = len(names) if head.header is None else len(head.header)
        layout = fast.Layout(dialect.delimiter, dialect.quote_char, width, tuple(columns.positions))
        loaded.problems += _load_part(file, dialect, head, layout, table, part, segment)


def _load_part(
    file: TextFile,
    dialect: Dialect,
    head: careful.Head,
    layout: fast.Layout,
    table: RawTable,
    part: int,
    segment: int,
) -> list[Problem]:
    """Read one file segment by segment: each fast if it may be, else carefully."""
    ragged = careful.Ragged(file.shown, file.resource)
    offset, row, end = head.offset, head.row, file.path.stat().st_size
    segments = fast.Segments(file.path, layout, segment) if fast.plain(dialect) else None
    while offset < end:
        parsed = segments.read(offset, table.types) if segments is not None else None
        if parsed is not None:
            table.add(part, pa.arange(row, row + parsed.rows), parsed.columns)
            offset, row = offset + parsed.size, row + parsed.rows
            continue
        batch = careful.read_batch(file, dialect, offset, row, layout.width, min(segment, _SMALL * 16), ragged)
        table.add(part, pa.array(batch.numbers, pa.int64()), careful.columns_of(batch, layout.positions, dialect))
        offset, row = offset + batch.size, row + batch.records
    return ragged.problems()


def _leave_out_blank_rows(connection: duckdb.DuckDBPyConnection, loaded: Loaded, width: int) -> None:
    """Make the relation one without rows whose cells are all empty, and say which they were."""
    if any(texts.null_count == 0 and compute.min(texts).as_py() != "" for texts in loaded.distinct.values()):
        return
    empty = " AND ".join(f"coalesce(f{number}, '') = ''" for number in range(width)) or "FALSE"
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


def dialect_of(resource: Resource) -> Dialect:
    """The dialect of a resource; tab is the delimiter of TSV unless it says otherwise. Raises PackageRejected."""
    kind = _format(resource)
    if kind not in _DELIMITED:
        raise rejected(problem("format-error", resource=resource.name, file=", ".join(resource.paths), value=kind))
    dialect = resource.dialect
    if kind in ("tsv", "tab") and "delimiter" not in dialect.raw:
        dialect = replace(dialect, delimiter="\t")
    marks = [one for one in (dialect.delimiter, dialect.quote_char, dialect.escape_char) if one]
    if any(len(one) != 1 or one in "\0\r\n" for one in marks) or len(set(marks)) < len(marks):
        detail = "delimiter, quoteChar and escapeChar are one character each, all different, and no line break"
        raise rejected(problem("dialect-error", resource=resource.name, detail=detail))
    return dialect


def _format(resource: Resource) -> str:
    """The declared format, else the extension of the first path without that of the compression; "csv" by default."""
    if resource.format:
        return resource.format.lower().lstrip(".").removesuffix(".gz").removesuffix(".zip")
    name = "".join(resource.paths[:1]).lower().removesuffix(".gz").removesuffix(".zip")
    extension = Path(name).suffix.lstrip(".")
    return extension if extension in (*_DELIMITED, "json", "xlsx", "xls", "ods", "geojson", "xml", "pdf") else "csv"
