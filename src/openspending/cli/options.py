"""Options that several commands share, and how they get their settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openspending.settings import Settings, read_settings

if TYPE_CHECKING:
    from openspending.etl.importing.precedent import Precedent

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

Into = Annotated[
    str,
    typer.Option(metavar="OWNER/NAME", help="The dataset; it is created by its first revision.", show_default=False),
]
Said = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="QUESTION=ANSWER", help="Answer a question; may be repeated.", show_default=False),
]
Recipe = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A recipe: package.yaml, datapackage.json or source-spec.yaml.", show_default=False
    ),
]

Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Take the proposals that are sure without asking; fail where one is not.")
]


def _writable(out: Path | None) -> Path | None:
    """Refuse a place that cannot be written before anything is stored."""
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise typer.BadParameter(f"{out} is a folder" if out.is_dir() else f"there is no folder {out.parent}")
    return out


Save = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT",
        callback=_writable,
        help="Write what was decided as a recipe (YAML), to keep.",
        show_default=False,
    ),
]
Add = Annotated[
    bool, typer.Option("--add", help="Add the files to those of the dataset, instead of taking their place.")
]
Title = Annotated[str | None, typer.Option(help="Title of the dataset.", show_default=False)]
Message = Annotated[str, typer.Option(help="What is new in this revision.", show_default=False)]


def into_of(text: str) -> tuple[str, str]:
    """Owner and name of a dataset's address."""
    owner, slash, name = text.partition("/")
    if not slash or not owner or not name or "/" in name:
        raise typer.BadParameter(f"“{text}” is not of the form OWNER/NAME")
    return owner, name


def said(answers: list[str] | None) -> dict[str, str]:
    """The answers given with --set, by the id of their question."""
    found: dict[str, str] = {}
    for one in answers or ():
        # ids hold labels, which may hold “=”; answers do too, but labels come first
        id_, equals, value = one.partition("=")
        if not equals:
            raise typer.BadParameter(f"“{one}” is not of the form QUESTION=ANSWER")
        found[id_.strip()] = value.strip()
    return found


def read_files(files: list[str] | None, recipe: Path | None) -> tuple[tuple[str, ...], Precedent | None]:
    """The files to import and the recipe to follow; without files, those that the recipe names. Raises
    PackageRejected."""
    if recipe is None:
        if not files:
            raise typer.BadParameter("name the files to import, or a --recipe that names them")
        return tuple(files), None
    from openspending.etl.importing.recipe import files_of, read_recipe

    precedent = read_recipe(recipe)
    return tuple(files or files_of(precedent, recipe)), precedent


def caching_fetch(context: typer.Context, *, private_hosts: bool) -> Callable[[str, Path], str | None]:
    """Fetches a file by URL, from the cache where it has not changed. The HTTP library is imported by the first URL."""

    def fetch(url: str, path: Path) -> str | None:
        from openspending.fetch import Fetcher
        from openspending.fetchcache import CachedFetcher

        folder = settings_of(context).cache / "fetched"
        return CachedFetcher(folder, Fetcher(allow_private_hosts=private_hosts))(url, path)

    return fetch


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
