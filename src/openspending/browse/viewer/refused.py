"""What the API refuses to add up, as choices that are links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from openspending.browse.languages import gettext as _
from openspending.browse.locales import count
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.words import heading, our_word, text
from openspending.client import ApiError, Told
from openspending.view import View, conditions, dimension


@dataclass(frozen=True, slots=True)
class Option:
    """One that can be chosen; `facts` says how many lines it has."""

    title: str
    href: str
    facts: str
    usual: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that is not answered as it was asked: why, and what can be chosen instead. `beside` leads to all of
    them beside each other."""

    title: str
    message: str
    options: tuple[Option, ...]
    beside: str


def refusals(cube: Cube, view: View, place: Place, error: ApiError) -> tuple[Refusal, ...]:
    """What the API said no to: each kind of money of which one must be chosen; else its sentence alone."""
    mixed = error.told.get("mixed") or ()
    if not mixed:
        return (Refusal(_("This cannot be shown"), error.detail, (), ""),)
    return tuple(_mixed(cube, view, place, one, error.language) for one in mixed)


def _mixed(cube: Cube, view: View, place: Place, one: Mapping[str, Any], language: str) -> Refusal:
    message = Told(text(one.get("message"), 1000), language)
    ref, kind = text(one.get("ref")), text(one.get("kind"), 80)
    kept = tuple(each for each in view.cut if dimension(each) != ref)
    choices = [each for each in one.get("choices") or () if isinstance(each, Mapping)]
    options = tuple(
        Option(
            our_word(text(each.get("label"), 200) or str(each.get("value"))),
            place.view(replace(view, cut=(*kept, *conditions(text(each.get("cut")))))),
            count(each.get("facts")),
            each.get("default") is True,
        )
        for each in choices
    )
    level = cube.level(ref)
    name = level.title if level else heading(our_word(kind))
    return Refusal(
        _("Choose one: %(name)s") % {"name": name},
        message,
        options,
        _beside(view, place, ref) if level else "",
    )


def _beside(view: View, place: Place, ref: str) -> str:
    """The address of all members beside each other; nothing where there is no room for them."""
    if view.pivots:
        return place.view(replace(view, series=(ref, *view.series)))
    return place.view(replace(view, series=(ref,))) if view.group and view.shown != ref and not view.series else ""
