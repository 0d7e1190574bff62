"""Code lists joined to the facts: foreign keys, and what the lists' columns mean there."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from openspending.etl.importing.answers import Answers
from openspending.etl.importing.joins import Columns, Match, propose_join, rules_of
from openspending.etl.importing.tablemade import APART, Making
from openspending.speaking.said import said

_LABELS = (":label", ":name", ":title")


def join_lists(
    connection: duckdb.DuckDBPyConnection, facts: Sequence[Making], lists: Sequence[Making], answers: Answers
) -> list[str]:
    """Join each list whose codes the facts have; notes on those that are not. Where several tables of amounts are
    stacked, a list must explain the codes of all of them in one way: it is one table. Raises WrongAnswer."""
    notes: list[str] = []
    used: set[tuple[str, str]] = set()
    for one in lists:
        found = [_found(connection, table, one, answers, used) for table in facts]
        matches = [match for match in found if match is not None]
        if len(matches) < len(facts) or len({(match.right, match.part) for match in matches}) != 1:
            one.role = APART
            if matches:
                notes.append(
                    said("{name} explains codes of some tables of amounts only, so it is not joined.", name=one.name)
                )
            continue
        one.rules += rules_of(matches[0])
        for table, match in zip(facts, matches, strict=True):
            _join(table, one, match)
            used.add((table.name, match.left))
    return notes


def _found(
    connection: duckdb.DuckDBPyConnection, facts: Making, listed: Making, answers: Answers, used: set[tuple[str, str]]
) -> Match | None:
    free = [label for label in _codes(facts) if (facts.name, label) not in used]
    proposal = propose_join(connection, _columns(facts, free), _columns(listed, _codes(listed)))
    if proposal is None:
        return None
    match = answers.answer(proposal).effect.get("join")
    return match if isinstance(match, Match) else None


def _codes(table: Making) -> list[str]:
    """Columns that may hold codes: all but amounts and dates."""
    dated = {"date", "datetime", "integer", "number"}
    return [label for label, one in table.fields.items() if one.get("type") not in dated]


def _columns(table: Making, labels: Sequence[str]) -> Columns:
    places = {label: number for number, label in enumerate(table.modelled.table.labels)}
    relation = table.modelled.table.loaded.relation
    return Columns(table.name, relation, {label: places[label] for label in labels}, table.direction)


def _join(facts: Making, listed: Making, match: Match) -> None:
    """The foreign key, and the meaning of code and label on both sides."""
    ours, theirs = facts.fields[match.left], listed.fields[match.right]
    reference = {"resource": listed.name, "fields": [theirs["name"]]}
    facts.schema.setdefault("foreignKeys", []).append({"fields": [ours["name"]], "reference": reference})
    taken = {one["columnType"] for one in facts.typed() if one is not ours}
    levels = _levels(listed, match.right)
    type_ = levels.get(match.right) or ours.get("columnType") or theirs.get("columnType")
    if type_ is None or type_ in taken or not type_.endswith((":code", ":id")):
        type_ = ours.get("columnType")
    label = _label(listed, match.right)
    for name, one in listed.fields.items():
        one.pop("columnType", None)
        level = levels.get(name)
        if level is not None and level not in taken and name != match.right:
            one["columnType"] = level
    if type_ is None:
        return
    ours["columnType"] = theirs["columnType"] = type_
    if label is not None:
        listed.fields[label]["columnType"] = _label_type(type_)


def _levels(listed: Making, right: str) -> dict[str, str]:
    """The ColumnTypes of the list's own levels, where its codes stand in columns from broad to narrow, `right` last."""
    own = listed.fields[right].get("columnType")
    if not own or ":level" not in own or not own.endswith(":code"):
        return {}
    concept = own.split(":")[0]
    found = {
        label: one["columnType"]
        for label, one in listed.fields.items()
        if str(one.get("columnType", "")).startswith(concept) and str(one["columnType"]).endswith(":code")
    }
    return found if len(found) > 1 and max(found.values()) == own else {}


def _label(listed: Making, right: str) -> str | None:
    """The column that says what the codes mean: one proposed as a label, else the one with the longest texts."""
    columns = [one for one in listed.modelled.columns if one.label != right and not one.measure]
    stated = [one for one in columns if str(listed.fields[one.label].get("columnType", "")).endswith(_LABELS)]
    words = [one for one in columns if one.writing.kind == "text"]
    ranked = sorted(stated or words, key=lambda one: (one.profile.distinct, one.profile.longest), reverse=True)
    return ranked[0].label if ranked else None


def _label_type(code: str) -> str:
    """The ColumnType of the label of a code."""
    return f"{code.removesuffix(':id')}:name" if code.endswith(":id") else f"{code.removesuffix(':code')}:label"
