"""What a reader wants to see of a difference first: the largest changes, other labels, totals by each hierarchy.

Everything is asked of the tables that `pairing` made. An order that would need more digits than a DECIMAL has comes
first: such a difference is the largest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.analytics.differences.comparable import VIEWS, Comparable, Shared
from openspending.analytics.differences.exact import minus
from openspending.analytics.differences.pairing import RESTS
from openspending.fdp.model import Model
from openspending.fdp.sqltext import identifier, literals

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact was read: the stored path of its file, and its row."""

    file: str
    row: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Change:
    """One amount of one fact. `kind` is added, removed or changed; `attributes` describe the fact, `title` in short."""

    measure: str
    kind: str
    old: Decimal | None
    new: Decimal | None
    attributes: dict[str, str | None]
    title: str
    old_place: Place | None
    new_place: Place | None

    @property
    def difference(self) -> Decimal:
        """New − old."""
        return minus(self.new, self.old)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A value of `column` that became another one in `facts` facts, whose keys are what they were."""

    column: str
    old: str | None
    new: str | None
    facts: int


@dataclass(frozen=True, slots=True)
class Member:
    """The totals of one member of a dimension."""

    key: str | None
    label: str | None
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal:
        """New − old."""
        return minus(self.new, self.old)


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of `measure` by the first level of `dimension`: its `shown` members, those that change most first,
    of `members` altogether, of which `changed` change."""

    dimension: str
    column: str
    measure: str
    members: int
    changed: int
    shown: tuple[Member, ...]


def largest(connection: duckdb.DuckDBPyConnection, shared: Comparable) -> list[Change]:
    """The changes of amounts by size, at most `SHOWN`."""
    found = []
    for at, measure in enumerate(shared.measures):
        size = _size(f"o.m{at}", f"n.m{at}", measure.scale)
        rows = connection.execute(
            f"SELECT kind, old, new, o.m{at}, n.m{at} FROM change LEFT JOIN {RESTS[0]} AS o ON o.rid = old"
            f" LEFT JOIN {RESTS[1]} AS n ON n.rid = new WHERE kind <> 'renamed' AND {size} IS DISTINCT FROM 0"
            f" ORDER BY {size} DESC NULLS FIRST, coalesce(n.row, o.row), coalesce(new, old) LIMIT {SHOWN}"
        ).fetchall()
        found += [(measure.name, *row) for row in rows]
    found.sort(key=lambda one: minus(one[5], one[4]).copy_abs(), reverse=True)
    found = found[:SHOWN]
    facts = [_described(connection, shared, side, [row[2 + side] for row in found]) for side in (0, 1)]
    return [_change(shared, row, facts[0].get(row[2]), facts[1].get(row[3])) for row in found]


def renamings(connection: duckdb.DuckDBPyConnection, shared: Comparable) -> list[Renaming]:
    """Labels that became others, in most facts first, at most `SHOWN` of each column."""
    ((some,),) = connection.execute("SELECT count(*) FROM change WHERE labels").fetchall()
    found = []
    for column in shared.labels if some else ():
        texts = [f"(SELECT _rid, {text} AS v FROM {view})" for text, view in zip(column.texts, VIEWS, strict=True)]
        rows = connection.execute(
            f"SELECT o.v, n.v, count(*) FROM change JOIN {texts[0]} AS o ON o._rid = old"
            f" JOIN {texts[1]} AS n ON n._rid = new WHERE labels AND o.v IS DISTINCT FROM n.v"
            f" GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {SHOWN}"
        ).fetchall()
        found += [Renaming(column.name, *row) for row in rows]
    return found


def totals(connection: duckdb.DuckDBPyConnection, shared: Comparable, model: Model) -> list[Totals]:
    """The totals of every measure by the first level of each dimension of `model`, the new one, that both have."""
    found = []
    by_column = {one.columns[1]: one for one in shared.attributes}
    for dimension in model.dimensions:
        first = next((one for one in dimension.attributes if one.name in dimension.key[:1]), None)
        level = by_column.get(first.column) if first else None
        if level is None or not shared.measures:
            continue
        _make_totals(connection, shared, level)
        for at, measure in enumerate(shared.measures):
            size = _size(f"o{at}", f"n{at}", measure.scale)
            ((members, changed),) = connection.execute(
                f"SELECT count(*), count(*) FILTER ({size} IS DISTINCT FROM 0) FROM total"
            ).fetchall()
            rows = connection.execute(
                f"SELECT member, label, o{at}, n{at} FROM total ORDER BY {size} DESC NULLS FIRST, member LIMIT {SHOWN}"
            ).fetchall()
            shown = tuple(Member(*row) for row in rows)
            found.append(Totals(dimension.name, level.name, measure.name, members, changed, shown))
    connection.execute("DROP TABLE IF EXISTS total")
    return found


def _make_totals(connection: duckdb.DuckDBPyConnection, shared: Comparable, level: Shared) -> None:
    """Table `total`: each member of `level` with its newest label and, for measure i, its sums o{i} and n{i}."""
    label = next((one for one in shared.attributes if one.label_of == level.name), None)
    selects = []
    for side, view in enumerate(VIEWS):
        parts = [f"{level.texts[side]} AS member", f"{side} AS side"]
        parts.append(f"{f'max({label.texts[side]})' if label else 'CAST(NULL AS VARCHAR)'} AS label")
        for at, one in enumerate(shared.measures):
            sums = [f"CAST(NULL AS DECIMAL(38, {one.scales[of]})) AS {'on'[of]}{at}" for of in (0, 1)]
            sums[side] = f"sum({identifier(one.columns[side])}) AS {'on'[side]}{at}"
            parts += sums
        selects.append(f"SELECT {', '.join(parts)} FROM {view} GROUP BY 1")
    sums = [f"max({letter}{at}) AS {letter}{at}" for at in range(len(shared.measures)) for letter in "on"]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE total AS"
        f" SELECT member, coalesce(max(label) FILTER (side = 1), max(label)) AS label, {', '.join(sums)}"
        f" FROM ({' UNION ALL BY NAME '.join(selects)}) GROUP BY member"
    )


def _size(old: str, new: str, scale: int) -> str:
    """SQL: how far two amounts are apart; NULL when that has more digits than fit."""
    before, after = (f"CAST(coalesce({one}, 0) AS DECIMAL(38, {scale}))" for one in (old, new))
    return f"TRY(abs({after} - {before}))"


def _described(
    connection: duckdb.DuckDBPyConnection, shared: Comparable, side: int, ids: Iterable[str | None]
) -> dict[str, tuple[Place, list[str | None]]]:
    """Place and attributes of the facts with these ids."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    columns = ["_rid", "_file", "_row", *(one.texts[side] for one in shared.attributes)]
    rows = connection.execute(
        f"SELECT {', '.join(columns)} FROM {VIEWS[side]} WHERE _rid IN ({literals(wanted)})"
    ).fetchall()
    return {rid: (Place(file, row), texts) for rid, file, row, *texts in rows}


def _change(
    shared: Comparable,
    row: Sequence[Any],
    old: tuple[Place, list[str | None]] | None,
    new: tuple[Place, list[str | None]] | None,
) -> Change:
    measure, kind, _, _, before, after = row
    texts = (new or old or (None, []))[1]
    attributes = dict(zip((one.name for one in shared.attributes), texts, strict=True))
    named = {one.label_of for one in shared.attributes if attributes[one.name]}
    title = " · ".join(text for name, text in attributes.items() if text and name not in named)
    places = [one[0] if one else None for one in (old, new)]
    return Change(measure, kind, before, after, attributes, title, places[0], places[1])
