"""Everything on the viewer's page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from openspending.browse.languages import gettext as _
from openspending.browse.viewer.asked import settled
from openspending.browse.viewer.crumbs import Chip, Crumb, chips, crumbs, refs
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.form import FILTER, MEMBERS, SOUGHT, Form, Picker, form, picker
from openspending.browse.viewer.lines import LINES, Lines, fields, lines
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import question
from openspending.browse.viewer.refused import Refusal, refusals
from openspending.browse.viewer.suggest import comparisons
from openspending.browse.viewer.table import Table, headed, table
from openspending.browse.viewer.useit import Use, use
from openspending.browse.words import heading, our_word, text
from openspending.client import ApiError, Client
from openspending.view import View, Wrong, condition

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ViewPage:
    """The page. `refused` has the choices where the API does not answer, and `table` is None then; `newer` is the
    address of the same view of the newest revision, where this is an older one."""

    place: Place
    pinned: Place
    title: str
    private: bool
    heading: str
    view: View
    wrong: tuple[Wrong, ...]
    about: Answer
    licence: str
    crumbs: tuple[Crumb, ...]
    chips: tuple[Chip, ...]
    form: Form
    picker: Picker | None
    table: Table | None
    refused: tuple[Refusal, ...]
    lines: Lines | None
    use: Use
    compared: tuple[tuple[str, str], ...]
    receipt: str
    newer: str
    back: str


async def viewer_page(client: Client, place: Place, asked: Mapping[str, list[str]], base: str) -> ViewPage:
    """The page of the view that the parameters `asked` for. Raises NotFound."""
    pairs = [(name, value) for name, values in asked.items() if name not in {FILTER, SOUGHT} for value in values]
    read, misread = View.read(pairs)
    about, model = await asyncio.gather(
        client.v1(place.owner, place.versioned), client.v1(place.owner, place.versioned, "model")
    )
    cube, pinned = Cube(model), place.at(about["revision"])
    view, unknown = settled(cube, read)
    what = question(cube, view)
    answer, facts, members, newest = await asyncio.gather(
        _answer(client, place, cube, view),
        _facts(client, place, cube, view),
        _members(client, place, cube, view, asked),
        _newest(client, place),
    )
    found = isinstance(answer, Mapping)
    fact = facts["data"][0] if facts and facts["data"] else {}
    return ViewPage(
        place=place,
        pinned=pinned,
        title=text(about.get("title"), 300) or heading(place.name),
        private=about["visibility"] == "private",
        heading=headed(cube, view),
        view=view,
        wrong=(*misread, *unknown),
        about=about,
        licence=_licence(about),
        crumbs=crumbs(cube, view, place, fact),
        chips=chips(cube, view, place, fact),
        form=form(cube, view, place),
        picker=members,
        table=table(cube, view, place, answer) if isinstance(answer, Mapping) else None,
        refused=() if isinstance(answer, Mapping) else refusals(cube, view, place, answer),
        lines=lines(cube, view, place, facts) if facts else None,
        use=use(cube, view, pinned, what, base, private=about["visibility"] == "private"),
        compared=_compared(cube, view, place),
        receipt=text(answer["meta"].get("receipt"), 8000) if found and isinstance(answer, Mapping) else "",
        back=place.view(replace(view, skip=0)) if view.skip else "",
        newer=Place(place.owner, place.name).view(view) if newest > about["revision"] else "",
    )


async def _answer(client: Client, place: Place, cube: Cube, view: View) -> Answer | ApiError:
    what = question(cube, view)
    try:
        asked = {**what.parameters, "pagesize": str(what.pagesize)}
        return await client.v1(place.owner, place.versioned, what.endpoint, **asked)
    except ApiError as refusal:
        return refusal


async def _facts(client: Client, place: Place, cube: Cube, view: View) -> Answer | None:
    """The first facts of the view; those of a comparison are of both sides."""
    wanted = fields(cube, view, refs(cube, view))
    measure = cube.measure(view.measure)
    largest = {"order": f"{measure.name}:desc"} if measure else {}
    try:
        return await client.v1(
            place.owner, place.versioned, "facts", fields=wanted, cut=view.whole_cut, pagesize=str(LINES), **largest
        )
    except ApiError:
        return None


async def _members(
    client: Client, place: Place, cube: Cube, view: View, asked: Mapping[str, list[str]]
) -> Picker | None:
    """The members to filter by, when the reader wants to choose one."""
    level = cube.level(asked.get(FILTER, [""])[0])
    if level is None:
        return None
    sought = asked.get(SOUGHT, [""])[0][:200]
    cut = f"{condition(level.label, sought).replace(':', '~:', 1)}" if sought else ""
    try:
        answer = await client.v1(
            place.owner,
            place.versioned,
            f"members/{level.ref}",
            cut=cut,
            order="_count:desc",
            pagesize=str(MEMBERS),
        )
    except ApiError:
        return None
    return picker(level, view, place, sought, answer)


async def _newest(client: Client, place: Place) -> int:
    """The number of the newest revision, where the address names another."""
    return int((await client.v1(place.owner, place.name))["revision"]) if place.version else 0


def _compared(cube: Cube, view: View, place: Place) -> tuple[tuple[str, str], ...]:
    if view.compare:
        return ()
    return tuple(
        (
            _("Compare %(left)s and %(right)s") % {"left": our_word(left), "right": our_word(right)},
            place.view(replace(one, size=view.size, skip=0)),
        )
        for left, right, one in comparisons(cube, view)
    )


def _licence(about: Answer) -> str:
    names = (text(one.get("name") or one.get("title"), 80) for one in about.get("licences") or ())
    return ", ".join(one for one in names if one)
