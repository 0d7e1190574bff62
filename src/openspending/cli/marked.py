"""The option `--marked`: the publisher's tables back with their problems marked, and where they are said to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openspending.cli.output import console, printable

if TYPE_CHECKING:
    from openspending.etl.marked import MarkedCopy


def _checked(out: Path | None) -> Path | None:
    """Refuse a path that cannot be written before hours are spent on a check."""
    if out is None:
        return None
    from openspending.etl.marked import FORMATS

    if out.suffix.lower() not in FORMATS:
        raise typer.BadParameter(f"the name must end in {' or '.join(FORMATS)}")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}")
    return out


Marked = Annotated[
    Path | None,
    typer.Option(
        "--marked",
        metavar="OUT",
        callback=_checked,
        help="Write the tables back with every problem marked: OUT is a workbook (.xlsx) or .csv.",
        show_default=False,
    ),
]


def wanted(out: Path | None, shape: Mapping[str, Any]) -> tuple[MarkedCopy | None, Mapping[str, Any]]:
    """The copy that is wanted, if one is; and `shape`, what a program is told of a failure, with the copy in it: that
    fills as the copy is written."""
    if out is None:
        return None, shape
    from openspending.etl.marked import MarkedCopy

    copy = MarkedCopy(out)
    return copy, {**shape, **marked_json(copy)}


def marked_json(copy: MarkedCopy | None) -> dict[str, Any]:
    """What `--json` says about a copy; nothing where none was wanted."""
    return {} if copy is None else {"marked": copy.paths, "marked_notes": copy.notes}


@contextmanager
def telling(copy: MarkedCopy | None, *, as_json: bool) -> Iterator[None]:
    """When the command fails, says to people where the copy is, on standard error, as the problems are."""
    try:
        yield
    except typer.Exit:
        if not as_json:
            show_marked(copy, stderr=True)
        raise


def show_marked(copy: MarkedCopy | None, *, stderr: bool = False) -> None:
    """Where the copy is, and what is not in it."""
    if copy is None:
        return
    target = console(stderr=stderr)
    for note in copy.notes:
        target.print(printable(note))
    for path in copy.paths:
        target.print(f"Marked copy: {printable(path)}")
    if not copy.paths and not stderr:
        target.print("Nothing is wrong, so there is no marked copy.")
