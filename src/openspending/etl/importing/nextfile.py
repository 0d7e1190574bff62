"""The next file of a table that is known: as the last one was, but for what it says of itself otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.around import MONEY, constant_year, next_year, said_money, said_year, surroundings
from openspending.etl.importing.modelled import Modelled
from openspending.etl.importing.newlabels import heed_labels
from openspending.etl.importing.ownmoney import COLUMNS, pay_each
from openspending.etl.importing.precedent import Known
from openspending.etl.importing.tablemade import FACTS, Making, making
from openspending.etl.modelling.surroundings import UNKNOWN
from openspending.fdp.amounts import is_number
from openspending.fdp.columntypes import is_value
from openspending.speaking.said import said


def as_before(one: Modelled, known: Known, answers: Answers, *, by: str, same: bool, kept: bool) -> Making:
    """A table that a precedent knows. The year of the dataset's last file is not this one's, unless it is the `same`
    one. Of files that are `kept`, because others are added to them, nothing is decided anew. Raises WrongAnswer."""
    made = making(one, known, {})
    if kept:
        return made
    money = said_money(answers)
    if by == "dataset" and not same:
        money |= _changed(one, made, answers) | _missed(one, made, known, answers)
        heed_labels(made, answers)
    _pay(made, money)
    pay_each(made, answers)
    anew = by == "dataset" and (not same or answers.said("year") is not None)
    for extra in made.extra_fields:
        constant = extra.get("constant")
        if anew and extra.get("columnType") == "date:fiscal-year" and isinstance(constant, int):
            extra["constant"] = next_year(one, constant, answers)
    stated = said_year(answers) if made.role == FACTS and not made.dated else None
    if stated is not None:
        made.extra_fields.append(dict(constant_year(stated, made.free_name("Fiscal year"))))
    return made


def _pay(made: Making, money: Mapping[str, Any]) -> None:
    """Set properties of all amounts; what a column of one value says for all rows is set there."""
    constants = {str(one.get("columnType")): one for one in made.extra_fields if one.get("constant") is not None}
    for name, value in money.items():
        constant = constants.get(COLUMNS.get(name, ""))
        if constant is not None:
            constant["constant"] = value
            continue
        for label, field in made.fields.items():
            if _is_amount(field):
                made.fields[label] = {**field, name: value}


def _changed(one: Modelled, made: Making, answers: Answers) -> dict[str, Any]:
    """What a file surely says of all its amounts where the last one said something else: that is asked."""
    money: dict[str, Any] = {}
    found = {each.id: each for each in surroundings(one, None, labelled=False).proposals}
    for name in MONEY:
        key = "factor" if name == "unit" else name
        proposal = found.get(name)
        before = set(_before(made, key))
        if proposal is None or len(before) != 1 or answers.said(name) is not None:
            continue
        was = before.pop()
        best = proposal.best
        if best.value in (UNKNOWN, was) or best.confidence < SURE or (name != "unit" and not was):
            continue
        likely = [replace(each, confidence=min(each.confidence, SURE - 20)) for each in proposal.choices]
        last = Choice(was, 40, said("the last file was so"), {key: Decimal(was) if name == "unit" else was})
        others = [each for each in likely if each.value not in (was, UNKNOWN)]
        asked = Proposal(name, proposal.question, (*others[:2], last), file=one.table.file, sheet=one.table.sheet)
        money |= dict(answers.answer(asked).effect)
    return money


def _missed(one: Modelled, made: Making, known: Known, answers: Answers) -> dict[str, Any]:
    """The unit, which is asked where the last file had texts above its header, which may have told it, and this one has
    none and says it nowhere."""
    was = set(_before(made, "factor"))
    rows = known.of_file.get("dialect", {}).get("headerRows", [1])
    silent = not any(cut.text for cut in one.table.candidates[0].cut)
    labels = any(column.heading.word("factor") for column in one.columns)
    if len(was) != 1 or was == {"1"} or rows[:1] == [1] or not silent or labels or answers.said("unit") is not None:
        return {}
    (last,) = was
    question = said(
        "The last file had texts above its header, and its amounts were times {last}; this one has none.", last=last
    )
    choices = (
        Choice(last, 50, said("the last file was so"), {"factor": Decimal(last)}),
        Choice("1", 50, said("nothing in the file says another unit"), {"factor": Decimal(1)}),
    )
    asked = Proposal(
        "unit",
        said("{question} Which unit is it in?", question=question),
        choices,
        file=one.table.file,
        sheet=one.table.sheet,
    )
    return dict(answers.answer(asked).effect)


def _before(made: Making, key: str) -> Iterator[str]:
    """What the last file said of its amounts, as people write it; “” where it said nothing."""
    type_ = COLUMNS.get(key)
    constants = [one["constant"] for one in made.extra_fields if one.get("columnType") == type_ and one.get("constant")]
    if type_ is not None and constants:
        yield from map(str, constants)
        return
    for field in (*made.fields.values(), *made.extra_fields):
        if _is_amount(field) and not field.get("normalizationTarget"):
            value = str(field.get(key, "1" if key == "factor" else ""))
            yield f"{Decimal(value):f}" if key == "factor" and is_number(value) else value


def _is_amount(field: Mapping[str, Any]) -> bool:
    return is_value(field.get("columnType")) or field.get("normalize") is not None
