"""What the page of one dataset shows: what it is, its totals, its warnings, its files, its history."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.controls import ControlLine, control_lines
from openspending.browse.languages import gettext as _
from openspending.browse.locales import country, moment
from openspending.browse.totals import Questions, Totals
from openspending.browse.words import countries, heading, licences, period, size, sources, text
from openspending.client import ApiError, Client, cube_path
from openspending.errors import NotFound

HISTORY: Final = 10
WARNINGS: Final = 30


@dataclass(frozen=True, slots=True)
class File:
    """Something to download; without `href` the note says why there is none."""

    title: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One line of the history."""

    number: int
    created: str
    author: str
    message: str
    href: str


@dataclass(frozen=True, slots=True)
class KeptWarning:
    """A problem that was accepted with the revision."""

    title: str
    message: str
    place: str
    fix: str


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Everything on the page. `totals` is None when `unanswered` says why there are none."""

    owner: str
    name: str
    private: bool
    title: str
    description: str
    countries: tuple[str, ...]
    period: str
    licence: str
    sources: tuple[tuple[str, str], ...]
    revision: RevisionLine
    totals: Totals | None
    unanswered: str
    controls: tuple[ControlLine, ...]
    warnings: tuple[KeptWarning, ...]
    more_warnings: int
    files: tuple[File, ...]
    api: tuple[File, ...]
    history: tuple[RevisionLine, ...]


async def dataset_page(client: Client, owner: str, name: str, *, asked: Mapping[str, str], build: str) -> DatasetPage:
    """The page of `owner`/`name`; `asked` is the phase, direction, currency … to show. Raises NotFound."""
    descriptor = await client.descriptor(owner, name)
    root = f"/data/{quote(owner, safe='@')}/{quote(name)}/"
    stamp = _stamp(descriptor)
    number = stamp.get("revision") if isinstance(stamp.get("revision"), int) else 1
    visibility, (totals, unanswered), history, downloads = await asyncio.gather(
        client.visibility(owner, name),
        _totals(client, owner, name, asked),
        _history(client, owner, name, int(number or 1)),
        _downloads(client, root, f"derived/r{number}-{build}/"),
    )
    warnings = [_warning(one) for one in stamp.get("problems") or () if isinstance(one, Mapping)]
    return DatasetPage(
        owner=owner,
        name=name,
        private=visibility == "private",
        title=text(descriptor.get("title"), 300) or heading(name),
        description=text(descriptor.get("description"), 5000),
        countries=tuple(country(one) for one in countries(descriptor)),
        period=period(descriptor),
        licence=licences(descriptor),
        sources=sources(descriptor),
        revision=_revision(descriptor, root),
        totals=totals,
        unanswered=unanswered,
        controls=control_lines(stamp),
        warnings=tuple(warnings[:WARNINGS]),
        more_warnings=max(0, len(warnings) - WARNINGS),
        files=(*downloads, *_files(descriptor, root)),
        api=_queries(owner, name),
        history=history,
    )


async def _totals(client: Client, owner: str, name: str, asked: Mapping[str, str]) -> tuple[Totals | None, str]:
    try:
        model = await client.model(owner, name)
        roles = await client.roles(owner, name)
        return await Questions(client, owner, name, model, roles, asked).totals(), ""
    except NotFound:
        return None, _("The totals are being computed. The files can be downloaded already.")
    except ApiError:
        return None, _("The totals cannot be computed just now.")


async def _history(client: Client, owner: str, name: str, newest: int) -> tuple[RevisionLine, ...]:
    """The newest revisions, the newest first."""
    root = f"/data/{quote(owner, safe='@')}/{quote(name)}/"
    numbers = range(newest, max(0, newest - HISTORY), -1)
    found = await asyncio.gather(*(_older(client, owner, name, number) for number in numbers))
    return tuple(_revision(one, root) for one in found if one)


async def _older(client: Client, owner: str, name: str, number: int) -> Mapping[str, Any] | None:
    try:
        return await client.descriptor(owner, name, number)
    except NotFound:
        return None


def _stamp(descriptor: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the DataStore wrote into the descriptor."""
    stamp = descriptor.get("openspending")
    return stamp if isinstance(stamp, Mapping) else {}


def _revision(descriptor: Mapping[str, Any], root: str) -> RevisionLine:
    stamp = _stamp(descriptor)
    number = int(stamp.get("revision") or 1)
    created = moment(text(stamp.get("created"), 30))
    author, message = text(stamp.get("author"), 200), text(stamp.get("message"), 500)
    return RevisionLine(number, created, author, message, f"{root}r{number}.datapackage.json")


def _warning(found: Mapping[str, Any]) -> KeptWarning:
    row = _("row %(row)s") % {"row": found["row"]} if found.get("row") else ""
    parts = (text(found.get("file"), 200) or text(found.get("resource"), 200), row, text(found.get("field"), 200))
    return KeptWarning(
        title=text(found.get("title"), 200) or text(found.get("code"), 200),
        message=text(found.get("message"), 500),
        place=", ".join(one for one in parts if one),
        fix=text(found.get("fix"), 500),
    )


async def _downloads(client: Client, root: str, derived: str) -> list[File]:
    """All facts as one file in each form; while these are being made, the fact table alone, once it is derived."""
    try:
        listed = await client.stored_json(f"{root}{derived}downloads.json")
    except NotFound:
        facts = f"{root}{derived}facts.parquet"
        return [File("Parquet", facts, _("all facts"))] if await client.exists(facts) else []
    return [
        File(
            text(one.get("title"), 100),
            root + quote(one["path"]) if "path" in one else "",
            text(one.get("reason"), 500) or _("all facts, %(size)s") % {"size": size(one.get("bytes"))},
        )
        for one in listed["files"]
    ]


def _files(descriptor: Mapping[str, Any], root: str) -> list[File]:
    found = [File("datapackage.json", f"{root}datapackage.json", _("the descriptor, for every Data Package tool"))]
    for resource in descriptor.get("resources") or ():
        paths = resource.get("path") if isinstance(resource, Mapping) else None
        for path in [paths] if isinstance(paths, str) else paths or ():
            shown = size(resource.get("bytes")) if isinstance(paths, str) else ""
            found.append(
                File(
                    str(path).rpartition("/")[2],
                    root + quote(str(path)),
                    ", ".join(one for one in (_("as published"), shown) if one),
                )
            )
    return found


def _queries(owner: str, name: str) -> tuple[File, ...]:
    asked = (
        (_("Model"), "model", _("measures, dimensions and hierarchies")),
        (_("Aggregate"), "aggregate", _("sums by any level")),
    )
    listed = [File(title, cube_path(owner, name, one), note) for title, one, note in asked]
    facts = File(_("Facts"), cube_path(owner, name, "facts") + "?pagesize=100", _("single facts, page by page"))
    return (*listed, facts, File("OpenAPI", "/openapi.json", _("the description of the API")))
