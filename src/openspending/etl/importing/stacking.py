"""Several tables of amounts in one package: their rows are stacked, which needs the same columns in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.tablemade import APART, Making
from openspending.speaking.said import said

TOGETHER = said("together")
_APART: Final = {
    "direction": ("Direction", "direction"),
    "phase": ("Phase", "phase:id"),
    "currency": ("Currency", "value-currency:code"),
}
_MIXED: Final = "mixed"


def stack(facts: Sequence[Making], answers: Answers) -> list[Making]:
    """Make the tables of amounts alike, where they can be stacked, else keep the one that a person names.

    Raises WrongAnswer.
    """
    if len(facts) < 2:
        return list(facts)
    value = answers.answer(_proposal(facts)).value
    if value != TOGETHER:
        for one in facts:
            one.role = one.role if one.name == value else APART
        return [one for one in facts if one.role != APART]
    _tell_apart(facts)
    _fill_up(facts)
    return list(facts)


def _proposal(facts: Sequence[Making]) -> Proposal:
    names = {frozenset(str(one["name"]) for one in _measures(table)) for table in facts}
    units = {frozenset(str(one.get("factor", 1)) for one in _amounts(table)) for table in facts}
    alike = len(names) == len(units) == 1
    same = alike and len({frozenset(_meanings(one).items()) for one in facts}) == 1
    likely = 85 if same else 75 if alike else 10
    reason = (
        said("their amounts stand in columns of the same names") if alike else said("their columns of amounts differ")
    )
    choices = [Choice(TOGETHER, likely, reason)]
    choices += [
        Choice(one.name, 30 if not alike else 10, said("the other tables are kept, but not counted")) for one in facts
    ]
    choices = sorted(choices if alike else choices[1:], key=lambda one: -one.confidence)
    question = said(
        "Are the amounts of {facts} to be added up in one dataset?", facts=", ".join(one.name for one in facts)
    )
    if not alike:
        why = said("units") if len(names) == 1 else said("columns of amounts")
        question = said(
            "{question} Their {why} differ, so only those of one table can be counted.", question=question, why=why
        )
    return Proposal("facts", question, tuple(choices))


def _amounts(table: Making) -> list[dict[str, Any]]:
    """The columns that hold amounts, those too that are turned into rows."""
    turned = [one for one in table.fields.values() if one.get("normalize") is not None]
    return turned or _measures(table)


def _measures(table: Making) -> list[dict[str, Any]]:
    return [one for one in table.typed() if str(one["columnType"]).split(":")[0] == "value"]


def _meanings(table: Making) -> dict[str, str]:
    return {str(one["name"]): str(one["columnType"]) for one in table.typed()}


def _tell_apart(facts: Sequence[Making]) -> None:
    """What is expenditure in one table and revenue in another becomes a column; so do phases and currencies."""
    for key, (label, type_) in _APART.items():
        stated = [_said(one, key) for one in facts]
        if len(set(stated)) < 2 or _MIXED in stated or any(type_ in _meanings(one).values() for one in facts):
            continue
        for one, value in zip(facts, stated, strict=True):
            field = {"name": one.free_name(label), "type": "string", "columnType": type_, "constant": value}
            one.extra_fields.append(field)
            for amount in (*_amounts(one), *_measures(one)):
                amount.pop(key, None)


def _said(table: Making, key: str) -> str | None:
    """What the amounts of a table all say."""
    values = {one.get(key) for one in _amounts(table)}
    return _MIXED if len(values) > 1 else values.pop()


def _fill_up(facts: Sequence[Making]) -> None:
    """Give each table the columns that another one has, empty."""
    wanted = {name: one for table in facts for name, one in _by_name(table).items()}
    for table in facts:
        own = _by_name(table)
        for name, one in own.items():
            one["columnType"], one["type"] = wanted[name]["columnType"], wanted[name]["type"]
        there = {str(one["name"]): one for one in table.fields.values()}
        for name, one in wanted.items():
            meant = {"type": one["type"], "columnType": one["columnType"]}
            if name in there and name not in own:
                there[name] |= meant
            elif name not in own:
                table.extra_fields.append({"name": name, **meant, "constant": None})


def _by_name(table: Making) -> dict[str, dict[str, Any]]:
    return {str(one["name"]): one for one in table.typed()}
