"""`serve`: all components in one process, or some of them alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from openspending.cli.options import Host, Port, settings_of
from openspending.cli.output import console, failing_plainly
from openspending.settings import Settings

if TYPE_CHECKING:
    from openspending.assembly import Parts

Components = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[COMPONENT]…", help="read-api, write-api, identity, browse. [all, and the jobs]", show_default=False
    ),
]


def serve(context: typer.Context, components: Components = None, host: Host = None, port: Port = None) -> None:
    """Serve the pages and the APIs, and do the jobs; or serve some components alone. Ctrl-C stops it.

    Whoever serves components alone also runs `openspending work` and `openspending follow` (docs/operating.md).

    Examples:

        openspending serve

        openspending --data /srv/openspending serve --host 0.0.0.0 --port 80

        openspending serve read-api
    """
    with failing_plainly(as_json=False):
        run(settings_of(context), host, port, components or ())


def run(settings: Settings, host: str | None, port: int | None, components: Sequence[str] = ()) -> None:
    """Serve until Ctrl-C; prints the address once it really answers. Raises BadSettings when the port is taken or a
    component unknown, StoreError when the store or the database is not there."""
    from openspending import assembly, server

    listening = dataclasses.replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    chosen = assembly.chosen(components)
    with ExitStack() as running:
        parts = running.enter_context(assembly.Parts(listening))
        assembly.check(parts, chosen)
        app = assembly.composed(parts, chosen)
        if not components:
            running.enter_context(assembly.following(assembly.tasks(parts)))
            if settings.workers:
                running.enter_context(assembly.working(parts, settings.workers))
        server.serve(app, listening.host, listening.port, on_listening=lambda address: _say(address, parts, chosen))


def _say(address: str, parts: Parts, components: frozenset[str]) -> None:
    """Where it answers; and the link for the first person, where there is none yet."""
    console().print(Text.assemble("OpenSpending answers at ", (address, "bold"), " (Ctrl-C stops it)"))
    if "identity" in components:
        from openspending.identity.installation import first_run

        link = first_run(parts.installation, address)
        if link is not None:
            console().print(Text.assemble("Open this once to sign in as its administrator: ", (link, "bold")))
