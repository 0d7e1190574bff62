"""`datasets` and `revisions`: what is in the DataStore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table
from openspending.errors import BadQuery, NotFound

if TYPE_CHECKING:
    from openspending.datastore.objects import ObjectStore
    from openspending.datastore.registry import Listing

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A dataset: owner/name, or its name alone.", show_default=False)
]


def datasets(context: typer.Context, as_json: Json = False) -> None:
    """List the datasets, each with its newest revision.

    Example:

        openspending datasets --json
    """
    from openspending.assembly import open_store
    from openspending.datastore import registry

    with failing_plainly(as_json=as_json):
        found = registry.datasets(open_store(settings_of(context)).public)
    if as_json:
        show_json({"datasets": [_listing(one) for one in found]})
    elif found:
        columns = ("dataset", "title", "revision", "created", "licence")
        rows = [
            (f"{one.owner}/{one.name}", one.title, one.revision, f"{one.created:%Y-%m-%d}", one.licence)
            for one in found
        ]
        show_table(columns, rows, right=("revision",))
    else:
        console().print("There are no datasets yet. Begin with: openspending demo")


def _listing(one: Listing) -> dict[str, object]:
    return {
        "dataset": f"{one.owner}/{one.name}",
        "title": one.title,
        "revision": one.revision,
        "created": one.created.isoformat(),
        "hash": one.hash,
        "licence": one.licence,
        "countryCode": one.country_code,
        "descriptor": one.descriptor,
    }


def revisions(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """List the revisions of a dataset, the newest first.

    Example:

        openspending revisions treasury/budget
    """
    from openspending.assembly import open_store
    from openspending.datastore import revisions as stored

    with failing_plainly(as_json=as_json):
        store = open_store(settings_of(context)).public
        owner, dataset = dataset_named(store, name)
        found = sorted(stored.history(store, owner, dataset), key=lambda one: -one.number)
        if not found:
            raise NotFound(f"There is no dataset {owner}/{dataset}.")
    if as_json:
        listed = [
            {
                "revision": one.number,
                "created": one.created.isoformat(),
                "author": one.author,
                "message": one.message,
                "hash": one.hash,
                "previous": one.previous,
            }
            for one in found
        ]
        show_json({"dataset": f"{owner}/{dataset}", "revisions": listed})
        return
    rows = [(one.number, f"{one.created:%Y-%m-%d %H:%M}", one.author, one.message, one.hash[:19]) for one in found]
    show_table(("revision", "created (UTC)", "author", "message", "hash"), rows, right=("revision",))


def dataset_named(store: ObjectStore, name: str) -> tuple[str, str]:
    """Owner and name of the dataset that `name` means: owner/name, owner:name, or a name that only one owner has.

    Raises NotFound; BadQuery when several owners have a dataset of that name.
    """
    from openspending.datastore import registry

    owner, slash, dataset = name.replace(":", "/").partition("/")
    if slash:
        return owner, dataset
    owners = [one.owner for one in registry.datasets(store) if one.name == name]
    if not owners:
        raise NotFound(f"There is no dataset {name}.")
    if len(owners) > 1:
        choices = [f"{one}/{name}" for one in owners]
        raise BadQuery(f"Several owners have a dataset {name}; say which: {', '.join(choices)}.", choices)
    return owners[0], name
