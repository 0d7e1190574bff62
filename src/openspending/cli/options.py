"""Options that several commands share, and how they get their settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from openspending.settings import Settings, read_settings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Where = Annotated[
    str,
    typer.Argument(
        metavar="PATH_OR_URL",
        help="A datapackage.json, its folder, a zip of it, or the URL of either.",
        show_default=False,
    ),
]
Owner = Annotated[str, typer.Option(help="Account or organisation that the dataset belongs to.", show_default=False)]
Name = Annotated[str | None, typer.Option(help="Name of the dataset. [the package's own name]", show_default=False)]
PrivateHosts = Annotated[
    bool, typer.Option("--allow-private-hosts", help="Fetch from hosts of this machine and network too (for testing).")
]
Host = Annotated[str | None, typer.Option(help="Address to listen on. [OS_HOST, 127.0.0.1]", show_default=False)]
Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one. [OS_PORT, 8000]", show_default=False),
]


def fetch_from(*, private_hosts: bool) -> Callable[[str, Path], None]:
    """Fetches a file by URL. The HTTP library is imported by the first URL: most packages lie on this machine."""

    def fetch(url: str, path: Path) -> None:
        from openspending.fetch import Fetcher

        Fetcher(allow_private_hosts=private_hosts)(url, path)

    return fetch


def settings_of(context: typer.Context) -> Settings:
    """The settings of this run. Raises BadSettings."""
    data: Path | None = context.obj
    return read_settings(data=data)
