"""Matching the header of a file with the fields of its schema."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from openspending.fdp.package import Schema
from openspending.fdp.problems import Problem, problem
from openspending.fdp.spaces import BLANKS

_PLACED: Final = re.compile(r"column [1-9][0-9]{0,4}")
_Form = Callable[[str], str]
_Names = Sequence[Sequence[str]]  # for each field, what its column may be called


@dataclass(slots=True)
class Columns:
    """Where each field is found: `positions` has a column number of the file, or None, for every field in order."""

    positions: list[int | None]
    problems: list[Problem] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether any field is found at all."""
        return any(one is not None for one in self.positions)


def told_apart(labels: Sequence[str]) -> list[str]:
    """A name of its own for each column: a blank label in the third is `column 3`, the second “Amount” is
    `Amount (2)`. All others are named exactly as they are labelled."""
    taken = {label for label in labels if label.strip(BLANKS)}
    names: list[str] = []
    turns: dict[str, Iterator[int]] = {one: count(2) for one in taken}  # a label's first column keeps it
    met: set[str] = set()
    for number, label in enumerate(labels, start=1):
        name = label if label.strip(BLANKS) else f"column {number}"
        if name in met or (name != label and name in taken):
            name = next(one for turn in turns[name] if (one := f"{name} ({turn})") not in taken)
        met.add(name)
        taken.add(name)
        names.append(name)
    return names


def widened(header: Sequence[str], schema: Schema) -> list[str]:
    """The header with blank labels up to the last column that the schema names by its place, such as `column 8`: some
    rows go on to the right of the header."""
    places = [int(one.name.removeprefix("column ")) for one in schema.fields if _PLACED.fullmatch(one.name)]
    return [*header, *([""] * (max(places, default=0) - len(header)))]


def match(header: Sequence[str], schema: Schema, file: str, needed: Container[str] | None = None) -> Columns:
    """Match `header` with the fields of `schema`, by name; columns in another order are found with a warning.

    A header may differ from the field's name in case and spaces only (warning); else it may be one of the field's
    aliases; else the name may be the one by which `told_apart` tells a column that has none, or another's. A field
    that is not found is an error if it is in `needed` (None: all are), else a warning. Columns without a field are
    warnings.
    """
    names = [one.name for one in schema.fields]
    if list(header) == names:
        return Columns(list(range(len(names))))
    found = Columns([None] * len(names))
    taken: dict[int, bool] = {}  # by column: whether its label is one that was declared
    own, aliases = [(name,) for name in names], [one.aliases for one in schema.fields]
    for labels, wanted, same, declared in (
        (header, own, _exactly, True),
        (header, own, loosely, False),
        (header, aliases, _exactly, True),
        (header, aliases, loosely, False),
        (told_apart(header), own, _exactly, True),
    ):
        _take(labels, wanted, same, found, taken, declared)
    _report_doubles(header, names, found, taken, file, needed)
    _report(header, names, found, taken, file, needed, schema.fields_match)
    return found


def _take(
    labels: Sequence[str], wanted: _Names, same: _Form, found: Columns, taken: dict[int, bool], declared: bool
) -> None:
    """Give each field that has none yet the first free column that is called, in the form `same`, as is wanted."""
    free: dict[str, list[int]] = {}
    for number, label in enumerate(labels):
        if number not in taken and same(label):
            free.setdefault(same(label), []).append(number)
    for number, names in enumerate(wanted):
        called = next((same(one) for one in names if free.get(same(one))), None)
        if found.positions[number] is None and called is not None:
            column = found.positions[number] = free[called].pop(0)
            taken[column] = declared


def _report_doubles(
    header: Sequence[str],
    names: Sequence[str],
    found: Columns,
    taken: Container[int],
    file: str,
    needed: Container[str] | None,
) -> None:
    """Two columns with the name of one field: which of them is meant is uncertain, unless each has its field."""
    wanted = Counter(names)
    counts, left = Counter(header), {label for number, label in enumerate(header) if number not in taken}
    for label, times in counts.items():
        if label in left and label in wanted and times > wanted[label] and (needed is None or label in needed):
            found.problems.append(problem("duplicate-label", file=file, row=1, field=label, value=label, count=times))


def _report(
    header: Sequence[str],
    names: Sequence[str],
    found: Columns,
    taken: dict[int, bool],
    file: str,
    needed: Container[str] | None,
    fields_match: str,
) -> None:
    add = found.problems.append
    for name, column in zip(names, found.positions, strict=True):
        if column is None:
            used = needed is None or name in needed
            add(problem("missing-label" if used else "fiscal/missing-unused-column", file=file, row=1, field=name))
        elif not taken[column]:
            add(problem("incorrect-label", file=file, row=1, field=name, value=header[column]))
    for number, label in enumerate(header):
        if number not in taken:
            code = "extra-label" if label.strip() else "blank-label"
            add(problem(code, file=file, row=1, value=label or None, number=number + 1))
    order = [column for column in found.positions if column is not None]
    if order != sorted(order) and fields_match == "exact":
        add(problem("fiscal/column-order", file=file, row=1))


def _exactly(label: str) -> str:
    return label


def loosely(label: str) -> str:
    """A name without what people do not see: outer and doubled spaces, case, the way accents are encoded."""
    return " ".join(unicodedata.normalize("NFC", label.replace("\ufeff", "")).split()).casefold()
