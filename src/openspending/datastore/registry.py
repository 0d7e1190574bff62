"""The registry (OSEP-6): which datasets are in OpenSpending, as a Data Package that anybody can read.

Derived from the changelog, so it may be deleted: `rebuild` makes it again. Each store has its own, which lists what is
in that store: private datasets are never in the public one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final

from openspending.datastore import changelog, layout
from openspending.datastore.changelog import Entry
from openspending.datastore.manifest import Damaged, hash_of, read_manifest, timestamp
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound

_MAX_TEXT: Final = 500  # characters: a title is for one line, and csv readers refuse fields beyond 128 KiB


@dataclass(frozen=True, slots=True)
class Listing:
    """A dataset in the registry, as of its newest revision. `resources` counts them; `descriptor` is the key of the
    newest descriptor; `position` is that of the dataset's last changelog entry."""

    owner: str
    name: str
    title: str
    revision: int
    hash: str
    created: datetime
    resources: int
    licence: str
    country_code: str
    descriptor: str
    position: int


_DESCRIPTIONS: Final[Mapping[str, str]] = {
    "owner": "Account or organisation; first part of the dataset's address",
    "name": "Name of the dataset among its owner's",
    "title": "Title for people",
    "revision": "Number of the newest revision",
    "hash": "Hash of the newest revision's descriptor",
    "created": "When the newest revision was made",
    "resources": "Number of resources",
    "licence": "Licence, as the publisher calls it",
    "country_code": "Countries, ISO 3166-1 alpha-2",
    "descriptor": "Where the newest descriptor is, from the root of the store",
    "position": "Position of the dataset's last entry in the changelog",
}
_TYPES: Final = {"int": "integer", "datetime": "datetime"}
_COLUMNS: Final = tuple("countryCode" if one.name == "country_code" else one.name for one in fields(Listing))

Place = tuple[str, str]
Listings = dict[Place, Listing]


@dataclass(frozen=True, slots=True)
class _Listed:
    """The datasets after the changelog's entry `position`. `catalog` is the hash of the list where it is stored."""

    listings: Listings = field(default_factory=dict)
    position: int = 0
    catalog: str = ""


def datasets(store: ObjectStore) -> list[Listing]:
    """All datasets of the store, by owner and name; what the changelog has beyond the stored registry included. Two
    requests, where that is nothing."""
    stored = _stored(store)
    if next(changelog.read(store, after=stored.position), None) is None:
        return _sorted(stored.listings)
    return _sorted(_newest(store, _noted(store, stored)).listings)


def update(store: ObjectStore) -> None:
    """Bring the stored registry up to the changelog's end.

    Writers may overtake each other here, so each looks at the changelog after it has written: the last one to
    write finds no entry that it has not listed.
    """
    while True:
        stored = _noted(store, _stored(store))
        newest = _newest(store, stored)
        if newest.position == stored.position and store.exists(layout.REGISTRY_KEY):
            return
        _write(store, newest)


def rebuild(store: ObjectStore) -> None:
    """Make the registry again from the changelog alone."""
    _write(store, _newest(store, _Listed()))
    update(store)


def _newest(store: ObjectStore, known: _Listed) -> _Listed:
    """`known` with the changelog's further entries."""
    places: dict[Place, Entry | None] = {}
    position = known.position
    for entry in changelog.read(store, after=known.position):
        for place, found in _told(entry):
            places[place] = found and _not_before(found, places.get(place), known.listings.get(place))
        position = entry.position
    listings = dict(known.listings)
    for place, last in places.items():
        found_listing = None if last is None else _listing(store, last)
        if found_listing is not None:
            listings[place] = found_listing
        elif last is None:
            listings.pop(place, None)
    return _Listed(listings, position)


def _told(entry: Entry) -> Iterator[tuple[Place, Entry | None]]:
    """What an entry says of which places: what is there since, or None for nothing any more."""
    yield (entry.owner, entry.dataset), None if entry.gone else entry
    if entry.to:
        owner, _, name = entry.to.partition("/")
        yield (owner, name), replace(entry, owner=owner, dataset=name)


def _not_before(entry: Entry, last: Entry | None, listing: Listing | None) -> Entry:
    """`entry` with the newest revision that is known there: what tells of a move may come after the next commit."""
    known = last.revision if last else listing.revision if listing else 0
    return replace(entry, revision=max(entry.revision, known))


