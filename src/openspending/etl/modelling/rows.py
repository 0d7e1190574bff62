"""Rows that a table should leave out: what is no fact, or the sum of facts. Each is proposed with a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import duckdb

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.rowkinds import propose_headers, propose_without_amounts, usual_columns
from openspending.etl.modelling.rowtable import row_table, summing
from openspending.etl.modelling.rowtotals import propose_totals, totals_said
from openspending.etl.modelling.subtotals import propose_subtotals
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

    `amounts` says how the cells of the amount columns are read, `texts` which columns hold words or codes. A rule that
    matches a row with an amount is always a `total` or a `subtotal`.
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
            proposals = [*propose_headers(summed), *propose_totals(summed, said, usual)]
            proposals += propose_without_amounts(summed, usual)
            return proposals if many else [*proposals, *propose_subtotals(summed, proposals)]
