"""The scratch installation that `leaks` walks through: one dataset in each state, and askers of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from openspending.actor import NOBODY, Actor
from openspending.datastore.store import DataStore

OWNER: Final = "ministry"
ACTORS: Final[Mapping[str, Actor]] = {
    "owner": Actor("ada", "Ada", roles={"ada": "admin", OWNER: "admin", "phantom": "admin"}),
    "member": Actor("ben", "Ben", roles={"ben": "admin", OWNER: "viewer", "phantom": "viewer"}),
    "stranger": Actor("eve", "Eve", roles={"eve": "admin", "others": "admin"}),
    "nobody": NOBODY,
}
INSIDERS: Final = ("owner", "member")
OF_PRIVATE: Final = ("Kestrel", "918273645")  # what is in datasets of each kind, and nowhere else
OF_HIDDEN: Final = ("Heron", "564738291")
OF_WITHDRAWN: Final = ("Plover", "102938475")
NAMES: Final = ("roads-secret", "roads-former", "roads-latter", "phantom")  # that nobody may hear who did not say them
EVERYTHING: Final = (*OF_PRIVATE, *OF_HIDDEN, *OF_WITHDRAWN, *NAMES)
REASON: Final = "It named people."


@dataclass(frozen=True, slots=True)
class Subject:
    """A dataset that is asked about. `twin` is the address, as long as its own, at which there never was anything."""

    state: str
    owner: str
    name: str
    twin: tuple[str, str]
    words: tuple[str, ...] = ()


SUBJECTS: Final = (
    Subject("private", OWNER, "roads-secret", (OWNER, "roads-absent"), OF_PRIVATE),
    Subject("private, of an owner without others", "phantom", "ledger", ("missing", "ledger"), OF_PRIVATE),
    Subject("hidden", OWNER, "roads-hidden", (OWNER, "roads-absent"), OF_HIDDEN),
    Subject("renamed while private, old address", OWNER, "roads-former", (OWNER, "roads-absent"), OF_PRIVATE),
    Subject("renamed while private, new address", OWNER, "roads-latter", (OWNER, "roads-absent"), OF_PRIVATE),
    Subject("withdrawn", OWNER, "roads-gone", (OWNER, "roads-gone"), OF_WITHDRAWN),
    Subject("public", OWNER, "roads-open", (OWNER, "roads-open")),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A running installation. `tokens` are the access tokens of the actors, `rid` and `job` are the ids of a
    private fact and of a job that is about it, `views` those of saved views of what is private and what was hidden;
    `keys` are what the stores have of a dataset, from its folder on."""

    app: Any
    store: DataStore
    tokens: Mapping[str, str]
    rid: str
    job: str
    views: tuple[str, ...]
    keys: Mapping[tuple[str, str], tuple[str, ...]]


@contextmanager
def installed(folder: Path) -> Iterator[Scene]:
    """The installation in `folder`, with everything that one process can serve, and real tokens."""
    from openspending.assembly import Parts
    from openspending.assembly.composed import composed
    from openspending.settings import read_settings

    with Parts(read_settings({}, data=folder)) as parts:
        furnish(parts.store, folder)
        app = composed(parts)
        parts.search.catch_up()
        sign = parts.installation.keys.access_token
        yield Scene(
            app,
            parts.store,
            {who: sign(actor) for who, actor in ACTORS.items() if actor.known},
            _fact(parts.store, SUBJECTS[0], parts.settings.cache / "look"),
            parts.jobs.submit("import", {}, account="ada", owner=OWNER, name=SUBJECTS[0].name).id,
            (_view(parts.store.private, SUBJECTS[0]), _view(parts.store.public, SUBJECTS[2])),
            {(one.owner, one.name): tuple(_keys(parts.store, one)) for one in SUBJECTS},
        )


def furnish(store: DataStore, folder: Path) -> None:
    """Publish the datasets, then hide, withdraw and rename what is to be."""
    from openspending.datastore import moving

    at = datetime.now(UTC)
    _publish(store.public, folder, (OWNER, "roads-open"), ("Bridges", "17"))
    _publish(store.public, folder, (OWNER, "roads-hidden"), OF_HIDDEN)
    _publish(store.public, folder, (OWNER, "roads-gone"), OF_WITHDRAWN)
    for place in ((OWNER, "roads-secret"), (OWNER, "roads-former"), ("phantom", "ledger")):
        _publish(store.private, folder, place, OF_PRIVATE)
    moving.hide(store, OWNER, "roads-hidden", event="leaks-hide", by="ada", at=at)
    moving.withdraw(store, OWNER, "roads-gone", reason=REASON, event="leaks-withdraw", by="ada", at=at)
    moving.rename(store, OWNER, "roads-former", (OWNER, "roads-latter"), event="leaks-rename", by="ada", at=at)


def _publish(objects: Any, folder: Path, place: tuple[str, str], said: tuple[str, ...]) -> None:
    """A dataset of two rows, in whose title, labels and amounts is what is `said`."""
    from openspending.publishing import publish

    package = folder / "packages" / place[1]
    package.mkdir(parents=True)
    label, amount = said[:2]
    (package / "lines.csv").write_text(f"year,code,label,amount\n2026,1,{label},{amount}\n2026,2,Roads,5\n", "utf-8")
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "code", "type": "string", "columnType": "functional-classification:generic:level1:code"},
        {"name": "label", "type": "string", "columnType": "functional-classification:generic:level1:label"},
        {"name": "amount", "type": "number", "columnType": "value", "currency": "EUR"},
    ]
    resource = {"name": "lines", "path": "lines.csv", "schema": {"fields": fields}}
    descriptor = {"name": place[1], "title": f"The {label} roads", "resources": [resource]}
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    publish(str(package), owner=place[0], name=place[1], store=objects, author="ada")


def _keys(store: DataStore, subject: Subject) -> Iterator[str]:
    """What either store has of a dataset, and what it could have, without the dataset's folder."""
    prefix = f"{subject.owner}/{subject.name}/"
    found = {key.removeprefix(prefix) for one in (store.private, store.public) for key in one.list(prefix)}
    yield from sorted(found | {"datapackage.json", "r1.datapackage.json", "withdrawn.json", "moved.json"})


def _view(objects: Any, subject: Subject) -> str:
    """The id of a view of a dataset that is saved in this store."""
    from openspending.datastore import savedviews

    hash_ = "sha256:" + "0" * 64
    id_ = savedviews.id_of(f"{subject.owner}/{subject.name}", hash_, "chart=bar")
    at = "2026-11-26T12:00:00Z"
    return savedviews.save(
        objects, savedviews.SavedView(id_, subject.owner, subject.name, 1, hash_, "chart=bar", at)
    ).id


def _fact(store: DataStore, subject: Subject, cache: Path) -> str:
    """The id of a fact."""
    from openspending.analytics.livecubes import LiveCubes
    from openspending.analytics.query import FactsQuery

    cubes = LiveCubes(store.private, cache)
    try:
        found = cubes.at(subject.owner, subject.name).cube.facts(FactsQuery(("_rid",)))
        return str(found.data[0]["_rid"])
    finally:
        cubes.close()
