"""`import`: files as a ministry has them become a new revision of a dataset."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from openspending.cli.inspect import Files
from openspending.cli.marked import Marked, marked_json, telling, wanted
from openspending.cli.options import (
    Add,
    Into,
    Json,
    Message,
    PrivateHosts,
    Recipe,
    Said,
    Save,
    Title,
    Yes,
    caching_fetch,
    into_of,
    read_files,
    said,
)
from openspending.cli.output import console, failing_plainly, show_json
from openspending.cli.plan import plan_files
from openspending.cli.progress import bar
from openspending.cli.proposals import OPEN, show_open, show_prepared, show_question
from openspending.cli.publish import NOTHING, show_published
from openspending.cli.stores import Private, writing

if TYPE_CHECKING:
    from openspending.datastore.objects import ObjectStore
    from openspending.etl.decisions import Proposal
    from openspending.etl.importing.prepared import Prepared
    from openspending.importing import Wish

_EMPTY: Mapping[str, Any] = {
    **NOTHING,
    **dict.fromkeys(("tables", "decisions", "questions", "left_out", "drift", "notes"), ()),
    "sure": False,
}


def import_(
    context: typer.Context,
    into: Into,
    files: Files = None,
    yes: Yes = False,
    answers: Said = None,
    recipe: Recipe = None,
    save: Save = None,
    add: Add = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would change, and store nothing.")] = False,
    title: Title = None,
    message: Message = "",
    private: Private = False,
    marked: Marked = None,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Make a Fiscal Data Package of files as a ministry has them, and publish it as a revision of a dataset.

    Everything that is decided is shown and recorded. What is not sure is asked: at a terminal, or with --set.
    Exit codes: 0 done, 1 refused, 2 wrong usage, 4 questions are open.

    Examples:

        openspending import "Budget 2026.xlsx" --into treasury/budget

        openspending import 2026.csv --into treasury/budget --yes --json
    """
    from openspending import importing

    copy, shape = wanted(marked, _EMPTY)
    with telling(copy, as_json=as_json), failing_plainly(as_json=as_json, shape=shape):
        owner, name = into_of(into)
        properties = {"title": title} if title else {}
        fetch = caching_fetch(context, private_hosts=allow_private_hosts)
        wish = importing.Wish(*read_files(files, recipe), said(answers), properties, add, fetch)
        try:
            if plan:
                plan_files(context, wish, (owner, name), as_json=as_json)
            else:
                store = writing(context, owner, private=private)(name)
                _import(wish, (owner, name), store, message, copy, save, yes=yes, as_json=as_json)
        except importing.OpenQuestions as open_:
            show_open(open_.prepared, str(open_), shape, as_json=as_json)
            raise typer.Exit(OPEN) from None


def _import(
    wish: Wish,
    into: tuple[str, str],
    store: ObjectStore,
    message: str,
    copy: Any,
    save: Path | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    from openspending import importing

    here = sys.stdin.isatty() and not yes and not as_json
    shown: list[Prepared] = []
    with bar(wish.files[0], interactive=here) as progress:
        done = importing.import_files(
            wish,
            owner=into[0],
            name=into[1],
            store=store,
            message=message,
            ask=_ask if here else None,
            agreed=_agreement(shown, here=here, yes=yes, as_json=as_json),
            progress=progress,
            marked=copy,
        )
    if done is None:
        if as_json:
            said = "Nobody agreed. Say --yes to take the proposals."
            show_json({**_EMPTY, **shown[-1].told(), "error": said, "problems": [], **marked_json(copy)})
        else:
            console(stderr=True).print("Nothing was stored. Say --yes to take the proposals.")
        raise typer.Exit(OPEN)
    if save is not None:
        from openspending.etl.importing.recipe import recipe_of, write_recipe

        kept = recipe_of(done.prepared.descriptor, done.prepared.decisions)
        save.write_text(write_recipe(kept), encoding="utf-8")
    if as_json:
        show_json({**done.to_dict(), **marked_json(copy)})
        return
    show_published(done.published)


def _agreement(shown: list[Prepared], *, here: bool, yes: bool, as_json: bool) -> Callable[[Prepared], bool]:
    """Shows what was prepared, and lets a person say yes or no. Nobody at a terminal and no --yes is a no. What was
    prepared is added to `shown`."""

    def agreed(prepared: Prepared) -> bool:
        shown.append(prepared)
        if not as_json:
            show_prepared(prepared)
        return yes or (here and typer.confirm("Publish it?", default=True))

    return agreed


def _ask(proposal: Proposal) -> str:
    """Ask a person at the terminal; a number or a value."""
    show_question(proposal)
    while True:
        said: str = typer.prompt("  Your answer", default="1")
        if said.isdecimal() and 0 < int(said) <= len(proposal.choices):
            return proposal.choices[int(said) - 1].value
        if any(said.casefold() == one.value.casefold() for one in proposal.choices):
            return said
        console().print(Text("  That is none of the choices.", style="yellow"))
