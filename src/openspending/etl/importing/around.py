"""What stands around a table decides about all its amounts: unit, currency, direction, phase; and the year, where no
column tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal, said_by
from openspending.etl.importing.answers import Answers, WrongAnswer
from openspending.etl.importing.modelled import Modelled
from openspending.etl.modelling.questions import CORRECT
from openspending.etl.modelling.surroundings import UNKNOWN, Surroundings, read_surroundings
from openspending.etl.modelling.unitcolumns import unit_columns
from openspending.fdp.amounts import is_number
from openspending.fdp.money import read_money
from openspending.fdp.place import Place
from openspending.speaking.said import said

MONEY: Final = ("unit", "currency", "direction", "phase")


@dataclass(slots=True)
class Around:
    """`money` are properties of every measure; `year` is a constant (None: a column tells it, or nothing does);
    `notes` say what may be so, but is not sure."""

    money: dict[str, Any] = field(default_factory=dict)
    year: int | None = None
    notes: list[str] = field(default_factory=list)


def look_around(one: Modelled, answers: Answers, title: str | None) -> Around:
    """What the surroundings of a table say, or somebody says of them. Raises WrongAnswer."""
    units = list(unit_columns([column.profile for column in one.columns if not column.measure]))
    for each in units:
        if each.same is None and answers.said("unit") is None:
            answers.answer(_placed(each.question, one))
    stated = [each.same for each in units if each.same]
    found, around = surroundings(one, title, stated), Around(said_money(answers))
    proposals = {proposal.id: proposal for proposal in found.proposals}
    for name in MONEY:
        if answers.said(name) is not None:
            continue
        if name in proposals and _wanted(proposals[name]):
            around.money |= dict(answers.answer(_placed(proposals[name], one)).effect)
        elif name in proposals:
            around.notes += _maybe(proposals[name])
    if around.money.get("factor") == 1:
        around.money.pop("factor")
    if not any((column.role.column_type or "").startswith("date:") for column in one.columns):
        _year(proposals.get("year"), one, answers, around)
    return around


def said_money(answers: Answers) -> dict[str, Any]:
    """What somebody says of all amounts, without being asked. Raises WrongAnswer."""
    found: dict[str, Any] = {}
    for name in MONEY:
        stated = answers.said(name)
        if stated is not None:
            found |= money_of(name, name, *stated, answers)
    return found


def next_year(one: Modelled, was: int, answers: Answers) -> int:
    """The year of the next file of a table whose last one was of the year `was`, as no column says it."""
    stated = said_year(answers)
    if stated is not None:
        return stated
    proposal = next((each for each in surroundings(one, None).proposals if each.id == "year"), None)
    before = Choice(str(was), 40, said("the last file was of this year"))
    if proposal is None or proposal.best.value == UNKNOWN:
        proposal = Proposal("year", said("Which year are the amounts of?"), (before,))
    elif not _same_year(one, proposal.best.value):
        proposal = replace(proposal, choices=(*(replace(each, confidence=50) for each in proposal.choices), before))
    choice = answers.answer(replace(_placed(proposal, one), blocking=True))
    return int(choice.value) if choice.value.isdecimal() else was


def said_year(answers: Answers) -> int | None:
    """The year that somebody says. Raises WrongAnswer for what is none."""
    stated = answers.said("year")
    if stated is None:
        return None
    value, by = stated
    if not re.fullmatch(r"[12][0-9]{3}", value):
        raise WrongAnswer(said("“{value}” is no answer to “year”: it must be a year such as 2025.", value=value))
    answers.record("year", value, by, 100, said_by(by))
    return int(value)


def money_of(id_: str, name: str, value: str, by: str, answers: Answers) -> dict[str, Any]:
    """What somebody says of the money of all measures, or of one, as the answer to `id_`: unit, currency, direction or
    phase (`name`). Raises WrongAnswer for what cannot be."""
    if value == UNKNOWN or value.casefold() == CORRECT.value:
        return {}
    place = Place()
    key = "factor" if name == "unit" else name
    number = Decimal(value) if name == "unit" and is_number(value) else value
    money = read_money({key: number}, said("The answer"), place)
    known = not any(one.severity == "error" for one in place.problems) and getattr(money, key) is not None
    if not known or (name == "phase" and place.problems):
        stated = place.problems[0].message if place.problems else said("it cannot be used")
        raise WrongAnswer(said("“{value}” is no answer to “{id}”: {reason}", value=value, id=id_, reason=stated))
    answers.record(id_, value, by, 100, said_by(by))
    return {key: getattr(money, key)}


def surroundings(one: Modelled, title: str | None, units: Sequence[str] = (), *, labelled: bool = True) -> Surroundings:
    """What stands around a table says; with the labels of its amounts where it is `labelled`."""
    candidate = one.table.candidates[0]
    texts = [cut.text for cut in candidate.cut if cut.text]
    if one.table.sheet:
        texts.append(one.table.sheet)
    labels = [column.label for column in one.measures] if labelled else []
    return read_surroundings(texts, one.table.file, title, [*labels, *units])


def _wanted(proposal: Proposal) -> bool:
    """Whether a proposal is to be decided: evidence that is not sure is only told, except for the unit, which changes
    every amount."""
    return proposal.id == "unit" or (proposal.best.confidence >= SURE and proposal.best.value != UNKNOWN)


def _maybe(proposal: Proposal) -> list[str]:
    """What may be so, with how to say that it is; nothing where nobody knows."""
    best = proposal.best
    if best.value == UNKNOWN:
        return []
    return [f"The {proposal.id} may be {best.value} ({best.reason}). Say --set {proposal.id}={best.value} if it is."]


def _year(proposal: Proposal | None, one: Modelled, answers: Answers, around: Around) -> None:
    """The year as a constant, where all parts are of the same."""
    stated = said_year(answers)
    if stated is not None:
        around.year = stated
    elif proposal is not None and _wanted(proposal) and _same_year(one, proposal.best.value):
        choice = answers.answer(_placed(proposal, one))
        around.year = int(choice.value) if choice.value.isdecimal() else None
    elif proposal is not None:
        around.notes += _maybe(proposal)


def _same_year(one: Modelled, year: str) -> bool:
    values: Sequence[Any] = [read_surroundings([], path).value("year") for path in one.table.loaded.parts]
    return len(one.table.loaded.parts) == 1 or all(str(value) == year for value in values)


def _placed(proposal: Proposal, one: Modelled) -> Proposal:
    return replace(proposal, file=one.table.file, sheet=one.table.sheet)


def constant_year(year: int, name: str) -> Mapping[str, Any]:
    """The column of a year that is the same in every row."""
    return {"name": name, "type": "integer", "columnType": "date:fiscal-year", "constant": year}
