"""How a search can be narrowed: facets with their counts and totals, and what is chosen already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.money import Figure, count, figures, separated
from openspending.browse.sought import FILTERS, Sought
from openspending.browse.words import heading, text

SHOWN: Final = 6  # values of a facet that are seen at once
FIGURES: Final = 2  # totals that fit under a value; of more, the first
_OUR_WORDS: Final = ("level", "phase", "direction")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: the link chooses it, or lets it go where it is `chosen`."""

    label: str
    count: str
    figures: tuple[Figure, ...]
    more_figures: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with the values that there are; those in `more` are shown when they are asked for."""

    name: str
    title: str
    values: tuple[Value, ...]
    more: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is chosen; the link lets it go."""

    title: str
    label: str
    href: str


def facets(sought: Sought, answered: object) -> tuple[Facet, ...]:
    """The facets of an answer that can narrow the search, in our order, the chosen values first."""
    given = answered if isinstance(answered, Mapping) else {}
    found = (
        _facet(sought, name, given.get(name)) for name in (*FILTERS, *(one for one in given if one not in FILTERS))
    )
    return tuple(one for one in found if one is not None)


def chips(sought: Sought, answered: object) -> tuple[Chip, ...]:
    """What is chosen, each with its label as far as the answer has it."""
    given = answered if isinstance(answered, Mapping) else {}
    found = []
    for name, values in sought.filters.items():
        labels = {text(one.get("value")): _label(name, one) for one in _rows(given.get(name))}
        found += [Chip(FILTERS[name], labels.get(one) or one, sought.toggled(name, one).href) for one in values]
    if sought.least or sought.most:
        found.append(Chip("Amount", _bounds(sought), sought.of_any_amount().href))
    return tuple(found)


def _facet(sought: Sought, name: str, given: object) -> Facet | None:
    rows = _rows(given)
    if name not in FILTERS or (len(rows) < 2 and not sought.filters.get(name)):
        return None
    values = [_value(sought, name, one) for one in rows]
    values.sort(key=lambda one: not one.chosen)
    seen = max(SHOWN, sum(one.chosen for one in values))
    if len(values) == seen + 1:
        seen += 1
    return Facet(name, FILTERS[name], tuple(values[:seen]), tuple(values[seen:])) if values else None


def _value(sought: Sought, name: str, row: Mapping[str, Any]) -> Value:
    value = text(row.get("value"))
    found = figures(row.get("totals"))
    return Value(
        label=_label(name, row),
        count=count(row.get("count")),
        figures=found if len(found) <= FIGURES else found[:1],
        more_figures=0 if len(found) <= FIGURES else len(found) - 1,
        href=sought.toggled(name, value).href,
        chosen=sought.chosen(name, value),
    )


def _rows(given: object) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _label(name: str, row: Mapping[str, Any]) -> str:
    label = text(row.get("label"), 120) or text(row.get("value"), 120)
    return heading(label) if name in _OUR_WORDS else label


def _bounds(sought: Sought) -> str:
    least, most = separated(sought.least), separated(sought.most)
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}"
