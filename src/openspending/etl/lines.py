"""The lines of a UTF-8 file one by one, with the byte offset reached, for the csv module."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from openspending.etl.sourcefile import blocks

_NUL: Final = b"\0"


class BadText(Exception):
    """A line is not UTF-8, or holds a NUL, or is too long to be one."""


class Lines:
    """Iterates over lines with their ends (LF, CRLF or CR). `offset` is where the next line starts.

    The csv module asks for a line only when it needs it, so after each record `offset` is the record's end, and
    `taken` are its lines.
    """

    def __init__(self, path: Path, offset: int, longest: int) -> None:
        self.offset = offset
        self.taken: list[str] = []
        self._longest = longest
        self._pieces = self._split(path, offset)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        piece = next(self._pieces)
        self.offset += len(piece)
        try:
            line = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadText(str(error)) from error
        self.taken.append(line)
        return line

    def _split(self, path: Path, offset: int) -> Iterator[bytes]:
        """Lines as bytes. The last piece of a block is held back: it may go on, or be a CR before its LF."""
        rest = b""
        for block in blocks(path, offset):
            if _NUL in block:
                raise BadText("NUL")
            *whole, rest = (rest + block).splitlines(keepends=True)
            yield from whole
            if len(rest) > self._longest:
                raise BadText(f"a line of more than {self._longest} bytes")
        if rest:
            yield from rest.splitlines(keepends=True)


def start_of_text(path: Path) -> int:
    """The offset of the first character: behind the byte order mark, if there is one."""
    with path.open("rb") as stream:
        return len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0
