"""The rows of delimited text: all of a file that is not large, the beginning and the end of one that is."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from openspending.etl.formats.sheets import not_read
from openspending.etl.inspecting.grid import Grid
from openspending.etl.inspecting.seen import grid_of
from openspending.etl.limits import DEFAULT_LIMITS
from openspending.etl.sourcefile import blocks
from openspending.speaking.said import said

HEAD: Final = 1 << 20
_TAIL: Final = 1 << 18
_WHOLE: Final = 24 << 20  # a file up to this size is read to its end
_LINE: Final = 1 << 22  # characters; a longer line belongs to no table


def beginning(path: Path, encoding: str) -> tuple[str, bool]:
    """The text of the first megabyte, and whether that is all. What cannot be decoded is replaced."""
    with path.open("rb") as stream:
        data = stream.read(HEAD)
    complete = path.stat().st_size <= HEAD
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data, complete)
    return text.removeprefix("\ufeff"), complete


def read_grid(path: Path, shown: str, encoding: str, effect: Mapping[str, Any]) -> Grid:
    """The rows of a file in a dialect. The number of rows of a large file is reckoned. Raises PackageRejected for more
    columns than any table has."""
    if path.stat().st_size <= _WHOLE:
        return grid_of(_records(_lines(path, encoding), shown, effect))
    return _of_both_ends(path, shown, encoding, effect)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open("r", encoding=encoding, errors="replace", newline="") as stream:
        first = True
        while line := stream.readline(_LINE):
            yield line.removeprefix("\ufeff") if first else line
            first = False


def _records(lines: Iterable[str], shown: str, effect: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """The records, commented ones as blank ones; their numbers stay."""
    quote, comment = effect.get("quoteChar", '"'), effect.get("commentChar")
    reader = csv.reader(
        lines,
        delimiter=effect["delimiter"],
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=effect.get("doubleQuote", True),
        escapechar=effect.get("escapeChar"),
        skipinitialspace=effect.get("skipInitialSpace", False),
    )
    try:
        for cells in reader:
            if len(cells) > DEFAULT_LIMITS.columns:
                raise not_read(
                    shown,
                    said("a line has {count:,} cells, as no table has", count=len(cells)),
                    said("Give a table with a row per line."),
                )
            yield [] if comment and cells and cells[0].startswith(comment) else cells
    except csv.Error:
        return


def _of_both_ends(path: Path, shown: str, encoding: str, effect: Mapping[str, Any]) -> Grid:
    text, _ = beginning(path, encoding)
    head = list(_records(io.StringIO(text, newline=""), shown, effect))[:-1]
    with path.open("rb") as stream:
        size = stream.seek(-_TAIL, 2) + _TAIL
        data = stream.read()
    cut = data.find("\n".encode(_plain(encoding)))
    tail = list(_records(io.StringIO(_decoded(data[cut + 1 :], encoding), newline=""), shown, effect))
    rows = max(_count(path) * len(head) // max(text.count("\n"), 1), len(head) + len(tail))
    missing = rows - len(head) - len(tail)
    reached = grid_of(head)
    numbered = {len(head) + missing + at: row for at, row in enumerate(tail, start=1)}
    last = dict(list(numbered.items())[-300:])
    return Grid(dict(chain(reached.rows.items(), last.items())), rows if size else 0, exact=False)


def _decoded(data: bytes, encoding: str) -> str:
    return data.decode(_plain(encoding), errors="replace")


def _plain(encoding: str) -> str:
    """The encoding without a byte order mark, which only the beginning has."""
    return "utf-16-le" if encoding == "utf-16" else encoding


def _count(path: Path) -> int:
    return sum(block.count(b"\n") for block in blocks(path))
