"""From a source file to plain UTF-8 text on disk: unpacked (gzip, zip), converted (workbooks, pages, JSON),
transcoded, every byte checked.

A file that is neither packed nor in another encoding is used where it lies.
"""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from openspending.etl.formats.book import not_a_table, open_book
from openspending.etl.formats.delimited import chosen, write_sheet
from openspending.etl.formats.kinds import BOOKS, kind_of
from openspending.etl.formats.packed import unpack
from openspending.etl.formats.sheets import not_read
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.etl.sourcefile import SourceFile, blocks
from openspending.fdp.package import Dialect, Resource
from openspending.fdp.problems import PackageRejected, problem, rejected
from openspending.speaking.said import said

_ALIASES: Final = {"utf-8-bom": "utf-8-sig", "utf8-bom": "utf-8-sig", "utf8mb4": "utf-8", "iso-8859-8-i": "iso-8859-8"}
# Python's own ways to write text in other text; no file of a publisher is written so.
_NOT_OF_FILES: Final = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape")
_BOM: Final = "\ufeff"
# Kinds that are text, and may be a delimited file that begins oddly.
_AS_TEXT: Final = ("text", "html", "json", "jsonl", "xml", "mhtml", "spreadsheetml")
_EXTENSIONS: Final = {"htm": "html", "xhtml": "html", "xlsm": "xlsx", "ndjson": "jsonl", "geojson": "json"}
_FORMATS: Final = ("csv", "tsv", "tab", "txt", "text", "dat", *BOOKS, "xml", "pdf")
CONVERTED: Final = Dialect()


@dataclass(frozen=True, slots=True)
class TextFile:
    """UTF-8 text at `path`, with a byte order mark at most; `shown` is the descriptor's path for reports. `converted`:
    it was no delimited text, and is ours now, written in `CONVERTED`; `sheet` is the name of the sheet that it was.
    `encoding` is what other text was written in, as Python calls it."""

    path: Path
    shown: str
    resource: str
    converted: bool = False
    sheet: str | None = None
    encoding: str | None = None


def text_file(
    resource: Resource,
    shown: str,
    source: SourceFile,
    folder: Path,
    limits: Limits = DEFAULT_LIMITS,
    rows: int | None = None,
) -> TextFile:
    """The text of one part of `resource`, in `folder` where it had to be rewritten; of a workbook, a web page or JSON
    the sheet that the dialect names, record n being its row n, or only its first `rows` rows.

    Raises PackageRejected for damaged or dangerous files, unknown encodings, and bytes not in the encoding. UTF-8
    that lies in place is checked by whoever reads it (see `check_utf8`): one pass less.
    """
    packing = _packing(resource, source)
    path = source.path
    if packing is not None:
        path = unpack(packing, path, shown, folder, resource.innerpath, limits)
    kind = kind_of(path)
    if format_of(resource) in BOOKS:
        encoding = _encoding(resource, shown, path) if resource.encoding and kind in ("html", "json", "jsonl") else None
        book = open_book(path, kind, shown, encoding=encoding, limits=limits)
        sheet = chosen(book, resource.dialect, resource.name)
        text = write_sheet(book if rows is None else book.first(rows), sheet, folder, limits)
        return TextFile(text, shown, resource.name, converted=True, sheet=sheet.name)
    if kind not in _AS_TEXT:
        raise not_a_table(kind, shown)
    encoding = _encoding(resource, shown, path)
    if encoding != "utf-8":
        path = _transcode(resource, shown, path, encoding, folder)
    _check_width(resource, shown, path, limits)
    return TextFile(path, shown, resource.name, encoding=encoding)


def format_of(resource: Resource) -> str:
    """The declared format, else the extension of the first path (or of the file in the archive) without that of the
    compression; "csv" where that says nothing."""
    if resource.format:
        return resource.format.lower().lstrip(".").removesuffix(".gz").removesuffix(".zip")
    name = (resource.innerpath or "".join(resource.paths[:1])).lower().removesuffix(".gz").removesuffix(".zip")
    extension = Path(name).suffix.lstrip(".")
    return _EXTENSIONS.get(extension, extension if extension in _FORMATS else "csv")


def check_utf8(file: TextFile) -> None:
    """Raise PackageRejected with the place of the first byte that is not UTF-8, or of a NUL, if there is one."""
    _decode(file.shown, file.resource, file.path, "utf-8", None)


def _packing(resource: Resource, source: SourceFile) -> str | None:
    """gz, zip or None: as the descriptor says, else by the name."""
    packing = (resource.compression or "").lower()
    if packing in ("gz", "gzip"):
        return "gz"
    if packing == "zip":
        return "zip"
    if packing in ("no", "none", "") and source.name.lower().endswith((".gz", ".zip")) and packing == "":
        return source.name.lower().rsplit(".", 1)[-1]
    if packing not in ("", "no", "none"):
        detail = said("the compression “{compression}” is unknown", compression=resource.compression)
        raise rejected(problem("compression-error", file=source.name, resource=resource.name, detail=detail))
    return None


