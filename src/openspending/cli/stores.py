"""Which of the two stores a command works on: the home of the dataset that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from openspending.cli.options import settings_of
from openspending.errors import BadQuery, NotFound

if TYPE_CHECKING:
    from openspending.datastore.homes import Home
    from openspending.datastore.objects import ObjectStore
    from openspending.datastore.store import DataStore

Private = Annotated[
    bool, typer.Option("--private", help="Make a new dataset private; one that exists stays where it is.")
]


def writing(context: typer.Context, owner: str, *, private: bool = False) -> Callable[[str], ObjectStore]:
    """What gives the store to publish in, by the dataset's name: its home; for a new one the public store, or the
    private one. Raises BadSettings; and then Conflict, Withdrawn, Renamed and, for a public one, BadQuery."""
    from openspending.assembly import open_store
    from openspending.datastore import homes

    store = open_store(settings_of(context))

    def given(name: str) -> ObjectStore:
        home = homes.place(store, owner, name, "private" if private else "public")
        if private and home.visibility == "public":
            raise BadQuery(f"{owner}/{name} is public; to hide it: openspending hide {owner}/{name}")
        return home.objects

    return given


def reading(context: typer.Context, owner: str) -> Callable[[str], ObjectStore]:
    """What gives the store that has the dataset of a name; where there is none the public one."""
    from openspending.assembly import open_store
    from openspending.datastore import homes

    store = open_store(settings_of(context))

    def given(name: str) -> ObjectStore:
        home = homes.find(store, owner, name)
        return store.public if home is None else home.objects

    return given


def home_named(store: DataStore, name: str) -> Home:
    """The home of the dataset that `name` means. Raises NotFound, Withdrawn, Renamed; BadQuery as `dataset_named`."""
    from openspending.datastore import homes

    owner, dataset = dataset_named(store, name)
    try:
        found = homes.look(store, owner, dataset)
    except BadQuery:
        found = None
    home = homes.settled(owner, dataset, found)
    if home is None:
        raise NotFound(f"There is no dataset {owner}/{dataset}.")
    return home


def dataset_named(store: DataStore, name: str) -> tuple[str, str]:
    """Owner and name of the dataset that `name` means: owner/name, owner:name, or a name that only one owner has.

    Raises NotFound; BadQuery when several owners have a dataset of that name.
    """
    from openspending.datastore import registry

    owner, slash, dataset = name.replace(":", "/").partition("/")
    if slash:
        return owner, dataset
    listed = [*registry.datasets(store.public), *registry.datasets(store.private)]
    owners = sorted({one.owner for one in listed if one.name == name})
    if not owners:
        raise NotFound(f"There is no dataset {name}.")
    if len(owners) > 1:
        choices = [f"{one}/{name}" for one in owners]
        raise BadQuery(f"Several owners have a dataset {name}; say which: {', '.join(choices)}.", choices)
    return owners[0], name
