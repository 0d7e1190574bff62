"""`publish` and `validate`: a publisher's package becomes a revision, or a list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from openspending.cli.options import Json, PrivateHosts, Where, settings_of
from openspending.cli.output import amounts, console, failing_plainly, show_json, show_problems, show_table
from openspending.cli.progress import bar
from openspending.fdp.amounts import grouped

if TYPE_CHECKING:
    from openspending.publishing import Published

NOTHING: Mapping[str, Any] = {"dataset": None, "revision": None, "created": False, "rows": 0, "measures": {}}
NOT_VALID: Mapping[str, Any] = {"valid": False, "rows": 0, "measures": {}}


def publish(
    context: typer.Context,
    where: Where,
    owner: Annotated[
        str, typer.Option(help="Account or organisation that the dataset belongs to.", show_default=False)
    ],
    name: Annotated[
        str | None, typer.Option(help="Name of the dataset. [the package's own name]", show_default=False)
    ] = None,
    message: Annotated[str, typer.Option(help="What is new in this revision.", show_default=False)] = "",
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Check a Fiscal Data Package, store it as a new revision, and make it queryable.

    Nothing is stored when there is an error. Publishing the same bytes again stores nothing new.

    Examples:

        openspending publish budget/datapackage.json --owner treasury

        openspending publish https://example.org/budget.zip --owner treasury --message "Final figures"
    """
    from openspending import publishing
    from openspending.assembly import open_store
    from openspending.fetch import Fetcher

    with failing_plainly(as_json=as_json, shape=NOTHING):
        settings = settings_of(context)
        store = open_store(settings)
        with bar(where) as progress:
            done = publishing.publish(
                where,
                owner=owner,
                name=name,
                message=message,
                store=store,
                fetch=Fetcher(allow_private_hosts=allow_private_hosts),
                progress=progress,
            )
    if as_json:
        show_json(published_json(done))
    else:
        show_published(done)


def published_json(done: Published) -> dict[str, Any]:
    """What was published, as `--json` prints it."""
    return {
        "dataset": done.dataset,
        "revision": done.revision,
        "created": done.created,
        "rows": done.rows,
        "measures": amounts(done.measures),
        "problems": [one.to_dict() for one in done.problems],
    }


def show_published(done: Published) -> None:
    """What was published, for people."""
    show_problems(done.problems)
    state = "published as" if done.created else "is unchanged; it is"
    console().print(Text.assemble((done.dataset, "bold"), f" {state} revision {done.revision}: {done.rows:,} facts."))
    _show_sums(done.measures)
    console().print(f"Look at it: openspending serve, then http://127.0.0.1:8000/{done.dataset}")


def _show_sums(measures: Mapping[str, Decimal | None]) -> None:
    rows = [(name, "–" if total is None else grouped(total)) for name, total in measures.items()]
    show_table(("measure", "sum"), rows, right=("sum",))


def validate(
    where: Where,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Check a Fiscal Data Package as `publish` does, and add up its amounts; store nothing.

    Example:

        openspending validate budget/datapackage.json
    """
    from openspending import publishing
    from openspending.fetch import Fetcher

    with failing_plainly(as_json=as_json, shape=NOT_VALID), bar(where) as progress:
        done = publishing.validate(where, fetch=Fetcher(allow_private_hosts=allow_private_hosts), progress=progress)
    if as_json:
        found = done.report.to_list()
        show_json({"valid": True, "rows": done.rows, "measures": amounts(done.measures), "problems": found})
        return
    show_problems(done.report)
    console().print(Text(f"The package can be published: {done.rows:,} facts.", style="bold green"))
    _show_sums(done.measures)
