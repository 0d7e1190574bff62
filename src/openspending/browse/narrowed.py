"""How a search can be narrowed: facets with their counts and totals, and what is chosen already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.locales import count, country, number
from openspending.browse.money import Figure, figures
from openspending.browse.sought import FILTERS, Sought
from openspending.browse.words import heading, our_word, text

SHOWN: Final = 6  # values of a facet that are seen at once
FIGURES: Final = 2  # totals that fit under a value; of more, the first
ALPHA: Final = 2  # letters of a country's code
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


def facets(sought: Sought, answer: Mapping[str, Any]) -> tuple[Facet, ...]:
    """The facets of an answer that can narrow the search, in our order; of years the latest first, but what is
    chosen before all."""
    given = answer.get("facets") or {}
    currencies = [one.currency for one in figures(answer.get("totals"))]
    plain = frozenset(one for one in currencies if currencies.count(one) == 1)
    found = (_facet(sought, name, _rows(given.get(name)), answer["total"], plain) for name in FILTERS)
    return tuple(one for one in found if one is not None)


def chips(sought: Sought, answer: Mapping[str, Any]) -> tuple[Chip, ...]:
    """What is chosen, each with its label as far as the answer has it."""
    given = answer.get("facets") or {}
    found = []
    for name, values in sought.filters.items():
        labels = {text(one.get("value")): _label(name, one) for one in _rows(given.get(name))}
        found += [Chip(_(FILTERS[name]), labels.get(one) or one, sought.toggled(name, one).href) for one in values]
    if sought.least or sought.most:
        found.append(Chip(_("Amount"), _bounds(sought), sought.of_any_amount().href))
    return tuple(found)


def _facet(
    sought: Sought, name: str, rows: Sequence[Mapping[str, Any]], total: object, plain: frozenset[str]
) -> Facet | None:
    """A facet; None where no value of it would leave less than the `total`. Amounts in `plain` currencies are of one
    kind, which is said above them."""
    if not sought.filters.get(name) and (len(rows) < 2 or all(one.get("count") == total for one in rows)):
        return None
    if name == "year":
        rows = sorted(rows, key=lambda one: text(one.get("value")), reverse=True)
    values = [_value(sought, name, one, plain) for one in rows]
    values.sort(key=lambda one: not one.chosen)
    seen = max(SHOWN, sum(one.chosen for one in values))
    if len(values) == seen + 1:
        seen += 1
    return Facet(name, _(FILTERS[name]), tuple(values[:seen]), tuple(values[seen:])) if values else None


def _value(sought: Sought, name: str, row: Mapping[str, Any], plain: frozenset[str]) -> Value:
    value = text(row.get("value"))
    found = tuple(replace(one, note="") if one.currency in plain else one for one in figures(row.get("totals")))
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
    if name == "country":
        return country(text(row.get("value"), 8)) if len(text(row.get("value"))) == ALPHA else label
    return heading(our_word(label)) if name in _OUR_WORDS else label


def _bounds(sought: Sought) -> str:
    bounds = {"least": number(sought.least), "most": number(sought.most)}
    if sought.least and sought.most:
        return _("%(least)s to %(most)s") % bounds
    return (_("at least %(least)s") if sought.least else _("at most %(most)s")) % bounds
