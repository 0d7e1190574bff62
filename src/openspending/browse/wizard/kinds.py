"""Columns and what they mean, for people: cards with samples, and what else each could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.wizard.forms import form

SAMPLES: Final = 4
_SURE: Final = 80  # percent


@dataclass(frozen=True, slots=True)
class Own:
    """Unit, currency, direction or phase of one column of amounts: what somebody says of it (`said`, "" for nobody),
    what it has, and why."""

    name: str
    question: str
    said: str
    found: str
    reason: str


@dataclass(frozen=True, slots=True)
class Card:
    """A column: `value` is what it means as the APIs say it, `title` in words; `writing` are decisions on its cells,
    `money` is what its amounts are of."""

    question: str
    label: str
    written: str
    samples: tuple[str, ...]
    value: str
    title: str
    confidence: int
    reason: str
    said: bool
    others: tuple[Mapping[str, Any], ...]
    writing: tuple[Mapping[str, Any], ...]
    money: tuple[Own, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.said or self.confidence >= _SURE


def cards(
    table: Mapping[str, Any],
    titles: Mapping[str, str],
    answers: Mapping[str, str],
    writing: Sequence[Mapping[str, Any]],
) -> list[Card]:
    """A card for each column of a table."""
    return [_card(number, one, table, titles, answers, writing) for number, one in enumerate(table["columns"])]


def _card(
    number: int,
    one: Mapping[str, Any],
    table: Mapping[str, Any],
    titles: Mapping[str, str],
    answers: Mapping[str, str],
    writing: Sequence[Mapping[str, Any]],
) -> Card:
    label = str(one["label"])
    question = f"column:{label}:role"
    value = answers.get(question) or one["columnType"] or "nothing"
    column = [row[number].strip() for row in table["preview"] if number < len(row) and row[number].strip()]
    others = tuple({**each, "title": title_of(str(each["value"]), titles)} for each in one["others"])
    return Card(
        question=question,
        label=label,
        written=form(str(one["written"])),
        samples=tuple(dict.fromkeys(column))[:SAMPLES],
        value=value,
        title=title_of(value, titles),
        confidence=int(one["confidence"]),
        reason=str(one["reason"]),
        said=question in answers or one["by"] != "proposal",
        others=tuple(each for each in others if each["value"] != value),
        writing=tuple(each for each in writing if each["id"].startswith(f"column:{label}:")),
        money=tuple(_own(name, label, each, answers) for name, each in one.get("money", {}).items()),
    )


def _own(name: str, label: str, each: Mapping[str, Any], answers: Mapping[str, str]) -> Own:
    question = f"column:{label}:{name}"
    said = answers.get(question, "")
    return Own(name, question, said, str(each["value"]), "" if said else str(each["reason"]))


def title_of(value: str, titles: Mapping[str, str]) -> str:
    """What a ColumnType is called."""
    return _("No meaning here: kept in the file, not in the facts") if value == "nothing" else titles.get(value, value)
