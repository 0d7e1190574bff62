"""The revisions of a dataset, the newest first, each with what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.locales import moment
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.suggest import suggested
from openspending.browse.words import text
from openspending.view import View

SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Revision:
    """One line of the history. `changes` leads to its figures beside those of the one before; it is empty for the
    first."""

    number: int
    created: str
    author: str
    message: str
    href: str
    descriptor: str
    changes: str
    shown: bool


def revision(said: Mapping[str, Any], place: Place, cube: Cube | None, shown: int) -> Revision:
    """A revision as the API describes it."""
    number = int(said.get("revision") or 1)
    return Revision(
        number,
        moment(text(said.get("created"), 30)),
        text(said.get("author"), 200),
        text(said.get("message"), 500),
        place.at(number).page,
        f"/data{Place(place.owner, place.name).page}/r{number}.datapackage.json",
        _changes(cube, place.at(number), number) if cube is not None and number > 1 else "",
        number == shown,
    )


def history(listed: Sequence[Mapping[str, Any]], place: Place, cube: Cube | None, shown: int) -> tuple[Revision, ...]:
    """The newest revisions."""
    found = sorted(listed, key=lambda one: -int(one["revision"]))
    return tuple(revision(one, place, cube, shown) for one in found[:SHOWN])


def _changes(cube: Cube, place: Place, number: int) -> str:
    """The view that compares a revision with the one before."""
    view = suggested(cube)
    return place.view(
        View(chart="bar", measure=view.measure, group=view.group, cut=view.cut, compare=f"@{number - 1}~@{number}")
    )
