"""What a build states of itself: number of facts, exact sums, logical hash. Its file is the switch readers wait for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openspending.datastore import layout
from openspending.datastore.objects import AlreadyExists, ObjectStore
from openspending.datastore.revisions import Revision
from openspending.errors import NotFound

BUILD: Final = "b3"  # raise it when the form of a derived file changes; old builds serve until the new one is complete


Sums = dict[str, Decimal | None]  # of each measure, exactly; None: no amount at all


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made of a revision: number of facts, exact sums of the measures, and the logical hash."""

    facts: int
    measures: Sums
    hash: str


def derived_key(revision: Revision, name: str) -> str:
    """Where the derived file `name` of the current build of `revision` lies."""
    return layout.derived_prefix(revision.owner, revision.name, revision.number, BUILD) + name


def state(store: ObjectStore, revision: Revision, built: Built, *, replace: bool = False) -> None:
    """Write the build's statement, after all its files: from now on readers use them.

    The first statement also stays beside the revision, immutable like it, so that whatever is rebuilt after everything
    derived was deleted can be compared with it.
    """
    _put_once(store, _record_key(revision), built)
    if replace:
        store.put(derived_key(revision, "build.json"), _bytes(built), content_type="application/json")
    else:
        _put_once(store, derived_key(revision, "build.json"), built)


def read_build(store: ObjectStore, revision: Revision) -> Built | None:
    """What is known of the complete current build of `revision`, or None."""
    return _read(store, derived_key(revision, "build.json"))


def recorded(store: ObjectStore, revision: Revision) -> Built | None:
    """What the first build of `revision` stated, even when its files are gone; None when it was never built."""
    return _read(store, _record_key(revision))


def _record_key(revision: Revision) -> str:
    return layout.statement_key(revision.owner, revision.name, revision.number, BUILD)


def _put_once(store: ObjectStore, key: str, built: Built) -> None:
    """Create `key`. Losing the race is fine: equal input made an equal build."""
    try:
        store.put(key, _bytes(built), create=True, content_type="application/json")
    except AlreadyExists:
        return


def to_json(built: Built) -> dict[str, Any]:
    """A statement as JSON-able dict; sums as text, so that no digit is lost."""
    sums = {name: None if total is None else f"{total:f}" for name, total in built.measures.items()}
    return {"build": BUILD, "facts": built.facts, "hash": built.hash, "measures": sums}


def from_json(stated: Mapping[str, Any]) -> Built:
    """The statement that `to_json` wrote."""
    sums = {name: None if text is None else Decimal(text) for name, text in stated["measures"].items()}
    return Built(facts=stated["facts"], measures=sums, hash=stated["hash"])


def _bytes(built: Built) -> bytes:
    return (json.dumps(to_json(built), ensure_ascii=False, indent=1) + "\n").encode()


def _read(store: ObjectStore, key: str) -> Built | None:
    try:
        return from_json(json.loads(store.get(key)))
    except NotFound:
        return None
