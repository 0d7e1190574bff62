"""The XML inside a workbook, read as a stream by expat. Document types and entities are refused: no program writes
them there, and bombs are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol
from xml.parsers import expat

from openspending.etl.archives import DAMAGE, open_zip
from openspending.etl.formats.sheets import not_read
from openspending.etl.limits import Limits
from openspending.speaking.said import said

_PIECE: Final = 1 << 18
MEND: Final = said("Open it in a spreadsheet program and save it again, or save the table as CSV.")


class Handler(Protocol):
    """What hears of elements and text; names are without prefix."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """An element begins."""
        ...

    def end(self, name: str, /) -> None:
        """An element ends."""
        ...

    def data(self, text: str, /) -> None:
        """Text, perhaps in pieces."""
        ...


class Elements:
    """A handler that hears of the beginnings of elements only, and keeps them."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep it."""
        self.found.append((name, attributes))

    def end(self, name: str) -> None:
        """Pass over it."""

    def data(self, text: str) -> None:
        """Pass over it."""


class Parts:
    """The members of a zipped workbook, found by name whatever their case and slashes are."""

    def __init__(self, path: Path, shown: str, limits: Limits) -> None:
        self.shown = shown
        self._path = path
        self._limits = limits
        with damage(shown), open_zip(path, limits) as archive:
            members = archive.infolist()
        self._members = {_plain(one.filename): one for one in members}
        excess = limits.exceeded(sum(one.file_size for one in members), sum(one.compress_size for one in members))
        if len(members) > limits.members:
            excess = said("it has more than {members} parts", members=limits.members)
        if any(one.flag_bits & 0x1 for one in members):
            raise not_read(
                shown, said("it is protected by a password"), said("Open it, remove the password, and save it again.")
            )
        if excess:
            raise not_read(shown, excess, MEND)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    def names(self) -> list[str]:
        """All names, in lower case."""
        return list(self._members)

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of the part `name`."""
        member = self._members.get(_plain(name))
        if member is None:
            raise not_read(self.shown, said("its part {name} is missing", name=name), MEND)
        with damage(self.shown), open_zip(self._path, self._limits) as archive, archive.open(member) as stream:
            yield stream

    def parse(self, name: str, handler: Handler) -> Iterator[None]:
        """Tell `handler` what is in the part `name`, piece by piece."""
        with self.stream(name) as stream:
            feed = Feed(handler, self.shown, self._limits)
            while piece := stream.read(_PIECE):
                feed.add(piece)
                yield
            feed.finish()
            yield

    def elements(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """All elements of a small part, none if there is no such part."""
        if name not in self:
            return []
        handler = Elements()
        for _ in self.parse(name, handler):
            if len(handler.found) > self._limits.elements:
                raise not_read(
                    self.shown,
                    said(
                        "its part {name} has more than {elements} elements", name=name, elements=self._limits.elements
                    ),
                    MEND,
                )
        return handler.found


class Feed:
    """Tells a handler what is in XML that comes in pieces.

    Raises PackageRejected for broken XML, document types, and tags longer than any cell.
    """

    def __init__(self, handler: Handler, shown: str, limits: Limits) -> None:
        self._parser = _parser(handler, shown)
        self._shown = shown
        self._longest = limits.cell
        self._fed = 0

    def add(self, piece: bytes) -> None:
        """The next piece."""
        self._parse(piece, last=False)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > self._longest:
            raise not_read(
                self._shown, said("its XML has a tag of more than {longest} bytes", longest=self._longest), MEND
            )

    def finish(self) -> None:
        """There are no more."""
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise not_read(self._shown, said("its XML is damaged ({error})", error=error), MEND) from error


def _parser(handler: Handler, shown: str) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        handler.end(name.rpartition(":")[2])

    def doctype(*_: object) -> None:
        raise not_read(shown, said("its XML declares a document type, as only an attack does"), MEND)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = doctype
    return parser


@contextmanager
def damage(shown: str) -> Iterator[None]:
    """What the libraries raise for a damaged zip becomes a refusal."""
    try:
        yield
    except DAMAGE as error:
        raise not_read(shown, said("it is damaged ({error})", error=error), MEND) from error


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
