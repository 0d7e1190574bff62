"""How a column writes its numbers: one format for all of them, the texts that need mending, and what is no number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from openspending.etl.modelling.doubts import Doubt, doubt, shown_by_habit
from openspending.etl.modelling.numerals import FORMATS, Format, Numeral, numeral, without_footnote
from openspending.fdp.number_text import SPACES


@dataclass(frozen=True, slots=True)
class Numbers:
    """The texts of a column (missing ones left out) by what they are, in the format that reads most cells.

    `replace` are texts that it does not read, though they can be only one number, and those of `values` that the check
    would not read; `notes` are numbers behind which
    something stands that may be a footnote's mark; `odd` have digits, `words` have none.
    """

    format: Format
    numerals: Mapping[str, Numeral]
    values: Mapping[str, Decimal]
    replace: Mapping[str, Decimal]
    notes: Mapping[str, Decimal]
    odd: tuple[str, ...]
    words: tuple[str, ...]
    doubt: Doubt | None
    others: Mapping[str, Decimal] = field(default_factory=dict)  # what the doubtful texts are in the other format

    def weight(self, counts: Mapping[str, int], *parts: str) -> int:
        """How many cells the named parts have."""
        return sum(counts[text] for text in {text for part in parts for text in getattr(self, part)})

    def total(self, counts: Mapping[str, int]) -> Decimal:
        """The sum of all numbers."""
        return sum(
            (value * counts[text] for text, value in {**self.values, **self.replace, **self.notes}.items()), Decimal(0)
        )

    def other_total(self, counts: Mapping[str, int]) -> Decimal:
        """The sum when the doubtful texts are read the other way."""
        return self.total(counts) + sum(
            ((value - self.values[text]) * counts[text] for text, value in self.others.items()), Decimal(0)
        )


def numbers(counts: Mapping[str, int]) -> Numbers | None:
    """How the texts in `counts` (each with its number of cells) write numbers; None when none of them is one."""
    taken = _sure({text: found for text in counts if (found := numeral(text)) is not None})
    forms = _possible(taken)
    reads = {form: _read(form, taken) for form in forms}
    weights = {form: sum(counts[text] for text in read) for form, read in reads.items()}
    best = max(forms, key=lambda form: weights[form])
    if not weights[best]:
        return None
    unsure = doubt(best, {text: taken[text] for text in reads[best]}, counts, reads)
    if unsure is not None and unsure.whole:
        shown = shown_by_habit(best, unsure.other, {text: taken[text] for text in reads[best]})
        best, unsure = (best, unsure) if shown is None else (shown, None)
    replace: dict[str, Decimal] = {}
    notes: dict[str, Decimal] = {}
    odd: list[str] = []
    for text in counts:
        if text not in reads[best]:
            _mend(text, taken.get(text), best, replace, notes, odd)
    return Numbers(
        format=best,
        numerals=taken,
        values=reads[best],
        replace=replace,
        notes=notes,
        odd=tuple(text for text in odd if any(one.isdigit() for one in text)),
        words=tuple(text for text in odd if not any(one.isdigit() for one in text)),
        doubt=unsure,
        others={} if unsure is None else {text: reads[unsure.other][text] for text in unsure.texts},
    )


def _sure(taken: Mapping[str, Numeral]) -> dict[str, Numeral]:
    """The numerals whose sign is sure: `5 kr.-` is minus five where `5.25 kr.-` stands in the column too."""
    habit = any(one.negative == "trailing" and not one.unsure for one in taken.values())
    return {text: one for text, one in taken.items() if habit or not one.unsure}


def _possible(taken: Mapping[str, Numeral]) -> list[Format]:
    """The formats whose marks occur, the simplest first; a column without marks has one."""
    used = set("".join(one.core for one in taken.values()))
    found = []
    for form in FORMATS:
        marks = SPACES if form.group == " " else (form.group,)
        if used & set(marks) if form.group is not None else form.decimal == "." or form.decimal in used:
            found.append(form)
    return found


def _read(form: Format, taken: Mapping[str, Numeral]) -> dict[str, Decimal]:
    return {text: value for text, one in taken.items() if (value := one.read(form)) is not None}


def _mend(
    text: str,
    found: Numeral | None,
    best: Format,
    replace: dict[str, Decimal],
    notes: dict[str, Decimal],
    odd: list[str],
) -> None:
    """Put a text that `best` does not read where it belongs."""
    clean = without_footnote(text) if found is None else None
    if clean is not None:
        found = numeral(clean[0])
    value = _only(found, best) if found is not None else None
    if value is None:
        odd.append(text)
    elif clean is None or (clean[1] and found is not None and len(_readings(found)) == 1):
        replace[text] = value
    else:
        notes[text] = value


def _only(found: Numeral, best: Format) -> Decimal | None:
    """What `best` reads, which it can where a footnote's mark is gone; else the one number that `found` can be."""
    own = found.read(best)
    readings = _readings(found)
    return own if own is not None else readings.pop() if len(readings) == 1 else None


def _readings(found: Numeral) -> set[Decimal]:
    return {value for form in FORMATS if (value := found.read(form)) is not None}
