"""Control totals: the facts are summed as the package's controls ask, and compared with what they must be.

A control that does not hold is an error; `responsible` then looks for the rows that explain the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final

import duckdb

from openspending.analytics.reconciling.responsible import findings
from openspending.analytics.reconciling.suspects import Cut, Finding
from openspending.etl.check import Checked
from openspending.etl.workspace import folder_of
from openspending.fdp.amounts import grouped, is_number, plain
from openspending.fdp.controls import PROPERTY, Condition, Control, read_controls
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.package import Package
from openspending.fdp.place import pointer_of
from openspending.fdp.problems import PackageRejected, Problem, Report, problem
from openspending.fdp.sqltext import identifier, literal, literals
from openspending.speaking.said import said, together

_AT_ONCE: Final = 100  # controls that are summed in one scan
_EXPLAINED: Final = 20  # controls whose difference is looked into; where more fail, it is not one row's fault
_EXACT: Final = Context(prec=200)  # Python rounds to 28 digits otherwise; here are at most 77
_NUMBER_LENGTH: Final = 30  # no code of a numeric column is longer


def reconcile(
    package: Package, checked: Checked, connection: duckdb.DuckDBPyConnection, *, source: str = "fact"
) -> tuple[ControlTotal, ...]:
    """The outcome of every control that `package` declares, summed over `source`, the view of its facts.

    Raises PackageRejected, with an error for each control that does not hold beside all warnings of `checked`.
    """
    controls, _ = read_controls(package, checked.model)  # what is wrong with them is in the report already
    totals = _totals(controls, connection, source)
    missed = [(one, total) for one, total in zip(controls, totals, strict=True) if not total.holds]
    if missed:
        raise PackageRejected(
            Report([*checked.report, *_problems(missed, checked, connection, source)]), controls=totals
        )
    return totals


def _totals(
    controls: Sequence[Control], connection: duckdb.DuckDBPyConnection, source: str
) -> tuple[ControlTotal, ...]:
    found: list[ControlTotal] = []
    for start in range(0, len(controls), _AT_ONCE):
        some = controls[start : start + _AT_ONCE]
        asked = [
            f"{what} FILTER (WHERE {condition(one)})"
            for one in some
            for what in ("count(*)", f"sum({identifier(one.measure.column)})")
        ]
        (sums,) = connection.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchall()
        found += [_total(*one) for one in zip(some, sums[::2], sums[1::2], strict=True)]
    return tuple(found)


def _total(control: Control, facts: int, actual: Decimal | None) -> ControlTotal:
    """The outcome of one control; no amount at all is a sum of 0."""
    summed = Decimal(0) if actual is None else actual
    return ControlTotal(
        title=control.title,
        measure=control.measure.name,
        where={one.name: one.values for one in control.where},
        expected=control.equals,
        actual=summed,
        difference=_EXACT.subtract(summed, control.equals),
        tolerance=control.tolerance,
        source=control.source,
        facts=facts,
    )


# ── which facts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def condition(control: Control) -> str:
    """SQL: is a fact one of those that `control` is about?"""
    return " AND ".join(f"({matches(one, one.values)})" for one in control.where) or "TRUE"


def matches(asked: Condition, values: Sequence[str | None]) -> str:
    """SQL: has the column of `asked` one of `values`?"""
    column, texts = identifier(asked.column), [one for one in values if one is not None]
    tests = [f"{column} IS NULL"] if None in values else []
    if asked.type in ("integer", "number"):
        numbers = [plain(Decimal(one)) for one in texts if len(one) <= _NUMBER_LENGTH and _is_plain(one)]
        tests += [f"{column} IN ({', '.join(numbers)})"] if numbers else []
    elif texts:
        text = column if asked.type == "string" else f"CAST({column} AS VARCHAR)"
        tests.append(f"{text} IN ({literals(texts)})")
    return f"coalesce({' OR '.join(tests)}, FALSE)" if tests else "FALSE"


def _is_plain(text: str) -> bool:
    return is_number(text) and "e" not in text.lower()


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


def _problems(
    missed: Sequence[tuple[Control, ControlTotal]],
    checked: Checked,
    connection: duckdb.DuckDBPyConnection,
    source: str,
) -> list[Problem]:
    """The errors of the controls that do not hold. Their facts are written out once: a Parquet file is scanned much
    faster than the view that makes them."""
    target = literal(str(folder_of(connection) / "controlled.parquet"))
    connection.execute(f"COPY (SELECT * FROM {source}) TO {target} (FORMAT parquet)")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW controlled AS SELECT * FROM read_parquet({target})")
    return [
        _problem(control, total, findings(connection, _cut(control, checked), total) if number < _EXPLAINED else [])
        for number, (control, total) in enumerate(missed)
    ]


def _cut(control: Control, checked: Checked) -> Cut:
    attributes = [one for dimension in checked.model.dimensions for one in dimension.attributes]
    return Cut(
        relation="controlled",
        condition=condition(control),
        amount=control.measure.column,
        columns=[*(one.column for one in attributes), *(one.column for one in checked.model.measures)],
        texts=[one.column for one in attributes if one.type == "string"],
        asked=[(one, value, matches(one, [value])) for one in control.where for value in one.values],
    )


def _problem(control: Control, total: ControlTotal, found: Sequence[Finding]) -> Problem:
    """The error of one control; its place is the first row of what explains it best."""
    first = found[0] if found else None
    advice = dict.fromkeys(one.fix for one in found)
    difference = grouped(total.difference.copy_abs())
    return problem(
        "fiscal/control-total",
        file=first.file if first else None,
        resource=control.measure.resource,
        row=first.row if first else None,
        field=control.measure.source,
        pointer=pointer_of(PROPERTY, control.position),
        number=control.position + 1,
        title=f"“{total.title}”",
        measure=control.measure.name,
        expected=grouped(total.expected),
        actual=grouped(total.actual),
        difference=said("{amount} too much", amount=difference)
        if total.difference > 0
        else said("{amount} too little", amount=difference),
        source=said(" by {source}", source=total.source) if total.source else "",
        reasons=together("", *(one.sentence for one in found)) if found else "",
        advice=together(*advice)
        or said("Declare control totals of parts, such as each chapter, to see where it arises."),
    )
