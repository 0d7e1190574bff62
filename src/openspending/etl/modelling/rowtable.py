"""A table of texts with what is known of its columns, to ask about its rows: blank cells, amounts, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.fdp.number_text import number_text
from openspending.fdp.package import Field
from openspending.fdp.spaces import blank, trimmed, unless_blank
from openspending.fdp.sqltext import identifier, literals
from openspending.fdp.values import Decimals, Reading

MOST_DIGITS: Final = 38
_KEPT: Final = 300_000  # rows
_BARE: Final = number_text(Field("amount"), whole=False)
Rule = dict[str, Any]  # as `leaveOut` of a resource has it


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows that a condition is true for: how many, the first ones, and the sum of each amount there."""

    count: int
    rows: tuple[tuple[int, int], ...]  # (file, row) of the first five
    sums: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows of a relation: b0, b1, … are whether their cells are blank; c0, c1, … their trimmed texts, NULL when
    blank; v4, v7, … the amounts that could be read (see `summing`); `has_amount` is whether some amount is present,
    readable or not (a word for “missing” is none).

    `amounts` are the columns that hold amounts, `summed` those of them that exact sums can be made of, `texts` the
    columns that hold words. Methods give SQL unless they say otherwise.
    """

    connection: duckdb.DuckDBPyConnection
    name: str  # quoted
    raw: str  # the quoted name of the relation of raw cells
    labels: Sequence[str]
    amounts: Sequence[int]
    summed: Sequence[int]
    texts: Sequence[int]

    @property
    def described(self) -> list[int]:
        """The columns that are no amounts (no SQL)."""
        return [one for one in range(len(self.labels)) if one not in self.amounts]

    def blank(self, positions: Iterable[int]) -> str:
        """Are all these cells blank?"""
        return " AND ".join(f"b{one}" for one in positions) or "TRUE"

    def matches(self, rule: Rule) -> str:
        """Does the row match the rule?"""
        places = {label: position for position, label in enumerate(self.labels)}
        parts = [self.blank(places[label] for label in rule["empty"])] if rule.get("empty") else []
        parts += [f"coalesce(c{places[one]} IN ({literals(t)}), FALSE)" for one, t in _where(rule)]
        if "rows" in rule:
            parts.append("(" + " OR ".join(f"_row BETWEEN {a} AND {b}" for a, b in rule["rows"]) + ")")
        if "part" in rule:
            parts.append(f"_file = {rule['part'] - 1}")
        return " AND ".join(parts) or "FALSE"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query in which {t} is the relation (no SQL)."""
        found: list[tuple[Any, ...]] = self.connection.execute(query.replace("{t}", self.name)).fetchall()
        return found

    def one(self, query: str) -> tuple[Any, ...]:
        """The only row of an answer (no SQL)."""
        return self.rows(query)[0]

    def count(self, condition: str) -> int:
        """How many rows a condition is true for (no SQL)."""
        return int(self.one(f"SELECT count(*) FROM {{t}} WHERE {condition}")[0])

    def matched(self, condition: str) -> Matched:
        """What is known of the rows that a condition is true for (no SQL)."""
        sums = [f"sum(v{one})" for one in self.summed]
        asked = ", ".join(["count(*)", "min((_file, _row), 5)", *sums])
        count, first, *values = self.one(f"SELECT {asked} FROM {{t}} WHERE {condition}")
        rows = tuple((int(a), int(b)) for a, b in first or ())
        return Matched(count, rows, {one: v or Decimal(0) for one, v in zip(self.summed, values, strict=True)})


@contextmanager
def row_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    labels: Sequence[str],
    amounts: Mapping[int, Reading],
    texts: Sequence[int],
) -> Iterator[RowTable]:
    """The rows of a relation of raw cells, while they are asked about. Made once and kept where they are not many:
    reading an amount takes long beside everything else."""
    name, source = identifier(f"{relation}_rows"), identifier(relation)
    columns = [f"{blank(f'f{one}')} AS b{one}" for one in range(len(labels))]
    columns += [f"{_cell(one)} AS c{one}" for one in range(len(labels))]
    columns += [f"{_number(one, read)} AS n{one}" for one, read in amounts.items()]
    columns.append(f"({' OR '.join(_present(one, read) for one, read in amounts.items()) or 'FALSE'}) AS has_amount")
    kind = "TABLE" if connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0] <= _KEPT else "VIEW"
    asked = f"SELECT _file, _row, {', '.join(columns)} FROM {source}"
    connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {asked}")
    try:
        yield RowTable(connection, name, source, labels, list(amounts), [], texts)
    finally:
        connection.execute(f"DROP {kind} {name}")


@contextmanager
def summing(table: RowTable) -> Iterator[RowTable]:
    """The same rows with the amounts as numbers of the digits they need."""
    name = identifier(table.name.strip('"') + "_summed")
    sizes = _sizes(table)
    values = "".join(f", CAST(n{one} AS {_decimal(size)}) AS v{one}" for one, size in sizes.items())
    table.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT *{values} FROM {table.name}")
    try:
        yield replace(table, name=name, summed=list(sizes))
    finally:
        table.connection.execute(f"DROP VIEW {name}")


def _sizes(table: RowTable) -> dict[int, Decimals]:
    """The digits that the amounts of each column need; columns of amounts too long for exact sums are left out."""
    asked = [f"max({size(_text(one))})" for one in table.amounts for size in (_BARE.digits, _BARE.scale)]
    found = table.one(f"SELECT {', '.join(asked)} FROM {{t}}")
    sizes = {one: (found[2 * n] or 0, found[2 * n + 1] or 0) for n, one in enumerate(table.amounts)}
    return {one: size for one, size in sizes.items() if sum(size) <= MOST_DIGITS}


def _text(position: int) -> str:
    """Never NULL: the engine fails on some functions of a column that it knows to hold nothing else."""
    return f"coalesce(n{position}, '')"


def _decimal(size: Decimals) -> str:
    return f"DECIMAL({max(sum(size), 1)}, {size[1]})"


def _cell(position: int) -> str:
    name = f"f{position}"
    return unless_blank(name, trimmed(name))


def _number(position: int, read: Reading) -> str:
    """The amount as plain text; NULL when blank, missing or unreadable."""
    name = f"f{position}"
    number = read.number.canonical(read.text(name)) if read.number is not None else "NULL"
    return f"CASE WHEN NOT {blank(name)} AND {read.valid(name)} THEN {number} END"


def _present(position: int, read: Reading) -> str:
    return f"(NOT {blank(f'f{position}')} AND {read.text(f'f{position}')} IS NOT NULL)"


def _where(rule: Rule) -> list[tuple[str, Sequence[str]]]:
    where: Mapping[str, Sequence[str]] = rule.get("where", {})
    return list(where.items())