def _check_width(resource: Resource, shown: str, path: Path, limits: Limits) -> None:
    """Raise PackageRejected when the first line has more cells than any table. Whoever reads it would make an object of
    each."""
    with path.open("rb") as stream:
        line = stream.readline(limits.cell)
    most = max(line.count(mark) for mark in (resource.dialect.delimiter.encode("utf-8", "replace") or b",", b"\t"))
    if most > limits.columns:
        detail = said(
            "its first line has {most} cells; more than {columns} are no table", most=most + 1, columns=limits.columns
        )
        raise not_read(shown, detail, said("Check the delimiter, and put each record on a line of its own."))


def _encoding(resource: Resource, shown: str, path: Path) -> str:
    """Python's name of the encoding; "utf-8" for UTF-8 with or without a byte order mark."""
    declared = (resource.encoding or "").strip().lower().replace("_", "-")
    with path.open("rb") as stream:
        start = stream.read(3)
    if not declared:
        return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    name = _codec(_ALIASES.get(declared, declared))
    if name is None:
        raise _undecodable(resource, shown, declared, said("no encoding is called so"))
    if name != "utf-8" and start == codecs.BOM_UTF8:
        raise _undecodable(resource, shown, declared, said("it begins with the byte order mark of UTF-8"))
    return name


def _codec(declared: str) -> str | None:
    """Python's name of an encoding of texts, None when there is none; "utf-8" also for its part ASCII."""
    try:
        codec = codecs.lookup(declared)
        "".encode(codec.name)  # LookupError for codecs that are not of text, such as base64
    except (LookupError, ValueError):  # ValueError for names that cannot be looked up
        return None
    if codec.name in _NOT_OF_FILES:
        return None
    return "utf-8" if codec.name in ("utf-8", "utf-8-sig", "ascii") else codec.name


def _undecodable(resource: Resource, shown: str, encoding: str, detail: str) -> PackageRejected:
    return rejected(problem("encoding-error", file=shown, resource=resource.name, encoding=encoding, detail=detail))


def _transcode(resource: Resource, shown: str, path: Path, encoding: str, folder: Path) -> Path:
    """The same text in UTF-8."""
    target = _new_file(folder)
    with target.open("wb") as written:
        _decode(shown, resource.name, path, encoding, written)
    return target


def _decode(shown: str, resource: str, path: Path, encoding: str, written: IO[bytes] | None) -> None:
    """Decode all of `path` strictly, and write it as UTF-8 if wanted. Raises PackageRejected at the first bad byte."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = 0
    for block, last in _with_last(path):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=last)
        except UnicodeDecodeError as error:
            place = offset - pending + error.start
            raise _bad_byte(shown, resource, path, encoding, place, str(error.reason)) from error
        if "\0" in text:
            place = offset + block.find(b"\0")
            raise _bad_byte(shown, resource, path, encoding, place, said("NUL is no text; it may be UTF-16"))
        if written is not None:
            written.write((text.removeprefix(_BOM) if offset == 0 else text).encode("utf-8"))
        offset += len(block)


def _bad_byte(shown: str, resource: str, path: Path, encoding: str, place: int, reason: str) -> PackageRejected:
    detail = said("the byte at offset {place} cannot be decoded ({reason})", place=place, reason=reason)
    row = _record_at(path, encoding, place)
    return rejected(problem("encoding-error", file=shown, resource=resource, row=row, encoding=encoding, detail=detail))


class _Head(io.RawIOBase):
    """The first bytes of a file."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__()
        self._stream = path.open("rb")
        self._left = size

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer."""
        found = self._stream.read(min(len(buffer), self._left))
        buffer[: len(found)] = found
        self._left -= len(found)
        return len(found)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        super().close()


def _record_at(path: Path, encoding: str, place: int) -> int:
    """The number of the record that the byte at `place` belongs to."""
    number = 1 if place == 0 or _ends_line(path, place) else 0
    with io.TextIOWrapper(io.BufferedReader(_Head(path, place)), encoding, errors="ignore", newline="") as text:
        try:
            for _ in csv.reader(iter(lambda: text.readline(DEFAULT_LIMITS.cell), "")):
                number += 1
        except csv.Error:  # a cell longer than any may be
            return number + 1
    return number


def _ends_line(path: Path, place: int) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(place - 2, 0))
        return stream.read(min(place, 2)).rstrip(b"\0").endswith((b"\n", b"\r"))


def _with_last(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The blocks of a file, each with whether it is the last; an empty file has one empty block."""
    before = b""
    for block in blocks(path):
        if before:
            yield before, False
        before = block
    yield before, True


def _new_file(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder)) / "text"
