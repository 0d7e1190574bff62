"""`demo`: real budgets of several countries, published and ready to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import openspending
from openspending.cli.options import Host, Json, Port, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table
from openspending.cli.progress import bar
from openspending.cli.stores import writing
from openspending.errors import NotFound

OWNER = "demo"


def demo(
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Serve them afterwards.")] = False,
    host: Host = None,
    port: Port = None,
    as_json: Json = False,
) -> None:
    """Publish the demo packages under the owner “demo”; repeating it stores nothing new.

    Example:

        openspending demo --serve
    """
    from openspending import publishing
    from openspending.cli.serve import run

    with failing_plainly(as_json=as_json):
        settings = settings_of(context)
        store = writing(context, OWNER)
        done = []
        for folder in packages():
            with bar(folder.name) as progress:
                done.append(
                    publishing.publish(str(folder), owner=OWNER, store=store, message="Demo data", progress=progress)
                )
        if as_json:
            show_json({"published": [one.to_dict() for one in done]})
        else:
            rows = [(one.dataset, one.revision, f"{one.rows:,}") for one in done]
            show_table(("dataset", "revision", "facts"), rows, right=("revision", "facts"))
            if not serve:
                console().print("Look at them: openspending serve")
        if serve:
            run(settings, host, port)


def packages() -> list[Path]:
    """Folders of the demo packages: inside the installed program, or in `examples/` of a source tree."""
    here = Path(openspending.__file__).parent
    for folder in (here / "demo_packages", here.parent.parent / "examples" / "packages"):
        found = sorted(one.parent for one in folder.glob("*/datapackage.json"))
        if found:
            return found
    raise NotFound("The demo packages are missing from this installation.")
