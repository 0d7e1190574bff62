"""`rebuild`: everything derived, made again from the DataStore alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table
from openspending.cli.stores import dataset_named

if TYPE_CHECKING:
    from openspending.analytics.rebuild import Rebuilt


def rebuild(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only this dataset (owner/name).", show_default=False)
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Make everything again, and compare its hash with the recorded one.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Derive what is missing: fact tables, models, files to download and the registry, from the DataStore alone.

    With --verify, exit code 1 when any hash differs.

    Examples:

        openspending rebuild

        openspending rebuild treasury/budget --verify
    """
    from openspending.analytics.rebuild import rebuild_all
    from openspending.assembly import open_store

    with failing_plainly(as_json=as_json, shape={"rebuilt": []}):
        store = open_store(settings_of(context))
        chosen = "/".join(dataset_named(store, name)) if name else None
        target = console(stderr=True)
        done = []
        with target.status("Rebuilding …") if target.is_terminal else nullcontext():
            for one in rebuild_all(store, chosen, verify=verify):
                done.append(one)
                if target.is_terminal:
                    target.print(f"{one.dataset}: {one.facts:,} facts")
    for one in done:
        if one.undone:
            target.print(Text(f"{one.dataset}: {one.undone}", style="yellow"))
    differing = [one.dataset for one in done if one.same is False]
    if as_json:
        show_json({"rebuilt": [asdict(one) for one in done], "identical": not differing})
    else:
        _show(done)
    if differing:
        console(stderr=True).print(Text(f"Different from the record: {', '.join(differing)}", style="bold red"))
        raise typer.Exit(1)


def _show(done: Sequence[Rebuilt]) -> None:
    """One line for each dataset."""
    compared = {None: "–", True: "identical", False: "DIFFERENT"}
    rows = []
    for one in done:
        made = "made" if one.made else "there already"
        rows.append((one.dataset, one.revision, f"{one.facts:,}", made, compared[one.same], one.hash[:19]))
    show_table(("dataset", "revision", "facts", "files", "compared", "hash"), rows, right=("revision", "facts"))
