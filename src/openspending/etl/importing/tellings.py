"""What people are told of a table that was modelled."""

from __future__ import annotations

from openspending.etl.importing.assemble import Assembled
from openspending.etl.importing.modelled import Modelled
from openspending.etl.importing.prepared import TableMade
from openspending.etl.importing.terms import terms_of


def table_made(one: Modelled, package: Assembled) -> TableMade:
    """A table as it is shown."""
    first = one.table.candidates[0]
    dialect = one.table.raw.get("dialect") or {}
    header = dialect.get("headerRows") or ([1] if dialect.get("header", True) else [])
    return TableMade(
        name=one.table.name,
        files=one.table.loaded.parts,
        sheet=one.table.sheet,
        format=str(one.table.raw.get("format") or "csv"),
        encoding=one.table.raw.get("encoding"),
        header_rows=tuple(header),
        first_column=first.region.columns[0],
        rows=one.rows,
        role=package.role(one),
        columns=package.columns(one),
        terms=terms_of(package.resource(one)),
        preview=tuple(tuple(row) for row in first.preview),
    )
