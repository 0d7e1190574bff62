"""The first lines behind a view: what was added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.locales import in_line
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.words import heading, our_word, text
from openspending.view import View

LINES: Final = 10
COLUMNS: Final = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A fact: its values, each with the address of its member where that has a page, its amounts, and its own page."""

    values: tuple[tuple[str, str], ...]
    amounts: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The first lines of how many there are; `api` has all."""

    columns: tuple[str, ...]
    measures: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int
    api: str


def fields(cube: Cube, view: View, further: Sequence[str]) -> str:
    """The fields that are asked for: what is shown with its codes, the amounts, and `further` ones."""
    shown = [cube.level(ref.partition(".")[0]) for ref in _shown(cube, view)]
    codes = [one.key for one in shown if one is not None]
    measure = cube.measure(view.measure)
    amounts = [measure.name] if measure else list(cube.model["measures"])[:2]
    return "|".join(dict.fromkeys((*_shown(cube, view), *codes, *amounts, *further, "_rid")))


def lines(cube: Cube, view: View, place: Place, answer: Mapping[str, Any]) -> Lines:
    """The lines of an answer of facts."""
    titles = {one["name"]: heading(text(one.get("title"), 200) or one["name"]) for one in answer["columns"]}
    shown = [ref for ref in _shown(cube, view) if ref in titles]
    measures = [one for one in cube.model["measures"] if one in titles]
    rows = answer["data"][:LINES]
    columns = [in_line([text(one.get(name), 100) for one in rows]) for name in measures]
    revision = answer["meta"]["revision"]
    return Lines(
        tuple(titles[ref] for ref in shown),
        tuple(titles[name] for name in measures),
        tuple(
            Line(
                tuple((_value(one.get(ref)), member_of_fact(cube, place, ref, one)) for ref in shown),
                tuple(column[at] for column in columns),
                place.fact(text(one.get("_rid")), revision),
            )
            for at, one in enumerate(rows)
        ),
        int(answer.get("total") or len(rows)),
        text(answer["meta"].get("self"), 8000),
    )


def _shown(cube: Cube, view: View) -> tuple[str, ...]:
    """The refs of the columns: the view's own levels, then whatever tells lines apart best."""
    own = [cube.level(ref) for ref in (*view.group, *view.series)]
    every = sorted(cube.levels, key=lambda one: -(one.members or 0))
    told = [one.label for one in (*own, *(one for one in every if not one.single)) if one and one.members != 1]
    return tuple(dict.fromkeys(told))[:COLUMNS]


def member_of_fact(cube: Cube, place: Place, ref: str, fact: Mapping[str, Any]) -> str:
    """The address of the member that a value names; nothing where it has no page."""
    level = cube.level(ref.partition(".")[0])
    code = fact.get(level.key) if level is not None else None
    if level is None or level.time or level.ref in cube.exclusive or code in (None, ""):
        return ""
    return place.member(level.ref, str(code))


def _value(value: object) -> str:
    return "" if value is None else our_word(str(value)[:300])
