"""`plan`: what publishing a package would change, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from openspending.cli.options import Json, Name, Owner, PrivateHosts, Where, fetch_from, settings_of
from openspending.cli.output import failing_plainly, show_json
from openspending.cli.plandata import planned_json
from openspending.cli.planwords import show_plan
from openspending.cli.progress import bar

CHANGES = 3  # the exit code for scripts
NOTHING: Mapping[str, Any] = {"dataset": None, "revision": None, "published": None, "changes": None}


def plan(
    context: typer.Context,
    where: Where,
    owner: Owner,
    name: Name = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=f"Exit with {CHANGES} when publishing would create a revision.")
    ] = False,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Show what `publish` would change: facts and money, against the published revision. Nothing is stored.

    Examples:

        openspending plan budget/datapackage.json --owner treasury

        openspending plan budget --owner treasury --json --exit-code
    """
    from openspending import publishing
    from openspending.assembly import open_store

    with failing_plainly(as_json=as_json, shape=NOTHING):
        store = open_store(settings_of(context))
        with bar(where) as progress:
            found = publishing.plan(
                where,
                owner=owner,
                name=name,
                store=store,
                fetch=fetch_from(private_hosts=allow_private_hosts),
                progress=progress,
            )
    if as_json:
        show_json(planned_json(found))
    else:
        show_plan(found)
    if exit_code and found.changes:
        raise typer.Exit(CHANGES)
