"""What is common to the searches for the rows behind a wrong sum: the facts in question, the gap, and a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from typing import Final

from openspending.fdp.controls import Condition
from openspending.fdp.sqltext import identifier
from openspending.speaking.said import Said, said

NAMED: Final = 3  # rows that a finding names
_MOST_DIGITS: Final = 38


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that may explain a difference: a sentence, what to do, and the first row that it is about. `exact`
    when it explains the difference to the digit."""

    sentence: str
    fix: str
    file: str | None = None
    row: int | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """The facts of one control: those of `relation` for which the SQL `condition` is true, and their `amount` column.

    `columns` are all columns of facts but their lineage, `texts` those of them that hold codes and labels; `asked`
    are the members that the control names, each with the SQL that is true for its facts.
    """

    relation: str
    condition: str
    amount: str
    columns: Sequence[str]
    texts: Sequence[str]
    asked: Sequence[tuple[Condition, str | None, str]]

    @property
    def facts(self) -> str:
        """SQL: the facts with `_file`, `_row`, `_n` and `amount`, and all their columns."""
        return f"(SELECT *, {identifier(self.amount)} AS _amount FROM {self.relation} WHERE {self.condition})"


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference that is to be explained, up to `tolerance`; amounts have `scale` digits after the point."""

    difference: Decimal
    tolerance: Decimal
    scale: int

    def explained(self, column: str, times: Fraction = Fraction(1)) -> str:
        """SQL: is `column` the difference `times` this number? Exactly so: no quotient is rounded to fit."""
        middle, slack = Fraction(self.difference) * times, abs(Fraction(self.tolerance) * times)
        unit = 10**self.scale
        least, most = ceil((middle - slack) * unit), floor((middle + slack) * unit)
        if least > most or len(str(max(abs(least), abs(most)))) > _MOST_DIGITS:
            return "FALSE"
        bounds = (
            f"CAST('{_shifted(one, self.scale)}' AS DECIMAL({_MOST_DIGITS}, {self.scale}))" for one in (least, most)
        )
        return f"{column} BETWEEN {' AND '.join(bounds)}"


def _shifted(units: int, scale: int) -> str:
    """`units` × 10^-`scale` as plain text."""
    digits = str(abs(units)).rjust(scale + 1, "0")
    text = f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits
    return f"-{text}" if units < 0 else text


def places(rows: Sequence[tuple[str, int]], count: int) -> Said:
    """The rows in words, such as “rows 5, 7 of a.csv”; `count` is the number of all, of which the first are named."""
    named: dict[str, list[str]] = {}
    for file, row in rows[:NAMED]:
        named.setdefault(file, []).append(f"{row}")
    parts = [
        said("rows {rows} of {file}", rows=", ".join(found), file=file) if len(found) > 1 else row_of(found[0], file)
        for file, found in named.items()
    ]
    all_parts = reduce(lambda some, one: said("{some} and {one}", some=some, one=one), parts)
    return said("{rows} ({count:,} in all)", rows=all_parts, count=count) if count > NAMED else all_parts


def row_of(row: object, file: str) -> Said:
    """A row in words."""
    return said("row {row} of {file}", row=row, file=file)
