"""Checking every cell of a loaded resource against the rules of its columns."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import duckdb

from openspending.etl.columns import Column
from openspending.etl.limits import SHOWN
from openspending.etl.probes import Answers, Probe
from openspending.etl.rules import Rule, advice, constraint_rules, type_rule
from openspending.etl.table import Found, Table
from openspending.fdp.problems import Problem, problem
from openspending.fdp.values import format_known

Rules = dict[Rule, Probe]  # each rule with the question whether any cell breaks it


def rules_of(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[Rules, list[Problem]]:
    """The rules for the cells of `table`, and the problems of rules and formats that make no sense."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    resource = table.resource.name
    for column in table.columns:
        problems += _format_problems(resource, column)
        rule = type_rule(column)
        more, unchecked = constraint_rules(connection, resource, column)
        rules += [*([rule] if rule is not None else []), *more]
        problems += unchecked
    return {rule: _any(rule) for rule in rules}, problems


def check_cells(connection: duckdb.DuckDBPyConnection, table: Table, rules: Rules, found: Answers) -> list[Problem]:
    """All cells that break a rule: the first 20 for each column and rule, the last of them standing for the rest.

    A broken rule is an error in a column that the model uses, else a warning.
    """
    problems: list[Problem] = []
    for rule, probe in rules.items():
        if found[probe]:
            problems += _cells(connection, table, rule)
    return problems


def _any(rule: Rule) -> Probe:
    """Whether any cell breaks the rule. (The column has another name where only its distinct texts are asked.)"""
    return Probe(rule.column, lambda name: f"bool_or({rule.broken(name)})")


def _cells(connection: duckdb.DuckDBPyConnection, table: Table, rule: Rule) -> list[Problem]:
    """A problem for each of the first cells that break a rule."""
    broken = rule.broken(rule.column.sql)
    table.list_cells(rule.column, broken, partial(_problem, table, rule))
    found = table.first(connection, rule.column, broken, SHOWN)
    shown = [replace(one, count=1) for one in found[: SHOWN - 1]]
    last = [replace(one, count=one.count - SHOWN + 1) for one in found[SHOWN - 1 :]]
    return [_problem(table, rule, one) for one in (*shown, *last)]


def _problem(table: Table, rule: Rule, cell: Found) -> Problem:
    """One broken cell; in a column that the model does not use it only is a warning."""
    return table.problem(
        rule.code if rule.column.used else "fiscal/unused-column-value",
        replace(cell, value=cell.value or ""),
        field=rule.column.field.name,
        wanted=rule.wanted,
        rule=rule.wanted,
        advice=advice(rule.column, cell.value or ""),
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
