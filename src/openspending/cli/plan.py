"""`plan`: what publishing a package would change, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openspending.cli.options import (
    Add,
    Json,
    Name,
    PrivateHosts,
    Recipe,
    Said,
    caching_fetch,
    fetch_from,
    into_of,
    read_files,
    said,
)
from openspending.cli.output import failing_plainly, show_json
from openspending.cli.planwords import show_plan
from openspending.cli.progress import bar
from openspending.cli.proposals import OPEN, show_open, show_prepared
from openspending.cli.stores import reading

if TYPE_CHECKING:
    from openspending.analytics.differences.planned import Planned
    from openspending.importing import Wish

CHANGES = 3  # the exit code for scripts
NOTHING: Mapping[str, Any] = {"dataset": None, "revision": None, "published": None, "changes": None}

_Where = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH_OR_URL…",
        help="A datapackage.json, its folder, a zip of it, or the URL of either; with --into, files to import.",
        show_default=False,
    ),
]
_Owner = Annotated[
    str | None, typer.Option(help="Account or organisation that the dataset belongs to.", show_default=False)
]
_Into = Annotated[
    str | None,
    typer.Option(metavar="OWNER/NAME", help="Plan an import of files into this dataset.", show_default=False),
]


def plan(
    context: typer.Context,
    where: _Where,
    owner: _Owner = None,
    name: Name = None,
    into: _Into = None,
    answers: Said = None,
    recipe: Recipe = None,
    add: Add = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=f"Exit with {CHANGES} when publishing would create a revision.")
    ] = False,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Show what `publish` would change, or with --into `import`: facts and money, against the published revision.

    Nothing is stored.

    Examples:

        openspending plan budget/datapackage.json --owner treasury

        openspending plan "Budget 2027.xlsx" --into treasury/budget

        openspending plan budget --owner treasury --json --exit-code
    """
    from openspending import importing

    with failing_plainly(as_json=as_json, shape=NOTHING):
        if into is not None:
            fetch = caching_fetch(context, private_hosts=allow_private_hosts)
            wish = importing.Wish(*read_files(where, recipe), said(answers), {}, add, fetch)
            found = plan_files(context, wish, into_of(into), as_json=as_json)
        else:
            found = _plan_package(context, where, owner, name, private_hosts=allow_private_hosts, as_json=as_json)
    if exit_code and found.changes:
        raise typer.Exit(CHANGES)


def plan_files(context: typer.Context, wish: Wish, into: tuple[str, str], *, as_json: bool) -> Planned:
    """Plan an import, and show it. Exits with 4 while questions are open."""
    from openspending import importing
    from openspending.analytics.differences.plandata import planned_json

    try:
        with bar(wish.files[0]) as progress:
            store = reading(context, into[0])(into[1])
            found, prepared = importing.plan_import(wish, owner=into[0], name=into[1], store=store, progress=progress)
    except importing.OpenQuestions as open_:
        show_open(open_.prepared, str(open_), NOTHING, as_json=as_json)
        raise typer.Exit(OPEN) from None
    if as_json:
        show_json({**prepared.told(), **planned_json(found)})
    else:
        show_prepared(prepared, columns=found.published is None)
        show_plan(found)
    return found


def _plan_package(
    context: typer.Context, where: list[str], owner: str | None, name: str | None, *, private_hosts: bool, as_json: bool
) -> Planned:
    from openspending import publishing
    from openspending.analytics.differences.plandata import planned_json

    if owner is None or len(where) != 1:
        raise typer.BadParameter("a package needs --owner; files to import need --into")
    store = reading(context, owner)
    with bar(where[0]) as progress:
        found = publishing.plan(
            where[0],
            owner=owner,
            name=name,
            store=store,
            fetch=fetch_from(private_hosts=private_hosts),
            progress=progress,
        )
    if as_json:
        show_json(planned_json(found))
    else:
        show_plan(found)
    return found
