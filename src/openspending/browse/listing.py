"""What the list of datasets shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from openspending.browse.languages import gettext as _
from openspending.browse.locales import count, country, date
from openspending.browse.words import countries, licences, period
from openspending.client import ApiError, Client
from openspending.errors import NotFound

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset of the list; texts are empty, and `facts` is None, where nothing is known."""

    owner: str
    name: str
    title: str
    href: str
    revision: str
    changed: str
    countries: tuple[str, ...]
    period: str
    licence: str
    facts: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list; `previous` and `following` are page numbers."""

    owner: str | None
    entries: tuple[Entry, ...]
    total: int
    previous: int | None
    following: int | None


async def listing_page(client: Client, owner: str | None, page: int) -> Listing:
    """The datasets of `owner`, or of everybody, that the visitor may see; their private ones are first. Raises NotFound
    for an owner without datasets."""
    private = await client.private_datasets()
    there = {(one["owner"], one["name"]) for one in private}  # one that moves may be in both lists for a moment
    every = [*private, *(one for one in await client.datasets() if (one["owner"], one["name"]) not in there)]
    rows = [one for one in every if owner is None or one["owner"] == owner]
    if owner is not None and not rows:
        raise NotFound(_("Nobody called “%(owner)s” has published a dataset here.") % {"owner": owner})
    number = min(max(page, 1), max(1, -(-len(rows) // PAGE)))
    shown = rows[(number - 1) * PAGE : number * PAGE]
    return Listing(
        owner=owner,
        entries=tuple(await asyncio.gather(*(_entry(client, one, private=one in private) for one in shown))),
        total=len(rows),
        previous=number - 1 if number > 1 else None,
        following=number + 1 if number * PAGE < len(rows) else None,
    )


async def _entry(client: Client, row: Mapping[str, str], *, private: bool) -> Entry:
    owner, name = row["owner"], row["name"]
    descriptor, facts = await asyncio.gather(_descriptor(client, owner, name), _facts(client, owner, name))
    return Entry(
        owner=owner,
        name=name,
        title=row["title"] or name,
        href=f"/{quote(owner, safe='@')}/{quote(name)}",
        revision=row["revision"],
        changed=date(row["created"]),
        countries=tuple(country(one) for one in countries(descriptor)),
        period=period(descriptor),
        licence=licences(descriptor),
        facts=facts,
        private=private,
    )


async def _descriptor(client: Client, owner: str, name: str) -> dict[str, Any]:
    try:
        return await client.descriptor(owner, name)
    except (NotFound, ApiError):
        return {}


async def _facts(client: Client, owner: str, name: str) -> str | None:
    """How many facts the dataset has; None while they are not derived."""
    try:
        answer = await client.aggregate(owner, name, aggregates="_count")
    except (NotFound, ApiError):
        return None
    return count(answer["summary"]["_count"])
