"""Codes of several levels with amounts at more than one, and rows that sum up others though nothing says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from openspending.etl.decisions import Proposal
from openspending.etl.lint.subject import Role, Subject
from openspending.etl.modelling.codetree import are_codes, children, parents_by_beginning
from openspending.etl.modelling.rowkinds import usual_columns
from openspending.etl.modelling.rowrules import LEAVE_OUT, among
from openspending.etl.modelling.rowtable import RowTable, row_table, summing
from openspending.etl.modelling.rowtotals import propose_totals
from openspending.etl.modelling.subtotals import propose_subtotals
from openspending.fdp.problems import Problem
from openspending.fdp.sqltext import literals

_SEARCHED: Final = 50_000  # rows in which sums of others are looked for
_MARKED: Final = 10_000
_NEARLY_ALL: Final = 95  # percent of the longer codes that must lie below others, before one that does not is odd
_ENOUGH: Final = 20  # of them


def check_levels(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Rows that sum up others; where there are none, codes above others; and codes that lack the one above."""
    if subject.branch is None or not subject.amounts or not subject.few:
        return
    found = list(_sums(connection, subject)) if subject.table.loaded.rows <= _SEARCHED else []
    yield from found
    for role in subject.roles:
        if role.column.reading.type == "string" and role.attribute.label_of is None:
            codes = subject.texts(connection, role) or []
            if are_codes(codes) and _of_several_levels(codes):
                parents = parents_by_beginning(codes)
                yield from _orphans(connection, subject, role, codes, parents)
                if not found:
                    yield from _mixed(connection, subject, role, parents, len(codes))


def _sums(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Rows without labels and rows above others, as the import would propose to leave them out."""
    table = subject.table
    labels = [one.field.name for one in table.columns]
    amounts = {one.position: one.reading for one in subject.amounts}
    texts = [one.column.position for one in subject.roles if one.column.reading.type == "string"]
    with row_table(connection, table.loaded.relation, labels, amounts, texts) as rows, summing(rows) as summed:
        proposals = propose_totals(summed, {}, usual_columns(summed, {})) or propose_subtotals(summed, [])
        found = [(one, _rows(summed, one)) for one in proposals if one.sure and one.best.value == LEAVE_OUT]
    for proposal, places in found:
        column = subject.amounts[0]
        because = proposal.best.reason

        def described(place: object, because: str = because, name: str = column.field.name) -> Problem:
            return table.problem("fiscal/subtotal-rows", place, field=name, because=because)  # type: ignore[arg-type]

        yield from (described(one) for one in table.first(connection, column, among(places)))
        table.list_cells(column, among(places), described)


def _rows(table: RowTable, proposal: Proposal) -> list[tuple[int, int]]:
    rule = proposal.best.effect["leaveOut"]
    return [(a, b) for a, b in table.rows(f"SELECT _file, _row FROM {{t}} WHERE {table.matches(rule)} LIMIT {_MARKED}")]


def _of_several_levels(codes: Sequence[str]) -> bool:
    """Whether the codes are made so that the beginning of one can be another. Bare
    numbers only count, mostly."""
    lengths = {len(one) for one in codes}
    separated = any(mark in one for one in codes for mark in ".-/")
    return len(lengths) > 1 and (separated or any(one[0] == "0" != one for one in codes))


def _mixed(
    connection: duckdb.DuckDBPyConnection, subject: Subject, role: Role, parents: dict[str, str], codes: int
) -> Iterator[Problem]:
    """Codes with several below them, where both have amounts."""
    tree = {code: below for code, below in children(parents).items() if len(below) > 1}
    if not tree or len(tree) * 2 > codes or len(parents) * 2 < codes:
        return
    table, money = subject.table, " OR ".join(f"{subject.value(one)} <> 0" for one in subject.amounts)
    condition = f"{role.text} IN ({literals(tree)}) AND ({money})"
    first = subject.first(connection, role.column, condition)
    if first is not None:
        below = tree.get(first.value or "", [""])[0]
        yield table.problem("fiscal/mixed-levels", first, field=role.name, below=below)
        table.list_cells(
            role.column,
            condition,
            lambda place: table.problem(
                "fiscal/mixed-levels", place, field=role.name, below=tree.get(place.value or "", [""])[0]
            ),
        )


def _orphans(
    connection: duckdb.DuckDBPyConnection, subject: Subject, role: Role, codes: Sequence[str], parents: dict[str, str]
) -> Iterator[Problem]:
    """Codes that lie below no other, where nearly all of their length do."""
    shortest = min(len(one) for one in codes)
    longer = [one for one in codes if len(one) > shortest]
    odd = [one for one in longer if one not in parents]
    share = 100 - len(odd) * 100 // max(len(longer), 1)
    if not odd or len(longer) < _ENOUGH or share < _NEARLY_ALL:
        return
    table, condition = subject.table, f"{role.text} IN ({literals(odd)})"
    first = subject.first(connection, role.column, condition)
    if first is not None:
        yield table.problem("fiscal/code-without-parent", first, field=role.name, share=share)
        table.list_cells(
            role.column,
            condition,
            lambda place: table.problem("fiscal/code-without-parent", place, field=role.name, share=share),
        )
