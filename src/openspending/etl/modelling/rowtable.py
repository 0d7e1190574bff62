"""A table of texts with what is known of its columns, to ask about its rows: blank cells, amounts, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.fdp.sqltext import identifier, literal, literals
from openspending.fdp.values import Decimals, Reading

SPACES: Final = " \t\r\n\u00a0\u2009\u202f\u3000\ufeff"
MOST_DIGITS: Final = 38
Rule = dict[str, Any]  # as `leaveOut` of a resource has it


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows that a condition is true for: how many, the first ones, and the sum of each amount there."""

    count: int
    rows: tuple[tuple[int, int], ...]  # (file, row) of the first five
    sums: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class RowTable:
    """A relation of raw cells: `amounts` say how the cells of these columns are read, `sizes` how many digits they
    need, `texts` which columns hold words. All methods give SQL unless they say otherwise."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    labels: Sequence[str]
    amounts: Mapping[int, Reading]
    sizes: Mapping[int, Decimals]
    texts: Sequence[int]

    @property
    def name(self) -> str:
        """The quoted name of the relation."""
        return identifier(self.relation)

    @property
    def described(self) -> list[int]:
        """The columns that are no amounts (no SQL)."""
        return [one for one in range(len(self.labels)) if one not in self.amounts]

    def cell(self, position: int) -> str:
        """Text without outer spaces; NULL when blank."""
        return f"nullif(trim(f{position}, {literal(SPACES)}), '')"

    def blank(self, positions: Iterable[int]) -> str:
        """Are all these cells blank?"""
        return " AND ".join(f"{self.cell(one)} IS NULL" for one in positions) or "TRUE"

    def any_amount(self) -> str:
        """Is some amount present, readable or not? A word for “missing” is none."""
        present = (
            f"({self.cell(one)} IS NOT NULL AND {read.text(f'f{one}')} IS NOT NULL)"
            for one, read in self.amounts.items()
        )
        return f"({' OR '.join(present) or 'FALSE'})"

    def value(self, position: int) -> str:
        """The amount; NULL when blank, missing or unreadable."""
        read, name = self.amounts[position], f"f{position}"
        readable = f"{self.cell(position)} IS NOT NULL AND {read.valid(name)}"
        return f"CASE WHEN {readable} THEN {read.value(name, self.sizes[position])} END"

    def matches(self, rule: Rule) -> str:
        """Does the row match the rule?"""
        places = {label: position for position, label in enumerate(self.labels)}
        parts = [self.blank(places[label] for label in rule["empty"])] if rule.get("empty") else []
        parts += [f"coalesce({self.cell(places[one])} IN ({literals(t)}), FALSE)" for one, t in _where(rule)]
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
        sums = [f"sum({self.value(one)})" for one in self.sizes]
        asked = ", ".join(["count(*)", "min((_file, _row), 5)", *sums])
        count, first, *values = self.one(f"SELECT {asked} FROM {{t}} WHERE {condition}")
        rows = tuple((int(a), int(b)) for a, b in first or ())
        return Matched(count, rows, {one: v or Decimal(0) for one, v in zip(self.sizes, values, strict=True)})


def row_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    labels: Sequence[str],
    amounts: Mapping[int, Reading],
    texts: Sequence[int],
) -> RowTable:
    """The table with the digits that its amounts need; amounts too long for exact sums are not summed."""
    bare = RowTable(connection, relation, labels, amounts, {}, texts)
    asked = []
    for position, read in amounts.items():
        name = f"f{position}"
        readable = f"FILTER (WHERE {bare.cell(position)} IS NOT NULL AND {read.valid(name)})"
        asked += [f"max({read.digits(name)}) {readable}", f"max({read.scale(name)}) {readable}"]
    found = bare.one(f"SELECT {', '.join(asked)} FROM {{t}}") if asked else ()
    pairs = zip(amounts, found[::2], found[1::2], strict=True)
    sizes = {one: (left or 0, right or 0) for one, left, right in pairs}
    sizes = {one: size for one, size in sizes.items() if sum(size) <= MOST_DIGITS}
    return RowTable(connection, relation, labels, amounts, sizes, texts)


def _where(rule: Rule) -> list[tuple[str, Sequence[str]]]:
    where: Mapping[str, Sequence[str]] = rule.get("where", {})
    return list(where.items())
