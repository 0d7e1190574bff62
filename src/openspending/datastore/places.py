"""A dataset's folder at one place, as those see it who move the dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from openspending.datastore import layout, revisions
from openspending.datastore.manifest import Revision
from openspending.datastore.objects import ObjectStore
from openspending.datastore.seals import Seal, read_seal
from openspending.datastore.verify import stored_files
from openspending.errors import NotFound, StoreError
from openspending.speaking.said import said

_STATEMENT: Final = re.compile(r"r([1-9][0-9]*)\.[^/]+\.json")
_DERIVED: Final = re.compile(r"(derived/r([1-9][0-9]*)-[^/]+/).+")
_COMPLETE: Final = "build.json"  # the last file of a build


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dataset is, was, or is to be."""

    objects: ObjectStore
    owner: str
    name: str

    def key(self, path: str) -> str:
        """The key of what is called `path` in the folder."""
        return layout.stored_key(self.owner, self.name, path)

    def manifest(self, number: int) -> str:
        """The key of a revision."""
        return layout.revision_key(self.owner, self.name, number)

    def revision(self, number: int) -> Revision:
        """A revision that is there. Raises NotFound."""
        return revisions.read(self.objects, self.owner, self.name, number)

    def is_home(self) -> bool:
        """Whether the dataset is there."""
        return self.objects.exists(self.manifest(1))

    def paths(self) -> list[str]:
        """All that is in the folder."""
        return list(self.sizes())

    def sizes(self) -> dict[str, int]:
        """All that is in the folder, with its bytes."""
        prefix = layout.dataset_prefix(self.owner, self.name)
        return {key.removeprefix(f"{prefix}/"): size for key, size in self.objects.sizes(prefix)}

    def size(self, path: str) -> int:
        """The bytes of one of them. Raises NotFound."""
        return self.objects.head(self.key(path)).size

    def is_sealed(self, number: int) -> bool:
        """Whether a seal is in the place of revision `number`."""
        return self._seal(number) is not None

    def sealed_by(self, event: str) -> int:
        """The number of the last revision before the seal of `event`, of which nothing else may be left. Raises
        StoreError."""
        for number in filter(None, map(layout.revision_number, self.paths())):
            seal = self._seal(number)
            if seal is not None and seal.event == event:
                return number - 1
        raise StoreError(
            said(
                "{owner}/{name} is neither in {root}, nor is its seal.",
                owner=self.owner,
                name=self.name,
                root=self.objects.root,
            )
        )

    def contents(self, newest: int, has: AbstractSet[str], *, derived: bool) -> list[str]:
        """What belongs to the revisions up to `newest`, but for their manifests, of what the folder `has`: the files
        that they name, the statements of their builds and, if wanted, their complete builds."""
        named = {path for number in range(1, newest + 1) for path in stored_files(self.revision(number))}
        built = _built(newest, has) if derived else ()
        return [*sorted(named & has), *_statements(newest, has), *built]

    def _seal(self, number: int) -> Seal | None:
        key = self.manifest(number)
        try:
            return read_seal(self.objects.get(key), key)
        except NotFound:
            return None


def _statements(newest: int, has: AbstractSet[str]) -> Iterator[str]:
    for path in sorted(has):
        found = _STATEMENT.fullmatch(path)
        if found and int(found[1]) <= newest and layout.revision_number(path) is None:
            yield path


def _built(newest: int, has: AbstractSet[str]) -> Iterator[str]:
    """The files of complete builds, that which completes each after all others."""
    for path in sorted(has, key=lambda one: (one.endswith(f"/{_COMPLETE}"), one)):
        found = _DERIVED.fullmatch(path)
        if found and int(found[2]) <= newest and f"{found[1]}{_COMPLETE}" in has:
            yield path
