"""A column that has another label than before may hold something else: thousands became millions, approved executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from openspending.etl.decisions import SURE, Choice, Proposal
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.columnsmade import MONEY, Column
from openspending.etl.importing.tablemade import Making
from openspending.fdp.amounts import is_number
from openspending.fdp.columntypes import is_value
from openspending.speaking.said import said

_ASKED: Final = {
    "unit": said("unit"),
    "currency": said("currency"),
    "direction": said("direction"),
    "phase": said("phase"),
}


def heed_labels(made: Making, answers: Answers) -> None:
    """Ask about each amount whose new label surely says another unit, currency, direction or phase than was known of
    it, and set what is answered. Raises WrongAnswer."""
    for column in made.modelled.columns:
        field = made.fields[column.label]
        if is_value(field.get("columnType")) and column.label != field["name"]:
            for proposal in _proposals(column, field, made):
                # what is said of the column without being asked can be anything
                if answers.said(proposal.id.rsplit(":", 1)[1]) is None and not answers.speaks(proposal.id):
                    field |= answers.answer(proposal).effect


def _proposals(column: Column, field: Mapping[str, Any], made: Making) -> Iterator[Proposal]:
    """What the label says otherwise; what was not known of the column before is no contradiction, but for the unit."""
    for name in MONEY:
        stated = column.heading.word(name)
        before = field.get(name, 1 if name == "factor" else None)
        if (
            stated is None
            or stated.value is None
            or stated.confidence < SURE
            or before is None
            or _same(stated.value, before)
        ):
            continue
        asked = "unit" if name == "factor" else name
        yield Proposal(
            f"column:{column.label}:{asked}",
            said(
                "“{label}” was “{field}” before. Which {asked} are its amounts of?",
                label=column.label,
                field=field["name"],
                asked=_ASKED[asked],
            ),
            (
                Choice(_text(stated.value), SURE - 20, stated.why, {name: stated.value}),
                Choice(_text(before), 30, said("the last file was so"), {name: before}),
            ),
            file=made.modelled.table.file,
            sheet=made.modelled.table.sheet,
            column=column.label,
        )


def _same(one: object, other: object) -> bool:
    return _text(one) == _text(other)


def _text(value: object) -> str:
    text = str(value)
    return f"{Decimal(text).normalize():f}" if is_number(text) else text
