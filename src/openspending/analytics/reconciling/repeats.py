"""Repeated rows as the reason of a wrong sum: one row entered twice, or a whole chapter pasted in again."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import duckdb

from openspending.analytics.reconciling.suspects import NAMED, Cut, Finding, Gap, places, row_of
from openspending.fdp.amounts import grouped
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import Said, said


class _Block(NamedTuple):
    """Neighbouring facts that all stand elsewhere before: where, how many, their sum; where the first ones stand."""

    file: str
    first: int
    last: int
    facts: int
    total: Decimal
    other: str
    other_first: int
    other_last: int
    alone: bool  # its sum is the difference by itself
    together: bool  # the sum of all blocks is the difference
    all_facts: int
    all_total: Decimal


def repeats(connection: duckdb.DuckDBPyConnection, cut: Cut, gap: Gap) -> list[Finding]:
    """Rows that repeat others and sum up to the difference: one block of neighbours, else all of them together.

    Repeated rows are nothing bad as such, so others are not named.
    """
    found = [_Block(*one) for one in connection.execute(_query(cut, gap)).fetchall()]
    alone = [one for one in found if one.alone]
    if alone:
        return [_of_block(alone[0])]
    return [_of_all(found)] if found else []


def _query(cut: Cut, gap: Gap) -> str:
    columns = ", ".join(identifier(one) for one in cut.columns)
    return (
        f"WITH facts AS (SELECT _file, _row, _n, _amount, hash({columns}) AS h,"
        f" row_number() OVER (PARTITION BY _file ORDER BY _row, _n) AS place FROM {cut.facts}),"
        " twice AS (SELECT h FROM facts GROUP BY h HAVING count(*) > 1),"
        " counted AS (SELECT *, row_number() OVER same AS occurrence, first_value(_row) OVER same AS other_row,"
        " first_value(_file) OVER same AS other_file FROM facts WHERE h IN (SELECT h FROM twice)"
        " WINDOW same AS (PARTITION BY h ORDER BY _file, _row, _n)),"
        " later AS (SELECT *, place - row_number() OVER (PARTITION BY _file ORDER BY place) AS block"
        " FROM counted WHERE occurrence > 1),"
        " blocks AS (SELECT _file, min(_row) AS first, max(_row) AS last, count(*) AS n, sum(_amount) AS total,"
        " any_value(other_file) AS other, min(other_row) AS other_first, max(other_row) AS other_last"
        " FROM later GROUP BY _file, block),"
        " summed AS (SELECT *, CAST(sum(n) OVER () AS BIGINT) AS all_n, sum(total) OVER () AS all_total FROM blocks),"
        f" judged AS (SELECT *, {gap.explained('total')} AS alone, {gap.explained('all_total')} AS together"
        " FROM summed)"
        " SELECT _file, first, last, n, total, other, other_first, other_last, alone, together, all_n, all_total"
        f" FROM judged WHERE alone OR together ORDER BY alone DESC, _file, first LIMIT {NAMED}"
    )


def _of_block(block: _Block) -> Finding:
    here, theirs = _span(block.first, block.last, block.file), _span(block.other_first, block.other_last, block.other)
    facts = said("1 fact") if block.facts == 1 else said("{count:,} facts", count=block.facts)
    return Finding(
        said(
            "What is in {here} ({facts}) repeats {theirs} and comes to the difference, {amount}.",
            here=here,
            facts=facts,
            theirs=theirs,
            amount=grouped(block.total),
        ),
        said("If what is in {here} was entered twice, remove it.", here=here),
        block.file,
        block.first,
    )


def _of_all(blocks: list[_Block]) -> Finding:
    first = blocks[0]
    named = places([(one.file, one.first) for one in blocks], first.all_facts)
    return Finding(
        said(
            "{count:,} facts repeat others and together come to the difference: {rows}.",
            count=first.all_facts,
            rows=named,
        ),
        said(
            "Remove the repeated rows if they were entered twice, from {first} on.",
            first=row_of(first.first, first.file),
        ),
        first.file,
        first.first,
    )


def _span(first: int, last: int, file: str) -> Said:
    return (
        row_of(first, file)
        if first == last
        else said("rows {first} to {last} of {file}", first=first, last=last, file=file)
    )
