"""`show`, `hide`, `withdraw` and `rename`: for operators, on the stores themselves. The audit log has each of them."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json
from openspending.cli.stores import dataset_named

if TYPE_CHECKING:
    from openspending.datastore.moving import Moved
    from openspending.datastore.store import DataStore

Name = Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The dataset.", show_default=False)]
New = Annotated[str, typer.Argument(metavar="NEW", help="Its new address, or its new name alone.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why; whoever asks for the dataset is told.", show_default=False)]
Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether that is meant.")]

_DONE: Final = {
    "publish": "is public now",
    "hide": "is private now",
    "withdraw": "is withdrawn",
    "rename": "is its address now",
}


def show(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Show a private dataset to everybody, with all its revisions.

    Example:

        openspending show treasury/budget
    """
    from openspending.datastore import moving

    _move(context, name, moving.publish, as_json=as_json)


def hide(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Take a public dataset back, so that only its owner's people see it.

    Example:

        openspending hide treasury/budget
    """
    from openspending.datastore import moving

    _move(context, name, moving.hide, as_json=as_json)


def withdraw(context: typer.Context, name: Name, reason: Reason, yes: Sure = False, as_json: Json = False) -> None:
    """Delete a dataset for good, with all its revisions; a tombstone stays, which says why.

    Example:

        openspending withdraw treasury/budget --reason "It holds names of patients."
    """
    from openspending.datastore import moving

    if not yes and sys.stdin.isatty():
        typer.confirm(f"Delete {name} and all its revisions for good?", abort=True)
    _move(context, name, moving.withdraw, as_json=as_json, reason=reason)


def rename(context: typer.Context, name: Name, new: New, as_json: Json = False) -> None:
    """Give a dataset another address; the old one leads there.

    Example:

        openspending rename treasury/budget treasury/budget-2026
    """
    from openspending.datastore import moving

    def renamed(store: DataStore, owner: str, dataset: str, **how: Any) -> Moved:
        to, slash, last = new.partition("/")
        return moving.rename(store, owner, dataset, (to, last) if slash else (owner, new), **how)

    _move(context, name, renamed, as_json=as_json, to=new)


def _move(context: typer.Context, name: str, move: Callable[..., Moved], *, as_json: bool, **further: str) -> None:
    """Move the dataset, put it on record, and tell what was done."""
    from openspending.assembly import open_store
    from openspending.datastore import audit

    event, at = uuid.uuid4().hex, datetime.now(UTC)
    reason = {key: value for key, value in further.items() if key == "reason"}
    with failing_plainly(as_json=as_json):
        store = open_store(settings_of(context))
        owner, dataset = dataset_named(store, name)
        done = move(store, owner, dataset, event=event, by=audit.OPERATOR, at=at, **reason)
        # also where nothing was left to do: whoever did it may have been killed before this
        detail = {**further, "moved": done.moved}
        audit.record(store.private, audit.Event(at, audit.OPERATOR, "", done.action, owner, dataset, event, detail))
        _share(context, (owner, dataset), done)
        if done.action == "rename":
            _derive(store, done)
    if as_json:
        place = f"{done.owner}/{done.name}"
        show_json({"action": done.action, "dataset": place, "revision": done.revision, "moved": done.moved})
        return
    already = "" if done.moved else ", as it was before"
    console().print(Text.assemble((f"{done.owner}/{done.name}", "bold"), f" {_DONE[done.action]}{already}."))


def _derive(store: DataStore, done: Moved) -> None:
    """What is derived states the address: make it again."""
    from openspending.analytics.rebuild import rebuild_all

    for one in rebuild_all(store, f"{done.owner}/{done.name}"):
        if one.undone:
            console(stderr=True).print(Text(one.undone, style="yellow"))


def _share(context: typer.Context, old: tuple[str, str], done: Moved) -> None:
    """Let those with whom the dataset is shared keep it under its new name; forget them when it is gone."""
    if done.action not in {"withdraw", "rename"}:
        return
    from openspending import assembly
    from openspending.identity import collaborators

    with assembly.Parts(settings_of(context)) as parts:
        if done.action == "rename":
            collaborators.moved(parts.engine, *old, done.owner, done.name)
        else:
            collaborators.forgotten(parts.engine, *old)
