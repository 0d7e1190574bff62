"""The rules that the cells of a column must keep, as SQL conditions that are true where a cell breaks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import duckdb

from openspending.etl.columns import Column
from openspending.etl.inline import as_text
from openspending.fdp.problems import Problem, problem
from openspending.fdp.sqltext import literal, literals
from openspending.fdp.values import Reading, format_known
from openspending.speaking.said import said, together

Condition = Callable[[str], str]
_LIMITS: Final = {"minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">="}
_DATES: Final = {"date": said("a date"), "datetime": said("a datetime"), "time": said("a time")}
_NUMBER: Final = "DECIMAL(38, 12)"  # limits are compared at twelve decimals


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """`broken` gives SQL on the column's name, true for a cell that breaks the rule. `wanted` says it in words."""

    column: Column
    code: str  # type-error or constraint-error
    broken: Condition
    wanted: str


def type_rule(column: Column) -> Rule | None:
    """The rule that every cell is written as its type says; None where any text will do."""
    if not column.reading.gated or not format_known(column.field):
        return None
    return Rule(column, "type-error", lambda name: f"NOT {column.reading.valid(name)}", in_words(column))


def constraint_rules(
    connection: duckdb.DuckDBPyConnection, resource: str, column: Column
) -> tuple[list[Rule], list[Problem]]:
    """The rules under `constraints`, without `unique`, which is about many cells; and warnings for those that cannot
    be checked."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    for name, value in column.field.constraints.items():
        if name == "unique" or (name == "required" and value is not True):
            continue
        condition = _condition(column.reading, name, value)
        if condition is not None and _runs(connection, condition):
            rules.append(Rule(column, "constraint-error", condition, _rule_said(name, value)))
        else:
            problems.append(_unchecked(resource, column, name, value))
    return rules, problems


def _condition(read: Reading, name: str, value: Any) -> Condition | None:
    """The condition that a constraint is broken; None when it makes no sense for the column."""
    if _broken(read, "x", name, value) is None:
        return None
    return lambda column: _broken(read, read.text(column), name, value) or "FALSE"


def _unchecked(resource: str, column: Column, name: str, value: Any) -> Problem:
    detail = said("“{value}” is not a value that it can have here", value=value)
    return problem("fiscal/unchecked-constraint", resource=resource, field=column.field.name, rule=name, detail=detail)


def _broken(read: Reading, text: str, name: str, value: Any) -> str | None:
    """SQL that is true where a cell that is present breaks the constraint; None when it cannot be checked."""
    if name == "required":
        return f"{text} IS NULL"
    if name in _LIMITS:
        return _beyond(read, text, _LIMITS[name], value)
    if name in ("minLength", "maxLength") and isinstance(value, int | Decimal):
        return f"length({text}) {'<' if name == 'minLength' else '>'} {int(value)}"
    if name == "pattern" and isinstance(value, str):
        return f"NOT regexp_full_match({text}, {literal(value)})"
    if name == "enum" and isinstance(value, list):
        return _not_among(read, text, [as_text(one) or "" for one in value])
    return None


def _beyond(read: Reading, text: str, operator: str, value: Any) -> str | None:
    limit = as_text(value)
    if limit is None:
        return None
    if read.number is not None or read.declared == "year":
        number, bound = _number(read, text), literal(limit)
        exactly = f"try_cast({number} AS {_NUMBER}) {operator} CAST({bound} AS {_NUMBER})"
        # what is too long for that is so large that its first digits tell
        return f"coalesce({exactly}, try_cast({number} AS DOUBLE) {operator} CAST({bound} AS DOUBLE))"
    if read.date is not None:
        beyond = f"{read.date.value(text)} {operator} {read.date.value(literal(limit))}"
        return f"CASE WHEN {read.date.valid(text)} THEN {beyond} END"
    return f"{text} {operator} {literal(limit)}" if read.declared == "yearmonth" else None


def _not_among(read: Reading, text: str, values: list[str]) -> str:
    if read.number is not None:
        listed = ", ".join(f"CAST({literal(value)} AS {_NUMBER})" for value in values)
        return f"try_cast({_number(read, text)} AS {_NUMBER}) NOT IN ({listed})"
    return f"{text} NOT IN ({literals(values)})"


def _number(read: Reading, text: str) -> str:
    return read.number.canonical(text) if read.number is not None else text


def _runs(connection: duckdb.DuckDBPyConnection, condition: Condition) -> bool:
    """Whether the engine accepts the condition: a pattern may be one it cannot compile, a limit no number."""
    try:
        connection.execute(f"SELECT {condition('x')} FROM (VALUES ('0'), (NULL)) AS few(x)").fetchall()
    except duckdb.Error:
        return False
    return True


def _rule_said(name: str, value: Any) -> str:
    if isinstance(value, list):
        listed = ", ".join(f"“{one}”" for one in value[:10]) + (" …" if len(value) > 10 else "")
        return said("{rule} of {values}", rule=name, values=listed)
    return name if value is True else f"{name} “{value}”"


def in_words(column: Column) -> str:
    """What the cells of a column must be, in plain words."""
    return together(*_words(column.reading, column))


def _words(read: Reading, column: Column) -> Iterator[str]:
    if read.number is not None:
        yield said("a number") if read.declared == "number" else said("a whole number")
        if read.declared == "number" and read.number.decimal != ".":
            yield said("with the decimal character “{mark}”", mark=read.number.decimal)
        if read.number.group:
            yield said("grouped by “{mark}” or not at all", mark=read.number.group[0])
        if read.number.negative:
            forms = ", ".join(read.number.negative)
            yield said("(below zero with {forms} or a hyphen-minus)", forms=forms)
    elif read.date is not None:
        yield _DATES[read.declared]
        pattern = read.date.pattern
        yield said("written as {pattern}", pattern=pattern) if pattern else said("in ISO form (year-month-day)")
    elif read.declared == "boolean":
        yield said("one of {choices}", choices=", ".join(f"“{one}”" for one in (*read.true_values, *read.false_values)))
    elif read.format != "default":
        yield said("a text of the format {format}", format=column.field.format)
    else:
        yield said("a valid {type}", type=read.declared)


def advice(column: Column, value: str) -> str:
    """How to mend one cell that is not of its type."""
    bare = value.strip()
    if column.reading.number is None:
        return said(
            "Correct the value, or the type and format of the field; list marks for missing values in missingValues."
        )
    if re.fullmatch(r"\(.*\d.*\)|.*\d\s*[-\u2212\u2013]|[\u2212\u2013].*\d.*", bare):
        return said(
            "Say under “negative” of the field how it writes negative numbers: parentheses, trailing or dash; or write "
            "them with a hyphen-minus before the digits."
        )
    if not re.search(r"\d", bare):
        return said(
            "If “{value}” stands for a missing value, add it, exactly so, to the “missingValues” of the schema.",
            value=value,
        )
    if bare != value:
        return said("Remove the spaces around the number, or set “bareNumber” to false.")
    if re.search(r"[^\d.,'\s+\-eE]", bare):
        return said("Remove what is not part of the number, or set “bareNumber” to false for signs such as € or %.")
    return said("Correct the value, or declare decimalChar and groupChar as the file writes numbers.")
