"""What the page of one fact shows: its fields, and the publisher's own file around the row that it came from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.languages import gettext as _
from openspending.browse.locales import number as exact
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.lines import member_of_fact
from openspending.browse.viewer.place import Place
from openspending.browse.words import heading, text
from openspending.client import ApiError, Client
from openspending.errors import NotFound, StoreError

FIELDS: Final = 400
CELL: Final = 160  # characters of a cell that are shown


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the fact; `number` where it is an amount. `href` is the page of the member that it names."""

    title: str
    value: str
    number: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the file as it stands there; `chosen` is the fact's own, `header` one with labels of columns."""

    number: str
    cells: tuple[str, ...]
    chosen: bool
    header: bool


@dataclass(frozen=True, slots=True)
class FactPage:
    """Everything on the page; `rows` are empty where the file could not be opened. `used` are the places of the columns
    that the fact was made of."""

    owner: str
    name: str
    title: str
    private: bool
    revision: int
    fields: tuple[Field, ...]
    file: str
    sheet: str
    row: str
    href: str
    hash: str
    rows: tuple[SourceRow, ...]
    used: frozenset[int]
    elsewhere: tuple[str, ...]
    beside: int
    api: str


async def fact_page(client: Client, owner: str, name: str, rid: str, asked: str) -> FactPage:
    """The page of a fact, as the revision `asked` has it, or the newest where that is no number. Raises NotFound."""
    revision = int(asked) if asked.isascii() and asked.isdigit() else None
    place = Place(owner, name, "" if revision is None else str(revision))
    fact, window, about, cube = await asyncio.gather(
        client.fact(owner, name, rid, revision),
        _window(client, owner, name, rid, revision),
        client.v1(owner, name),
        _cube(client, place),
    )
    source = fact["source"]
    titles = {one["name"]: text(one.get("title"), 200) for one in fact["columns"]}
    return FactPage(
        owner=owner,
        name=name,
        title=text(about.get("title"), 300) or heading(name),
        private=about["visibility"] == "private",
        revision=fact["meta"]["revision"],
        fields=_fields(fact, titles, cube, place),
        file=text(source["file"]).rpartition("/")[2],
        sheet=text(source.get("sheet"), 120),
        row="" if source["row"] is None else str(source["row"]),
        href=text(source["url"]),
        hash=text(source["hash"]),
        rows=_rows(window),
        used=frozenset(at for at, one in enumerate(window.get("columns") or ()) if one.get("refs")),
        elsewhere=tuple(_elsewhere(one, titles) for one in window.get("elsewhere") or ()),
        beside=int((window.get("facts") or {}).get("total") or 1) - 1,
        api=text(fact["links"]["self"]),
    )


async def _window(client: Client, owner: str, name: str, rid: str, revision: int | None) -> Mapping[str, Any]:
    """The file around the row; nothing where it cannot be opened just now."""
    try:
        return await client.source_of_fact(owner, name, rid, revision)
    except ApiError:
        return {}


async def _cube(client: Client, place: Place) -> Cube | None:
    """The model; None while it is not derived."""
    try:
        return Cube(await client.v1(place.owner, place.versioned, "model"))
    except (NotFound, ApiError, StoreError):
        return None


def _fields(fact: Mapping[str, Any], titles: Mapping[str, str], cube: Cube | None, place: Place) -> tuple[Field, ...]:
    """The fields that have a value, amounts first."""
    kinds = {one["name"]: one.get("kind") for one in fact["columns"]}
    found = []
    for name, value in list(fact["data"].items())[:FIELDS]:
        if value is not None and value != "":
            number = kinds.get(name) not in {"text", "integer", "date", "boolean", None}
            shown = str(value)
            href = "" if cube is None or number else member_of_fact(cube, place, name, fact["data"])
            title = titles.get(name) or heading(name)
            found.append(Field(title, exact(shown) if number else shown[:2000], number, href))
    return tuple(sorted(found, key=lambda one: not one.number))


def _rows(window: Mapping[str, Any]) -> tuple[SourceRow, ...]:
    header, rows = window.get("header") or (), window.get("rows") or ()
    first = rows[0]["row"] if rows else 0
    above = [_row(one, header=True) for one in header if one["row"] < first or not rows]
    named = {one["row"] for one in header}
    return (*above, *(_row(one, header=one["row"] in named) for one in rows))


def _row(row: Mapping[str, Any], *, header: bool) -> SourceRow:
    cells: Sequence[Any] = row.get("cells") or ()
    return SourceRow(str(row["row"]), tuple(_cell(one) for one in cells), row.get("fact") is True, header)


def _cell(value: object) -> str:
    shown = "" if value is None else str(value)
    return shown if len(shown) <= CELL else f"{shown[:CELL]} …"


def _elsewhere(one: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What of the fact does not stand in the row, in words."""
    what = ", ".join(titles.get(ref) or heading(str(ref)) for ref in one.get("refs") or ())
    if one.get("from") == "code list":
        return _("%(what)s: from the code list %(list)s") % {"what": what, "list": text(one.get("resource"), 100)}
    return _("%(what)s: stated by the publisher for the whole file") % {"what": what}
