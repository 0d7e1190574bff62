"""Rows that a table should leave out: what is no fact, or the sum of facts. Each is proposed with a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import duckdb

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.rowkinds import propose_headers, propose_without_amounts, usual_columns
from openspending.etl.modelling.rowrepeats import propose_repeats
from openspending.etl.modelling.rowrules import LEAVE_OUT, rows_left
from openspending.etl.modelling.rowtable import RowTable, row_table, summing
from openspending.etl.modelling.rowtotals import propose_totals, totals_said
from openspending.etl.modelling.subtotals import propose_subtotals
from openspending.fdp.sqltext import identifier
from openspending.fdp.values import Reading

# Beyond this, totals without a word for it are not searched for: lists of transactions have none, and it takes long.
SEARCHED: Final = 500_000


def propose_rows(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    labels: Sequence[str],
    amounts: Mapping[int, Reading],
    texts: Sequence[int],
) -> list[Proposal]:
    """What to leave out of a relation of raw cells (`_file`, `_row`, f0, …) whose columns have these labels.

    `amounts` says how the cells of the amount columns are read, `texts` which columns hold words or codes. A `heading`,
    a `continuation` or a `note` never has an amount.
    """
    if not amounts:
        return []
    with row_table(connection, relation, labels, amounts, texts) as table:
        said = totals_said(table)
        usual = usual_columns(table, said)
        proposals = propose_headers(table)
        many = table.count("TRUE") > SEARCHED
        odd = f"({table.blank(table.described)}) OR ({table.blank(table.amounts)})"
        if many and not said and not proposals and not table.count(odd):
            return []
        with summing(table) as summed:
            repeats = propose_repeats(summed, usual)
            proposals = [*propose_headers(summed), *repeats]
            with _without(summed, repeats) as rest:
                proposals += propose_without_amounts(rest, usual)
                return [*proposals, *_sums(rest, said, usual, many=many)]


def _sums(table: RowTable, said: Mapping[int, str], usual: Sequence[int], *, many: bool) -> list[Proposal]:
    """Totals and subtotals. A total that seems to be no sum may be one of what is left when the subtotals are gone."""
    totals = propose_totals(table, said, usual)
    if many:
        return totals
    if any(not one.sure for one in totals):
        below = propose_subtotals(table, totals, without=rows_left(table, totals))
        if below and all(one.sure for one in below):
            with _without(table, below) as rest:
                again = propose_totals(rest, said, usual)
            if again and all(one.sure for one in again):
                return [*again, *below]
    return [*totals, *propose_subtotals(table, totals)]


@contextmanager
def _without(table: RowTable, proposals: Sequence[Proposal]) -> Iterator[RowTable]:
    """The table without the rows that proposals would leave out, sure or not."""
    if not any(one.best.value == LEAVE_OUT for one in proposals):
        yield table
        return
    name = identifier(table.name.strip('"') + "_rest")
    condition = rows_left(table, proposals)
    table.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table.name} WHERE NOT {condition}")
    try:
        yield replace(table, name=name)
    finally:
        table.connection.execute(f"DROP VIEW {name}")
