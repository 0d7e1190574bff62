"""Codes with two labels, or none where others have one; labels with two codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from openspending.etl.lint.members import plain_name
from openspending.etl.lint.subject import Role, Subject
from openspending.fdp.problems import Problem
from openspending.fdp.sqltext import literal

_FEW: Final = 10  # percent of the codes or labels: where more are double, that is how the list is meant
_MOST: Final = 20_000  # pairs
_Pairs = list[tuple[tuple[str, ...], str]]


def check_labels(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """All pairs of code and label in one table. Codes are compared with those above them, so far as there are some."""
    if not subject.few:
        return
    for label in subject.roles:
        code = subject.partner(label, label.attribute.label_of)
        if code is None or code.column is label.column:
            continue
        above = _above(subject, code)
        pairs = _pairs(connection, subject, code, label, above)
        yield from _double(connection, subject, code, label, above, pairs)
        yield from _swapped(connection, subject, code, label, pairs)
        yield from _missing(connection, subject, code, label)


def _above(subject: Subject, code: Role) -> list[Role]:
    """The codes above a code, in the same table."""
    found: list[Role] = []
    one: Role | None = code
    while one is not None and one.attribute.parent is not None and len(found) < len(subject.roles):
        one = subject.partner(one, one.attribute.parent)
        if one is not None:
            found.append(one)
    return found


def _double(
    connection: duckdb.DuckDBPyConnection, subject: Subject, code: Role, label: Role, above: list[Role], pairs: _Pairs
) -> Iterator[Problem]:
    """A code with labels that differ in more than spaces, case and accents."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for key, text in pairs:
        found.setdefault(key, {}).setdefault(plain_name(text), text)
    double = {key: list(names.values()) for key, names in found.items() if len(names) > 1}
    if not double or len(double) * 100 > len(found) * 50:
        return
    key, names = min(double.items())
    same = " AND ".join(f"{role.text} = {literal(text)}" for role, text in zip([code, *above], key, strict=True))
    condition = f"{same} AND {label.text} = {literal(names[1])}"
    first = subject.first(connection, code.column, condition)
    if first is not None:
        yield subject.table.problem(
            "fiscal/code-with-two-labels", first, field=code.name, one=names[0], two=names[1], codes=len(double)
        )


def _swapped(
    connection: duckdb.DuckDBPyConnection, subject: Subject, code: Role, label: Role, pairs: _Pairs
) -> Iterator[Problem]:
    """A label with codes that are alike: of the same parents, and with one other character."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, text in pairs:
        found.setdefault((text, *key[1:]), []).append(key[0])
    double = {key: codes for key, codes in found.items() if len(codes) == 2 and _alike(*codes)}
    if not double or len(double) * 100 > len(found) * _FEW:
        return
    key, codes = min(double.items())
    first = subject.first(
        connection, label.column, f"{label.text} = {literal(key[0])} AND {code.text} = {literal(codes[1])}"
    )
    if first is not None:
        yield subject.table.problem(
            "fiscal/label-with-two-codes", first, field=label.name, one=codes[0], two=codes[1], labels=len(double)
        )


def _alike(one: str, two: str) -> bool:
    """Whether two codes are one code but for leading zeros, marks between its parts, or two neighbours swapped."""
    bare = ["".join(c for c in code if c.isalnum()).lstrip("0").casefold() for code in (one, two)]
    swapped = (
        len(one) == len(two) and sorted(one) == sorted(two) and sum(a != b for a, b in zip(one, two, strict=True)) == 2
    )
    return bare[0] == bare[1] or swapped


def _missing(connection: duckdb.DuckDBPyConnection, subject: Subject, code: Role, label: Role) -> Iterator[Problem]:
    asked = (
        f"SELECT count(DISTINCT code), count(DISTINCT code) FILTER (WHERE NOT labelled) FROM"
        f" (SELECT {code.text} AS code, bool_or({label.text} IS NOT NULL) OVER (PARTITION BY code) AND"
        f" {label.text} IS NOT NULL AS labelled FROM {subject.table.relation} WHERE {code.text} IS NOT NULL)"
    )
    codes, without = connection.execute(asked).fetchall()[0]
    if not without or without * 100 > codes * _FEW:
        return
    condition = f"{code.text} IS NOT NULL AND {label.text} IS NULL"
    first = subject.first(connection, code.column, condition)
    if first is not None:
        table, name = subject.table, label.name
        yield table.problem("fiscal/code-without-label", first, field=code.name, label=name)
        table.list_cells(
            code.column,
            condition,
            lambda place: table.problem("fiscal/code-without-label", place, field=code.name, label=name),
        )


def _pairs(
    connection: duckdb.DuckDBPyConnection, subject: Subject, code: Role, label: Role, above: list[Role]
) -> _Pairs:
    """The different pairs of a code with those above it, and a label."""
    keys = [one.text for one in (code, *above)]
    present = " AND ".join(f"{one} IS NOT NULL" for one in (*keys, label.text))
    found = connection.execute(
        f"SELECT DISTINCT {', '.join(keys)}, {label.text} FROM {subject.table.relation} WHERE {present}"
        f" ORDER BY ALL LIMIT {_MOST}"
    ).fetchall()
    return [(tuple(key), text) for *key, text in found]
