"""What the page of one dataset shows: what it says, its totals and first chart, its columns, files and history."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from openspending.browse.controls import ControlLine, control_lines
from openspending.browse.dataset.citing import Citation, citation
from openspending.browse.dataset.columns import Column, columns
from openspending.browse.dataset.files import File, downloads, originals, queries
from openspending.browse.dataset.headline import Sentence, headline
from openspending.browse.dataset.history import Revision, history, revision
from openspending.browse.languages import gettext as _
from openspending.browse.locales import country
from openspending.browse.totals import Questions, Totals
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.lines import Lines, fields, lines
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import question
from openspending.browse.viewer.suggest import comparisons, suggested
from openspending.browse.viewer.table import Table, table
from openspending.browse.viewer.useit import Use, use
from openspending.browse.words import countries, heading, licences, our_word, period, sources, text
from openspending.client import ApiError, Client, Told
from openspending.errors import NotFound, StoreError
from openspending.speaking import ENGLISH
from openspending.view import View

WARNINGS: Final = 30
PREVIEW: Final = "5"

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptWarning:
    """A problem that was accepted with the revision."""

    title: str
    message: str
    place: str
    fix: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page says in numbers: sentences, totals, the first chart with its table, the first lines. `also` leads
    to other views, as (title, address)."""

    headline: tuple[Sentence, ...]
    totals: Totals
    view: View
    table: Table | None
    same: tuple[tuple[str, str], ...]
    preview: Lines | None
    columns: tuple[Column, ...]
    also: tuple[tuple[str, str], ...]
    use: Use


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Everything on the page. `figures` is None when `unanswered` says why there are none; `older` says that there is a
    newer revision than the one that is shown."""

    place: Place
    pinned: Place
    private: bool
    title: str
    description: str
    countries: tuple[str, ...]
    period: str
    licence: str
    sources: tuple[tuple[str, str], ...]
    revision: Revision
    hash: str
    older: bool
    figures: Figures | None
    unanswered: str
    controls: tuple[ControlLine, ...]
    warnings: tuple[KeptWarning, ...]
    more_warnings: int
    files: tuple[File, ...]
    api: tuple[File, ...]
    history: tuple[Revision, ...]
    citation: Citation

    @property
    def whole(self) -> bool:
        """Whether all of it could be had: what is missing may be there in a moment."""
        return self.figures is not None and self.figures.table is not None and self.figures.preview is not None


async def dataset_page(client: Client, place: Place, *, asked: Mapping[str, str], base: str) -> DatasetPage:
    """The page of a dataset; `asked` is the phase, direction, currency … to show, `base` the address of this
    OpenSpending. Raises NotFound."""
    about = await client.v1(place.owner, place.versioned)
    number, pinned = int(about["revision"]), place.at(about["revision"])
    descriptor, revisions, cube, listed = await asyncio.gather(
        client.descriptor(place.owner, place.name, number),
        client.v1(place.owner, place.name, "revisions"),
        _cube(client, place),
        _downloads(client, place),
    )
    figures, unanswered = None, _("The totals are being computed. The files can be downloaded already.")
    if cube is not None:
        figures, unanswered = await _figures(
            client, place, pinned, cube, descriptor, asked, base, private=about["visibility"] == "private"
        )
    warnings = [_warning(one) for one in about.get("warnings") or () if isinstance(one, Mapping)]
    newest = max(int(one["revision"]) for one in revisions["data"])
    return DatasetPage(
        place=place,
        pinned=pinned,
        private=about["visibility"] == "private",
        title=text(about.get("title"), 300) or heading(place.name),
        description=text(descriptor.get("description"), 5000),
        countries=tuple(country(one) for one in countries(descriptor)),
        period=period(descriptor),
        licence=licences(descriptor),
        sources=sources(descriptor),
        revision=revision(about, place, cube, number),
        hash=text(about.get("hash"), 100),
        older=newest > number,
        figures=figures,
        unanswered=unanswered,
        controls=control_lines(about),
        warnings=tuple(warnings[:WARNINGS]),
        more_warnings=max(0, len(warnings) - WARNINGS),
        files=(*downloads(listed), *originals(descriptor, place, number)),
        api=queries(place),
        history=history(revisions["data"], place, cube, number),
        citation=citation(about, descriptor, pinned, base),
    )


async def _cube(client: Client, place: Place) -> Cube | None:
    """The model; None while it is not derived yet."""
    try:
        return Cube(await client.v1(place.owner, place.versioned, "model"))
    except (NotFound, ApiError, StoreError):
        return None


async def _downloads(client: Client, place: Place) -> Answer:
    try:
        return await client.v1(place.owner, place.versioned, "downloads")
    except (NotFound, ApiError, StoreError):
        return {}


async def _figures(
    client: Client,
    place: Place,
    pinned: Place,
    cube: Cube,
    descriptor: Answer,
    asked: Mapping[str, str],
    base: str,
    *,
    private: bool,
) -> tuple[Figures | None, str]:
    """The figures; or None, and why there are none."""
    cut = Questions(client, place, cube, asked, told="").cut
    try:
        view, answer = await _begun(client, place, cube, cut)
        questions = Questions(client, place, cube, asked, told=view.shown)
        totals, facts = await asyncio.gather(questions.totals(), _facts(client, place, cube, view))
    except (NotFound, StoreError):
        return None, _("The totals are being computed. The files can be downloaded already.")
    except ApiError:
        return None, _("The totals cannot be computed just now.")
    kind = ", ".join(title for choice in totals.choices for title, _href, chosen in choice.options if chosen)
    figures = Figures(
        headline=headline(cube, view, place, kind, answer) if answer else (),
        totals=totals,
        view=view,
        table=table(cube, view, place, answer) if answer else None,
        same=_same(cube, facts),
        preview=lines(cube, view, place, facts) if facts else None,
        columns=columns(cube, place, descriptor, view.cut),
        also=tuple(
            (_("Compare %(left)s and %(right)s") % {"left": our_word(left), "right": our_word(right)}, place.view(one))
            for left, right, one in comparisons(cube, view)
        ),
        use=use(cube, view, pinned, question(cube, view), base, private=private),
    )
    return figures, ""


async def _begun(client: Client, place: Place, cube: Cube, cut: tuple[str, ...]) -> tuple[View, Answer | None]:
    """The first view, with its answer. What is left by `cut` may have one year only, which is no line."""
    view = replace(suggested(cube), cut=cut)
    answer = await _first(client, place, cube, view)
    if view.chart != "line" or answer is None or len(answer["data"]) > 1:
        return view, answer
    view = replace(suggested(cube, timely=False), cut=cut)
    return view, await _first(client, place, cube, view)


async def _first(client: Client, place: Place, cube: Cube, view: View) -> Answer | None:
    """The answer to the first view; nothing where the API refuses it, as the totals are told all the same."""
    what = question(cube, view)
    parameters = {**what.parameters, "pagesize": str(what.pagesize)}
    try:
        return await client.v1(place.owner, place.versioned, what.endpoint, **parameters)
    except ApiError:
        return None


async def _facts(client: Client, place: Place, cube: Cube, view: View) -> Answer | None:
    """The first facts, with the labels of what is the same for all of them."""
    same = [one.label for one in cube.levels if one.members == 1]
    wanted = fields(cube, view, same)
    try:
        return await client.v1(
            place.owner, place.versioned, "facts", fields=wanted, cut=view.whole_cut, pagesize=PREVIEW
        )
    except ApiError:
        return None


def _same(cube: Cube, facts: Answer | None) -> tuple[tuple[str, str], ...]:
    """(title, label) of the dimensions that have one member only."""
    first = facts["data"][0] if facts and facts["data"] else {}
    found = ((one.title, first.get(one.label)) for one in cube.levels if one.members == 1)
    return tuple((title, our_word(str(label))) for title, label in found if label not in (None, ""))


def _warning(found: Mapping[str, Any]) -> KeptWarning:
    language = text(found.get("language"), 20) or ENGLISH
    row = _("row %(row)s") % {"row": found["row"]} if found.get("row") else ""
    parts = (text(found.get("file"), 200) or text(found.get("resource"), 200), row, text(found.get("field"), 200))
    return KeptWarning(
        title=Told(text(found.get("title"), 200) or text(found.get("code"), 200), language),
        message=Told(text(found.get("message"), 500), language),
        place=", ".join(one for one in parts if one),
        fix=text(found.get("fix"), 500),
    )
