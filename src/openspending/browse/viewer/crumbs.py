"""The way down to what is shown, and the filters: what each member is called, and how to let it go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from openspending.browse.languages import gettext as _
from openspending.browse.locales import number
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.rows import named
from openspending.browse.words import heading, text
from openspending.view import View, dimension, member_of, ref_of

OPERATORS = {"!:": "≠", "~:": "∋", "^:": "…", "<=:": "≤", ">=:": "≥", "<:": "<", ">:": ">", ":": "="}


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way down; the link goes back to it. The last one is where one is."""

    title: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter; the link lets it go. `member` leads to the page of its single member."""

    title: str
    label: str
    href: str
    member: str


def crumbs(cube: Cube, view: View, place: Place, fact: Mapping[str, Any]) -> tuple[Crumb, ...]:
    """The way down, from everything. `fact` is one that the view has: it knows what codes are called."""
    if not view.at:
        return ()
    found = [Crumb("", _("Everything"), place.view(replace(view, at=(), order="", skip=0)))]
    steps = list(dict.fromkeys(dimension(one) for one in view.at))
    for depth, step in enumerate(steps):
        upto = tuple(one for one in view.at if dimension(one) in steps[: depth + 1])
        own = next(one for one in view.at if dimension(one) == step)
        found.append(
            Crumb(_title(cube, own), label(cube, own, fact), place.view(replace(view, at=upto, order="", skip=0)))
        )
    return tuple(found)


def chips(cube: Cube, view: View, place: Place, fact: Mapping[str, Any]) -> tuple[Chip, ...]:
    """The filters."""
    return tuple(
        Chip(
            _title(cube, one),
            label(cube, one, fact),
            place.view(replace(view, cut=tuple(each for each in view.cut if each != one), skip=0)),
            _member(cube, one, place),
        )
        for one in view.cut
    )


def refs(cube: Cube, view: View) -> tuple[str, ...]:
    """The refs that a fact has to be asked for, so that it can tell what the members are called."""
    levels = (cube.level(dimension(one)) for one in (*view.at, *view.cut) if member_of(one) is not None)
    return tuple(dict.fromkeys(ref for one in levels if one is not None for ref in (one.key, one.label)))


def label(cube: Cube, one: str, fact: Mapping[str, Any]) -> str:
    """What a condition leaves, in words."""
    ref, member, level = ref_of(one), member_of(one), cube.level(dimension(one))
    if one.endswith(":null"):
        return _("(not given)")
    if member is None or level is None:
        return _values(one, ref)
    known = fact.get(level.label) if str(fact.get(ref)) == member else None
    shown = named(member if known is None else known, level)
    plainly = level.key == level.label or ref != level.key or level.time or level.ref in cube.exclusive
    return shown if plainly else f"{shown} · {member}"


def _values(one: str, ref: str) -> str:
    """A condition of several values, or of a range."""
    if not ref:
        return one
    rest = one[len(ref) :]
    sign = next(sign for sign in OPERATORS if rest.startswith(sign))
    values = rest[len(sign) :]
    shown = [_unquoted(value) for value in values.split(";")]
    mark = "" if sign == ":" else f"{OPERATORS[sign]} "
    return mark + ", ".join(shown)


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        try:
            return str(json.loads(value))
        except ValueError:
            return value
    return number(value) if ".." not in value else value


def _title(cube: Cube, one: str) -> str:
    name = dimension(one)
    level = cube.level(name)
    if level is not None:
        return level.title
    measure = cube.model["measures"].get(name)
    return heading(text(measure.get("label"), 200) or name) if measure else name


def _member(cube: Cube, one: str, place: Place) -> str:
    level, member = cube.level(dimension(one)), member_of(one)
    own = (
        level is not None and member and not level.time and ref_of(one) == level.key and level.ref not in cube.exclusive
    )
    return place.member(level.ref, member) if own and level is not None and member else ""
