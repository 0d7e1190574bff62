"""What lists of datasets show: the front page, and the datasets of one owner. One search knows of each dataset how
large it is, and of which countries and years."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from openspending.browse.hits import page_of, years_told
from openspending.browse.languages import gettext as _
from openspending.browse.locales import count, country, date
from openspending.browse.money import lines as counted
from openspending.browse.narrowed import Facet, facets
from openspending.browse.recent import Change, recent
from openspending.browse.searchpage import following
from openspending.browse.sought import Sought
from openspending.browse.words import text
from openspending.client import ApiError, Client
from openspending.errors import BadQuery, NotFound, StoreError

NEWEST: Final = 12
PAGE: Final = 50
MANY: Final = 100  # of datasets whose lines are counted one by one
SHOWN: Final = ("country", "year", "level", "direction", "phase", "classification")

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset of a list; `lines` is empty while nobody has counted them."""

    dataset: str
    title: str
    href: str
    revision: str
    changed: str
    countries: tuple[str, ...]
    years: str
    lines: str
    licence: str
    private: bool


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: how much there is, the newest datasets, by what they can be chosen, what happened lately. `all`
    is the address of all datasets, and `pending` how many are not searched yet."""

    datasets: int
    lines: str
    countries: int
    entries: tuple[Entry, ...]
    facets: tuple[Facet, ...]
    recent: tuple[Change, ...]
    all: str
    pending: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The datasets of an owner, page by page: `first` and `following` are addresses."""

    owner: str
    entries: tuple[Entry, ...]
    total: int
    first: str
    following: str


async def front_page(client: Client, *, known: bool) -> Front:
    """The front page. `known` is whether the visitor is somebody, who may have private datasets."""
    sought = Sought.read([("show", "datasets"), ("order", "newest")])
    asked = {**sought.asked(known=known), "pagesize": str(MANY)}
    answer, changes = await asyncio.gather(_search(client, asked), recent(client))
    rows, total, pending = answer["data"], answer["total"], int(answer["meta"].get("pending") or 0)
    listed = [_found(one) for one in rows[:NEWEST]]
    if pending or not rows:
        listed = _together(listed, await _stored(client, "", known=known))[:NEWEST]
    found = {one.name: one for one in facets(sought, answer)}
    return Front(
        datasets=max(total, len(listed)),
        lines=await _lines(client, rows, total, known=known),
        countries=len((answer["facets"] or {}).get("country") or ()),
        entries=tuple(listed),
        facets=tuple(found[name] for name in SHOWN if name in found),
        recent=changes,
        all=sought.href,
        pending=pending,
    )


async def owner_page(client: Client, owner: str, cursor: str, *, known: bool) -> Listing:
    """The datasets of `owner` that the visitor may see. Raises NotFound for an owner without datasets."""
    sought = Sought.read([("show", "datasets"), ("owner", owner), ("order", "title"), ("cursor", cursor)])
    answer = await _search(client, {**sought.asked(known=known), "pagesize": str(PAGE)})
    listed = [_found(one) for one in answer["data"]]
    if not cursor and (int(answer["meta"].get("pending") or 0) or not listed):
        listed = _together(listed, await _stored(client, owner, known=known))
    if not listed and not cursor:
        raise NotFound(_("Nobody called “%(owner)s” has published a dataset here.") % {"owner": owner})
    here, next_ = page_of(owner), following(answer.get("next"))
    return Listing(
        owner=owner,
        entries=tuple(listed),
        total=max(answer["total"], len(listed)),
        first=here if cursor else "",
        following=f"{here}?cursor={next_}" if next_ else "",
    )


async def _search(client: Client, asked: Mapping[str, str]) -> Answer:
    """What the search has; nothing where it does not answer, or cannot read where a page begins."""
    try:
        return await client.search("datasets", asked)
    except (ApiError, BadQuery, NotFound, StoreError):
        return {"data": [], "total": 0, "facets": {}, "meta": {}}


async def _stored(client: Client, owner: str, *, known: bool) -> list[Entry]:
    """The datasets as they are stored, whether they are searched yet or not."""
    asked = {"pagesize": str(PAGE), **({"owner": owner} if owner else {}), **({"visibility": "all"} if known else {})}
    try:
        answer = await client.ask("/v1/datasets", asked)
    except (ApiError, NotFound):
        return []
    return [_found({**one, "dataset": f"{one['owner']}/{one['name']}"}) for one in answer["data"]]


async def _lines(client: Client, rows: Sequence[Answer], total: int, *, known: bool) -> str:
    """How many lines all datasets have together."""
    if total <= len(rows):
        return count(sum(int(one.get("lines") or 0) for one in rows))
    try:
        asked = {"pagesize": "0", **({"visibility": "all"} if known else {})}
        return count((await client.search("lines", asked))["total"])
    except (ApiError, BadQuery, NotFound, StoreError):
        return ""


def _together(found: Sequence[Entry], stored: Sequence[Entry]) -> list[Entry]:
    """What the search knows, before that what it does not know yet."""
    there = {one.dataset for one in found}
    return [*(one for one in stored if one.dataset not in there), *found]


def _found(row: Answer) -> Entry:
    dataset, lines = text(row.get("dataset")), row.get("lines")
    return Entry(
        dataset=dataset,
        title=text(row.get("title"), 300) or dataset.partition("/")[2],
        href=page_of(dataset),
        revision=count(row.get("revision")),
        changed=date(text(row.get("created"), 30)),
        countries=tuple(country(text(one, 8)) for one in (row.get("countries") or ())[:12]),
        years=years_told([text(one, 40) for one in row.get("years") or ()]),
        lines="" if lines is None else counted(lines),
        licence=text(row.get("licence"), 80),
        private=row.get("visibility") == "private",
    )
