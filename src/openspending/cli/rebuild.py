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
from openspending.cli.progress import counting
from openspending.cli.stores import dataset_named

if TYPE_CHECKING:
    from openspending.analytics.rebuild import Rebuilt
    from openspending.analytics.search.filling import Done
    from openspending.assembly import Parts


def rebuild(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only this dataset (owner/name).", show_default=False)
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Make everything again, and compare its hash with the recorded one.")
    ] = False,
    search: Annotated[
        bool, typer.Option("--search/--no-search", help="Bring the search index of this machine up to date, too.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Derive what is missing: fact tables, models, files to download, the registry and, without NAME, the search index,
    from the DataStore alone.

    With --verify, exit code 1 when any hash differs; the search index is made anew, while the old one answers.

    Examples:

        openspending rebuild

        openspending rebuild treasury/budget --verify
    """
    from openspending.assembly import Parts

    with failing_plainly(as_json=as_json, shape={"rebuilt": []}), Parts(settings_of(context)) as parts:
        done = _rebuilt(parts, name, verify=verify)
        differing = [one.dataset for one in done if one.same is False]
        if not as_json:
            _show(done)
        found = _searchable(parts, anew=verify) if search and name is None else None
        missing = {} if found is None else dict(parts.search.missing())
    for dataset, reason in missing.items():
        console(stderr=True).print(Text(f"{dataset} cannot be found by search: {reason}", style="yellow"))
    if as_json:
        told = found and {"indexed": found.indexed, "lines": found.lines, "removed": found.removed, "missing": missing}
        show_json({"rebuilt": [asdict(one) for one in done], "identical": not differing, "search": told})
    elif found is not None:
        console().print(f"Search index: {found.sentence or 'there is nothing new.'}")
    if differing:
        console(stderr=True).print(Text(f"Different from the record: {', '.join(differing)}", style="bold red"))
        raise typer.Exit(1)


def _rebuilt(parts: Parts, name: str | None, *, verify: bool) -> list[Rebuilt]:
    """What was derived; what could not be made is told."""
    from openspending.analytics.rebuild import rebuild_all

    chosen = "/".join(dataset_named(parts.store, name)) if name else None
    target = console(stderr=True)
    done = []
    with target.status("Rebuilding …") if target.is_terminal else nullcontext():
        for one in rebuild_all(parts.store, chosen, verify=verify):
            done.append(one)
            if target.is_terminal:
                target.print(f"{one.dataset}: {one.facts:,} facts")
    for one in done:
        if one.undone:
            target.print(Text(f"{one.dataset}: {one.undone}", style="yellow"))
    return done


def _searchable(parts: Parts, *, anew: bool) -> Done:
    """What was done to the search index."""
    with counting("Indexing") as tell:
        return parts.search.bring_up_to_date(tell, anew=anew)


def _show(done: Sequence[Rebuilt]) -> None:
    """One line for each dataset."""
    compared = {None: "–", True: "identical", False: "DIFFERENT"}
    rows = []
    for one in done:
        made = "made" if one.made else "there already"
        rows.append((one.dataset, one.revision, f"{one.facts:,}", made, compared[one.same], one.hash[:19]))
    show_table(("dataset", "revision", "facts", "files", "compared", "hash"), rows, right=("revision", "facts"))
