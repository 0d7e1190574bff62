"""Years that are missing between others, or far away from all others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import duckdb

from openspending.etl.lint.subject import Role, Subject
from openspending.fdp.denormalise import Plan, Unpivoted
from openspending.fdp.problems import Problem, problem
from openspending.fdp.sqltext import literals

_FAR: Final = 25  # years from the nearest other one
_SHARE: Final = 50  # one row in so many may be odd


def check_years(connection: duckdb.DuckDBPyConnection, made: Plan, subjects: Sequence[Subject]) -> Iterator[Problem]:
    """Odd years in each column of dates, and missing years of the facts as a whole."""
    whole: dict[str, tuple[str, set[int]]] = {}
    for subject in subjects:
        for role in subject.roles:
            if role.dimension.kind != "datetime" and role.column.reading.type not in ("date", "datetime"):
                continue
            years = _years(subject.texts(connection, role) or [], role)
            odd = _odd(years)
            yield from _far(connection, subject, role, years, odd)
            if subject.branch is not None and role.column.reading.type == "integer":
                whole.setdefault(role.attribute.column, (role.name, set()))[1].update(set(years) - set(odd))
    for branch in made.branches:
        for attribute, origin in branch.attributes:
            if isinstance(origin, Unpivoted) and attribute.type == "integer":
                found = {int(one) for one in origin.values if re.fullmatch(r"(19|20)\d\d", str(one))}
                whole.setdefault(attribute.column, (origin.field.name, set()))[1].update(found)
    for name, years_there in whole.values():
        yield from _gaps(name, sorted(years_there))


def _years(found: Sequence[str], role: Role) -> dict[int, list[str]]:
    """The texts of each year."""
    years: dict[int, list[str]] = {}
    exact = role.column.reading.type == "integer"
    for text in found:
        match = re.fullmatch(r"\d{4}", text.strip()) if exact else re.search(r"(?<!\d)\d{4}(?!\d)", text)
        if match:
            years.setdefault(int(match.group()), []).append(text)
    return years


def _odd(years: dict[int, list[str]]) -> dict[int, int]:
    """The years that are far from all others, with their distance; nothing where two groups of years are apart."""
    order = sorted(years)
    if len(order) < 3:
        return {}
    middle = order[len(order) // 2]
    near = [one for one in order if abs(one - middle) <= _FAR]
    odd = {one: min(abs(one - other) for other in near) for one in order if one not in near}
    return {one: far for one, far in odd.items() if far > _FAR} if len(odd) * 2 < len(near) else {}


def _far(
    connection: duckdb.DuckDBPyConnection,
    subject: Subject,
    role: Role,
    years: dict[int, list[str]],
    odd: dict[int, int],
) -> Iterator[Problem]:
    if not odd:
        return
    table, column = subject.table, role.column
    condition = f"{role.text} IN ({literals(text for one in odd for text in years[one])})"
    first = subject.first(connection, column, condition)
    if first is None or first.count * _SHARE > table.loaded.rows > _SHARE:
        return
    distance = {text: far for one, far in odd.items() for text in years[one]}
    yield table.problem("fiscal/odd-year", first, field=role.name, years=distance.get(first.value or "", _FAR))
    table.list_cells(
        column,
        condition,
        lambda place: table.problem(
            "fiscal/odd-year", place, field=role.name, years=distance.get(place.value or "", _FAR)
        ),
    )


def _gaps(name: str, years: Sequence[int]) -> Iterator[Problem]:
    """Missing years in what is otherwise a row of them."""
    steps = [after - before for before, after in pairwise(years)]
    missing = [one for before, after in pairwise(years) for one in range(before + 1, after)]
    if missing and steps.count(1) * 2 >= len(steps) and len(missing) <= len(years) and len(years) > 2:
        shown = ", ".join(str(one) for one in missing)
        yield problem("fiscal/missing-years", field=name, first=years[0], last=years[-1], missing=shown)
