"""Files whose rows stand in another file too, as in reports that grow from month to month: they would count twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.importing.rawtables import RawTable
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import said

BOTH: Final = "keep both"
_FEWEST: Final = 5  # equal rows
_SHARE: Final = 30  # percent of the smaller file
_LAST_ROW: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Overlap:
    """Parts `smaller` and `larger` have `shared` different rows in common, of the `rows` that the smaller one has."""

    smaller: int
    larger: int
    shared: int
    rows: int

    @property
    def share(self) -> int:
        """How much of the smaller part stands in the larger one, in percent."""
        return 100 * self.shared // self.rows


def propose_overlaps(connection: duckdb.DuckDBPyConnection, table: RawTable) -> Iterator[Proposal]:
    """A question for each file of which many whole rows stand in another file as well."""
    asked: set[int] = set()
    for one in _overlaps(connection, table):
        if one.smaller not in asked:
            asked.add(one.smaller)
            yield _proposal(one, table)


def _proposal(one: Overlap, table: RawTable) -> Proposal:
    smaller, larger = table.loaded.parts[one.smaller], table.loaded.parts[one.larger]
    reason = said(
        "{shared} of the {rows} rows of {smaller} stand in {larger} too, cell by cell",
        shared=one.shared,
        rows=one.rows,
        smaller=smaller,
        larger=larger,
    )
    rule = {"kind": "other", "reason": reason, "part": one.smaller + 1, "rows": [[1, _LAST_ROW]]}
    sure = 70 if one.share == 100 else 50  # whether the same was paid twice only people know
    only = Choice(f"without {smaller}", sure, reason, {"leaveOut": rule})
    both = Choice(BOTH, 100 - sure, said("equal rows may be different facts"))
    question = said(
        "Does {larger} hold what {smaller} holds? Together these rows would count twice.",
        larger=larger,
        smaller=smaller,
    )
    return Proposal(f"overlap:{smaller}", question, (only, both), file=smaller)


def _overlaps(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Overlap]:
    """Pairs of parts that share many rows, the most alike first."""
    if len(table.loaded.parts) < 2:
        return []
    cells = ", ".join(f"f{number}" for number in range(len(table.labels)))
    relation = identifier(table.loaded.relation)
    found = connection.execute(
        f"WITH kept AS MATERIALIZED (SELECT DISTINCT _file, hash({cells}) AS h FROM {relation}),"
        " sizes AS (SELECT _file, count(*) AS n FROM kept GROUP BY 1)"
        " SELECT a._file, b._file, count(*), any_value(x.n), any_value(y.n) FROM kept AS a"
        " JOIN kept AS b ON a.h = b.h AND a._file < b._file"
        " JOIN sizes AS x ON x._file = a._file JOIN sizes AS y ON y._file = b._file GROUP BY 1, 2"
    ).fetchall()
    pairs = [
        Overlap(a, b, shared, mine) if mine <= theirs else Overlap(b, a, shared, theirs)
        for a, b, shared, mine, theirs in found
    ]
    likely = [one for one in pairs if one.shared >= _FEWEST and one.share >= _SHARE]
    return sorted(likely, key=lambda one: -one.share)
