"""Columns that say the unit of each row's amounts: “thousands” here, “millions” there. No one factor fits them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.modelling.missing import counted
from openspending.etl.modelling.profile import Profile
from openspending.etl.modelling.questions import CORRECT
from openspending.etl.modelling.units import read_unit
from openspending.speaking.said import said

_MOST: Final = 20  # different units that somebody would write
_ENOUGH: Final = 90  # percent of the cells that must be units, to call it a column of units
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """A column whose cells are units: their texts with counts, and the factors they mean (None: unclear)."""

    label: str
    texts: tuple[tuple[str, int], ...]
    factors: frozenset[Decimal | None]
    whole: bool  # whether every row has one

    @property
    def same(self) -> str | None:
        """The text of the one unit that all rows are in; None where they differ."""
        return self.texts[0][0] if len(self.factors) == 1 and None not in self.factors and self.whole else None

    @property
    def question(self) -> Proposal:
        """What is to be asked where the rows have different units."""
        stated = counted(self.texts)
        keep = Choice(said("as they are"), 30, said("then the amounts are in one unit, whatever the column says"))
        question = said(
            "“{label}” says a unit for each row: {units}. Are the amounts to be added as they are?",
            label=self.label,
            units=stated,
        )
        correct = Choice(CORRECT.value, 60, said("amounts in different units cannot be added"))
        return Proposal(f"column:{self.label}:unit", question, (correct, keep), column=self.label)


def unit_columns(profiles: Sequence[Profile]) -> Iterator[UnitColumn]:
    """The columns of units among those that hold no amounts."""
    for one in profiles:
        if one.filled and one.distinct <= _MOST:
            read = {text: _factor(text) for text, _ in one.values}
            units = sum(count for text, count in one.values if read[text])
            factors = frozenset(factor for found in read.values() for factor in found)
            if units * 100 >= one.filled * _ENOUGH and factors - {_ONE}:
                whole = units == one.filled == one.rows and one.complete
                yield UnitColumn(one.label, one.values, factors, whole)


def _factor(text: str) -> tuple[Decimal | None, ...]:
    """What a cell means as a unit: nothing where it is none, 1 for a currency alone."""
    if not any(one.isalpha() for one in text):
        return ()  # a number is a code or a count
    stated = {one.kind: one for one in read_unit(text)}
    if "factor" in stated:
        return (stated["factor"].value,)
    return (_ONE,) if "currency" in stated else ()
