"""Proof that a dataset is what it was: walks its chain of manifests and the hash of every file.

`verify` looks at a whole dataset in its own store. `history` proves one revision by the hash of its manifest, which
somebody wrote down elsewhere, and needs to read no more than the manifests up to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from openspending.datastore import layout
from openspending.datastore.arrival import arrival_in
from openspending.datastore.manifest import Damaged, Revision, hash_of, read_manifest
from openspending.datastore.objects import ObjectStore
from openspending.datastore.seals import read_seal
from openspending.datastore.sources import resource_paths
from openspending.errors import NotFound


def verify(store: ObjectStore, owner: str, name: str) -> list[str]:
    """One sentence for every missing or altered object of the dataset; [] when all is as it was committed.

    Reads every byte. Raises NotFound when there is no such dataset.
    """
    objects, prefix = store, layout.dataset_prefix(owner, name)
    numbers = {layout.revision_number(key) for key in objects.list(prefix) if key.count("/") == 2}
    newest = max((number for number in numbers if number), default=0)
    if newest and _is_seal(objects, layout.revision_key(owner, name, newest)):
        newest -= 1
    if not newest:
        raise NotFound(f"There is no dataset {owner}/{name}.")
    return [*_manifests(objects, owner, name, newest), *_pointer(objects, owner, name, newest)]


def _manifests(objects: ObjectStore, owner: str, name: str, newest: int) -> Iterator[str]:
    """What is wrong with the manifests 1 to `newest` and with the files that they name."""
    addresses = _addresses(objects.get, owner, name)
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
        if (revision.owner, revision.name) not in addresses or revision.number != number:
            yield f"{key} says that it is {revision.id}."
        if known and revision.previous != before:
            yield f"The chain is broken between revisions {number - 1} and {number}: {key} names another predecessor."
        before, known = revision.hash, True
        yield from _files(objects, (owner, name), revision, checked)


def _addresses(read: Callable[[str], bytes], owner: str, name: str) -> set[tuple[str, str]]:
    """What the dataset's manifests may call it: its address, and those that it had before it was renamed."""
    former = (one.partition("/") for one in arrival_in(read, owner, name).former)
    return {(owner, name), *((was, named) for was, _, named in former)}


def _is_seal(objects: ObjectStore, key: str) -> bool:
    return read_seal(objects.get(key), key) is not None


def _files(objects: ObjectStore, dataset: tuple[str, str], revision: Revision, checked: set[str]) -> Iterator[str]:
    for path, expected in stored_files(revision).items():
        if path not in checked:
            checked.add(path)
            yield from _file(objects, layout.stored_key(*dataset, path), expected)
    for resource in revision.descriptor.get("resources") or ():
        yield from _stated(resource, revision)


def stored_files(revision: Revision) -> dict[str, str]:
    """The source files of a revision: what each holds, as SHA-256 in hex, by its path in the descriptor."""
    paths = (path for one in revision.descriptor.get("resources") or () for path in resource_paths(one))
    return {path: sha256 for path in paths if (sha256 := layout.sha256_of(path)) is not None}


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
        yield altered(key, found.hexdigest())


def altered(key: str, found: str) -> str:
    """That the object `key` has another hash than it should have."""
    return f"{key} has been altered: its hash is {found}."


@dataclass(frozen=True, slots=True)
class Proven:
    """`revision` is the one that was meant, None when its manifest is missing or altered; `earlier` is how many of
    those before it are proven too, and `wrong` says what is missing or altered."""

    revision: Revision | None
    earlier: int
    wrong: str | None


def history(read: Callable[[str], bytes], owner: str, name: str, number: int, expected: str) -> Proven:
    """Prove revision `number` by the hash of its manifest, and by the hash in each manifest the one before it.

    `read` gives the object of a key, or raises NotFound. Raises BadQuery for names that cannot be a dataset's.
    """
    proven: Revision | None = None
    addresses = _addresses(read, owner, name)
    for current in range(number, 0, -1):
        key = layout.revision_key(owner, name, current)
        wrong, revision = _expected(read, key, expected)
        if revision is not None:
            if (revision.owner, revision.name) not in addresses or revision.number != current:
                wrong = f"{key} says that it is {revision.id}."
            revision = replace(revision, owner=owner, name=name)
        before = None if revision is None else revision.previous
        if wrong is None and (before is None) != (current == 1):
            wrong = f"{key} names {'no' if before is None else 'a'} predecessor."
        if wrong is not None or revision is None:
            return Proven(proven, number - current - 1 if proven else 0, wrong)
        proven, expected = proven or revision, before or ""
    return Proven(proven, number - 1, None)


def _expected(read: Callable[[str], bytes], key: str, expected: str) -> tuple[str | None, Revision | None]:
    """What is wrong with the manifest at `key`, which should have the hash `expected`; and the revision, if nothing."""
    try:
        data = read(key)
        if hash_of(data) != expected:
            return altered(key, hash_of(data)), None
        return None, read_manifest(data, key)
    except NotFound:
        return f"{key} is missing.", None
    except Damaged as error:
        return str(error), None


def _pointer(objects: ObjectStore, owner: str, name: str, newest: int) -> Iterator[str]:
    """Whether the newest descriptor is the last manifest, byte for byte."""
    key, last = layout.descriptor_key(owner, name), layout.revision_key(owner, name, newest)
    if not objects.exists(key):
        yield f"{key} is missing."
    elif objects.exists(last) and hash_of(objects.get(key)) != hash_of(objects.get(last)):
        yield f"{key} is not the same as {last}."
