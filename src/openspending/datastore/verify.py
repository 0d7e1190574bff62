"""Proof that a dataset is what it was: walks its chain of manifests and the hash of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from openspending.datastore import layout
from openspending.datastore.manifest import Damaged, Revision, hash_of, read_manifest
from openspending.datastore.objects import ObjectStore
from openspending.datastore.sources import resource_paths
from openspending.datastore.store import DataStore
from openspending.errors import NotFound


def verify(store: DataStore, owner: str, name: str) -> list[str]:
    """One sentence for every missing or altered object of the dataset; [] when all is as it was committed.

    Reads every byte. Raises NotFound when there is no such dataset.
    """
    objects, prefix = store.public, layout.dataset_prefix(owner, name)
    numbers = {layout.revision_number(key) for key in objects.list(prefix) if key.count("/") == 2}
    newest = max((number for number in numbers if number), default=0)
    if not newest:
        raise NotFound(f"There is no dataset {owner}/{name}.")
    return [*_manifests(objects, owner, name, newest), *_pointer(objects, owner, name, newest)]


def _manifests(objects: ObjectStore, owner: str, name: str, newest: int) -> Iterator[str]:
    """What is wrong with the manifests 1 to `newest` and with the files that they name."""
    before: str | None = None
    known = True  # whether `before` could be read at all
    checked: set[str] = set()
    for number in range(1, newest + 1):
        key = layout.revision_key(owner, name, number)
        try:
            revision = read_manifest(objects.get(key), key)
        except (NotFound, Damaged) as error:
            yield f"{key} is missing." if isinstance(error, NotFound) else str(error)
            known = False
            continue
        if (revision.owner, revision.name, revision.number) != (owner, name, number):
            yield f"{key} says that it is {revision.id}."
        if known and revision.previous != before:
            yield f"The chain is broken between revisions {number - 1} and {number}: {key} names another predecessor."
        before, known = revision.hash, True
        yield from _files(objects, (owner, name), revision, checked)


def _files(objects: ObjectStore, dataset: tuple[str, str], revision: Revision, checked: set[str]) -> Iterator[str]:
    for resource in revision.descriptor.get("resources") or ():
        for path in resource_paths(resource):
            expected = layout.sha256_of(path)
            if path in checked or expected is None:
                continue
            checked.add(path)
            yield from _file(objects, layout.stored_key(*dataset, path), expected)
        yield from _stated(resource, revision)


def _stated(resource: object, revision: Revision) -> Iterator[str]:
    """Whether the `hash` of a resource of one file is the one in its path."""
    paths = resource_paths(resource)
    if not isinstance(resource, dict) or len(paths) != 1:
        return
    path = paths[0]
    if resource.get("hash") != f"sha256:{layout.sha256_of(path)}":
        yield f"{revision.id} gives the file {path} another hash than its path does."


def _file(objects: ObjectStore, key: str, expected: str) -> Iterator[str]:
    found = hashlib.sha256()
    try:
        for chunk in objects.stream(key):
            found.update(chunk)
    except NotFound:
        yield f"{key} is missing."
        return
    if found.hexdigest() != expected:
        yield f"{key} has been altered: its hash is {found.hexdigest()}."


def _pointer(objects: ObjectStore, owner: str, name: str, newest: int) -> Iterator[str]:
    """Whether the newest descriptor is the last manifest, byte for byte."""
    key, last = layout.descriptor_key(owner, name), layout.revision_key(owner, name, newest)
    if not objects.exists(key):
        yield f"{key} is missing."
    elif objects.exists(last) and hash_of(objects.get(key)) != hash_of(objects.get(last)):
        yield f"{key} is not the same as {last}."
