"""What stands around a table decides about all its amounts: unit, currency, direction, phase; and the year, where no
column tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from openspending.etl.decisions import SURE, Proposal
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.modelled import Modelled
from openspending.etl.modelling.surroundings import UNKNOWN, Surroundings, read_surroundings

MONEY: Final = ("unit", "currency", "direction", "phase")


@dataclass(slots=True)
class Around:
    """`money` are properties of every measure; `year` is a constant (None: a column tells it, or nothing does);
    `notes` say what may be so, but is not sure."""

    money: dict[str, Any] = field(default_factory=dict)
    year: int | None = None
    notes: list[str] = field(default_factory=list)


def look_around(one: Modelled, answers: Answers, title: str | None) -> Around:
    """What the surroundings of a table say. Raises WrongAnswer."""
    found, around = _surroundings(one, title), Around()
    for proposal in found.proposals:
        if proposal.id == "year":
            continue
        if not _wanted(proposal, answers):
            around.notes += _maybe(proposal)
            continue
        around.money |= dict(answers.answer(_placed(proposal, one)).effect)
    if around.money.get("factor") in (None, Decimal(1)):
        around.money.pop("factor", None)
    if not any((column.role.column_type or "").startswith("date:") for column in one.columns):
        _year(found, one, answers, around)
    return around


def _surroundings(one: Modelled, title: str | None) -> Surroundings:
    candidate = one.table.candidates[0]
    texts = [cut.text for cut in candidate.cut if cut.text]
    if one.table.sheet:
        texts.append(one.table.sheet)
    labels = [column.label for column in one.measures]
    return read_surroundings(texts, one.table.file, title, labels)


def _wanted(proposal: Proposal, answers: Answers) -> bool:
    """Whether a proposal is to be decided: evidence that is not sure is only told, except for the unit, which changes
    every amount."""
    said = proposal.id in answers.given or proposal.id in answers.settled
    return said or proposal.id == "unit" or proposal.best.confidence >= SURE


def _maybe(proposal: Proposal) -> list[str]:
    """What may be so, with how to say that it is; nothing where nobody knows."""
    best = proposal.best
    if best.value == UNKNOWN:
        return []
    return [f"The {proposal.id} may be {best.value} ({best.reason}). Say --set {proposal.id}={best.value} if it is."]


def _year(found: Surroundings, one: Modelled, answers: Answers, around: Around) -> None:
    """The year as a constant, where all parts are of the same."""
    proposal = next((each for each in found.proposals if each.id == "year"), None)
    if proposal is None:
        return
    if "year" not in answers.given and (proposal.best.confidence < SURE or not _same_year(one, proposal.best.value)):
        around.notes += _maybe(proposal)
        return
    choice = answers.answer(_placed(proposal, one))
    around.year = int(choice.value) if choice.value.isdecimal() else None


def _same_year(one: Modelled, year: str) -> bool:
    values: Sequence[Any] = [read_surroundings([], path).value("year") for path in one.table.loaded.parts]
    return len(one.table.loaded.parts) == 1 or all(str(value) == year for value in values)


def _placed(proposal: Proposal, one: Modelled) -> Proposal:
    return replace(proposal, file=one.table.file, sheet=one.table.sheet)


def constant_year(year: int, name: str) -> Mapping[str, Any]:
    """The column of a year that is the same in every row."""
    return {"name": name, "type": "integer", "columnType": "date:fiscal-year", "constant": year}
