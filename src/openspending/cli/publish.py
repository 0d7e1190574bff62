"""`publish` and `validate`: a publisher's package becomes a revision, or a list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from openspending.cli.marked import Marked, marked_json, show_marked, telling, wanted
from openspending.cli.options import Json, Message, Name, Owner, PrivateHosts, Where, fetch_from
from openspending.cli.output import (
    console,
    failing_plainly,
    show_controls,
    show_json,
    show_problems,
    show_table,
)
from openspending.cli.progress import bar
from openspending.cli.stores import Private, writing
from openspending.fdp.amounts import grouped, plain_sums

if TYPE_CHECKING:
    from openspending.publishing import Published, Validated

_NO_FACTS: Mapping[str, Any] = {"rows": 0, "measures": {}, "controls": []}
NOTHING: Mapping[str, Any] = {"dataset": None, "revision": None, "created": False, **_NO_FACTS}
NOT_VALID: Mapping[str, Any] = {"valid": False, **_NO_FACTS}


def publish(
    context: typer.Context,
    where: Where,
    owner: Owner,
    name: Name = None,
    message: Message = "",
    private: Private = False,
    marked: Marked = None,
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

    copy, shape = wanted(marked, NOTHING)
    with telling(copy, as_json=as_json), failing_plainly(as_json=as_json, shape=shape), bar(where) as progress:
        done = publishing.publish(
            where,
            owner=owner,
            name=name,
            message=message,
            store=writing(context, owner, private=private),
            fetch=fetch_from(private_hosts=allow_private_hosts),
            progress=progress,
            marked=copy,
        )
    if as_json:
        show_json({**done.to_dict(), **marked_json(copy)})
    else:
        show_published(done)


def show_published(done: Published) -> None:
    """What was published, for people."""
    show_problems(done.problems)
    state = "published as" if done.created else "is unchanged; it is"
    console().print(Text.assemble((done.dataset, "bold"), f" {state} revision {done.revision}: {done.rows:,} facts."))
    _show_sums(done.measures)
    show_controls(done.controls)
    if done.undone:
        console().print(Text(done.undone, style="yellow"))
    console().print(f"Look at it: openspending serve, then http://127.0.0.1:8000/{done.dataset}")


def validated_json(done: Validated) -> dict[str, Any]:
    """What was found, as `--json` prints it."""
    return {
        "valid": True,
        "rows": done.rows,
        "measures": plain_sums(done.measures),
        "controls": [one.to_dict() for one in done.controls],
        "problems": done.report.to_list(),
    }


def _show_sums(measures: Mapping[str, Decimal | None]) -> None:
    rows = [(name, "–" if total is None else grouped(total)) for name, total in measures.items()]
    show_table(("measure", "sum"), rows, right=("sum",))


def validate(
    where: Where,
    marked: Marked = None,
    allow_private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Check a Fiscal Data Package as `publish` does, and add up its amounts; store nothing.

    Example:

        openspending validate budget/datapackage.json
    """
    from openspending import publishing

    copy, shape = wanted(marked, NOT_VALID)
    with telling(copy, as_json=as_json), failing_plainly(as_json=as_json, shape=shape), bar(where) as progress:
        fetch = fetch_from(private_hosts=allow_private_hosts)
        done = publishing.validate(where, fetch=fetch, progress=progress, marked=copy)
    if as_json:
        show_json({**validated_json(done), **marked_json(copy)})
        return
    show_problems(done.report)
    console().print(Text(f"The package can be published: {done.rows:,} facts.", style="bold green"))
    _show_sums(done.measures)
    show_controls(done.controls)
    show_marked(copy)
