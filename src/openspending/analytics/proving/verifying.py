"""Checking a receipt against a DataStore: from the manifests and the source files alone, nothing derived is trusted.

What is needed is copied into a folder, each file checked on its way; the facts are derived there, by the way that every
revision without derived files goes, and the receipt is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.proving.receiptform import SEAL, Receipt, query_of, seal
from openspending.analytics.proving.receipts import receipt
from openspending.analytics.statement import BUILD
from openspending.datastore import layout
from openspending.datastore.homes import MOST_NAMES
from openspending.datastore.keys import check_key
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.datastore.tombstones import forwarding_in
from openspending.datastore.verify import Proven, altered, history, stored_files
from openspending.errors import NotFound, OpenSpendingError
from openspending.etl.sourcefile import source_file

_SHOWN: Final = 3  # differences named of one kind


class Files(Protocol):
    """Where a DataStore's public files can be read."""

    @property
    def root(self) -> str:
        """Its address, for people."""

    def download(self, key: str, path: Path) -> None:
        """Copy an object to the local file `path`. Raises NotFound and other errors of ours."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is as the receipt says (None: not checked), and what was found."""

    what: str
    holds: bool | None
    found: str


def verify(stated: Receipt, files: Files, folder: Path) -> Iterator[Check]:
    """Check the receipt against `files`, working in `folder`, which is empty. Each check comes when it is done; after
    one that leaves nothing to go on with come no more. Raises what `files` raises when it cannot be reached."""
    yield _sealed(stated)
    mirror = _Mirror(files, folder / "store")
    owner, name, proven = _proven(stated, mirror)
    key = layout.revision_key(owner, name, stated.revision)
    if proven.revision is None:
        yield Check("manifest", False, proven.wrong or f"{key} is missing.")
        return
    yield Check("manifest", True, f"{key} has the hash that the receipt names.")
    earlier = f"Revisions before it, each named by the next: {proven.earlier}."
    yield Check("history", proven.wrong is None, proven.wrong or earlier)
    wrong = list(mirror.sources(proven.revision))
    yield Check("files", not wrong, " ".join(wrong) or f"Source files with the hash in their path: {mirror.copied}.")
    if not wrong:
        yield from _computed(stated, proven.revision, mirror.folder, folder / "cache")


def _proven(stated: Receipt, mirror: _Mirror) -> tuple[str, str, Proven]:
    """The address that the dataset has now, and what the manifests there prove."""
    owner, name = stated.owner, stated.name
    for _ in range(MOST_NAMES):
        proven = history(mirror.read, owner, name, stated.revision, stated.hash)
        to = None if proven.revision else forwarding_in(mirror.read, owner, name)
        if to is None:
            break
        owner, name = to.owner, to.name
    return owner, name, proven


@dataclass(slots=True)
class _Mirror:
    """What was copied of a store so far, under the same keys."""

    files: Files
    folder: Path
    copied: int = 0

    def read(self, key: str) -> bytes:
        """The object, which is kept. Raises NotFound."""
        return self._copy(key).read_bytes()

    def sources(self, revision: Revision) -> Iterator[str]:
        """Copy the source files of a revision; a sentence for each that is missing or altered."""
        for path, sha256 in stored_files(revision).items():
            key = layout.stored_key(revision.owner, revision.name, path)
            try:
                found = source_file(self._copy(key)).sha256
            except NotFound:
                yield f"{key} is missing."
                continue
            self.copied += 1
            if found != sha256:
                yield altered(key, found)

    def _copy(self, key: str) -> Path:
        check_key(key)
        target = self.folder / key
        target.parent.mkdir(parents=True, exist_ok=True)
        self.files.download(key, target)
        return target


def _sealed(stated: Receipt) -> Check:
    found = seal(stated.raw)
    if found == stated.raw[SEAL]:
        return Check("receipt", True, f"Its own hash is right: {found}.")
    return Check("receipt", False, f"It was changed after it was made: its hash is {found}, not {stated.raw[SEAL]}.")


def _computed(stated: Receipt, revision: Revision, mirror: Path, cache: Path) -> Iterator[Check]:
    """Derive the facts, make the receipt again, and compare."""
    cubes = LiveCubes(ObjectStore.open(f"file://{quote(str(mirror.absolute()))}"), cache)
    try:
        opened = cubes.opened(revision)
        made = receipt(opened, query_of(stated.query), stated.query)
    except OpenSpendingError as error:
        yield Check("facts", False, str(error))
        return
    finally:
        cubes.close()
    yield from _compared(stated.raw, made, opened.built.facts)


def _compared(stated: Mapping[str, Any], made: Mapping[str, Any], facts: int) -> Iterator[Check]:
    derived = f"Derived from the files: {facts:,}."
    if stated["build"] != BUILD:
        told = f"{derived} Their hash is not compared: the receipt's is of build {stated['build']}, this is {BUILD}."
        yield Check("facts", None, told)
    else:
        yield _same("facts", {"hash": stated["facts_hash"]}, {"hash": made["facts_hash"]}, derived)
    yield _same("identity", _named(stated, "content", "id"), _named(made, "content", "id"), "Content and query id.")
    yield _same("rows", stated["facts"], made["facts"], f"Facts of the query: {made['facts']['n']:,}, and their ids.")
    for what in ("sums", "summary"):
        yield _same(what, stated[what], made[what], _listed(made[what]))
    yield _cells(stated["cells"], made["cells"])


def _same(what: str, stated: Mapping[str, Any], made: Mapping[str, Any], words: str) -> Check:
    """Compare what a receipt says under `what` with what the files give."""
    names = [one for one in dict.fromkeys([*stated, *made]) if stated.get(one) != made.get(one)]
    said = [f"{one}: the receipt says {stated.get(one)}, the files give {made.get(one)}." for one in names]
    return Check(what, not said, _shortened(said) or words)


def _cells(stated: Mapping[str, Any], made: Mapping[str, Any]) -> Check:
    """Compare the cells, one by one where the receipt lists them."""
    pairs = zip(stated.get("list", ()), made.get("list", ()), strict=False)
    said = [
        f"Cell {number}, {name}: the receipt says {one.get(name)}, the files give {other.get(name)}."
        for number, (one, other) in enumerate(pairs, start=1)
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    ]
    if said:
        return Check("cells", False, _shortened(said))
    if len(stated.get("list", ())) != len(made.get("list", ())) and "list" in stated:
        said = [f"The receipt lists {len(stated['list'])} cells, the files give {made['n']}."]
        return Check("cells", False, said[0])
    return _same("cells", _named(stated, "n", "digest"), _named(made, "n", "digest"), f"Cells: {made['n']:,}.")


def _named(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _listed(values: Mapping[str, Any]) -> str:
    return _shortened([f"{name}: {value}." for name, value in values.items()])


def _shortened(said: list[str]) -> str:
    rest = len(said) - _SHOWN
    return " ".join(said[:_SHOWN]) + (f" … and {rest} more." if rest > 0 else "")
