"""The comments of a sheet: those that are there stay, and ours stand below them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Final

from openspending.etl.patching.splice import Splicer, is_empty, opened, quoted

AUTHOR: Final = "OpenSpending"
TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NONE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList></comments>'
).encode()
_BELOW: Final = "\n\n——\n"  # between a comment of others and ours
_SIGNED: Final = f"\n— {AUTHOR}"
_TEXT: Final = ["comments", "commentList", "comment", "text"]


class Commented:
    """A part of comments (None: there is none yet) with `texts`, by the references of their cells, added.

    `part` is the new one. `added` are the cells that have a new comment, `removed` those that had one of ours, from an
    earlier copy. Each of ours ends with our name, for some programs keep no authors.
    """

    def __init__(self, old: bytes | None, texts: Mapping[str, str]) -> None:
        xml = old or _NONE
        found = _Found(xml)
        found.run()
        self.removed = [cell for cell, text in found.texts.items() if text.endswith(_SIGNED) and _BELOW not in text]
        others = {cell: text for cell, text in found.texts.items() if cell not in set(self.removed)}
        self.added = [one for one in texts if one not in others]
        more = {one: text for one, text in texts.items() if one in others and text not in others[one]}
        held = BytesIO()
        _Adding(xml, held, frozenset(self.removed), more, {one: texts[one] for one in self.added}).run()
        self.part = held.getvalue()


class _Found(Splicer):
    """The texts of comments, by cell."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.texts: dict[str, str] = {}
        self._cell = ""
        self._parser.CharacterDataHandler = self._characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a comment."""
        if name == "comment" and len(self.path) == 3:
            self._cell = attributes.get("ref", "")
            self.texts[self._cell] = ""

    def end(self, name: str) -> None:
        """End a comment."""
        if name == "comment" and len(self.path) == 3:
            self.texts[self._cell] = self.texts[self._cell].rstrip()

    def _characters(self, text: str) -> None:
        if self.path[:4] == _TEXT and self.path[-1] == "t":
            self.texts[self._cell] += text


class _Adding(Splicer):
    """Writes comments again: those of the cells `ours` are cut, `more` stands below those of others, `new` at the
    end."""

    def __init__(
        self, data: bytes, target: IO[bytes], ours: frozenset[str], more: Mapping[str, str], new: Mapping[str, str]
    ) -> None:
        super().__init__(data, target)
        self._ours, self._more, self._new = ours, more, new
        self._cell = self._told = ""  # the cell whose comment this is, and whose comment has our text already
        self._authors = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A text without runs becomes one, so that another can follow."""
        if self.path[1:] == ["authors", "author"]:
            self._authors += 1
        elif name == "comment" and len(self.path) == 3:
            self._cell = attributes.get("ref", "")
        elif len(self.path) == 2 and name in ("authors", "commentList") and is_empty(self.tag):
            self.replace(opened(self.tag) + self._last(name) + f"</{self.prefix}{name}>".encode())
        elif self.path[:4] == _TEXT and name in ("rPh", "phoneticPr"):
            self._tell()  # must stay behind
        elif self.path == [*_TEXT, "t"] and self._cell in self._more:
            self.put(f"<{self.prefix}r>".encode())

    def end(self, name: str) -> None:
        """Cut a comment, or add to it, or to all."""
        if self.path == [*_TEXT, "t"] and self._cell in self._more:
            self.put_behind(f"</{self.prefix}r>".encode())
        elif self.path == _TEXT:
            self._tell()
        elif name == "comment" and len(self.path) == 3 and self._cell in self._ours:
            self.cut(self.began, self.behind)
        elif len(self.path) == 2 and self.at != self.began and name in ("authors", "commentList"):
            self.put(self._last(name))

    def _tell(self) -> None:
        if self._cell in self._more and self._told != self._cell:
            self._told = self._cell
            self.put(self._run(f"{_BELOW}{self._more[self._cell]}"))

    def _run(self, text: str) -> bytes:
        own = self.prefix
        # line breaks stand as they are: programs take them so
        return f'<{own}r><{own}t xml:space="preserve">{_lines(text)}{_SIGNED}</{own}t></{own}r>'.encode()

    def _last(self, name: str) -> bytes:
        own = self.prefix
        if name == "authors":
            return f"<{own}author>{AUTHOR}</{own}author>".encode() if self._new else b""
        open_tag = f'<{own}comment ref="{{}}" authorId="{self._authors}"><{own}text>'
        close_tag = f"</{own}text></{own}comment>".encode()
        return b"".join(
            open_tag.format(cell).encode() + self._run(text) + close_tag for cell, text in self._new.items()
        )


def _lines(text: str) -> str:
    return quoted(text).replace("&#10;", "\n")
