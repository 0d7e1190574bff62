"""What a file really is, by its bytes and never by its name: publishers call web pages .xls and workbooks .csv."""

from __future__ import annotations

import codecs
import json
import mmap
import os
import re
import zipfile
from pathlib import Path
from typing import Final

from openspending.etl.archives import DAMAGE

BOOKS: Final = ("xlsx", "xls", "ods", "spreadsheetml", "html", "json", "jsonl")  # what `open_book` opens
PACKED: Final = ("gz", "zip")
_HEAD: Final = 1 << 16
_LINE: Final = 1 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAGIC: Final = (
    (b"\x1f\x8b", "gz"),
    (b"%PDF-", "pdf"),
    (b"ARROW1\0\0", "arrow"),
    (b"BZh91AY", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF89a", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\0\x01\0\0Standard ", "access"),
    (b"$FL2@(#)", "spss"),
    (b"<stata_dta>", "stata"),
    (b"\x89HDF", "hdf5"),
    (b"{\\rtf", "rtf"),
    (b"\x09\x08\x10\0\0\x06\x05\0", "xls"),  # Excel's records, not wrapped in a compound file
    (b"\x09\x08\x08\0\0\x05\x05\0", "xls"),
    (b"\x09\x04\x06\0", "xls"),
    (b"\x09\x02\x06\0", "xls"),
    (b"\x09\0\x04\0", "xls"),
)
_STREAMS: Final = (  # what a compound file is, by the name of a stream in it
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
)
_MEMBERS: Final = (  # what a zip is, by the name of a member
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)
_MARKUP: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|table|thead|tbody|tr|div|center)\b", re.IGNORECASE
)
_WORKBOOK: Final = re.compile(r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_OBJECT: Final = re.compile(r'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})')
_LIST: Final = re.compile(r'\[\s*(?:"|\{\s*["}]|\[\s*["\[\]tfn\d-]|\])')


def kind_of(path: Path) -> str:
    """xlsx, xls, ods, html, json, jsonl, gz, zip, or a kind that cannot be read (pdf, docx, encrypted, damaged,
    image, …); "text" for all else."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _compound_kind(path)
    if head.startswith(b"PAR1") and _ends_with(path, b"PAR1"):
        return "parquet"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _text_kind(path, head)


def _ends_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as stream:
        stream.seek(-len(mark), os.SEEK_END)
        return stream.read() == mark


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {one.filename.replace("\\", "/").lower().lstrip("/") for one in archive.filelist}
            mimetype = archive.open("mimetype").read(200) if "mimetype" in names else b""
    except DAMAGE:
        return "damaged"
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        kind = mimetype.rsplit(b".", 1)[-1].split(b"-")[0].strip()
        return "ods" if kind == b"spreadsheet" else "odt"
    return next((kind for name, kind in _MEMBERS if name in names), "zip")


def _compound_kind(path: Path) -> str:
    """A compound file's directory has entries of 128 bytes, each beginning with a name."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for name, kind in _STREAMS:
            wanted, at = name.encode("utf-16-le") + b"\0\0", 0
            while (at := data.find(wanted, at)) >= 0:
                if at % 128 == 0:
                    return kind
                at += 1
    return "ole"


def _text_kind(path: Path, head: bytes) -> str:
    text = _decoded(head).lstrip()
    if text.startswith("<"):
        return _markup_kind(text)
    if _LIST.match(text):
        return "json"
    if _OBJECT.match(text):
        return "jsonl" if _lines_of_json(path) else "json"
    if text[:13].lower() == "mime-version:":
        return "mhtml"
    return "text"


def _markup_kind(text: str) -> str:
    if _WORKBOOK.search(text):
        return "spreadsheetml"
    if _MARKUP.search(text):
        return "html"
    return "xml" if text.startswith("<?xml") else "text"


def _decoded(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _lines_of_json(path: Path) -> bool:
    """Whether the first line alone is an object, and so begins the second."""
    with path.open("rb") as stream:
        lines = _decoded(stream.read(_LINE)).split("\n")
    filled = [one.strip() for one in lines if one.strip()]
    try:
        return len(filled) > 1 and filled[1].startswith("{") and isinstance(json.loads(filled[0]), dict)
    except (ValueError, RecursionError):
        return False
