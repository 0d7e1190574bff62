"""What must not be added up on a page, so that one member is chosen: as the roles in the API's model say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from openspending.browse.words import heading, our_word

LIFE: Final = {"proposed": 0, "approved": 1, "adjusted": 2, "executed": 3}
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What must not be added up, so that one member is chosen: (title, href, whether it is the chosen one)."""

    title: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of a page, the cut of `/api/3` that follows from them, and the dimensions that get no table."""

    choices: tuple[Choice, ...] = ()
    cut: str = ""
    dimensions: frozenset[str] = frozenset()


def chosen(roles: Mapping[str, Any], model: Mapping[str, Any], asked: Mapping[str, str]) -> Chosen:
    """The choices for each exclusive dimension of `model` with several members; what was not asked for is the default
    member. A missing member cannot be chosen, since `/api/3` has no word for it."""
    exclusive = [one for one in roles["exclusive"] if one["ref"] in model["dimensions"]]
    several = {name: one for name, one in _named(exclusive).items() if len(_members(one)) > 1}
    taken = {name: _taken(one, asked.get(name)) for name, one in several.items()}
    cuts = [
        f"{one['key']}:{json.dumps(member['value'], ensure_ascii=False)}"
        for name, one in several.items()
        for member in _members(one)
        if str(member["value"]) == taken[name]
    ]
    choices = tuple(Choice(heading(our_word(name)), tuple(_options(name, one, taken))) for name, one in several.items())
    return Chosen(choices, "|".join(cuts), frozenset(one["ref"] for one in exclusive))


def _named(exclusive: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The dimensions by what they are called in links: their kind, or their ref where several are of one kind."""
    kinds = [one["kind"] for one in exclusive]
    return {one["kind"] if kinds.count(one["kind"]) == 1 else one["ref"]: one for one in exclusive}


def _members(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The members to choose from, phases in the order of a budget's life."""
    known = [member for member in one["members"] if member["value"] is not None]
    if one["kind"] == "phase":
        known.sort(key=lambda member: LIFE.get(str(member["value"]), LIFE["adjusted"]))
    return known


def _taken(one: Mapping[str, Any], asked: str | None) -> str:
    values = [str(member["value"]) for member in _members(one)]
    usual = str(one["default"]["value"])
    return next((value for value in (asked, usual) if value in values), values[0])


def _options(name: str, one: Mapping[str, Any], taken: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    found = []
    for member in _members(one)[:SHOWN]:
        value = str(member["value"])
        link = "?" + urlencode({**taken, name: value}, quote_via=quote)
        label = str(member["label"] or value)
        known = our_word(label)
        found.append((label if known == label else heading(known), link, value == taken[name]))
    return found
