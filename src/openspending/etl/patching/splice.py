"""One XML part, copied byte by byte but for what is cut, put in or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap
from typing import IO, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from openspending.speaking.said import said

_BLOCK: Final = 1 << 20
_TAG: Final = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")


class Unpatchable(Exception):
    """A workbook cannot be changed in place, for the reason that it says as the end of “because …”."""


class Splicer:
    """Goes through XML element by element and writes it to `target` (None: only reads it). Subclasses say in `start`
    and `end` what changes; `path` then has the names from the root on, without the root's own namespace prefix.

    Raises Unpatchable for what is no well-formed UTF-8 XML without a document type.
    """

    def __init__(self, data: bytes | mmap, target: IO[bytes] | None = None) -> None:
        self.path: list[str] = []
        self._began: list[int] = []
        self.prefix = ""  # of the root, with its colon
        self._data, self._target, self._done = data, target, 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.XmlDeclHandler = _declared
        self._parser.StartDoctypeDeclHandler = _document_type

    def run(self) -> None:
        """Go through all of it."""
        if self._data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unpatchable(said("a part of it is written in UTF-16"))
        try:
            for at in range(0, len(self._data), _BLOCK):
                self._parser.Parse(self._data[at : at + _BLOCK], False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unpatchable(said("a part of it is damaged ({error})", error=error)) from error
        self._write_until(len(self._data))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str) -> None:
        """An element closes."""

    @property
    def at(self) -> int:
        """Where the tag begins that was met. Of an element without content, the end is behind it."""
        return self._parser.CurrentByteIndex

    @property
    def tag(self) -> bytes:
        """The tag that was met, as it is written."""
        return self._tag_at(self.at)

    @property
    def began(self) -> int:
        """Where the element begins whose end was met."""
        return self._began[-1]

    @property
    def behind(self) -> int:
        """Where the element ends whose end was met."""
        return self.at if is_empty(self._tag_at(self.began)) else self.at + len(self.tag)

    def put(self, text: bytes) -> None:
        """Write `text` before the tag that was met."""
        if text and self._target is not None:
            self._write_until(self.at)
            self._target.write(text)

    def put_behind(self, text: bytes) -> None:
        """Write `text` behind the element whose end was met."""
        if self._target is not None:
            self._write_until(self.behind)
            self._target.write(text)

    def replace(self, text: bytes) -> None:
        """Write `text` instead of the tag that was met."""
        self.put(text)
        self._done = self.at + len(self.tag)

    def cut(self, start: int, end: int) -> None:
        """Leave out what stands from `start` to `end`."""
        self._write_until(start)
        self._done = end

    def _tag_at(self, place: int) -> bytes:
        found = _TAG.match(self._data, place)
        if found is None:
            raise Unpatchable(said("a part of it is damaged"))
        return found[0]

    def _write_until(self, at: int) -> None:
        if self._target is not None and at > self._done:
            for start in range(self._done, at, _BLOCK):
                self._target.write(self._data[start : min(start + _BLOCK, at)])
        self._done = max(self._done, at)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path:
            self.prefix = name[: name.find(":") + 1]
        name = name.removeprefix(self.prefix)
        self.path.append(name)
        self._began.append(self._parser.CurrentByteIndex)
        self.start(name, attributes)

    def _end(self, name: str) -> None:
        self.end(name.removeprefix(self.prefix))
        self.path.pop()
        self._began.pop()


class Elements(Splicer):
    """Only reads: every element with its path and its attributes, in order. For small parts."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.found: list[tuple[tuple[str, ...], dict[str, str]]] = []
        self.run()

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the path has the name
        """Note it."""
        self.found.append((tuple(self.path), attributes))

    def named(self, *path: str) -> Iterator[dict[str, str]]:
        """The attributes of all elements at a path."""
        return (attributes for place, attributes in self.found if place == path)


def is_empty(tag: bytes) -> bool:
    """Whether a tag opens and closes its element."""
    return tag.endswith(b"/>")


def opened(tag: bytes) -> bytes:
    """A tag that only opens its element."""
    return tag[:-2].rstrip() + b">" if is_empty(tag) else tag


def with_attributes(tag: bytes, **values: object) -> bytes:
    """A tag with other values of some attributes; those that are None are taken away."""
    names = {name.encode() for name in values}
    end = b"/>" if is_empty(tag) else b">"
    bare = _ATTRIBUTE.sub(lambda one: b"" if one[1] in names else one[0], tag.removesuffix(end).rstrip())
    more = (f' {name}="{quoted(str(value))}"' for name, value in values.items() if value is not None)
    return bare + "".join(more).encode() + end


def quoted(text: str) -> str:
    """A text as it stands in an attribute between double quotes, or between tags."""
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _declared(version: str, encoding: str | None, standalone: int) -> None:  # noqa: ARG001 - expat's order
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Unpatchable(said("a part of it is written in {encoding}", encoding=encoding))


def _document_type(*_: object) -> None:
    raise Unpatchable(said("a part of it has a document type"))
