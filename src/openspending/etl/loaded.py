"""A resource that was read: its relation, where its rows came from, and what was noticed on the way."""

from __future__ import annotations

from array import array
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from openspending.etl.limits import SHOWN
from openspending.fdp.leaveout import LeaveOut
from openspending.fdp.problems import Problem, problem

_MOST: Final = 1_000_000  # rows of the wrong length that are remembered one by one


@dataclass(frozen=True, slots=True)
class LeftOutRows:
    """The rows of one part that a rule leaves out: how many, and the numbers of the first of them."""

    rule: LeaveOut
    part: int
    count: int
    rows: tuple[int, ...]


@dataclass(slots=True)
class Ragged:
    """Rows of one part with another number of cells than the header. They are no problem when a rule leaves them out,
    as it does with notes below a table."""

    file: str
    resource: str
    part: int = 0
    wanted: int = 0
    found: dict[str, tuple[array[int], array[int]]] = field(default_factory=dict)  # by code: rows, cells in each
    beyond: dict[str, int] = field(default_factory=dict)

    def note(self, code: str, row: int, cells: int) -> None:
        """Remember one such row."""
        rows, counts = self.found.setdefault(code, (array("q"), array("q")))
        if len(rows) < _MOST:
            rows.append(row)
            counts.append(cells)
        else:
            self.beyond[code] = self.beyond.get(code, 0) + 1

    def problems(self, left_out: Container[int] = ()) -> list[Problem]:
        """The first of those that are not left out; the last problem of each kind stands for all that are not named."""
        made: list[Problem] = []
        for code, (rows, counts) in self.found.items():
            kept = [(row, cells) for row, cells in zip(rows, counts, strict=True) if row not in left_out]
            shown = kept[: 1 if code == "fiscal/extra-empty-cell" else SHOWN]
            others = len(kept) - len(shown) + self.beyond.get(code, 0)
            made += [self._problem(code, *one, 1) for one in shown[:-1]]
            made += [self._problem(code, *one, 1 + others) for one in shown[-1:]]
        return sorted(made, key=_row)

    def _problem(self, code: str, row: int, cells: int, count: int) -> Problem:
        return problem(
            code,
            file=self.file,
            resource=self.resource,
            row=row,
            count=count,
            found=cells,
            wanted=self.wanted,
        )


@dataclass(slots=True)
class Loaded:
    """A resource as DuckDB relation: `_file` (index into `parts`), `_row`, f0, f1, … in the order of the schema.

    `rows` counts its rows, blank ones and those left out not among them. `distinct` has all texts of a column, by its
    number, where they are few. `left_out` are the rows left out by rule, whose places are in the table `left_table`.
    The relations are seen only by the connection that loaded them.
    """

    relation: str
    parts: tuple[str, ...]
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    distinct: dict[int, pa.Array] = field(default_factory=dict)
    ragged: list[Ragged] = field(default_factory=list)
    left_out: tuple[LeftOutRows, ...] = ()
    left_table: str = ""


def _row(one: Problem) -> int:
    return one.row or 0
