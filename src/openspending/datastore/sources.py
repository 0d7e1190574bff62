"""The source files of a package, and where the DataStore keeps them: how a descriptor's paths become stored ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from openspending.datastore import layout
from openspending.datastore.objects import ObjectStore
from openspending.errors import NotFound, StoreError
from openspending.fdp.paths import normal_path

_REPLACED = ("path", "url", "bytes", "hash")


class Source(Protocol):
    """A file that a package brings."""

    @property
    def path(self) -> Path:
        """Where it lies on disk."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def sha256(self) -> str:
        """The hash of its bytes, 64 hex digits."""

    @property
    def name(self) -> str:
        """Its own name, such as “budget.csv.gz”."""


@dataclass(frozen=True, slots=True)
class Located:
    """A descriptor whose paths point to stored files; `files` are those, by stored path.

    `declared` has, for each resource in order, the publisher's values of what was replaced.
    """

    descriptor: dict[str, Any]
    declared: list[dict[str, Any]]
    files: dict[str, Source]


def locate(descriptor: Mapping[str, Any], files: Mapping[str, Source]) -> Located:
    """`descriptor` as the DataStore keeps it; `files` are by the descriptor's own paths.

    A resource of one file gets its true `hash`, and its `bytes` unless it is packed: over HTTP frictionless does not
    know the size of what it unpacks, and calls it wrong. A resource of several files gets neither: Data Package defines
    both for one file, tools disagree about several (frictionless leaves out the headers), and the hash of each part
    stands in its path. Inline data stays. Raises StoreError when a path has no file.
    """
    stored: dict[str, Source] = {}
    resources: list[Any] = []
    declared: list[dict[str, Any]] = []
    for resource in descriptor.get("resources") or ():
        paths = resource_paths(resource)
        if not paths:
            resources.append(resource)
            declared.append({})
            continue
        sources = [_file(path, files) for path in paths]
        places = [layout.file_path(source.sha256, source.name) for source in sources]
        stored.update(zip(places, sources, strict=True))
        resources.append(_relocated(resource, places, sources))
        declared.append({name: resource[name] for name in _REPLACED if name in resource})
    return Located({**descriptor, "resources": resources}, declared, stored)


def store_files(objects: ObjectStore, owner: str, name: str, files: Mapping[str, Source]) -> None:
    """Put the files that are not there yet in full. Raises StoreError when one has changed since it was hashed."""
    for stored, source in files.items():
        key = layout.stored_key(owner, name, stored)
        if _size(objects, key) == source.bytes:
            continue
        with source.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != source.sha256:
            raise StoreError(f"{source.name} was changed while it was being published; publish it again.")
        objects.put(key, source.path)


def resource_paths(resource: object) -> list[str]:
    """The paths of a raw resource; [] for inline data. `url` is how drafts of Data Package wrote a remote path."""
    if not isinstance(resource, Mapping):
        return []
    given = resource.get("url") if resource.get("path") is None else resource["path"]
    listed = [given] if isinstance(given, str) else given
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _file(path: str, files: Mapping[str, Source]) -> Source:
    found = files.get(path) or files.get(normal_path(path))
    if found is None:
        raise StoreError(f"The package's file “{path[:200]}” was not given, so the revision would be incomplete.")
    return found


def _relocated(resource: Mapping[str, Any], places: list[str], sources: list[Source]) -> dict[str, Any]:
    """`resource` with its stored places; the order of its properties is kept, and new ones come last."""
    changed: dict[str, Any] = {"path": places if isinstance(resource.get("path"), list) else places[0]}
    if len(sources) == 1:
        size = {} if _packed(resource, sources[0]) else {"bytes": sources[0].bytes}
        changed |= size | {"hash": f"sha256:{sources[0].sha256}"}
    kept = {name: value for name, value in resource.items() if name not in _REPLACED or name in changed}
    return {**kept, **changed}


def _packed(resource: Mapping[str, Any], source: Source) -> bool:
    """Whether the table lies compressed in its file, by the descriptor or by the file's name."""
    return resource.get("compression") in ("gz", "gzip", "zip") or source.name.lower().endswith((".gz", ".zip"))


def _size(objects: ObjectStore, key: str) -> int | None:
    try:
        return objects.head(key).size
    except NotFound:
        return None
