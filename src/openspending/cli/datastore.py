"""`datastore init` and `datastore verify`: the place where everything is kept."""

from __future__ import annotations

import typer
from rich.text import Text

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json

app = typer.Typer(help="Prepare and check the DataStore.", no_args_is_help=True)


@app.command()
def init(context: typer.Context, as_json: Json = False) -> None:
    """Create the buckets (or folders), and let anyone read the public one; safe to repeat.

    Example:

        OS_STORAGE_BUCKET_NAME=datastore OS_ACCESS_KEY_ID=… OS_SECRET_ACCESS_KEY=… openspending datastore init
    """
    from openspending.datastore import bucket

    with failing_plainly(as_json=as_json):
        settings = settings_of(context)
        done = bucket.init(settings.public_url, settings.private_url, settings.s3)
    if as_json:
        show_json({"public": settings.public_url, "private": settings.private_url, "done": done})
        return
    for sentence in done:
        console().print(sentence)


@app.command()
def verify(context: typer.Context, as_json: Json = False) -> None:
    """Read every stored byte, public and private, and check it against its hash, and every revision against the one
    before.

    Example:

        openspending datastore verify
    """
    from openspending.assembly import open_store
    from openspending.datastore import registry
    from openspending.datastore import verify as stored

    with failing_plainly(as_json=as_json):
        store = open_store(settings_of(context))
        found = {
            f"{one.owner}/{one.name}": stored.verify(objects, one.owner, one.name)
            for objects in (store.public, store.private)
            for one in registry.datasets(objects)
        }
    damaged = {name: sentences for name, sentences in found.items() if sentences}
    if as_json:
        show_json({"datasets": found, "intact": not damaged})
    for sentences in damaged.values() if not as_json else ():
        for sentence in sentences:
            console(stderr=True).print(Text(sentence, style="bold red"))
    if damaged:
        raise typer.Exit(1)
    if not as_json:
        console().print(f"Datasets checked: {len(found)}. All is as it was committed.")
