"""What is wrong or odd in the files, for people: one entry for each thing, with all its places, down to the cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SHOWN: Final = 200  # entries of a kind
PLACES: Final = 12  # of an entry that are named
# What is said on the page of the columns, and nowhere in the file.
SAID: Final = ("fiscal/no-currency", "fiscal/no-date", "fiscal/unused-column")
_SHEETS: Final = ("xlsx", "xls", "xlsb", "ods", "spreadsheetml")  # formats whose cells have addresses
_LETTERS: Final = 26
# What is put right by a step that is written into the description of the dataset.
STEPS: Final = ("fiscal/rows-left-out", "fiscal/cells-replaced", "blank-row", "incorrect-label")


@dataclass(slots=True)
class Finding:
    """One thing in all its places: each the address of a cell (B12), and its row. `count` is how many there are."""

    title: str
    message: str
    fix: str
    code: str
    error: bool
    file: str
    column: str
    count: int = 0
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def step(self) -> bool:
        """Whether it is put right already."""
        return self.code in STEPS

    @property
    def answerable(self) -> bool:
        """Whether it is put right by saying what the columns mean."""
        return self.code in SAID

    @property
    def first(self) -> tuple[str, int]:
        """Where it begins: in which file, in which row."""
        return self.file, min((row for _cell, row in self.places), default=0)


def findings(result: Mapping[str, Any]) -> list[Finding]:
    """All of them, by file and row, so that one can go through the file from top to bottom."""
    found: dict[tuple[Any, ...], Finding] = {}
    cells = _Cells(result)
    for one in result["problems"]:
        entry = found.setdefault(_kind(one), _begun(one))
        entry.count += int(one["count"])
        if one.get("row"):
            entry.places.append((cells.address(one), int(one["row"])))
    return sorted(found.values(), key=lambda one: one.first)


def _kind(problem: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two problems one thing: the same rule, broken in several cells of a column."""
    names = ("severity", "code", "file", "resource", "field", "pointer")
    words = json.dumps(problem.get("words"), sort_keys=True, default=str)
    return (*(problem.get(name) for name in names), words)


def _begun(problem: Mapping[str, Any]) -> Finding:
    return Finding(
        title=str(problem["title"]),
        message=str(problem["message"]),
        fix=str(problem["fix"]),
        code=str(problem["code"]),
        error=problem["severity"] == "error",
        file=str(problem.get("file") or problem.get("resource") or ""),
        column=str(problem.get("field") or ""),
    )


class _Cells:
    """Where the columns of each table stand on their sheet."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        self._columns = dict(_columns(result["tables"], result["package"]["resources"]))

    def address(self, problem: Mapping[str, Any]) -> str:
        """The cell, such as B12; "" for a whole row, and in files whose cells have no address."""
        number = self._columns.get((problem.get("file"), problem.get("field")))
        return "" if number is None else f"{letters(number)}{problem['row']}"


def _columns(
    tables: Sequence[Mapping[str, Any]], resources: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[tuple[Any, Any], int]]:
    """The number, from 1, of each column, by file and field."""
    fields = {one["name"]: one.get("schema", {}).get("fields", ()) for one in resources}
    for table in tables:
        if table["format"] in _SHEETS:
            for at, one in enumerate(fields.get(table["name"], ()), start=int(table.get("firstColumn", 1))):
                yield from (((file, one["name"]), at) for file in table["files"])


def letters(number: int) -> str:
    """What a spreadsheet calls a column: 1 is A, 27 is AA."""
    found = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found
