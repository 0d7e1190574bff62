"""What would change from one fact table to another: rows and money, exactly, and where.

`Difference.apply` of the old sums gives the new sums, to the digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import duckdb

from openspending.analytics.differences import changes
from openspending.analytics.differences.changes import Change, Renaming, Totals
from openspending.analytics.differences.comparable import (
    VIEWS,
    Comparable,
    alike,
    attribute_columns,
    comparable,
    measure_columns,
)
from openspending.analytics.differences.exact import minus, total_of
from openspending.analytics.differences.pairing import RESTS, pair_facts
from openspending.analytics.factfile import FactFile
from openspending.analytics.statement import Sums
from openspending.fdp.model import Measure, Model
from openspending.fdp.sqltext import identifier

_KINDS: Final = ("added", "removed", "changed", "renamed")


@dataclass(frozen=True, slots=True)
class Money:
    """The sums of one measure in both tables (None: no amount at all), and what they consist of.

    `before` and `after` are those of the facts with another amount. `currency` and `factor` are those of both tables.
    """

    measure: str
    old: Decimal | None
    new: Decimal | None
    unchanged: Decimal
    added: Decimal
    removed: Decimal
    before: Decimal
    after: Decimal
    renamed: Decimal
    currency: tuple[str | None, str | None]
    factor: tuple[Decimal, Decimal]

    @property
    def difference(self) -> Decimal:
        """New − old."""
        return minus(self.new, self.old)

    @property
    def corrected(self) -> Decimal:
        """By how much the facts with another amount change the sum."""
        return minus(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Names:
    """Columns or measures that both tables have, that only the new one has, and only the old one."""

    same: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change. Facts are counted: `facts` in the old and the new table, then by what becomes of them.

    A fact is *changed* when its `key` stays and its amount does not; *renamed* when only labels differ. `alike` has
    how many percent of their values a column gone and a new one share.
    """

    facts: tuple[int, int]
    unchanged: int
    added: int
    removed: int
    changed: int
    renamed: int
    key: tuple[str, ...]
    money: tuple[Money, ...]
    columns: Names
    measures: Names
    new_sums: Sums
    largest: list[Change]
    renamings: list[Renaming]
    totals: list[Totals]
    alike: dict[tuple[str, str], int]

    @property
    def any(self) -> bool:
        """Whether the facts would differ at all."""
        moved = self.added or self.removed or self.changed or self.renamed
        columns = (self.columns.new, self.columns.gone, self.measures.new, self.measures.gone)
        return bool(moved or any(columns) or any(one.currency[0] != one.currency[1] for one in self.money))

    def apply(self, sums: Mapping[str, Decimal | None]) -> Sums:
        """The sums that the new table has, computed from those of the old one."""
        done: Sums = {}
        for one in self.money:
            more, less = total_of(one.added, one.after), total_of(one.removed, one.before)
            done[one.measure] = None if one.new is None else minus(total_of(sums[one.measure], more), less)
        return done | self.new_sums


def difference(connection: duckdb.DuckDBPyConnection, old: FactFile, new: FactFile) -> Difference:
    """Compare two fact tables with a workspace's connection, in which the tables and views of the comparison stay."""
    shared = comparable(connection, old, new)
    pair_facts(connection, shared)
    counts, parts = _parts(connection, shared)
    (old_facts, before), (new_facts, after) = (
        _sums(connection, view, file.model) for view, file in zip(VIEWS, (old, new), strict=True)
    )
    measures = _names(measure_columns(old.model), measure_columns(new.model))
    money = [_money(name, before[name], after[name], parts[name], old.model, new.model) for name in measures.same]
    return Difference(
        facts=(old_facts, new_facts),
        unchanged=old_facts - counts["removed"] - counts["changed"] - counts["renamed"],
        **counts,
        key=tuple(one.name for one in shared.key),
        money=tuple(money),
        columns=_names(attribute_columns(old.model), attribute_columns(new.model)),
        measures=measures,
        new_sums={name: after[name] for name in measures.new},
        largest=changes.largest(connection, shared),
        renamings=changes.renamings(connection, shared),
        totals=changes.totals(connection, shared, new.model),
        alike=alike(connection, old, new),
    )


_Parts = dict[str, dict[str, tuple[Decimal, Decimal]]]  # measure → kind → old and new sum


def _parts(connection: duckdb.DuckDBPyConnection, shared: Comparable) -> tuple[dict[str, int], _Parts]:
    """How many facts are of each kind, and the old and new sums of each measure in them."""
    sums = [f"coalesce(sum({side}.m{at}), 0)" for at in range(len(shared.measures)) for side in "on"]
    rows = connection.execute(
        f"SELECT {', '.join(['kind', 'count(*)', *sums])} FROM change"
        f" LEFT JOIN {RESTS[0]} AS o ON o.rid = old LEFT JOIN {RESTS[1]} AS n ON n.rid = new GROUP BY kind"
    ).fetchall()
    found = {kind: (count, amounts) for kind, count, *amounts in rows}
    nothing = (0, [Decimal(0)] * len(sums))
    counts = {kind: found.get(kind, nothing)[0] for kind in _KINDS}
    parts: _Parts = {}
    for at, measure in enumerate(shared.measures):
        kinds = {kind: found.get(kind, nothing)[1] for kind in _KINDS}
        parts[measure.name] = {kind: (amounts[2 * at], amounts[2 * at + 1]) for kind, amounts in kinds.items()}
    return counts, parts


def _sums(connection: duckdb.DuckDBPyConnection, view: str, model: Model) -> tuple[int, Sums]:
    columns = measure_columns(model)
    asked = ["count(*)", *(f"sum({identifier(one)})" for one in columns.values())]
    ((count, *sums),) = connection.execute(f"SELECT {', '.join(asked)} FROM {view}").fetchall()
    return count, dict(zip(columns, sums, strict=True))


def _money(
    name: str,
    old: Decimal | None,
    new: Decimal | None,
    parts: Mapping[str, tuple[Decimal, Decimal]],
    before: Model,
    after: Model,
) -> Money:
    was, now = _measure(before, name), _measure(after, name)
    gone = (parts["removed"][0], parts["changed"][0], parts["renamed"][0])
    return Money(
        measure=name,
        old=old,
        new=new,
        unchanged=minus(old, total_of(*gone)),
        added=parts["added"][1],
        removed=parts["removed"][0],
        before=parts["changed"][0],
        after=parts["changed"][1],
        renamed=parts["renamed"][1],
        currency=(was.currency, now.currency),
        factor=(was.factor, now.factor),
    )


def _measure(model: Model, name: str) -> Measure:
    return next(one for one in model.measures if one.name == name)


def _names(old: Mapping[str, str], new: Mapping[str, str]) -> Names:
    same, added = (tuple(one for one in new if (one in old) is known) for known in (True, False))
    return Names(same, added, tuple(one for one in old if one not in new))
