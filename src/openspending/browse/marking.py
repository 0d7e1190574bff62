"""A value with the words that were asked for marked: pieces of text, which a template shows as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

BEFORE: Final = 60  # characters of a long value before the first marked word


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a value; `marked` when it was asked for."""

    text: str
    marked: bool = False


Pieces = tuple[Piece, ...]


def pieces(value: str, ranges: object, limit: int = 240) -> Pieces:
    """`value` cut where `ranges` begin and end; of a long one the part around the first range, with dots where
    something is left out."""
    marked = _in_order(ranges, len(value))
    begin = _beginning(value, marked[0][0] if marked else 0, limit)
    end = min(len(value), begin + limit)
    found = [Piece("… ")] if begin else []
    found.extend(_cut(value, marked, begin, end))
    if end < len(value):
        found.append(Piece(" …"))
    return tuple(found)


def _in_order(ranges: Any, length: int) -> list[tuple[int, int]]:
    """The ranges that lie in a value of this length, in order, none over another."""
    pairs = sorted((int(one[0]), min(int(one[1]), length)) for one in ranges or ())
    found: list[tuple[int, int]] = []
    for start, stop in pairs:
        first = max(start, found[-1][1] if found else 0)
        if first < stop:
            found.append((first, stop))
    return found


def _beginning(value: str, first: int, limit: int) -> int:
    """Where the part of a value begins that shows its character `first`: at a word, where there are any."""
    if len(value) <= limit or first < limit - BEFORE:
        return 0
    begin = first - BEFORE
    space = value.find(" ", begin, first)
    return begin if space < 0 else space + 1


def _cut(value: str, marked: Sequence[tuple[int, int]], begin: int, end: int) -> Iterator[Piece]:
    at = begin
    for start, stop in marked:
        first, last = max(start, at), min(stop, end)
        if first >= last:
            continue
        if at < first:
            yield Piece(value[at:first])
        yield Piece(value[first:last], marked=True)
        at = last
    if at < end:
        yield Piece(value[at:end])
