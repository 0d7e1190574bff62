"""Styles of a workbook that are like others but for their colour, and those of the list "To fix"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Final

from openspending.etl.patching.splice import Splicer, Unpatchable, opened, with_attributes
from openspending.etl.tofix import COLOURS
from openspending.speaking.said import said

_MOST: Final = 64_000  # styles that a workbook may have
_TABLES: Final = ("fonts", "fills", "cellXfs")
_FACE: Final = '<name val="Calibri"/><family val="2"/>'
_FONTS: Final = {
    "title": f'<b/><sz val="12"/>{_FACE}',
    "head": f'<b/><sz val="11"/>{_FACE}',
    "link": f'<u/><sz val="11"/><color rgb="FF0563C1"/>{_FACE}',
}
_FILL: Final = re.compile(rb"""\sfillId\s*=\s*["'](\d{1,9})["']""")
_WRAPPED: Final = '<alignment vertical="top" wrapText="1"/>'


class Looks:
    """The styles in `styles`, the bytes of the part. New ones are made as they are asked for."""

    def __init__(self, styles: bytes) -> None:
        self._styles = styles
        self._read = _Styles(styles, None, {})
        self._read.run()
        if set(self._read.counts) != set(_TABLES):
            raise Unpatchable(said("its styles are incomplete"))
        self._new: dict[str, list[bytes]] = {one: [] for one in _TABLES}
        self._made: dict[tuple[int | str, str | None], int] = {}

    @property
    def stale(self) -> frozenset[int]:
        """The styles that have one of our colours already: from an earlier copy, which was mended and came again."""
        ours = re.compile("|".join(COLOURS.values()).encode(), re.IGNORECASE)
        fills = {number for number, one in enumerate(self._read.raw["fills"]) if ours.search(one)}
        return frozenset(number for number, one in enumerate(self._read.raw["cellXfs"]) if _fill_of(one) in fills)

    def on(self, style: int, look: str | None) -> int:
        """The number of a style that is like `style`, but filled with the colour of `look` (None: with none)."""
        if (style, look) not in self._made:
            raw = self._read.raw["cellXfs"]
            base = raw[style] if style < len(raw) else raw[0]
            tag = base[: base.index(b">") + 1]
            fill = 0 if look is None else self._fill(look)
            like = with_attributes(tag, fillId=fill, applyFill=None if look is None else 1) + base[len(tag) :]
            self._made[style, look] = self._add("cellXfs", like)
        return self._made[style, look]

    def own(self, look: str) -> int:
        """The number of a style of our own: "title", "head", "text", "plain", "link", "number" or a colour's name."""
        if ("", look) not in self._made:
            font = 0 if look not in _FONTS else self._add("fonts", self._element("font", _FONTS[look]))
            fill = 0 if look not in COLOURS else self._fill(look)
            number = 1 if look == "number" else 49  # a whole number, a text
            inner = _WRAPPED if look not in ("title", "plain") else ""
            used = f'numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
            applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"'
            self._made["", look] = self._add("cellXfs", self._element("xf", inner, f" {used} {applied}"))
        return self._made["", look]

    def quoted(self, look: str) -> int:
        """As `own`, for a text that would be a formula if it were typed."""
        if ("'", look) not in self._made:
            like = self._new["cellXfs"][self.own(look) - self._read.counts["cellXfs"]]
            tag = like[: like.index(b">") + 1]
            self._made["'", look] = self._add("cellXfs", with_attributes(tag, quotePrefix=1) + like[len(tag) :])
        return self._made["'", look]

    def part(self) -> bytes:
        """The part with all styles."""
        held = BytesIO()
        _Styles(self._styles, held, self._new).run()
        return held.getvalue()

    def _fill(self, look: str) -> int:
        if (look, "fill") not in self._made:
            colour = f'<{{0}}fgColor rgb="{COLOURS[look]}"/><{{0}}bgColor indexed="64"/>'
            pattern = f'<{{0}}patternFill patternType="solid">{colour}</{{0}}patternFill>'
            self._made[look, "fill"] = self._add("fills", self._element("fill", pattern))
        return self._made[look, "fill"]

    def _element(self, name: str, inner: str, attributes: str = "") -> bytes:
        own = self._read.prefix
        inner = inner.replace("{0}", own) if "{0}" in inner else re.sub(r"<(?=\w)", f"<{own}", inner)
        return f"<{own}{name}{attributes}>{inner}</{own}{name}>".encode()

    def _add(self, table: str, element: bytes) -> int:
        self._new[table].append(element)
        number = self._read.counts[table] + len(self._new[table]) - 1
        if number >= _MOST:
            raise Unpatchable(said("it has more than {most} styles", most=_MOST))
        return number


def _fill_of(style: bytes) -> int:
    found = _FILL.search(style[: style.index(b">")])
    return int(found[1]) if found else 0


class _Styles(Splicer):
    """Reads fills and styles as they are written, or writes them again with `new` ones behind."""

    def __init__(self, data: bytes, target: IO[bytes] | None, new: Mapping[str, list[bytes]]) -> None:
        super().__init__(data, target)
        self._bytes, self._new = data, new
        self.counts: dict[str, int] = {}
        self.raw: dict[str, list[bytes]] = {one: [] for one in _TABLES}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Count a table's new number of entries."""
        if len(self.path) == 2 and name in _TABLES:
            self.counts[name] = 0
            more = self._new.get(name)
            if more:
                count = int(attributes.get("count", "0"))
                self.replace(opened(with_attributes(self.tag, count=count + len(more))))
        elif len(self.path) == 3 and self.path[1] in _TABLES:
            self.counts[self.path[1]] += 1

    def end(self, name: str) -> None:
        """Add the new entries."""
        if len(self.path) == 3 and self.path[1] in _TABLES:
            self.raw[self.path[1]].append(self._bytes[self.began : self.behind])
        elif len(self.path) == 2 and self._new.get(name):
            self.put(b"".join(self._new[name]))
