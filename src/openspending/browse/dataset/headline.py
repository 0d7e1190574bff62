"""What a dataset says, in plain words: sentences whose numbers lead to the lines behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openspending.browse.languages import gettext as _
from openspending.browse.locales import number
from openspending.browse.money import lines as counted
from openspending.browse.viewer.cube import Cube, Level, Measure
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.rows import named
from openspending.browse.viewer.sums import amount, part
from openspending.view import View, condition


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; it leads somewhere where `href` is set."""

    text: str
    href: str = ""


Sentence = tuple[Piece, ...]


def headline(cube: Cube, view: View, place: Place, kind: str, answer: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """The sentences of a dataset's first view, which the API has answered. `kind` says which money was chosen."""
    level, measure = cube.level(view.shown) if view.shown else None, cube.measure(view.measure)
    if measure is None or not answer["meta"]["facts"]["matched"]:
        return ()
    if level is not None and level.time:
        return _years(view, place, level, measure, answer)
    several = kind or (measure.title if len(cube.sums) > 1 else "")
    return _parts(view, place, level, measure, several, answer)


def sentence(template: str, **parts: Piece) -> Sentence:
    """The pieces of a translated sentence, in its own order."""
    found = (
        parts[piece[2:-2]] if piece.startswith("%(") else Piece(piece)
        for piece in re.split(r"(%\(\w+\)s)", template)
        if piece
    )
    return tuple(found)


def _parts(
    view: View, place: Place, level: Level | None, measure: Measure, kind: str, answer: Mapping[str, Any]
) -> tuple[Sentence, ...]:
    """The total, and the largest part of it."""
    whole = amount(answer["summary"].get(measure.ref))
    if whole is None:
        return ()
    total = Piece(_money(whole, measure), place.view(view) + "#lines")
    lines = Piece(counted(answer["meta"]["facts"]["matched"]), _search(place))
    if kind:
        first = sentence(_("%(kind)s: together %(total)s, in %(lines)s."), kind=Piece(kind), total=total, lines=lines)
    else:
        first = sentence(_("Together %(total)s, in %(lines)s."), total=total, lines=lines)
    cells: Sequence[Mapping[str, Any]] = answer["data"]
    largest = amount(cells[0].get(measure.ref)) if level is not None and len(cells) > 1 else None
    if level is None or largest is None or largest <= 0:
        return (first,)
    return first, _largest(view, place, level, measure, answer)


def _largest(view: View, place: Place, level: Level, measure: Measure, answer: Mapping[str, Any]) -> Sentence:
    cell, whole = answer["data"][0], amount(answer["summary"].get(measure.ref))
    found = amount(cell.get(measure.ref))
    below = view.drilled({level.key: cell[level.key], level.label: cell[level.label]})
    own = place.member(level.ref, str(cell[level.key])) if cell[level.key] not in (None, "") else ""
    pieces = {
        "level": Piece(level.title),
        "member": Piece(named(cell[level.label], level), own),
        "amount": Piece(_money(found or 0, measure), place.view(below) + "#lines"),
    }
    share = part(found, whole)
    if share and all((amount(one.get(measure.ref)) or 0) >= 0 for one in answer["data"]):
        said = _("The largest part by %(level)s is %(member)s: %(amount)s, %(share)s of it.")
        return sentence(said, **pieces, share=Piece(f"{number(share)} %"))
    return sentence(_("The largest by %(level)s is %(member)s: %(amount)s."), **pieces)


def _years(view: View, place: Place, level: Level, measure: Measure, answer: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """The last year beside the one before it. Years are not added."""
    cells = [one for one in answer["data"] if one[level.key] is not None and one.get(measure.ref) is not None]
    if len(cells) < 2:
        return ()
    before, last = cells[-2:]

    def told(cell: Mapping[str, Any]) -> Piece:
        cut = (*view.cut, condition(level.key, cell[level.key]))
        shown = _money(amount(cell[measure.ref]) or 0, measure)
        return Piece(shown, place.view(replace(view, chart="table", cut=cut)) + "#lines")

    said = _("In %(year)s it was %(amount)s, after %(before)s in %(previous)s.")
    years = {"year": Piece(named(last[level.key], level)), "previous": Piece(named(before[level.key], level))}
    lines = Piece(counted(answer["meta"]["facts"]["matched"]), _search(place))
    span = {"first": Piece(named(cells[0][level.key], level)), "last": Piece(named(last[level.key], level))}
    return (
        sentence(said, **years, amount=told(last), before=told(before)),
        sentence(_("There are %(lines)s, from %(first)s to %(last)s."), lines=lines, **span),
    )


def _money(value: Any, measure: Measure) -> str:
    return " ".join(one for one in (number(value), measure.currency) if one)


def _search(place: Place) -> str:
    return f"/search?dataset={place.dataset}"
