"""Facts at several levels in one table: which of them are sums of others, by the searches that imports are made with.

They are asked about the whole fact table, so that tables which were stacked, joined or turned are seen as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import duckdb

from openspending.analytics.cubemodel import Attribute, CubeModel
from openspending.analytics.guards.roles import Layer, Nested, Suspect
from openspending.etl.decisions import Proposal
from openspending.etl.modelling.codetree import children, parents_by_beginning
from openspending.etl.modelling.rowkinds import usual_columns
from openspending.etl.modelling.rowrules import LEAVE_OUT, rows_left
from openspending.etl.modelling.rowtable import RowTable
from openspending.etl.modelling.rowtotals import propose_totals, totals_said
from openspending.etl.modelling.subtotals import propose_subtotals
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

_FEW: Final = 200_000  # facts of which each may be looked at; of more, only sums by code and by what is blank
_MOST_CODES: Final = 5_000
_MOST_LAYERS: Final = 8
_KINDS: Final = 3
_TELLING: Final = 3  # digits; shorter sums may be equal by chance
_SOME_ADD_UP: Final = 65  # percent; below, nothing but a word such as “total” speaks for it
_ALL: Final = "TRUE"
_NAME: Final = "facts_by_level"


@dataclass(frozen=True)
class Facts:
    """A fact table to ask: `source` is its relation as SQL, `where` the condition for those that are meant."""

    connection: duckdb.DuckDBPyConnection
    source: str
    cube: CubeModel
    where: str = _ALL

    @cached_property
    def few(self) -> bool:
        """Whether each of them may be looked at."""
        return bool(self.rows("count(*)")[0][0] <= _FEW)

    def rows(self, columns: str, rest: str = "") -> list[tuple[Any, ...]]:
        """`SELECT columns FROM the facts rest`."""
        query = f"SELECT {columns} FROM {self.source} WHERE {self.where} {rest}"
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    @property
    def attributes(self) -> list[Attribute]:
        """All attributes of the cube, and the columns of the facts that are in none of its dimensions."""
        attributes = [one for dimension in self.cube.dimensions.values() for one in dimension.attributes]
        return [*attributes, *self.cube.further.values()]

    @property
    def keys(self) -> list[str]:
        """The refs of what parts facts: keys of dimensions, and columns that are in none."""
        return [*(one.key.ref for one in self.cube.dimensions.values()), *self.cube.further]

    def column(self, ref: str) -> str:
        """The quoted column of an attribute."""
        return identifier(next(one.column.name for one in self.attributes if one.ref == ref))


def nested(facts: Facts) -> tuple[list[Nested], list[Suspect]]:
    """The proven levels, and what looks like levels without proof, or cannot be cut apart."""
    proven: list[Nested] = []
    suspects: list[Suspect] = []
    for one in _proposals(facts):
        rule, because = one.best.effect["leaveOut"], _sentence(one.best.reason)
        found = _nested(facts, rule, because) if one.sure else None
        if found is not None:
            proven.append(found)
        else:
            suspects.append(_suspect(rule, because))
    return proven or list(_views(facts)), suspects


def _proposals(facts: Facts) -> list[Proposal]:
    with _row_table(facts) as table:
        found = _totals(table) if facts.few and facts.where == _ALL else []
        for _ in range(_KINDS):  # each search stops at the first kind of levels, of which there may be several
            more = propose_subtotals(table, found, rows_left(table, found), blocks=False)
            found += more
            if not more:
                break
        return [one for one in found if one.best.value == LEAVE_OUT and one.best.confidence >= _SOME_ADD_UP]


def _totals(table: RowTable) -> list[Proposal]:
    said = totals_said(table)
    return propose_totals(table, said, usual_columns(table, said))


@contextmanager
def _row_table(facts: Facts) -> Iterator[RowTable]:
    """The facts as the searches want them: one file, in order; attributes by their refs, then the amounts."""
    attributes, measures = facts.attributes, list(facts.cube.measures.values())
    columns = ["0 AS _file", f"{'row_number() OVER ()' if facts.few else '0'} AS _row"]
    for number, one in enumerate(attributes):
        name = identifier(one.column.name)
        text = f"CAST({name} AS VARCHAR)"
        columns += [f"{name} IS NULL AS b{number}", f"{text} AS c{number}", f"{text} AS f{number}"]
    amounts = range(len(attributes), len(attributes) + len(measures))
    for number, measure in zip(amounts, measures, strict=True):
        name = identifier(measure.column.name)
        columns += [f"{name} IS NULL AS b{number}", f"CAST({name} AS VARCHAR) AS c{number}", f"{name} AS v{number}"]
    present = " OR ".join(f"{identifier(one.column.name)} IS NOT NULL" for one in measures) or "FALSE"
    columns.append(f"({present}) AS has_amount")
    name, kind = identifier(_NAME), "TABLE" if facts.few else "VIEW"
    facts.connection.execute(
        f"CREATE OR REPLACE TEMP {kind} {name} AS SELECT {', '.join(columns)} FROM {facts.source} WHERE {facts.where}"
    )
    try:
        labels = [*(one.ref for one in attributes), *(one.ref for one in measures)]
        texts = [number for number, one in enumerate(attributes) if one.type in ("string", None)]
        yield RowTable(facts.connection, name, name, labels, list(amounts), list(amounts), texts)
    finally:
        facts.connection.execute(f"DROP {kind} {name}")


def _nested(facts: Facts, rule: Mapping[str, Any], because: str) -> Nested | None:
    """The levels that a rule for upper facts tells; None when no cut can tell them."""
    where, empty = rule.get("where", {}), rule.get("empty", [])
    if "rows" in rule or len(where) > 1 or bool(where) == bool(empty):
        return None
    if where:
        ((ref, texts),) = where.items()
        return _by_codes(facts, ref, texts, because)
    return _by_blanks(facts, empty, because)


# ── by file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _views(facts: Facts) -> Iterator[Nested]:
    """Files that hold the same money, each by another classification: all have the same sums, and of each two files
    one fills what the other leaves blank."""
    refs = [one.ref for one in facts.attributes]
    sums = [f"sum({identifier(one.column.name)})" for one in facts.cube.measures.values()]
    columns = ", ".join(["_file", "count(*)", *(f"count({facts.column(one)})" for one in refs), *sums])
    found = facts.rows(columns, f"GROUP BY _file ORDER BY count(*) LIMIT {_MOST_LAYERS + 1}")
    totals = {one[2 + len(refs) :] for one in found}
    if not 2 <= len(found) <= _MOST_LAYERS or len(totals) > 1 or not _telling(totals.pop()):
        return
    counted = [one[1 : 2 + len(refs)] for one in found]
    parts = [(total, _which(refs, filled, total), _which(refs, filled, 0)) for total, *filled in counted]
    layers = tuple(_layer(number, parts, facts.keys) for number in range(len(parts)))
    if all(one.leave or one.have for one in layers):
        names = [file.rpartition("/")[2] for file, *_ in found]
        named = [replace(one, name=name) for one, name in zip(layers, names, strict=True)]
        ref = next(iter((*layers[-1].have, *layers[-1].leave)))
        yield Nested(ref, f"The files {', '.join(names)} have the same sum: each holds all of the money.", tuple(named))


def _telling(sums: Sequence[Decimal | None]) -> bool:
    return any(one is not None and len(one.normalize().as_tuple().digits) >= _TELLING for one in sums)


# ── by codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_codes(facts: Facts, ref: str, above: Sequence[str], because: str) -> Nested | None:
    column = facts.column(ref)
    found = facts.rows(f"DISTINCT CAST({column} AS VARCHAR) AS code", f"ORDER BY code LIMIT {_MOST_CODES + 1}")
    codes = [text for (text,) in found]
    if len(codes) > _MOST_CODES:
        return None
    parents = parents_by_beginning(one for one in codes if one is not None)
    if set(children(parents)) != set(above):
        return Nested(ref, because, above=tuple(sorted(above)))
    tops = tuple(one for one in codes if one not in parents)
    return Nested(ref, because, above=tuple(sorted(above)), parents=parents, tops=tops)


# ── by blanks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_blanks(facts: Facts, empty: Sequence[str], because: str) -> Nested | None:
    """Upper facts leave `empty` blank; the others are the lowest level. Upper facts are at different levels where they
    fill different ones of the columns that all of the lowest level have."""
    upper = " AND ".join(f"{facts.column(one)} IS NULL" for one in empty)
    always = _always_given(facts, upper)
    refs = [one.ref for one in facts.attributes]
    fill = " || ".join(f"CASE WHEN {facts.column(one)} IS NULL THEN '0' ELSE '1' END" for one in always) or "''"
    counts = ", ".join(f"count({facts.column(one)})" for one in refs)
    mark = f"CASE WHEN {upper} THEN {fill} END"
    found = facts.rows(f"{mark} AS mark, count(*), {counts}", "GROUP BY mark")
    if not 2 <= len(found) <= _MOST_LAYERS:
        return None
    parts = [(total, _which(refs, filled, total), _which(refs, filled, 0)) for _, total, *filled in found]
    parts.sort(key=lambda one: len(one[1]))
    return Nested(
        _named(empty, facts.keys), because, tuple(_layer(number, parts, facts.keys) for number in range(len(parts)))
    )


def _always_given(facts: Facts, upper: str) -> list[str]:
    """The attributes that all lowest facts have and some upper ones lack."""
    refs = [one.ref for one in facts.attributes]
    asked = ", ".join(
        f"bool_and({facts.column(one)} IS NOT NULL) FILTER (WHERE NOT ({upper})),"
        f" bool_or({facts.column(one)} IS NULL) FILTER (WHERE {upper})"
        for one in refs
    )
    (marks,) = facts.rows(asked)
    return [one for one, given, lacks in zip(refs, marks[::2], marks[1::2], strict=True) if given and lacks]


def _which(refs: Sequence[str], filled: Sequence[int], wanted: int) -> tuple[str, ...]:
    return tuple(ref for ref, count in zip(refs, filled, strict=True) if count == wanted)


_Part = tuple[int, tuple[str, ...], tuple[str, ...]]  # facts, attributes that all of them have, that none of them has


def _layer(number: int, parts: Sequence[_Part], keys: Sequence[str]) -> Layer:
    """The layer with the fewest keys by which a cut tells it from all others: those it lacks, those it has."""
    total, given, missing = parts[number]
    others = [one for place, one in enumerate(parts) if place != number]
    leave, have = [], []
    for _, their_given, their_missing in others:
        lacked = [one for one in keys if one in missing and one in their_given]
        owned = [one for one in keys if one in given and one in their_missing]
        if owned:
            have.append(owned[-1])
        elif lacked:
            leave.append(lacked[0])
    place = "lowest" if number == len(parts) - 1 else "top" if not number else f"level {number + 1}"
    name = f"{place} level" if place != f"level {number + 1}" else place
    return Layer(name, total, given, missing, tuple(dict.fromkeys(leave)), tuple(dict.fromkeys(have)))


def _named(empty: Sequence[str], keys: Sequence[str]) -> str:
    return next((one for one in empty if one in keys), empty[0])


# ── what is not proven ───────────────────────────────────────────────────────────────────────────────────────────────


def _suspect(rule: Mapping[str, Any], because: str) -> Suspect:
    where, empty = rule.get("where", {}), rule.get("empty", [])
    ref = next(iter((*where, *empty)), None)
    members = tuple(next(iter(where.values()), []))[:5]
    return Suspect("levels-mixed", said("Some facts may be sums of others: {because}", because=because), ref, members)


def _sentence(because: str) -> str:
    return because[:1].upper() + because[1:] + "."
