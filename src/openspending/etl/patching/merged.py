"""Which cells of a sheet lie under a merged one: only its first cell shows a colour and a comment."""

from __future__ import annotations

import re
from mmap import mmap
from typing import Final

_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)["']""")
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_ROWS: Final = 1_000_000  # of all merged cells together
Place = tuple[int, int]  # row from 1, column from 0


class Merged:
    """The merged cells of a sheet, from the bytes of its part."""

    def __init__(self, data: bytes | mmap) -> None:
        self._by_row: dict[int, list[tuple[int, int, Place]]] = {}
        left = _MOST_ROWS
        for found in _MERGED.finditer(data, max(data.rfind(b"sheetData"), 0)):
            (row, first), (last_row, last) = (place_of(one) for one in found[1].decode().split(":"))
            left -= last_row - row + 1
            if left < 0:
                break
            for one in range(row, last_row + 1):
                self._by_row.setdefault(one, []).append((first, last, (row, first)))

    def shown(self, place: Place) -> Place:
        """The cell in which `place` is seen."""
        row, column = place
        for first, last, corner in self._by_row.get(row, ()):
            if first <= column <= last:
                return corner
        return place


def place_of(reference: str) -> Place:
    """The place that a reference such as B12 or $B$12 names; (0, 0) for what is none."""
    found = _PLACE.fullmatch(reference.replace("$", ""))
    return (int(found[2]), column_of(found[1])) if found else (0, 0)


def column_of(letters: str) -> int:
    """The number of a column from 0 by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def reference(place: Place) -> str:
    """A place as it is written: B12."""
    row, number = place
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
