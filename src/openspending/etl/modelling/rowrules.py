"""Rules that leave out exactly the rows meant, and the proposal to use one. Content comes before row numbers, since a
rule by content fits next year's file too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.modelling.rowtable import Matched, RowTable, Rule
from openspending.speaking.said import said

MOST_TEXTS: Final = 2_000  # that a rule lists
MOST_RANGES: Final = 2_000
KEEP: Final = said("keep")
LEAVE_OUT: Final = said("leave out")


def exact(table: RowTable, meant: str, rules: Iterable[Rule]) -> list[Rule]:
    """The first of `rules` that matches the rows for which the SQL `meant` is true and no others; else rules that name
    their row numbers; nothing when those are too many."""
    for rule in rules:
        wrong = f"({table.matches(rule)}) IS DISTINCT FROM coalesce({meant}, FALSE)"
        if table.count(wrong) == 0:
            return [rule]
    return _by_number(table, meant)


def among(rows: Sequence[tuple[int, int]]) -> str:
    """SQL: is it one of these (file, row)?"""
    return f"(_file, _row) IN ({', '.join(f'({a}, {b})' for a, b in rows)})" if rows else "FALSE"


def texts_of(table: RowTable, position: int, condition: str) -> list[str]:
    """The different texts of a column in the rows for which the SQL `condition` is true, at most one more than a rule
    lists."""
    cell = f"c{position}"
    return [
        one
        for (one,) in table.rows(
            f"SELECT DISTINCT {cell} AS v FROM {{t}} WHERE {condition} AND {cell} IS NOT NULL"
            f" ORDER BY v LIMIT {MOST_TEXTS + 1}"
        )
    ]


def where(table: RowTable, texts: dict[int, list[str]]) -> Rule | None:
    """The rule for rows with one of the texts in each column; None when they are too many."""
    if not texts or any(not one or len(one) > MOST_TEXTS for one in texts.values()):
        return None
    return {"where": {table.labels[position]: found for position, found in texts.items()}}


def empty(table: RowTable, positions: Iterable[int]) -> Rule:
    """The rule for rows that are blank in all these columns."""
    return {"empty": [table.labels[one] for one in positions]}


def proposal(table: RowTable, kind: str, short: str, rule: Rule, confidence: int, what: str, because: str) -> Proposal:
    """The question whether rows are left out; `what` says which ones, after “37 rows such as row 5”."""
    found = table.matched(table.matches(rule))
    stated = {"kind": kind, "reason": str(because), **rule}
    effect = {"leaveOut": stated, "count": found.count, "rows": list(found.rows), "sums": _sums(table, found)}
    leave = Choice(LEAVE_OUT, confidence, because, effect)
    keep = Choice(KEEP, 100 - confidence, _kept(kind), {})
    choices = (leave, keep) if confidence >= 100 - confidence else (keep, leave)
    return Proposal(f"rows:{kind}:{short}", said("Leave out {found} {what}?", found=_named(found), what=what), choices)


def sure_rows(table: RowTable, proposals: Sequence[Proposal]) -> str:
    """SQL: is it a row that one of the proposals would surely leave out?"""
    return rows_left(table, [one for one in proposals if one.sure])


def rows_left(table: RowTable, proposals: Sequence[Proposal]) -> str:
    """SQL: is it a row that one of the proposals would leave out, sure or not?"""
    rules = [one.best.effect["leaveOut"] for one in proposals if one.best.value == LEAVE_OUT]
    return "(" + (" OR ".join(f"({table.matches(one)})" for one in rules) or "FALSE") + ")"


def asked_only(confidence: int) -> int:
    """A confidence below the one from which a proposal is taken."""
    return min(confidence, SURE - 5)


def _named(found: Matched) -> str:
    first = found.rows[0][1] if found.rows else "?"
    return (
        said("row {row}", row=first)
        if found.count == 1
        else said("{count} rows such as row {row}", count=found.count, row=first)
    )


def _sums(table: RowTable, found: Matched) -> dict[str, Any]:
    return {table.labels[position]: value for position, value in found.sums.items()}


def _kept(kind: str) -> str:
    if kind in ("total", "subtotal"):
        return said("it is an amount of its own that no other row contains")
    return said("it is a fact, though it has no amount")


def _by_number(table: RowTable, meant: str) -> list[Rule]:
    """One rule for each file, with the ranges of row numbers."""
    found = table.rows(
        f"SELECT _file, min(_row), max(_row) FROM (SELECT _file, _row, coalesce({meant}, FALSE) AS m,"
        f" row_number() OVER (PARTITION BY _file ORDER BY _row)"
        f" - row_number() OVER (PARTITION BY _file, coalesce({meant}, FALSE) ORDER BY _row) AS run FROM {{t}})"
        " WHERE m GROUP BY _file, run ORDER BY 1, 2"
    )
    if len(found) > MOST_RANGES:
        return []
    files = table.one("SELECT count(DISTINCT _file) FROM {t}")[0]
    ranges: dict[int, list[list[int]]] = {}
    for part, first, last in found:
        ranges.setdefault(part, []).append([first, last])
    return [{"rows": some} | ({"part": part + 1} if files > 1 else {}) for part, some in ranges.items()]
