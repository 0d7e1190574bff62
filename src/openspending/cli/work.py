"""`work` and `follow`: the processes that serve nobody, beside components that run apart."""

from __future__ import annotations

from typing import Annotated

import typer

from openspending.cli.options import settings_of
from openspending.cli.output import console, failing_plainly

Count = Annotated[
    int | None, typer.Option(min=1, max=64, help="Jobs done at once. [OS_WORKERS, 2]", show_default=False)
]


def work(context: typer.Context, count: Count = None) -> None:
    """Do jobs, such as imports, until Ctrl-C. Any number of these may run, on any number of machines.

    What a worker was doing when it was stopped or killed is begun again by another.

    Example:

        openspending work --count 4
    """
    from openspending import assembly, server

    with failing_plainly(as_json=False):
        settings = settings_of(context)
        wanted = count or settings.workers or 1
        with assembly.Parts(settings) as parts:
            assembly.check(parts, frozenset({"write-api"}))
            with assembly.working(parts, wanted):
                server.until_stopped(lambda: console().print(f"Doing jobs, {wanted} at once (Ctrl-C stops it)"))


def follow(context: typer.Context) -> None:
    """Follow what happens until Ctrl-C: derive what is missing, send webhooks, sweep what has expired.

    Any number of these may run; one is enough.

    Example:

        openspending follow
    """
    from openspending import assembly, server

    with failing_plainly(as_json=False):
        settings = settings_of(context)
        with assembly.Parts(settings) as parts:
            assembly.check(parts, frozenset({"write-api"}))
            with assembly.following(assembly.tasks(parts), console().print):
                server.until_stopped(lambda: console().print("Following what happens (Ctrl-C stops it)"))
