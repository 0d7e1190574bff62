"""Opening any file that is no delimited text: a workbook, a web page, JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from openspending.etl.formats.htmltables import open_page
from openspending.etl.formats.jsonrecords import open_records
from openspending.etl.formats.ods import open_ods
from openspending.etl.formats.sheets import Book, not_read
from openspending.etl.formats.xls import open_xls
from openspending.etl.formats.xlsx import open_xlsx
from openspending.etl.formats.xmlbook import open_xml_book
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.speaking.said import said

_CALLED: Final = {
    "text": (said("plain text"), said("Declare it as csv or tsv.")),
    "xlsx": (said("an XLSX workbook"), said("Declare it as such: “format” xlsx.")),
    "ods": (said("an ODS workbook"), said("Declare it as such: “format” ods.")),
    "xls": (said("an XLS workbook"), said("Declare it as such: “format” xls.")),
    "xlsb": (said("a binary workbook (XLSB)"), said("Open it in Excel and save it as XLSX.")),
    "damaged": (
        said("damaged: it begins like a workbook or archive, but is not whole"),
        said("Fetch or save the file again."),
    ),
    "pdf": (said("a PDF"), said("Ask for the spreadsheet that it was made from.")),
    "image": (said("a picture"), said("Ask for the table that it shows.")),
    "encrypted": (said("protected by a password"), said("Open it, remove the password, and save it again.")),
    "docx": (said("a text document"), said("Copy its table into a spreadsheet and give that.")),
    "doc": (said("a text document"), said("Copy its table into a spreadsheet and give that.")),
    "odt": (said("an OpenDocument file without sheets"), said("Copy its table into a spreadsheet and give that.")),
    "rtf": (said("a text document"), said("Copy its table into a spreadsheet and give that.")),
    "pptx": (said("a presentation"), said("Ask for the table that it shows.")),
    "ppt": (said("a presentation"), said("Ask for the table that it shows.")),
    "spreadsheetml": (said("an XML spreadsheet of 2003"), said("Declare it as such: “format” spreadsheetml.")),
    "mhtml": (
        said("a web archive"),
        said("Open it in a spreadsheet program or browser and save it as XLSX or as a web page."),
    ),
    "zip": (said("an archive"), said("Say which of its files is meant: “compression” zip and “innerpath”.")),
    "gz": (said("compressed"), said("Set “compression” to gz.")),
}


def open_book(
    path: Path, kind: str, shown: str, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Book:
    """The sheets of the file at `path`, whose kind is what `kind_of` says; `encoding` is that of a page or of JSON,
    where it is known. Raises PackageRejected for kinds that cannot be read, and for damaged and dangerous files."""
    if kind in ("json", "jsonl"):
        return open_records(path, kind, shown, encoding, limits)
    if kind == "html":
        return open_page(path, shown, encoding, limits)
    if kind == "xlsx":
        return open_xlsx(path, shown, limits)
    if kind == "ods":
        return open_ods(path, shown, limits)
    if kind == "xls":
        return open_xls(path, shown, limits)
    if kind == "spreadsheetml":
        return open_xml_book(path, shown, limits)
    raise not_a_table(kind, shown)


def not_a_table(kind: str, shown: str) -> Exception:
    """The refusal of a file whose kind cannot be read."""
    what, remedy = _CALLED.get(
        kind, (said("a file of the kind {kind}", kind=kind), said("Save or export its table as XLSX or CSV."))
    )
    return not_read(shown, said("it is {what}", what=what), remedy)