def _listing(store: ObjectStore, entry: Entry) -> Listing | None:
    """The dataset as of `entry`; None when its manifest is gone or damaged: one must not hide all others."""
    key = layout.revision_key(entry.owner, entry.dataset, entry.revision)
    try:
        revision = read_manifest(store.get(key), key)
    except (NotFound, Damaged):
        return None
    descriptor = revision.descriptor
    return Listing(
        owner=entry.owner,
        name=entry.dataset,
        title=one_line(descriptor.get("title")) or entry.dataset,
        revision=entry.revision,
        hash=revision.hash,
        created=revision.created,
        resources=len(descriptor.get("resources") or ()),
        licence=licence_name(descriptor),
        country_code=_codes(descriptor.get("countryCode")),
        descriptor=layout.descriptor_key(entry.owner, entry.dataset),
        position=entry.position,
    )


def licence_name(descriptor: Mapping[str, Any]) -> str:
    """Name, else title or address, of the first licence; `license` is how Data Package drafts wrote a single one."""
    given = descriptor.get("licenses") or descriptor.get("license")
    first = given[0] if isinstance(given, list) and given else given
    if isinstance(first, Mapping):
        keys = ("name", "id", "type", "title", "path", "url")
        return next((one_line(first[key]) for key in keys if one_line(first.get(key))), "")
    return one_line(first)


def _codes(given: object) -> str:
    codes = given if isinstance(given, list) else [given]
    return one_line(" ".join(one_line(code) for code in codes))


def one_line(value: object) -> str:
    """Text as one line without lone surrogates, "" for anything else."""
    if not isinstance(value, str):
        return ""
    return " ".join(value.encode(errors="replace").decode().replace("\0", " ").split())[:_MAX_TEXT]


def _sorted(listings: Listings) -> list[Listing]:
    return [listings[place] for place in sorted(listings)]


def _stored(store: ObjectStore) -> _Listed:
    """What the stored registry lists; nothing when it is absent, or not in today's form."""
    try:
        data = store.get(layout.CATALOG_KEY)
        reader = csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            return _Listed()
        listings = {(one.owner, one.name): one for one in map(_from_row, reader)}
    except (NotFound, ValueError, TypeError, csv.Error):
        return _Listed()
    last = max((one.position for one in listings.values()), default=0)
    return _Listed(listings, last, hash_of(data))


def _noted(store: ObjectStore, stored: _Listed) -> _Listed:
    """`stored` with the position up to which it really goes.

    The last entry of all is some dataset's last, unless that dataset is gone: then a note says it, of a certain list.
    """
    try:
        note = json.loads(store.get(layout.LISTED_KEY))
        noted = int(note["position"]) if note["catalog"] == stored.catalog else 0
    except (NotFound, ValueError, TypeError, KeyError):
        noted = 0
    return replace(stored, position=max(stored.position, noted))


def _from_row(row: Mapping[str, str]) -> Listing:
    return Listing(
        owner=row["owner"],
        name=row["name"],
        title=row["title"],
        revision=int(row["revision"]),
        hash=row["hash"],
        created=datetime.fromisoformat(row["created"]),
        resources=int(row["resources"]),
        licence=row["licence"],
        country_code=row["countryCode"],
        descriptor=row["descriptor"],
        position=int(row["position"]),
    )


def _write(store: ObjectStore, listed: _Listed) -> None:
    """The list first, then its description, which never changes: no reader meets two halves that do not fit."""
    table = _table(_sorted(listed.listings))
    store.put(layout.CATALOG_KEY, table)
    if listed.position > max((one.position for one in listed.listings.values()), default=0):
        note = {"catalog": hash_of(table), "position": listed.position}
        store.put(layout.LISTED_KEY, json.dumps(note).encode())
    store.put(layout.REGISTRY_KEY, json.dumps(_description(), indent=2).encode())


def _table(listings: Iterable[Listing]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in listings:
        values = (getattr(one, column.name) for column in fields(Listing))
        writer.writerow(timestamp(value) if isinstance(value, datetime) else value for value in values)
    return text.getvalue().encode()


def _description() -> dict[str, Any]:
    """The registry as a Data Package; without `bytes` and `hash`, which would lag behind the list for a moment."""
    columns = [
        {"name": name, "type": _TYPES.get(str(one.type), "string"), "description": _DESCRIPTIONS[one.name]}
        for name, one in zip(_COLUMNS, fields(Listing), strict=True)
    ]
    return {
        "name": "openspending-registry",
        "title": "Datasets in OpenSpending",
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": "catalog",
                "path": "catalog.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": columns, "primaryKey": ["owner", "name"]},
            }
        ],
    }
