"""Which rows are most likely responsible for a sum that is not what it must be.

Looked for in this order: rows labelled as totals; single rows that are the difference, or make it up with the other
sign or in another unit; repeated rows; members that no fact has. What explains the difference to the digit comes
before what is merely suspicious.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, NamedTuple

import duckdb

from openspending.analytics.reconciling.repeats import repeats
from openspending.analytics.reconciling.suspects import NAMED, Cut, Finding, Gap, places, row_of
from openspending.etl.totals import names_total
from openspending.fdp.amounts import grouped
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.problems import shorten
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import Said, later, said

_MEMBERS: Final = 5000  # members among which one is looked for that was meant
_UNITS: Final = (1000, 1_000_000, 1_000_000_000, 100)


class _Kind(NamedTuple):
    """How one row can be the reason: its amount is the difference `times` this number; what is said, what to do."""

    times: Fraction
    sentence: str
    fix: str


# A row of amount a that should be b adds a − b to the difference: 2a for a sign (b = −a), 999/1000 a for b = a/1000.
_KINDS: Final = (
    _Kind(
        Fraction(1),
        later("The amount {amount} of {rows} is the difference."),
        later("Check whether {first} counts something that other rows count too; if so, remove it."),
    ),
    _Kind(
        Fraction(-1),
        later("The amount {amount} of {rows} is what is missing: such a row may have been left out."),
        later("Check whether a second row like {first} is missing."),
    ),
    _Kind(
        Fraction(1, 2),
        later("The amount {amount} of {rows} is half of the difference: with the other sign the sum would be right."),
        later("Check the sign of {first}."),
    ),
    _Kind(
        Fraction(1000, 999),
        later("The amount {amount} of {rows}, divided by 1,000, would make the sum right."),
        later("Check whether {first} is written in another unit than the other rows."),
    ),
    _Kind(
        Fraction(-1, 999),
        later("The amount {amount} of {rows}, times 1,000, would make the sum right."),
        later("Check whether {first} is written in another unit than the other rows."),
    ),
)
_DIVIDED: Final = later("The whole sum, divided by {unit:,}, is the expected one.")
_TIMES: Final = later("The whole sum, times {unit:,}, is the expected one.")


def findings(connection: duckdb.DuckDBPyConnection, cut: Cut, total: ControlTotal) -> list[Finding]:
    """What may explain that `total`, of the facts of `cut`, does not hold, the likeliest first; often []."""
    gap = Gap(total.difference, total.tolerance, _scale(connection, cut))
    labelled = list(_labelled(connection, cut, gap, total))
    known = any(one.exact for one in labelled)  # then another row of that amount is what the total row sums up
    found = [
        *labelled,
        *_unit_of_all(total),
        *(one for kind, one in _single_rows(connection, cut, gap) if not (known and kind.times == 1)),
        *repeats(connection, cut, gap),
        *_missing_members(connection, cut, total),
    ]
    return sorted(found, key=lambda one: not one.exact)


def _scale(connection: duckdb.DuckDBPyConnection, cut: Cut) -> int:
    """Digits after the point of the amounts, which are decimals."""
    ((described, *_),) = connection.execute(
        f"SELECT column_type FROM (DESCRIBE SELECT {identifier(cut.amount)} FROM {cut.relation})"
    ).fetchall()
    return int(described.rstrip(")").rpartition(",")[2])


# ── rows labelled as totals ──────────────────────────────────────────────────────────────────────────────────────────


def _labelled(connection: duckdb.DuckDBPyConnection, cut: Cut, gap: Gap, total: ControlTotal) -> Iterator[Finding]:
    """Rows any of whose texts begins with a word for “total”, when leaving them out would narrow the gap."""
    cases = " ".join(f"WHEN {names_total(name)} THEN {name}" for name in map(identifier, cut.texts))
    rows = connection.execute(
        f"SELECT _file, _row, _label, n, total, {gap.explained('total')} FROM ("
        "SELECT _file, _row, _label, count(*) OVER () AS n, sum(_amount) OVER () AS total"
        f" FROM (SELECT *, CASE {cases or 'WHEN FALSE THEN NULL'} END AS _label FROM {cut.facts})"
        " WHERE _label IS NOT NULL)"
        f" ORDER BY _file, _row LIMIT {NAMED}"
    ).fetchall()
    if not rows:
        return
    file, row, label, count, summed, exact = rows[0]
    if not summed or (summed > 0) != (total.difference > 0):
        return
    outcome = (
        said("which is the difference")
        if exact
        else said("beside a difference of {difference}", difference=grouped(total.difference))
    )
    yield Finding(
        said(
            "A label such as “{label}” says that totals stand in {rows}; they sum up to {amount}, {outcome}.",
            label=shorten(label, 60),
            rows=places([one[:2] for one in rows], count),
            amount=grouped(summed),
            outcome=outcome,
        ),
        said("Remove rows that hold totals of others, such as {first}.", first=row_of(row, file)),
        file,
        row,
        exact=bool(exact),
    )


# ── single rows, and all of them ─────────────────────────────────────────────────────────────────────────────────────


def _single_rows(connection: duckdb.DuckDBPyConnection, cut: Cut, gap: Gap) -> Iterator[tuple[_Kind, Finding]]:
    """For each kind, the rows of which one alone can be the reason."""
    cases = " ".join(f"WHEN {gap.explained('_amount', kind.times)} THEN {number}" for number, kind in enumerate(_KINDS))
    found = connection.execute(
        "SELECT _kind, _file, _row, _amount, count(*) OVER (PARTITION BY _kind) AS n"
        f" FROM (SELECT *, CASE {cases} END AS _kind FROM {cut.facts}) WHERE _kind IS NOT NULL"
        f" QUALIFY row_number() OVER (PARTITION BY _kind ORDER BY _file, _row, _n) <= {NAMED}"
        " ORDER BY _kind, _file, _row, _n"
    ).fetchall()
    for number, kind in enumerate(_KINDS):
        rows = [(file, row) for one, file, row, _, _ in found if one == number]
        if rows:
            amount, count = next((amount, n) for one, _, _, amount, n in found if one == number)
            file, row = rows[0]
            words = {"amount": grouped(amount), "rows": places(rows, count), "first": row_of(row, file)}
            yield kind, Finding(Said(kind.sentence, words), Said(kind.fix, words), file, row)


def _unit_of_all(total: ControlTotal) -> Iterator[Finding]:
    """All amounts in another unit, or of the other sign, than the expected total."""
    actual, expected = Fraction(total.actual), Fraction(total.expected)
    if total.facts < 2 or not actual or not expected:
        return
    tolerance = Fraction(total.tolerance)
    for unit in _UNITS:
        for times, sentence in ((Fraction(1, unit), _DIVIDED), (Fraction(unit), _TIMES)):
            if abs(actual * times - expected) <= tolerance:
                yield Finding(
                    Said(sentence, {"unit": unit}),
                    said("Check the unit: correct the “factor” of {measure}, or “equals”.", measure=total.measure),
                )
    if abs(actual + expected) <= tolerance:
        yield Finding(
            said("The whole sum with the other sign is the expected one."),
            said("Check the sign: give {measure} the “factor” -1, or correct “equals”.", measure=total.measure),
        )


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _missing_members(connection: duckdb.DuckDBPyConnection, cut: Cut, total: ControlTotal) -> Iterator[Finding]:
    """What is asked for under `where` and no fact has."""
    if not cut.asked:
        return
    asked = ", ".join(f"count(*) FILTER (WHERE {test})" for _, _, test in cut.asked)
    (counts,) = connection.execute(f"SELECT {asked} FROM {cut.relation}").fetchall()
    missing = [one for one, count in zip(cut.asked, counts, strict=True) if not count]
    for condition, value, _ in missing:
        if value is None:
            yield Finding(
                said("No fact lacks a value in {column}.", column=condition.name),
                said("Leave null out of “where” for {column}.", column=condition.name),
            )
            continue
        near = _near(connection, cut, condition.column, value)
        others = ", ".join(f"“{shorten(one, 60)}”" for one in near)
        yield Finding(
            said(
                "No fact has “{value}” in {column}; there is {others}.",
                value=shorten(value, 60),
                column=condition.name,
                others=others or said("no value at all"),
            ),
            said(
                "Correct the value of {column} under “where”, or add the rows that are missing.", column=condition.name
            ),
        )
    if not missing and total.facts == 0:
        yield Finding(
            said("Each value under “where” occurs, but no fact has all of them together."),
            said("Correct “where”, or add the rows that are missing."),
        )


def _near(connection: duckdb.DuckDBPyConnection, cut: Cut, column: str, value: str) -> list[str]:
    """Members like `value`, without regard to case; else the first few."""
    text = f"CAST({identifier(column)} AS VARCHAR)"
    members = [
        one
        for (one,) in connection.execute(
            f"SELECT DISTINCT {text} AS v FROM {cut.relation} WHERE {text} IS NOT NULL ORDER BY v LIMIT {_MEMBERS}"
        ).fetchall()
    ]
    folded = {one.casefold(): one for one in members}
    return [folded[one] for one in get_close_matches(value.casefold(), folded, n=NAMED)] or members[:NAMED]
