"""`inspect`: what is in a file, and what an import would make of it; nothing is stored."""

from __future__ import annotations

from typing import Annotated

import typer

from openspending.cli.options import Json, PrivateHosts, Recipe, Said, caching_fetch, read_files, said
from openspending.cli.output import failing_plainly, show_json
from openspending.cli.progress import bar
from openspending.cli.proposals import show_prepared

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE…",
        help="Files or URLs: CSV, Excel, ODS, HTML, JSON, packed or not. [those of the recipe]",
        show_default=False,
    ),
]


def inspect(
    context: typer.Context,
    files: Files = None,
    answers: Said = None,
    recipe: Recipe = None,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Show what is in files as a ministry has them, and what `import` would propose; store nothing.

    Examples:

        openspending inspect "Budget 2026.xlsx"

        openspending inspect spending-*.csv --json
    """
    from openspending import importing

    with failing_plainly(as_json=as_json, shape={"tables": [], "sure": False}):
        fetch = caching_fetch(context, private_hosts=allow_private_hosts)
        wish = importing.Wish(*read_files(files, recipe), said(answers), fetch=fetch)
        with bar(wish.files[0]) as progress:
            found = importing.inspect_files(wish, progress=progress)
    if as_json:
        show_json({**found.told(), "descriptor": found.descriptor})
    else:
        show_prepared(found)
