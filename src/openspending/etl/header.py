"""Matching the header of a file with the fields of its schema."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from openspending.fdp.package import Schema
from openspending.fdp.problems import Problem, problem

_Form = Callable[[str], str]


@dataclass(slots=True)
class Columns:
    """Where each field is found: `positions` has a column number of the file, or None, for every field in order."""

    positions: list[int | None]
    problems: list[Problem] = field(default_factory=list)


def match(header: Sequence[str], schema: Schema, file: str, needed: Container[str] | None = None) -> Columns:
    """Match `header` with the fields of `schema`, by name; columns in another order are found with a warning.

    A header may differ from the field's name in case and spaces only (warning). A field that is not found is an error
    if it is in `needed` (None: all are), else a warning. Columns without a field are warnings.
    """
    names = [one.name for one in schema.fields]
    if list(header) == names:
        return Columns(list(range(len(names))))
    found = Columns([None] * len(names))
    _report_doubles(header, names, found, file, needed)
    taken: set[int] = set()
    for same in (_exactly, _loosely):
        _take(header, names, same, found, taken)
    _report(header, names, found, taken, file, needed, schema.fields_match)
    return found


def _take(header: Sequence[str], names: list[str], same: _Form, found: Columns, taken: set[int]) -> None:
    """Give each field that has none yet the first free column whose name is the same in the form `same`."""
    free: dict[str, list[int]] = {}
    for number, label in enumerate(header):
        if number not in taken and same(label):
            free.setdefault(same(label), []).append(number)
    for number, name in enumerate(names):
        if found.positions[number] is None and free.get(same(name)):
            column = free[same(name)].pop(0)
            found.positions[number] = column
            taken.add(column)


def _report_doubles(
    header: Sequence[str], names: list[str], found: Columns, file: str, needed: Container[str] | None
) -> None:
    """Two columns with the name of one field: which of them is meant is uncertain."""
    wanted = Counter(names)
    for label, count in Counter(header).items():
        if label in wanted and count > wanted[label] and (needed is None or label in needed):
            found.problems.append(problem("duplicate-label", file=file, row=1, field=label, value=label, count=count))


def _report(
    header: Sequence[str],
    names: list[str],
    found: Columns,
    taken: set[int],
    file: str,
    needed: Container[str] | None,
    fields_match: str,
) -> None:
    add = found.problems.append
    for name, column in zip(names, found.positions, strict=True):
        if column is None:
            used = needed is None or name in needed
            add(problem("missing-label" if used else "fiscal/missing-unused-column", file=file, row=1, field=name))
        elif header[column] != name:
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


def _loosely(label: str) -> str:
    """A name without what people do not see: outer and doubled spaces, case, the way accents are encoded."""
    return " ".join(unicodedata.normalize("NFC", label.replace("\ufeff", "")).split()).casefold()
