"""Code lists in tables of their own: which column of the facts leads to which column of a list, found by the codes.

A list may hold more than one classification (expenditure and revenue codes in one file); then the part is found that
has the facts' codes, and the rest is left out by a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Final

import duckdb

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.header import loosely
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

ENOUGH: Final = 95  # percent of the facts' different codes that a list must have
_FEWEST: Final = 3  # different codes by which a list is told
_PARTS: Final = 20  # values of a column that may part a list
_DIRECTIONS: Final = {
    "expenditure": ("g", "gasto", "gastos", "e", "exp", "expenditure", "a", "ausgaben", "d", "depense", "depenses"),
    "revenue": ("i", "ingreso", "ingresos", "r", "rev", "revenue", "einnahmen", "recette", "recettes", "income"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """A loaded table to be joined: its relation, and those of its columns (label → position) that may be codes."""

    name: str
    relation: str
    labels: Mapping[str, int]
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """`left` of the facts and `right` of the list have the same codes: `covered` percent of the facts' `codes`.
    `part` is the (column, value) that makes the list's codes unique; `rivals` other values that cover as much."""

    left: str
    right: str
    codes: int
    covered: int
    alike: int
    blanks: bool = False  # whether the list has entries without a code there
    part: tuple[str, str] | None = None
    rivals: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, int, int]:
        """By what matches are compared."""
        return (self.covered, self.alike, self.codes)


def propose_join(connection: duckdb.DuckDBPyConnection, facts: Columns, listed: Columns) -> Proposal | None:
    """How `listed` is joined to `facts`; None when no column of it has the codes of one of theirs."""
    found = sorted(_matches(connection, facts, listed), key=lambda one: one.weight, reverse=True)
    if not found:
        return None
    choices = [_choice(one, found, listed) for one in found[:3]]
    apart = Choice(said("apart"), 5, said("the table may have nothing to do with the facts"), {})
    question = said("Does table {name} explain codes of table {name2}, and which?", name=listed.name, name2=facts.name)
    return Proposal(f"join:{facts.name}:{listed.name}", question, (*choices, apart))


def _choice(one: Match, found: Sequence[Match], listed: Columns) -> Choice:
    names = f"{one.left} = {one.right}"
    part = f" where {one.part[0]} is {one.part[1]}" if one.part else ""
    reason = said(
        "{covered} % of the {codes} codes in {left} stand in {right} of {name}{part}",
        covered=one.covered,
        codes=one.codes,
        left=one.left,
        right=one.right,
        name=listed.name,
        part=part,
    )
    return Choice(names + part, _confidence(one, found), reason, {"join": one})


def _confidence(one: Match, found: Sequence[Match]) -> int:
    """Sure when all codes are found, no other pair fits as well, and no other part of the list does."""
    rival = any(other.left != one.left and other.weight >= one.weight for other in found if other is not one)
    confidence = 70 + (15 if one.covered == 100 else 5) + (10 if one.alike >= 80 else 0)
    return min(confidence, 95) - (30 if rival else 0) - (30 if one.rivals else 0)


def rules_of(one: Match) -> list[dict[str, Any]]:
    """The rows of a list that no row of the facts can refer to, as rules to leave them out."""
    return list(_rules(one))


def _rules(one: Match) -> Iterator[dict[str, Any]]:
    if one.blanks:
        yield {"kind": "other", "reason": f"entries without {one.right}, which no row refers to", "empty": [one.right]}
    if one.part is not None:
        column, value = one.part
        reason = f"another list in the same table: {column} is not {value}"
        yield {"kind": "other", "reason": reason, "whereNot": {column: [value]}}


def _matches(connection: duckdb.DuckDBPyConnection, facts: Columns, listed: Columns) -> Iterator[Match]:
    """Every pair of columns with the same codes."""
    ours = {label: _codes(connection, facts, at) for label, at in facts.labels.items()}
    for right, position in listed.labels.items():
        codes, repeated, blanks = _listed(connection, listed, position)
        if len(codes) < 2:
            continue
        for left, mine in ours.items():
            covered = 100 * len(mine & codes) // len(mine) if len(mine) >= _FEWEST else 0
            if covered < ENOUGH:
                continue
            match = Match(left, right, len(mine), covered, _alike(left, right), blanks)
            found = match if not repeated else _parted(connection, listed, position, match, mine, facts.direction)
            if found is not None:
                yield found


def _codes(connection: duckdb.DuckDBPyConnection, table: Columns, position: int) -> set[str]:
    rows = connection.execute(
        f"SELECT DISTINCT trim(f{position}) FROM {identifier(table.relation)} WHERE trim(f{position}) <> ''"
    ).fetchall()
    return {code for (code,) in rows}


def _listed(connection: duckdb.DuckDBPyConnection, table: Columns, position: int) -> tuple[set[str], bool, bool]:
    """The codes of a list's column, whether one of them repeats, and whether some entry has none."""
    code = f"nullif(trim(f{position}), '')"
    rows = connection.execute(f"SELECT {code}, count(*) FROM {identifier(table.relation)} GROUP BY 1").fetchall()
    codes = {code: count for code, count in rows if code is not None}
    return set(codes), any(count > 1 for count in codes.values()), len(codes) < len(rows)


def _parted(
    connection: duckdb.DuckDBPyConnection,
    listed: Columns,
    position: int,
    match: Match,
    mine: set[str],
    direction: str | None,
) -> Match | None:
    """The match with the part of a list in which its codes are unique; None when no column parts it so."""
    relation = identifier(listed.relation)
    for label, at in listed.labels.items():
        if at == position:
            continue
        rows = connection.execute(
            f"SELECT trim(f{at}), count(*), count(DISTINCT trim(f{position})), list(DISTINCT trim(f{position}))"
            f" FROM {relation} WHERE trim(f{position}) <> '' AND trim(f{at}) <> '' GROUP BY 1 LIMIT {_PARTS + 1}"
        ).fetchall()
        if not 1 < len(rows) <= _PARTS or any(count != different for _, count, different, _ in rows):
            continue
        covers = {value: 100 * len(mine & set(codes)) // len(mine) for value, _, _, codes in rows}
        best = max(covers.values())
        equal = sorted(value for value, covered in covers.items() if covered == best)
        meant = [value for value in equal if loosely(value) in _DIRECTIONS.get(direction or "", ())]
        chosen, rivals = (meant[0], ()) if len(meant) == 1 else (equal[0], tuple(equal[1:]))
        if best >= ENOUGH:
            return replace(match, covered=best, part=(label, chosen), rivals=rivals)
    return None


def _alike(left: str, right: str) -> int:
    first, second = loosely(left), loosely(right)
    if first in second or second in first:
        return 90 if first != second else 100
    return round(100 * SequenceMatcher(None, first, second, autojunk=False).ratio())
