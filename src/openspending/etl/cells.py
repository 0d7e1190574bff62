"""Checking every cell of a loaded resource against the rules of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.probes import Answers, Probe
from openspending.etl.read import Loaded
from openspending.etl.rules import Rule, advice, constraint_rules, type_rule
from openspending.fdp.problems import Problem, problem
from openspending.fdp.sqltext import identifier
from openspending.fdp.values import format_known

SHOWN: Final = 20


Rules = dict[Rule, Probe]  # each rule with the question whether any cell breaks it


def rules_of(
    connection: duckdb.DuckDBPyConnection, resource: str, columns: Sequence[Column]
) -> tuple[Rules, list[Problem]]:
    """The rules for the cells of `columns`, and the problems of rules and formats that make no sense."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for column in columns:
        problems += _format_problems(resource, column)
        rule = type_rule(column)
        more, unchecked = constraint_rules(connection, resource, column)
        rules += [*([rule] if rule is not None else []), *more]
        problems += unchecked
    return {rule: _any(rule) for rule in rules}, problems


def check_cells(
    connection: duckdb.DuckDBPyConnection, resource: str, loaded: Loaded, rules: Rules, found: Answers
) -> list[Problem]:
    """All cells that break a rule: the first 20 for each column and rule, the last of them standing for the rest.

    A broken rule is an error in a column that the model uses, else a warning.
    """
    problems: list[Problem] = []
    for rule, probe in rules.items():
        if found[probe]:
            problems += _cells(connection, resource, loaded, rule)
    return problems


def _any(rule: Rule) -> Probe:
    """Whether any cell breaks the rule. (The column has another name where only its distinct texts are asked.)"""
    return Probe(rule.column, lambda name: f"bool_or({rule.broken(name)})")


def _cells(connection: duckdb.DuckDBPyConnection, resource: str, loaded: Loaded, rule: Rule) -> list[Problem]:
    """A problem for each of the first cells that break a rule."""
    name = rule.column.sql
    rows = connection.execute(
        f"SELECT _file, _row, {name}, count(*) OVER () FROM {identifier(loaded.relation)}"
        f" WHERE {rule.broken(name)} ORDER BY _file, _row LIMIT {SHOWN}"
    ).fetchall()
    found = []
    for number, (part, row, value, total) in enumerate(rows, start=1):
        place = {"file": loaded.parts[part], "resource": resource}
        found.append(_problem(rule, place, row, value, total - SHOWN + 1 if number == SHOWN else 1))
    return found


def _problem(rule: Rule, place: dict[str, str], row: int, value: str | None, count: int) -> Problem:
    """One broken cell; in a column that the model does not use it only is a warning."""
    text = value if value is not None else ""
    field = rule.column.field.name
    code = rule.code if rule.column.used else "fiscal/unused-column-value"
    return problem(
        code,
        file=place["file"],
        resource=place["resource"],
        row=row,
        field=field,
        value=text,
        count=count,
        wanted=rule.wanted,
        rule=rule.wanted,
        advice=advice(rule.column, text),
    )


def _format_problems(resource: str, column: Column) -> list[Problem]:
    """Complaints about the format of a date column itself."""
    field = column.field
    if not column.used or field.type not in ("date", "datetime", "time"):
        return []
    if not format_known(field):
        return [problem("fiscal/unknown-format", resource=resource, field=field.name, value=field.format)]
    if field.format == "any":
        return [problem("fiscal/any-date", resource=resource, field=field.name)]
    return []
