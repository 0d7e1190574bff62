"""The registry (OSEP-6): which datasets are in OpenSpending, as a Data Package that anybody can read.

Derived from the changelog, so it may be deleted: `rebuild` makes it again. It stands in the public store and tells of
that one only; private datasets are never in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from openspending.datastore import changelog, layout
from openspending.datastore.manifest import Damaged, read_manifest, timestamp
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

Listings = dict[tuple[str, str], Listing]


def datasets(store: ObjectStore) -> list[Listing]:
    """All public datasets, by owner and name; what the changelog has beyond the stored registry included."""
    return _sorted(_newest(store, _stored(store)))


def update(store: ObjectStore) -> None:
    """Bring the stored registry up to the changelog's end.

    Writers may overtake each other here, so each looks at the changelog after it has written: the last one to
    write finds no entry that it has not listed.
    """
    listings = _stored(store)
    covered = _covered(listings)
    while True:
        listings = _newest(store, listings)
        if _covered(listings) == covered and store.exists(layout.REGISTRY_KEY):
            return
        _write(store, listings)
        listings = _stored(store)
        covered = _covered(listings)


def rebuild(store: ObjectStore) -> None:
    """Make the registry again from the changelog alone."""
    _write(store, _newest(store, {}))
    update(store)


def _covered(listings: Listings) -> int:
    """The position up to which entries are in `listings`: the last entry of all is some dataset's last."""
    return max((one.position for one in listings.values()), default=0)


def _newest(store: ObjectStore, listings: Listings) -> Listings:
    """`listings` with the changelog's further entries."""
    last = {(one.owner, one.dataset): one for one in changelog.read(store, after=_covered(listings))}
    found = {place: _listing(store, entry) for place, entry in last.items()}
    return listings | {place: listing for place, listing in found.items() if listing is not None}


def _listing(store: ObjectStore, entry: changelog.Entry) -> Listing | None:
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
        title=_line(descriptor.get("title")) or entry.dataset,
        revision=entry.revision,
        hash=revision.hash,
        created=revision.created,
        resources=len(descriptor.get("resources") or ()),
        licence=_licence(descriptor),
        country_code=_codes(descriptor.get("countryCode")),
        descriptor=layout.descriptor_key(entry.owner, entry.dataset),
        position=entry.position,
    )


def _licence(descriptor: Mapping[str, Any]) -> str:
    """Name, else title or address, of the first licence; `license` is how Data Package drafts wrote a single one."""
    given = descriptor.get("licenses") or descriptor.get("license")
    first = given[0] if isinstance(given, list) and given else given
    if isinstance(first, Mapping):
        keys = ("name", "id", "type", "title", "path", "url")
        return next((_line(first[key]) for key in keys if _line(first.get(key))), "")
    return _line(first)


def _codes(given: object) -> str:
    codes = given if isinstance(given, list) else [given]
    return _line(" ".join(_line(code) for code in codes))


def _line(value: object) -> str:
    """Text as one line without lone surrogates, "" for anything else."""
    if not isinstance(value, str):
        return ""
    return " ".join(value.encode(errors="replace").decode().replace("\0", " ").split())[:_MAX_TEXT]


def _sorted(listings: Listings) -> list[Listing]:
    return [listings[place] for place in sorted(listings)]


def _stored(store: ObjectStore) -> Listings:
    """What the stored registry lists; nothing when it is absent, or not in today's form."""
    try:
        text = store.get(layout.CATALOG_KEY).decode()
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            return {}
        return {(one.owner, one.name): one for one in map(_from_row, reader)}
    except (NotFound, ValueError, TypeError, csv.Error):
        return {}


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


def _write(store: ObjectStore, listings: Listings) -> None:
    """The list first, then its description, which never changes: no reader meets two halves that do not fit."""
    store.put(layout.CATALOG_KEY, _table(_sorted(listings)))
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
