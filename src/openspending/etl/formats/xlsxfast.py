"""Rows of an XLSX sheet read without an XML parser, where that is provably the same: every byte of them belongs to a
cell as programs write it. The rest of the sheet, and any sheet with one odd byte, is left to the parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Final

from openspending.etl.formats.xlsxsheet import Extent, Rows, Written
from openspending.etl.formats.xmlparts import Feed, Handler, Parts
from openspending.etl.limits import Limits
from openspending.speaking.said import said

_PIECE: Final = 1 << 20
_HEAD: Final = 1 << 20  # bytes before the rows
_ROWS: Final = re.compile(rb"<sheetData>")
_END: Final = b"</sheetData>"
_ROW_END: Final = b"</row>"
_CONTROLS: Final = bytes(one for one in range(32) if one not in (9, 10))
# An ampersand that does not begin one of the entities that `with_characters` knows.
_ODD: Final = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#(?:10|[4-9]\d|[1-9]\d{2,4})|#x(?:[2-9A-Fa-f][\dA-Fa-f]|[1-9A-Fa-f][\dA-Fa-f]{2,4}));)"
)
_PLAIN_HEAD: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=.1\.0.(?: encoding=.utf-8.)?(?: standalone=.\w+.)? ?\?>\s*)?<worksheet\b",
    re.IGNORECASE,
)
_ROW: Final = re.compile(rb'<row(?: r="(\d{1,7})")?(?: (?!r=)[\w:.-]+="[^"<&]*")*(/?)>')
_CELL: Final = re.compile(
    rb'(<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: t="(\w+)")?(?: s="(\d+)")?(?: t="(\w+)")?(?: (?:cm|vm|ph)="\d+")*'
    rb"(?:/>|>((<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>[^<]*</f>)?"
    rb'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?)</c>))'
)


class Irregular(Exception):
    """A sheet has something in its rows that only a parser understands."""


def parse(parts: Parts, name: str, rest: Handler, rows: Callable[[bytes], None], limits: Limits) -> Iterator[None]:
    """Give all rows of the part `name` to `rows`, and what is not in them to the parser's handler `rest`."""
    with parts.stream(name) as stream:
        feed = Feed(rest, parts.shown, limits)
        for piece, whole_rows in split(stream):
            if whole_rows:
                rows(piece)
            else:
                feed.add(piece)
            yield
        feed.finish()


def split(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a sheet in pieces, each with whether it is whole rows. Raises Irregular where that is uncertain."""
    head = stream.read(_HEAD)
    found = _ROWS.search(head)
    if found is None or not _PLAIN_HEAD.match(head):
        raise Irregular
    yield head[: found.end()], False
    rest = head[found.end() :]
    while (end := rest.find(_END)) < 0:
        cut = rest.rfind(_ROW_END) + len(_ROW_END)
        if cut >= len(_ROW_END):
            yield rest[:cut], True
            rest = rest[cut:]
        piece = stream.read(_PIECE)
        if not piece or len(rest) > _PIECE * 16:
            raise Irregular
        rest += piece
    yield rest[:end], True
    yield rest[end:], False
    while piece := stream.read(_PIECE):
        yield piece, False


def rows_of(data: bytes) -> Iterator[tuple[bytes, list[Written]]]:
    """The rows in `data`, each with its number, if it says it, and its cells. Raises Irregular unless they are all."""
    if len(data.translate(None, _CONTROLS)) < len(data) or b"]]>" in data or _ODD.search(data):
        raise Irregular
    for piece in data.split(_ROW_END):
        at = 0
        while at < len(piece):
            found = _ROW.match(piece, at)
            if found is None:
                raise Irregular
            at = found.end()
            if found[2]:
                yield found[1] or b"", []
                continue
            cells: list[Written] = _CELL.findall(piece, at)
            if sum(len(one[0]) for one in cells) != len(piece) - at:
                raise Irregular
            yield found[1] or b"", cells
            at = len(piece)


def measure(extent: Extent, data: bytes) -> None:
    """Tell `extent` of the rows in `data`."""
    for number, cells in rows_of(data):
        filled = [one[1] for one in cells if one[6]]
        extent.add(number.decode() or None, {one.decode() for one in filled}, len(filled))


def read(rows: Rows, data: bytes) -> None:
    """Give the rows in `data` to `rows`."""
    try:
        for number, cells in rows_of(data):
            rows.add(number.decode() or None, cells)
    except UnicodeDecodeError as error:
        raise rows.damaged(said("its text is not UTF-8: {reason}", reason=error.reason)) from error
