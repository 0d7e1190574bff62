"""The page of one member of a dataset: a supplier, a ministry, a programme; over time, by parts, and elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.money import Figure, figures
from openspending.browse.money import lines as counted
from openspending.browse.viewer.cube import Cube, Level
from openspending.browse.viewer.lines import LINES, Lines, fields, lines
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import question
from openspending.browse.viewer.rows import named
from openspending.browse.viewer.table import Table, table
from openspending.browse.viewer.useit import Use, use
from openspending.browse.words import heading, text
from openspending.client import ApiError, Client
from openspending.errors import BadQuery, NotFound, StoreError
from openspending.view import View, condition, dimension

PARTS: Final = 3  # tables of what it is made of
ROWS: Final = 6
NAMES: Final = 5
WORDS: Final = 18  # of a name that is searched for; the API takes 20

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a member by something else, and where it can be changed."""

    table: Table
    href: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another dataset that has lines with the same name: how many, and their totals; the link lists them."""

    title: str
    lines: str
    figures: tuple[Figure, ...]
    href: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Everything on the page. `also` are further names of the same code; `over` is the member over time or by phase,
    and None where the API cannot tell."""

    place: Place
    pinned: Place
    title: str
    private: bool
    revision: int
    level: str
    name: str
    code: str
    also: tuple[str, ...]
    view: View
    over: Table | None
    href: str
    parts: tuple[Part, ...]
    lines: Lines | None
    all: str
    elsewhere: tuple[Elsewhere, ...]
    everywhere: str
    use: Use


async def member_page(client: Client, place: Place, ref: str, code: str, base: str, *, known: bool) -> MemberPage:
    """The page of the member `code` of the dimension `ref`. `known` is whether the visitor is somebody, who may have
    private datasets. Raises NotFound."""
    about, model = await asyncio.gather(
        client.v1(place.owner, place.versioned), client.v1(place.owner, place.versioned, "model")
    )
    cube = Cube(model)
    level = cube.level(ref) if "." not in ref else None
    if level is None:
        raise NotFound(f"{place.dataset} has no {ref}.")
    members = await _named(client, place, cube, level, code)
    code = str(members[0][level.key])
    own = condition(level.key, code)
    names = [named(one[level.label], level) for one in members]
    view = over_time(cube, level, own)
    over, facts, elsewhere, parts = await asyncio.gather(
        _table(client, place, cube, view),
        _facts(client, place, cube, view, own),
        _elsewhere(client, place, names[0], known=known),
        asyncio.gather(*(_part(client, place, cube, one) for one in made_of(cube, level, own))),
    )
    pinned = place.at(about["revision"])
    return MemberPage(
        place=place,
        pinned=pinned,
        title=text(about.get("title"), 300) or heading(place.name),
        private=about["visibility"] == "private",
        revision=about["revision"],
        level=level.title,
        name=names[0],
        code="" if level.key == level.label or code == names[0] else code,
        also=tuple(names[1 : NAMES + 1]),
        view=view,
        over=over,
        href=place.view(view),
        parts=tuple(one for one in parts if one is not None),
        lines=lines(cube, replace(view, group=(), series=()), place, facts) if facts else None,
        all=place.view(View(chart="table", group=(ref,), cut=(*_defaults(cube, level), own))) + "#lines",
        elsewhere=elsewhere,
        everywhere=_searched(names[0]),
        use=use(cube, view, pinned, question(cube, view), base, private=about["visibility"] == "private"),
    )


async def _named(client: Client, place: Place, cube: Cube, level: Level, code: str) -> list[dict[str, Any]]:
    """The names that a code has, the most frequent first; those of the one member of which something else is called so,
    where no code is. Raises NotFound."""
    attributes = cube.model["dimensions"][level.ref]["attributes"]
    further = "|".join(condition(f"{level.ref}.{one}", code) for one in attributes)
    for cut in (condition(level.key, code), f"any({further})"):
        try:
            answer = await client.v1(
                place.owner, place.versioned, f"members/{level.ref}", cut=cut, order="_count:desc", pagesize="50"
            )
        except ApiError:  # it is not even of the type of the codes
            continue
        found: list[dict[str, Any]] = answer["data"]
        if len({str(one[level.key]) for one in found if one[level.key] is not None}) == 1:
            return found
    raise NotFound(f"{place.dataset} has no {level.ref} {code}.")


