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
_TEXT: Final = ["comments", "commentList", "comment", "text"]


class Commented:
    """A part of comments (None: there is none yet) with `texts`, by the references of their cells, added.

    `part` is the new one. `added` are the cells that have a new comment, `removed` those that had one of ours, from an
    earlier copy.
    """

    def __init__(self, old: bytes | None, texts: Mapping[str, str]) -> None:
        xml = old or _NONE
        found = _Found(xml)
        found.run()
        self.removed = found.ours
        self.added = [one for one in texts if one not in found.others]
        held = BytesIO()
        _Adding(xml, held, texts, {one: texts[one] for one in self.added}, found.authors).run()
        self.part = held.getvalue()


class _Walk(Splicer):
    """Goes through comments and knows whose each is."""

    def __init__(self, data: bytes, target: IO[bytes] | None = None) -> None:
        super().__init__(data, target)
        self.authors: list[str] = []
        self.cell, self.ours_now = "", False
        self._parser.CharacterDataHandler = self._characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note an author, or a comment's cell and author."""
        if self.path[1:] == ["authors", "author"]:
            self.authors.append("")
        elif name == "comment" and len(self.path) == 3:
            number = attributes.get("authorId", "")
            author = self.authors[int(number)] if number.isdecimal() and int(number) < len(self.authors) else ""
            self.cell, self.ours_now = attributes.get("ref", ""), author.strip() == AUTHOR

    def _characters(self, text: str) -> None:
        if self.path[1:] == ["authors", "author"]:
            self.authors[-1] += text


class _Found(_Walk):
    """The cells that have a comment: of ours, of others."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.ours: list[str] = []
        self.others: set[str] = set()

    def end(self, name: str) -> None:
        """Note a comment."""
        if name == "comment" and len(self.path) == 3:
            (self.ours.append if self.ours_now else self.others.add)(self.cell)


class _Adding(_Walk):
    """Writes comments again: ours that were there are cut, `texts` stand below those of others, `new` at the end."""

    def __init__(
        self, data: bytes, target: IO[bytes], texts: Mapping[str, str], new: Mapping[str, str], authors: list[str]
    ) -> None:
        super().__init__(data, target)
        self._texts = texts
        self._new, self._count = new, len(authors)
        self._told = ""  # the cell whose comment has our text already

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A text without runs becomes one, so that another can follow."""
        super().start(name, attributes)
        if len(self.path) == 2 and name in ("authors", "commentList") and is_empty(self.tag):
            self.replace(opened(self.tag) + self._last(name) + f"</{self.prefix}{name}>".encode())
        elif self.path[:4] == _TEXT and name in ("rPh", "phoneticPr"):
            self._tell()  # must stay behind
        elif self.path == [*_TEXT, "t"] and not self.ours_now:
            self.put(f"<{self.prefix}r>".encode())

    def end(self, name: str) -> None:
        """Cut a comment, or add to it, or to all."""
        if self.path == [*_TEXT, "t"] and not self.ours_now:
            self.put_behind(f"</{self.prefix}r>".encode())
        elif self.path == _TEXT:
            self._tell()
        elif name == "comment" and len(self.path) == 3 and self.ours_now:
            self.cut(self.began, self.behind)
        elif len(self.path) == 2 and self.at != self.began and name in ("authors", "commentList"):
            self.put(self._last(name))

    def _tell(self) -> None:
        if not self.ours_now and self.cell in self._texts and self._told != self.cell:
            self._told = self.cell
            self.put(self._run(f"\n\n{AUTHOR}:\n{self._texts[self.cell]}"))

    def _run(self, text: str) -> bytes:
        own = self.prefix
        # line breaks stand as they are: programs take them so
        return f'<{own}r><{own}t xml:space="preserve">{_lines(text)}</{own}t></{own}r>'.encode()

    def _last(self, name: str) -> bytes:
        own = self.prefix
        if name == "authors":
            return f"<{own}author>{AUTHOR}</{own}author>".encode()
        open_tag = f'<{own}comment ref="{{}}" authorId="{self._count}"><{own}text>'
        close_tag = f"</{own}text></{own}comment>".encode()
        return b"".join(
            open_tag.format(cell).encode() + self._run(text) + close_tag for cell, text in self._new.items()
        )


def _lines(text: str) -> str:
    return quoted(text).replace("&#10;", "\n")
