"""`serve`: all components in one process."""

from __future__ import annotations

import dataclasses

import typer
from rich.text import Text

from openspending.cli.options import Host, Port, settings_of
from openspending.cli.output import console, failing_plainly
from openspending.settings import Settings


def serve(context: typer.Context, host: Host = None, port: Port = None) -> None:
    """Serve the pages, the Read API and the DataStore's public files. Ctrl-C stops it.

    Examples:

        openspending serve

        openspending --data /srv/openspending serve --host 0.0.0.0 --port 80
    """
    with failing_plainly(as_json=False):
        run(settings_of(context), host, port)


def run(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve until Ctrl-C; prints the address once it really answers. Raises BadSettings when the port is taken."""
    from openspending import assembly, server

    listening = dataclasses.replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
    )
    with assembly.application(listening) as app:
        server.serve(app, listening.host, listening.port, on_listening=_say)


def _say(address: str) -> None:
    console().print(Text.assemble("OpenSpending answers at ", (address, "bold"), " (Ctrl-C stops it)"))
