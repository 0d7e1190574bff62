"""Names that differ only in what nobody sees, and codes that a spreadsheet took for dates or numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from openspending.etl.lint.subject import Role, Subject
from openspending.fdp.problems import Problem
from openspending.fdp.sqltext import literals

_MONTHS: Final = (
    r"(?:jan|feb|mar|mär|apr|may|mai|maj|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|ene|abr|ago|dic|fev|set|out|janv|févr|"
    r"avr|juin|juil|août|déc|gen|mag|giu|lug|ott|янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек)\.?"
)
_DAMAGED: Final = re.compile(
    rf"\d{{1,2}}[-. ]{_MONTHS}(?:[-. ]\d{{2,4}})?|{_MONTHS}[-. ]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}} 00:00:00"
    r"|\d(?:[.,]\d+)?E\+\d{2,}",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?=.*\d)[\w.\-/]{1,20}")
_MOST_DAMAGED: Final = 20  # percent of the texts; a column of dates is no column of codes
_REPEATED: Final = 3  # rows for each text, on average: below that it is a column of descriptions


def check_members(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Both checks for each text column."""
    for role in subject.roles:
        if role.column.reading.type == "string" and role.dimension.kind != "datetime":
            found = subject.texts(connection, role) or []
            yield from _twins(connection, subject, role, found)
            yield from _damaged(connection, subject, role, found)


def _twins(
    connection: duckdb.DuckDBPyConnection, subject: Subject, role: Role, found: Sequence[str]
) -> Iterator[Problem]:
    if subject.branch is not None and len(found) * _REPEATED > max(subject.table.loaded.rows, 1) > 30:
        return
    groups: dict[str, list[str]] = {}
    for one in found:
        groups.setdefault(plain_name(one), []).append(one)
    twins = [some for some in groups.values() if len(some) > 1]
    if not twins:
        return
    column, table = role.column, subject.table
    odd = [_odder(one) for one in twins]
    condition = f"{role.text} IN ({literals(odd)})"
    first = subject.first(connection, column, condition)
    if first is None:
        return
    other = next(name for some in twins if first.value in some for name in some if name != first.value)
    yield table.problem("fiscal/twin-members", first, field=role.name, other=other, pairs=len(twins))
    table.list_cells(
        column,
        condition,
        lambda place: table.problem(
            "fiscal/twin-members", place, field=role.name, other=_other(twins, place.value), pairs=len(twins)
        ),
    )


def plain_name(text: str) -> str:
    """The text without what nobody sees: accents, case, spaces at its ends, and how many there are between words."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(bare.casefold().split())


def _odder(names: Sequence[str]) -> str:
    """Of names that are the same, the one that looks like the mistake: with spaces at its ends, or all in one case."""
    return max(names, key=lambda one: (one != one.strip(), "  " in one, one.isupper() or one.islower(), one))


def _other(twins: Sequence[Sequence[str]], value: str | None) -> str:
    return next((name for some in twins if value in some for name in some if name != value), "")


def _damaged(
    connection: duckdb.DuckDBPyConnection, subject: Subject, role: Role, found: Sequence[str]
) -> Iterator[Problem]:
    odd = [one for one in found if _DAMAGED.fullmatch(one.strip())]
    codes = sum(_CODE.fullmatch(one.strip()) is not None for one in found)
    if not odd or len(odd) * 100 > len(found) * _MOST_DAMAGED or codes * 10 < len(found) * 8:
        return
    column, table = role.column, subject.table
    condition = f"{role.text} IN ({literals(odd)})"
    first = subject.first(connection, column, condition)
    if first is not None:
        yield table.problem("fiscal/damaged-codes", first, field=role.name)
        table.list_cells(column, condition, lambda place: table.problem("fiscal/damaged-codes", place, field=role.name))
