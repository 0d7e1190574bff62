"""Rows that sum up others: told by a word for “total” or by having no label at all, proven by arithmetic.

The word alone proves nothing: a supplier may be called Total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openspending.etl.decisions import Proposal
from openspending.etl.modelling.addingup import Line, Proof, prove
from openspending.etl.modelling.rowrules import among, asked_only, empty, exact, proposal, texts_of, where
from openspending.etl.modelling.rowtable import RowTable, Rule
from openspending.etl.totals import names_total
from openspending.speaking.said import said

MOST: Final = 20_000  # candidate rows that are looked at one by one
_TOGETHER: Final = 50_000  # rows whose columns are asked by one statement: reading its words takes 7 ms each time


@dataclass(frozen=True, slots=True)
class _Group:
    """Candidate rows of one origin: a text column that says “total”, or (None) rows without any label."""

    column: int | None
    condition: str
    alone: bool  # whether the cell says nothing else, or the row lacks its other labels


def totals_said(table: RowTable) -> dict[int, str]:
    """The text columns with cells that begin with a word for “total”; for each the SQL that is true there."""
    if not table.texts:
        return {}
    together = table.count("TRUE") <= _TOGETHER
    groups = [table.texts] if together else [[one] for one in table.texts]
    found = (one for group in groups for one in _with_totals(table, group))
    return {one: f"coalesce({names_total(f'c{one}')}, FALSE)" for one in found}


def _with_totals(table: RowTable, columns: Sequence[int]) -> list[int]:
    """The columns with cells that begin with a word for “total”."""
    texts = " UNION ALL ".join(f"SELECT DISTINCT {one} AS number, f{one} AS text FROM {table.raw}" for one in columns)
    found = table.rows(f"SELECT number FROM ({texts}) GROUP BY number HAVING bool_or({names_total('text')})")
    return [one for one in columns if (one,) in found]


def propose_totals(table: RowTable, stated: Mapping[int, str], usual: Sequence[int]) -> list[Proposal]:
    """Total and subtotal rows. `said` is what `totals_said` gave; `usual` are the columns that are filled in nearly all
    other rows with amounts."""
    groups = list(_groups(table, stated, usual))
    clear = [one for one in groups if one.alone]
    proposals = _judge(table, usual, clear)
    for group in groups:
        if not group.alone:  # such as “Total Ministry of Health” in a full row: all must be proven
            proposals += _judge(table, usual, [*clear, group], only=group)
    return proposals


def _groups(table: RowTable, stated: Mapping[int, str], usual: Sequence[int]) -> Iterator[_Group]:
    """The candidates: the word alone, or with few labels beside it; the word before others; no label at all."""
    described = table.blank(table.described)
    if table.described and table.count(f"{described} AND has_amount"):
        yield _Group(None, f"({described} AND has_amount)", alone=True)
    for column, first in stated.items():
        others = [one for one in usual if one != column]
        blanks = " + ".join(f"(b{one})::INT" for one in others) or "0"
        sparse = f"({blanks}) * 2 > {max(len(others), 1)}"
        alone = f"(coalesce({names_total(f'c{column}', alone=True)}, FALSE) OR ({first} AND {sparse}))"
        if table.count(f"{alone} AND has_amount"):
            yield _Group(column, f"({alone} AND has_amount)", alone=True)
        if table.count(f"{first} AND NOT {alone} AND has_amount"):
            yield _Group(column, f"({first} AND NOT {alone} AND has_amount)", alone=False)


def _judge(
    table: RowTable, usual: Sequence[int], groups: Sequence[_Group], only: _Group | None = None
) -> list[Proposal]:
    """Prove the candidates of all groups together; make proposals for each group (or for `only` this one)."""
    if not groups or not table.summed:
        return []
    candidate = " OR ".join(one.condition for one in groups)
    if table.count(candidate) > MOST:
        return []
    proofs = prove(table, list(_lines(table, candidate, groups)))
    proposals: list[Proposal] = []
    for number, group in enumerate(groups):
        if only is None or group is only:
            mine = [one for one in proofs if one.line.group == number]
            proposals += _of_group(table, usual, group, mine)
    return proposals


def _lines(table: RowTable, candidate: str, groups: Sequence[_Group]) -> Iterator[Line]:
    """The candidate rows in order, each with the sums of the ordinary rows before it in its file."""
    over = "OVER (PARTITION BY _file ORDER BY _row)"
    running = [f"sum(CASE WHEN NOT c THEN v{one} END) {over}" for one in table.summed]
    inner = ", ".join(
        ["_file", "_row", f"({candidate}) AS c", "has_amount::INT AS p"] + [f"v{one}" for one in table.summed]
    )
    which = " ".join(f"WHEN {one.condition} THEN {number}" for number, one in enumerate(groups))
    outer = ", ".join(
        ["_file", "_row", "g", f"sum(CASE WHEN NOT c THEN p ELSE 0 END) {over}"]
        + [f"v{one}" for one in table.summed]
        + running
    )
    found = table.rows(
        f"SELECT {outer}, c FROM (SELECT {inner}, CASE {which} END AS g FROM {{t}}) QUALIFY c ORDER BY _file, _row"
    )
    width = len(table.summed)
    for part, row, group, before, *rest in found:
        yield Line(part, row, group, int(before or 0), tuple(rest[:width]), tuple(rest[width : 2 * width]))


def _of_group(table: RowTable, usual: Sequence[int], group: _Group, proofs: Sequence[Proof]) -> Iterator[Proposal]:
    """One proposal for the totals, one for the subtotals, one for what is not proven, as far as there are some."""
    proven = [one for one in proofs if one.confidence]
    doubtful = [one for one in proofs if not one.confidence]
    if not group.alone and len(proven) * 10 < len(proofs) * 9:
        return
    if group.alone and proven and doubtful:  # one question about all of them
        kind = max(("subtotal", "total"), key=lambda kind: sum(one.kind == kind for one in proven))
        yield from _proposals(table, usual, group, group.condition, kind, asked_only(75), _partly(proven, doubtful))
        return
    whole = not doubtful and len({one.kind for one in proven}) == 1
    for kind in ("total", "subtotal"):
        some = [one for one in proven if one.kind == kind]
        if some:
            meant = group.condition if whole else among([(one.line.part, one.line.row) for one in some])
            confidence = min(one.confidence for one in some)
            yield from _proposals(table, usual, group, meant, kind, confidence, some[0].reason)
    if doubtful and group.alone and not _plain_rows(table, usual, group, len(doubtful)):
        reason = said("it looks like a total, but its amounts are not the sum of other rows")
        yield from _proposals(table, usual, group, group.condition, "total", asked_only(60), reason)


def _plain_rows(table: RowTable, usual: Sequence[int], group: _Group, rows: int) -> bool:
    """Whether few rows, as full as all others, happen to have a name such as “Razem”: the check warns of them."""
    others = [f"NOT b{one}" for one in usual if one != group.column]
    full = table.count(" AND ".join([group.condition, *others]))
    return len(others) > 2 and full == rows and rows * 100 <= table.count("has_amount")


def _partly(proven: Sequence[Proof], doubtful: Sequence[Proof]) -> str:
    """What is known where some of the rows add up and others do not."""
    shown = ", ".join(str(one.line.row) for one in doubtful[:5])
    some = f"{len(proven)} of {len(proven) + len(doubtful)} are the sum of other rows"
    return f"{some}; not so {'row' if len(doubtful) == 1 else 'rows'} {shown}"


def _proposals(
    table: RowTable,
    usual: Sequence[int],
    group: _Group,
    meant: str,
    kind: str,
    confidence: int,
    reason: str,
) -> Iterator[Proposal]:
    label = "unlabelled" if group.column is None else table.labels[group.column]
    rules = exact(table, meant, _rules(table, usual, group, meant))
    for number, rule in enumerate(rules):
        short = label + (f"-{number + 1}" if len(rules) > 1 else "")
        yield proposal(table, kind, short, rule, confidence, _what(table, group, meant), reason)


def _rules(table: RowTable, usual: Sequence[int], group: _Group, meant: str) -> Iterator[Rule]:
    """Rules that may match, simplest first."""
    if group.column is None:
        yield empty(table, usual)
        yield empty(table, table.described)
        return
    rule = where(table, {group.column: texts_of(table, group.column, meant)})
    if rule is not None:
        yield rule
        others = [one for one in usual if one != group.column]
        blank = [one for one in others if not table.count(f"{meant} AND NOT b{one}")]
        if blank:
            yield {**empty(table, blank), **rule}


def _what(table: RowTable, group: _Group, meant: str) -> str:
    if group.column is None:
        return "with an amount and no label"
    texts = texts_of(table, group.column, meant)
    label = table.labels[group.column]
    return said("with “{text}” in column “{label}”", text=texts[0] if texts else "", label=label)
