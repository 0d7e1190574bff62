"""JSON read value by value, so that a list of any length takes little memory; what is ambiguous in it is refused."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openspending.etl.formats.sheets import not_read
from openspending.etl.sourcefile import blocks
from openspending.speaking.said import of_error, said

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_LARGEST: Final = 8 << 20  # characters of one record
_DEEPEST: Final = 30  # objects around a list
_MEND: Final = said(
    "Mend the JSON: a list of records, each an object with the same keys, is what every program writes."
)


class Digits(str):
    """A number of JSON as it is written there."""

    __slots__ = ()


class _Ambiguous(ValueError):
    """JSON that the standard library would accept and we do not."""


class JsonStream:
    """The values of a JSON file, one after the other. All that is wrong raises PackageRejected."""

    def __init__(self, path: Path, shown: str, encoding: str | None = None) -> None:
        self.shown = shown
        self._blocks = _texts(path, shown, encoding)
        self._text = ""
        self._at = 0
        self._ended = False
        self._decode = json.JSONDecoder(
            object_pairs_hook=_pairs, parse_float=Digits, parse_int=Digits, parse_constant=_constant
        ).raw_decode

    def peek(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # it always matches
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, mark: str) -> None:
        """Pass over `mark`, which must come next."""
        if self.peek() != mark:
            raise self.broken(said("“{mark}” is missing", mark=mark))
        self._at += 1

    def value(self) -> Any:
        """The next value, numbers as `Digits`."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self.broken(error.msg) from error
                continue
            except _Ambiguous as error:
                raise self.broken(of_error(error)) from error
            except RecursionError as error:
                raise self.broken(said("it is nested too deep")) from error
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def lists(self, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
        """Every item of every list that is not inside another list, with the dotted path to its list."""
        first = self.peek()
        if first == "[":
            for item in self._inside("[", "]"):
                del item
                yield ".".join(path), self.value()
        elif first == "{" and len(path) < _DEEPEST:
            for _ in self._inside("{", "}"):
                key = self.value()
                self.take(":")
                yield from self.lists((*path, str(key)))
        else:
            self.value()

    def lines(self) -> Iterator[tuple[str, Any]]:
        """Every value of a file that has one after the other, with the path ""."""
        while self.peek():
            yield "", self.value()

    def finish(self) -> None:
        """Nothing may follow."""
        if self.peek():
            raise self.broken(said("something follows after its end"))

    def broken(self, detail: str) -> Exception:
        """The refusal of the file for `detail`."""
        return not_read(self.shown, said("its JSON is damaged or ambiguous ({detail})", detail=detail), _MEND)

    def _inside(self, opening: str, closing: str) -> Iterator[None]:
        """Once for every item between brackets, which the caller takes."""
        self.take(opening)
        if self.peek() == closing:
            return self.take(closing)
        while True:
            yield
            if self.peek() == closing:
                return self.take(closing)
            self.take(",")

    def _more(self) -> bool:
        """Read on, at least as much again as is waiting: so a long value is tried a few times only."""
        rest = self._text[self._at :]
        if len(rest) > _LARGEST:
            raise self.broken(said("one record has more than {largest} characters", largest=_LARGEST))
        pieces, wanted = [rest], max(len(rest), 1)
        while wanted > 0 and not self._ended:
            piece = next(self._blocks, None)
            self._ended = piece is None
            pieces.append(piece or "")
            wanted -= len(piece or "")
        self._text, self._at = "".join(pieces), 0
        return len(self._text) > len(rest)


def _texts(path: Path, shown: str, encoding: str | None) -> Iterator[str]:
    """The text in pieces."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if encoding is None:
        utf16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if utf16 else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in blocks(path):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise not_read(
            shown,
            said("it is not {encoding} ({reason})", encoding=encoding, reason=error.reason),
            said("Save it as UTF-8."),
        ) from error


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(found)
    if len(value) < len(found):
        for key, one in found:
            if value[key] != one:
                raise _Ambiguous(said("the key “{key}” has two values in one object", key=key[:80]))
    return value


def _constant(name: str) -> Any:
    raise _Ambiguous(said("{name} is no number", name=name))