def over_time(cube: Cube, level: Level, own: str) -> View:
    """The view of a member over the years, or of one year; phases beside each other, since they are not added."""
    year, years = cube.years
    phase = next((name for name, one in cube.exclusive.items() if one["kind"] == "phase" and one["count"] > 1), "")
    series = phase if phase != level.ref else ""
    kept = tuple(one for one in _defaults(cube, level) if dimension(one) != series)
    measure = cube.main
    start = View(measure=measure.ref if measure else "", cut=(*kept, own))
    if year and year != level.ref and (len(years) > 1 or not series):
        beside = (series,) if series else ()
        return replace(start, chart="line" if len(years) > 1 else "bar", group=(year,), series=beside)
    return replace(start, chart="bar", group=(series or level.ref,))


def made_of(cube: Cube, level: Level, own: str) -> tuple[View, ...]:
    """Views of what a member is made of: the next level of its own hierarchy, then what other hierarchies say of it."""
    measure = cube.main
    found: list[tuple[str, ...]] = []
    year = cube.years[0]
    for _title, levels in cube.hierarchies():
        refs = tuple(one.ref for one in levels if one.ref != year)
        if level.ref in refs:
            found.insert(0, refs[refs.index(level.ref) + 1 :])
        else:
            found.append(refs)
    cut = (*_defaults(cube, level), own)
    groups = [one for one in found if one][:PARTS]
    start = View(chart="bar", measure=measure.ref if measure else "", cut=cut, size=ROWS)
    return tuple(replace(start, group=one) for one in groups)


def _defaults(cube: Cube, level: Level) -> tuple[str, ...]:
    return tuple(one for one in cube.defaults if dimension(one) != level.ref)


async def _table(client: Client, place: Place, cube: Cube, view: View) -> Table | None:
    asked = question(cube, view)
    parameters = {**asked.parameters, "pagesize": str(asked.pagesize)}
    try:
        return table(cube, view, place, await client.v1(place.owner, place.versioned, asked.endpoint, **parameters))
    except (ApiError, StoreError):  # one question that is not answered must not take the page with it
        return None


async def _part(client: Client, place: Place, cube: Cube, view: View) -> Part | None:
    found = await _table(client, place, cube, view)
    return Part(found, place.view(view)) if found is not None and found.rows else None


async def _facts(client: Client, place: Place, cube: Cube, view: View, own: str) -> Answer | None:
    measure = cube.measure(view.measure)
    try:
        return await client.v1(
            place.owner,
            place.versioned,
            "facts",
            fields=fields(cube, replace(view, group=(), series=()), ()),
            cut="|".join((*(one for one in cube.defaults if dimension(one) != dimension(own)), own)),
            order=f"{measure.name}:desc" if measure else "",
            pagesize=str(LINES),
        )
    except (ApiError, StoreError):
        return None


async def _elsewhere(client: Client, place: Place, name: str, *, known: bool) -> tuple[Elsewhere, ...]:
    """Other datasets whose lines have the same name; none where the name cannot be searched for."""
    asked = {"q": _phrase(name), "pagesize": "0", **({"visibility": "all"} if known else {})}
    try:
        answer = await client.search("lines", asked)
    except (BadQuery, ApiError, StoreError):
        return ()
    found = (answer.get("facets") or {}).get("dataset") or ()
    return tuple(
        Elsewhere(
            text(one.get("label"), 300) or text(one.get("value")),
            counted(one.get("count")),
            figures(one.get("totals"))[:3],
            f"{_searched(name)}&dataset={quote(text(one.get('value')), safe='/@')}",
        )
        for one in found
        if one.get("value") != place.dataset
    )


def _phrase(name: str) -> str:
    """The name as a phrase of a search."""
    return '"' + " ".join(name.replace('"', " ").split()[:WORDS])[:290] + '"'


def _searched(name: str) -> str:
    return f"/search?q={quote(_phrase(name), safe='')}"
