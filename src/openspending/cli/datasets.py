"""`datasets` and `revisions`: what is in the DataStore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table
from openspending.cli.stores import home_named

if TYPE_CHECKING:
    from openspending.datastore.registry import Listing

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A dataset: owner/name, or its name alone.", show_default=False)
]


def datasets(
    context: typer.Context,
    private: Annotated[bool, typer.Option("--private", help="Those that are private, instead of the public.")] = False,
    as_json: Json = False,
) -> None:
    """List the datasets, each with its newest revision.

    Examples:

        openspending datasets --json

        openspending datasets --private
    """
    from openspending.assembly import open_store
    from openspending.datastore import registry

    with failing_plainly(as_json=as_json):
        store = open_store(settings_of(context))
        found = registry.datasets(store.private if private else store.public)
    if as_json:
        show_json({"datasets": [_listing(one) for one in found]})
    elif found:
        columns = ("dataset", "title", "revision", "created", "licence")
        rows = [
            (f"{one.owner}/{one.name}", one.title, one.revision, f"{one.created:%Y-%m-%d}", one.licence)
            for one in found
        ]
        show_table(columns, rows, right=("revision",))
    elif private:
        console().print("There are no private datasets.")
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
        home = home_named(open_store(settings_of(context)), name)
        owner, dataset = home.owner, home.name
        found = sorted(stored.history(home.objects, owner, dataset), key=lambda one: -one.number)
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
