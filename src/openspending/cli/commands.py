"""The commands together, and the options that all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import openspending
from openspending.cli import (
    accounts,
    audit,
    database,
    datasets,
    datastore,
    demo,
    doctor,
    imports,
    inspect,
    jobs,
    leaks,
    plan,
    publish,
    rebuild,
    search,
    serve,
    sql,
    tokens,
    usage,
    verify,
    visibility,
    work,
)

app = typer.Typer(
    name="openspending",
    help="Public money as exact, linkable, rebuildable open data.",
    epilog="Settings come from the environment (OS_DATA, OS_STORAGE_BUCKET_NAME, …): see docs/settings.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openspending {openspending.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the embedded DataStore, used when no bucket is configured. [OS_DATA, ./data]"),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers and ends the program
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = data


app.command()(inspect.inspect)
app.command("import")(imports.import_)
app.command()(publish.publish)
app.command()(publish.validate)
app.command()(plan.plan)
app.command()(serve.serve)
app.command()(work.work)
app.command()(work.follow)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(rebuild.rebuild)
app.command()(datasets.datasets)
app.command()(datasets.revisions)
app.command()(search.search)
app.command()(visibility.show)
app.command()(visibility.hide)
app.command()(visibility.withdraw)
app.command()(visibility.rename)
app.command()(audit.audit)
app.command()(sql.sql)
app.command()(usage.usage)
app.command()(verify.verify)
app.command()(leaks.leaks)
app.add_typer(jobs.app, name="jobs")
app.add_typer(accounts.app, name="accounts")
app.add_typer(tokens.app, name="tokens")
app.add_typer(tokens.keys_app, name="keys")
app.add_typer(datastore.app, name="datastore")
app.add_typer(database.app, name="database")
