"""What the cells of an XLSX workbook share: how their styles show numbers, and their texts."""

from __future__ import annotations

import re
from array import array
from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS

from openspending.etl.formats.cells import DAY, PLAIN, Shown, shown_as
from openspending.etl.formats.sheets import not_read
from openspending.etl.formats.xmlparts import MEND, Parts
from openspending.etl.limits import Limits
from openspending.speaking.said import said

_GROUPS: Final = ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_EAST_ASIAN_DAYS: Final = (*range(27, 37), *range(50, 59))  # formats by number whose code depends on the language
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_styles(parts: Parts, name: str) -> list[Shown]:
    """How each style shows a number, by its number in `s` of a cell."""
    codes = dict(BUILTIN_FORMATS)
    group, found = "", []
    for element, attributes in parts.elements(name):
        if element in _GROUPS:
            group = element
        elif element == "numFmt" and group != "dxfs" and attributes.get("numFmtId", "").isdecimal():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif element == "xf" and group == "cellXfs":
            found.append(attributes.get("numFmtId", "0"))
    return [_shown(int(one), codes) if one.isdecimal() else PLAIN for one in found]


def _shown(number: int, codes: dict[int, str]) -> Shown:
    if number in codes:
        return shown_as(codes[number])
    return DAY if number in _EAST_ASIAN_DAYS else PLAIN


class Texts:
    """The shared texts of a workbook, in one piece of memory: a million of them as Python texts would take far more."""

    def __init__(self, parts: Parts, name: str, limits: Limits) -> None:
        self._data = bytearray()
        self._ends = array("Q")
        self._pieces: list[str] = []
        self._inside = False
        self._spoken = 0  # depth in a phonetic reading, which stands beside the text
        self._shown = parts.shown
        self._most = limits.texts
        if name in parts:
            for _ in parts.parse(name, self):
                pass

    def __getitem__(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return self._data[start : self._ends[number]].decode("utf-8")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        del attributes
        if name == "t":
            self._inside = not self._spoken
        elif name == "rPh":
            self._spoken += 1

    def data(self, text: str) -> None:
        """Text, perhaps in pieces."""
        if self._inside:
            self._data += text.encode("utf-8") if "_x" not in text else unescaped(text).encode("utf-8")

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._spoken -= 1
        elif name == "si":
            self._ends.append(len(self._data))
            if len(self._data) + 8 * len(self._ends) > self._most:
                raise not_read(self._shown, said("its texts take more than {most} bytes", most=self._most), MEND)


def unescaped(text: str) -> str:
    """A text whose odd characters are written as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] != "0000" else found[0], text)
