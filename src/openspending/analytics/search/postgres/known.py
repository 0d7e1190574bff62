"""The records of one state of an index, kept until there is another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from openspending.analytics.search.record import Record, record_from

# those that are known need not be read again; an index that was begun anew may have other records of the same uids
_RECORDS: Final = b"SELECT made, CASE WHEN made = ANY(%s) THEN NULL ELSE record END FROM records ORDER BY uid"


@dataclass(frozen=True, slots=True)
class Known:
    """The records and the ids of their cells, by uid; the records by `owner/name`, and by what marks each as it was
    made."""

    generation: str | None = None
    records: Mapping[int, Record] = field(default_factory=dict)
    cells: Mapping[int, frozenset[int]] = field(default_factory=dict)
    named: Mapping[str, Record] = field(default_factory=dict)
    made: Mapping[UUID, Record] = field(default_factory=dict)

    def next(self, connection: Connection[Any], generation: str) -> Known:
        """What the index has in another state, the one that `connection` sees."""
        rows = connection.execute(_RECORDS, (list(self.made),)).fetchall()
        made = {mark: record_from(json.loads(raw)) if raw else self.made[mark] for mark, raw in rows}
        records = {record.uid: record for record in made.values()}
        cells = {
            uid: self.cells[uid] if record is self.records.get(uid) else _cells(record)
            for uid, record in records.items()
        }
        return Known(generation, records, cells, {record.dataset: record for record in made.values()}, made)

    def divided(self, cells: AbstractSet[int]) -> tuple[list[int], list[int]]:
        """The datasets that have none but `cells`, and those of `cells` that other datasets have."""
        whole: list[int] = []
        single: list[int] = []
        for uid, own in self.cells.items():
            if own <= cells:
                whole.append(uid)
            elif not own.isdisjoint(cells):
                single.extend(own & cells)
        return whole, single


def _cells(record: Record) -> frozenset[int]:
    return frozenset(map(record.cell_id, record.cells))
