"""Header drift: how the columns of the next file differ from those that were decided about, and what that means.

The same columns need no decision. One more year in a row of years goes on as the others did. A column that is gone and
one that is new may be the same under another name: that is asked, with how alike they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from openspending.etl.decisions import Choice, Proposal
from openspending.etl.header import loosely
from openspending.etl.importing.answers import Answers
from openspending.etl.importing.precedent import Known, relabelled
from openspending.etl.importing.rawtables import RawTable
from openspending.etl.modelling.headings import read_heading
from openspending.fdp.drift import Drift, Renamed
from openspending.speaking.said import said

GONE: Final = said("gone")
_ALIKE: Final = 55  # percent from which a new label may be an old one's
_LIKELY: Final = 70  # what the likeliest new name can be at most: a rename is never taken for granted


@dataclass(frozen=True, slots=True)
class KnownFields:
    """The fields of a precedent by the labels of the new file, and how the headers differ."""

    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()

    def rules(self, known: Known | None) -> list[dict[str, Any]]:
        """The precedent's rules on rows by the labels of the new file. One on a column that is gone is found anew."""
        labels = {str(one["name"]): label for label, one in self.fields.items()}
        found = [relabelled(rule, labels) for rule in known.rules()] if known is not None else []
        return [rule for rule in found if rule is not None]


def known_fields(known: Known | None, table: RawTable, answers: Answers) -> KnownFields:
    """What a precedent says of the columns of a table. Raises WrongAnswer."""
    if known is None:
        return KnownFields()
    found: dict[str, Mapping[str, Any]] = dict(known.by_label(table.labels))
    same = tuple(found)
    placed = {str(one["name"]) for one in found.values()}
    gone = [one for one in known.fields if str(one["name"]) not in placed]
    new = [label for label in table.labels if label not in found]
    for label in list(new):
        following = _following(label, known.fields)
        if following is not None:
            found[label] = following
            new.remove(label)
            _record(answers, table, label, following)
    renamed = []
    for one in gone:
        now = _asked(one, new, table, answers) if _needed(one) or _resembles(one, new) else None
        if now is not None:
            found[now] = {**one, "aliases": [*(one.get("aliases") or ()), now]}
            new.remove(now)
            renamed.append(Renamed(str(one["name"]), now, _alike(str(one["name"]), now), None))
    named = {pair.was for pair in renamed}
    lost = tuple(str(one["name"]) for one in gone if str(one["name"]) not in named)
    fresh = tuple(label for label in table.labels if label not in same and label not in {pair.now for pair in renamed})
    state = "changed" if renamed or lost or fresh else "same"
    return KnownFields(found, (Drift(table.name, state, same, tuple(renamed), fresh, lost),))


def _needed(one: Mapping[str, Any]) -> bool:
    """Whether a field means something that the facts would lack; a year of several is missed by nobody."""
    return bool(one.get("columnType")) and one.get("normalize") is None


def _resembles(one: Mapping[str, Any], new: Sequence[str]) -> bool:
    return one.get("normalize") is None and any(_alike(str(one["name"]), label) >= _ALIKE for label in new)


def _asked(one: Mapping[str, Any], new: Sequence[str], table: RawTable, answers: Answers) -> str | None:
    """The new label of a field, or None when it is gone."""
    name = str(one["name"])
    ranked = sorted(new, key=lambda label: _alike(name, label), reverse=True)[:3]
    choices = [_choice(name, label) for label in ranked]
    choices.append(Choice(GONE, 40 if not ranked else 20, said("no column of the file has its name")))
    question = said("Column “{name}” of the dataset is not in the file. Which column is it now?", name=name)
    proposal = Proposal(f"renamed:{name}", question, tuple(choices), file=table.file, sheet=table.sheet, column=name)
    value = answers.answer(proposal).value
    return None if value == GONE else value


def _choice(name: str, label: str) -> Choice:
    alike = _alike(name, label)
    return Choice(label, min(alike, _LIKELY), said("their names are alike by {alike} %", alike=alike))


def _alike(one: str, other: str) -> int:
    return round(100 * SequenceMatcher(None, loosely(one), loosely(other), autojunk=False).ratio())


def _following(label: str, fields: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The field of one more year, where known columns of years were turned into rows: as theirs, for its own year."""
    heading = read_heading(label)
    year = heading.fiscal_year or (None if heading.year is None else str(heading.year))
    if year is None:
        return None
    for one in _wide(fields):
        theirs = read_heading(str(one["name"]))
        was = theirs.fiscal_year or (None if theirs.year is None else str(theirs.year))
        if was is None or loosely(theirs.base) != loosely(heading.base) or theirs.phase != heading.phase:
            continue
        values = one["normalize"]
        if sum(str(value) == was for value in values.values()) != 1:
            continue
        moved = {key: _moved(value, year) if str(value) == was else value for key, value in values.items()}
        kept = {key: value for key, value in one.items() if key not in ("title", "aliases")}
        return {**kept, "name": label, "normalize": moved}
    return None


def _moved(value: Any, year: str) -> Any:
    """The year in the form that the others have."""
    return int(year) if isinstance(value, int) and year.isdecimal() else year


def _wide(fields: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in fields if isinstance(one.get("normalize"), Mapping))


def _record(answers: Answers, table: RawTable, label: str, field: Mapping[str, Any]) -> None:
    """Record that a new year goes on as the others did."""
    values = ", ".join(f"{key} {value}" for key, value in field["normalize"].items())
    reason = said("the columns of the other years were turned into rows in the same way")
    choice = Choice(values, 90, reason)
    question = said("Column “{label}” is new. What do its amounts stand for?", label=label)
    answers.answer(Proposal(f"year:{label}", question, (choice,), file=table.file, sheet=table.sheet, column=label))
