"""`verify`: a receipt, checked against the DataStore's files alone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote

import typer
from rich.text import Text

from openspending.cli.options import Json, PrivateHosts, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table
from openspending.errors import BadSettings, NotFound, StoreError

if TYPE_CHECKING:
    from openspending.analytics.proving.verifying import Check, Files
    from openspending.fetch import Fetcher

_WORDS: Final = {True: "✓ holds", False: "✗ differs", None: "– not compared"}
_MOST: Final = 10 * 1024 * 1024  # bytes of a receipt; more is none


def verify(
    context: typer.Context,
    receipt: Annotated[
        str, typer.Argument(metavar="RECEIPT", help="A file, a URL, or - for standard input.", show_default=False)
    ],
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The DataStore: a folder, file:///…, s3://…, or the https:// address below which its files lie. "
            "[the configured one]",
            show_default=False,
        ),
    ] = None,
    private_hosts: PrivateHosts = False,
    as_json: Json = False,
) -> None:
    """Check a receipt: recompute its numbers from the DataStore's manifests and source files alone.

    Exit code 1 when anything differs, or a file is missing or altered; it is named.

    Examples:

        openspending verify receipt.json --store ./data/public

        openspending verify receipt.json --store https://example.org/data/
    """
    with failing_plainly(as_json=as_json, shape={"checks": [], "holds": False}):
        revision, checks = _checked(context, receipt, store, private_hosts=private_hosts)
    holds = not any(one.holds is False for one in checks)
    if as_json:
        show_json({"checks": [asdict(one) for one in checks], "holds": holds})
    else:
        _show(checks, revision, holds=holds)
    if not holds:
        raise typer.Exit(1)


def _checked(context: typer.Context, where: str, store: str | None, *, private_hosts: bool) -> tuple[str, list[Check]]:
    """The revision that the receipt at `where` is of, and the checks of it. Raises errors of ours, and OSError."""
    from openspending.analytics.proving.receiptform import read_receipt
    from openspending.analytics.proving.verifying import verify as checking
    from openspending.fetch import Fetcher

    fetcher, target = Fetcher(allow_private_hosts=private_hosts), console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        stated = read_receipt(_bytes(where, Path(folder), fetcher))
        files = _files(context, store, fetcher)
        with target.status("Checking …") if target.is_terminal else nullcontext():
            checks = list(checking(stated, files, Path(folder)))
    return f"{stated.owner}/{stated.name}@{stated.revision}", checks


def _bytes(where: str, folder: Path, fetcher: Fetcher) -> bytes:
    """The receipt's bytes. Raises OSError and Unreachable."""
    if where == "-":
        return sys.stdin.buffer.read(_MOST + 1)
    path = Path(where)
    if where.startswith(("http://", "https://")):
        path = folder / "receipt.json"
        _fetched(fetcher, where, path)
    with path.open("rb") as file:
        return file.read(_MOST + 1)


def _files(context: typer.Context, store: str | None, fetcher: Fetcher) -> Files:
    """Where the files are to be read. Raises BadSettings."""
    from openspending.datastore.objects import ObjectStore

    settings = settings_of(context)
    if store is None:
        return ObjectStore.open(settings.public_url, settings.s3)
    if store.startswith(("http://", "https://")):
        return _Web(store.rstrip("/"), fetcher)
    if store.startswith("s3://"):
        return ObjectStore.open(store, settings.s3)
    if "://" in store and not store.startswith("file://"):
        raise BadSettings(f"“{store}” is no DataStore; write a folder, file:///…, s3://… or https://….")
    url = store if store.startswith("file://") else f"file://{quote(str(Path(store).absolute()))}"
    from openspending.datastore.addresses import folder_of

    if not folder_of(url).is_dir():  # opening it would create it
        raise BadSettings(f"There is no folder {folder_of(url)}.")
    return ObjectStore.open(url)


@dataclass(frozen=True, slots=True)
class _Web:
    """The files of a DataStore below an address on the web."""

    root: str
    fetcher: Fetcher

    def download(self, key: str, path: Path) -> None:
        """Fetch the file `key` to `path`."""
        _fetched(self.fetcher, f"{self.root}/{quote(key, safe='/@+')}", path)


def _fetched(fetcher: Fetcher, url: str, path: Path) -> None:
    from openspending.fetch import Unreachable

    try:
        fetcher(url, path)
    except Unreachable as error:
        kind = NotFound if "answers 404" in str(error) else StoreError
        raise kind(f"{url} was not fetched: {error}.") from error


def _show(checks: Sequence[Check], revision: str, *, holds: bool) -> None:
    """A line for each check, and what they mean together."""
    show_table(("check", "result", "found"), [(one.what, _WORDS[one.holds], one.found) for one in checks])
    if holds:
        console().print(f"The receipt holds: {revision} gives these numbers.")
        return
    wrong = [f"{one.what}: {one.found}" for one in checks if one.holds is False]
    console(stderr=True).print(Text("The receipt does not hold.\n" + "\n".join(wrong), style="bold red"))
