"""A sheet as delimited text, record for row: so what reads CSV reads every format, and names the source's own rows."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from openspending.etl.formats.sheets import Book, Sheet, not_read
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.fdp.package import Dialect
from openspending.fdp.problems import problem, rejected
from openspending.speaking.said import said


def chosen(book: Book, dialect: Dialect, resource: str) -> Sheet:
    """The sheet that a dialect means: by name (of a list in JSON: by path), by number, else the first that is neither
    hidden nor empty. Raises PackageRejected when there is none such."""
    name = dialect.property if book.kind in ("json", "jsonl") and dialect.property else dialect.sheet_name
    if name is not None:
        found = [one for one in book.sheets if one.name == name] or [
            one for one in book.sheets if one.name.strip().casefold() == name.strip().casefold()
        ]
    elif dialect.sheet_number is not None:
        found = [one for one in book.sheets if one.number == dialect.sheet_number]
    else:
        filled = [one for one in book.sheets if one.rows > 0]
        found = [one for one in filled if not one.hidden] or filled
    if found:
        return found[0]
    if name is not None:
        wanted = said("sheet “{name}”", name=name)
    elif dialect.sheet_number is not None:
        wanted = said("sheet {number}", number=dialect.sheet_number)
    else:
        wanted = said("sheet that holds anything")
    sheets = ", ".join(f"{one.number} “{one.name}”" for one in book.sheets[:20])
    raise rejected(
        problem("fiscal/no-such-sheet", file=book.shown, resource=resource, value=wanted, sheets=sheets or said("none"))
    )


def write_sheet(book: Book, sheet: Sheet, folder: Path, limits: Limits = DEFAULT_LIMITS) -> Path:
    """Write all rows of a sheet as CSV in UTF-8, a record for each row. Raises PackageRejected for what is no table."""
    if sheet.columns > limits.columns:
        detail = said(
            "its sheet “{name}” has {columns} columns; more than {columns2} are no table",
            name=sheet.name,
            columns=sheet.columns,
            columns2=limits.columns,
        )
        raise not_read(book.shown, detail, said("Delete what is far to the right of the table."))
    target = Path(tempfile.mkdtemp(dir=folder)) / "text"
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        try:
            writer.writerows(book.rows(sheet))
        except UnicodeEncodeError as error:
            detail = said("a cell holds half a character (a lone surrogate)")
            raise not_read(book.shown, detail, said("Write the text again in full characters.")) from error
    return target
