"""What commands print: for people tables and sentences, for programs one JSON object on standard output.

Whatever a publisher wrote is shown without its control characters and never read as markup.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openspending.errors import OpenSpendingError
from openspending.fdp.amounts import grouped
from openspending.fdp.causes import by_cause
from openspending.fdp.controltotal import ControlTotal
from openspending.fdp.problems import PackageRejected, Problem

SHOWN = 50  # causes on a terminal; --json has all of them
ROWS = 10  # further rows named for one cause


def console(*, stderr: bool = False) -> Console:
    """A console that takes text as it is."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


def printable(text: object) -> str:
    """`text` in one line, every control character replaced: a cell cannot drive the terminal."""
    return "".join(one if one.isprintable() else "�" for one in str(text))


def show_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object to standard output, and nothing else."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()


@contextmanager
def failing_plainly(*, as_json: bool, shape: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Turns our errors into exit code 1: a sentence on standard error, or `shape` with `error` and `problems`."""
    failure: OpenSpendingError
    try:
        yield
    except OpenSpendingError as error:
        failure = error
    except OSError as error:  # a full disk, a folder that may not be written
        reason = error.strerror or str(error)
        failure = OpenSpendingError(f"{reason}: {error.filename}" if error.filename else reason)
    else:
        return
    if as_json:
        show_json({**(shape or {}), "error": str(failure), **_refusal(failure)})
    else:
        _show_failure(failure)
    raise typer.Exit(1)


def _refusal(failure: OpenSpendingError) -> dict[str, Any]:
    """What programs are told of a package that was rejected; `controls` only when its totals were looked at."""
    if not isinstance(failure, PackageRejected):
        return {"problems": []}
    controls = {"controls": [one.to_dict() for one in failure.controls]} if failure.controls else {}
    return {"problems": failure.report.to_list(), **controls}


def _show_failure(failure: OpenSpendingError) -> None:
    errors = console(stderr=True)
    if isinstance(failure, PackageRejected):
        show_problems(failure.report, errors)
        show_controls(failure.controls, stderr=True)
        errors.print(Text("The package cannot be published; nothing was stored.", style="bold red"))
    else:
        errors.print(Text.assemble(("Error: ", "bold red"), str(failure)))


def show_problems(problems: Iterable[Problem], target: Console | None = None) -> None:
    """Print problems, errors first: where, what was found there, what it means, how to mend it."""
    target = target or console()
    ordered = sorted(problems, key=lambda one: one.severity != "error")
    for severity, style in (("error", "bold red"), ("warning", "bold yellow")):
        found = [one for one in ordered if one.severity == severity]
        if not found:
            continue
        target.print(Text(f"{len(found)} {severity}{'' if len(found) == 1 else 's'}", style=style))
        causes = by_cause(found)
        for cause in causes[:SHOWN]:
            target.print(_described(cause[0], style).append(_further(cause[1:])).append("\n"))
        if len(causes) > SHOWN:
            target.print(f"  … and {len(causes) - SHOWN} more; --json lists all of them.\n")


def _further(others: Sequence[Problem]) -> str:
    """The further rows of one cause, the first few with what stands there."""
    if not others:
        return ""
    named = ", ".join(f"row {one.row}" + (f" “{printable(one.value)}”" if one.value else "") for one in others[:ROWS])
    more = f" and {len(others) - ROWS} more" if len(others) > ROWS else ""
    return f"\n  Also: {named}{more}"


def _described(found: Problem, style: str) -> Text:
    times = f" (×{found.count:,})" if found.count > 1 else ""
    lines = Text.assemble(
        "  ", (place(found) or "the package", "bold"), f"  {found.code}{times}\n  {printable(found.message)}"
    )
    if found.value is not None and found.value not in found.message:
        lines.append_text(Text.assemble("\n  Value: ", (printable(found.value), style)))
    return lines.append_text(Text.assemble("\n  Fix: ", printable(found.fix)))


def place(found: Problem) -> str:
    """Where a problem is, as `file:row:field`, as far as it is known."""
    parts = [
        found.file or found.resource,
        None if found.row is None else f"row {found.row}",
        found.field or found.pointer,
    ]
    return printable(": ".join(part for part in parts if part))


def show_controls(controls: Sequence[ControlTotal], *, stderr: bool = False) -> None:
    """Print which control totals hold; nothing when there are none."""
    rows = [
        ("✓" if one.holds else "✗", one.title, grouped(one.expected), grouped(one.actual), one.source)
        for one in controls
    ]
    if rows:
        columns = ("", "control total", "expected", "actual", "source")
        show_table(columns, rows, right=("expected", "actual"), stderr=stderr)


def show_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = (), stderr: bool = False
) -> None:
    """Print a table, to standard output as a rule; the columns named in `right` are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        number = column in right  # a folded amount would be read as two
        table.add_column(column, justify="right" if number else "left", overflow="fold", no_wrap=number)
    for row in rows:
        # a line break is ours: what comes from files has none, or is one line by `printable`
        table.add_row(*(Text("\n".join(map(printable, str("" if cell is None else cell).split("\n")))) for cell in row))
    Console(stderr=stderr, markup=False, highlight=False, emoji=False).print(table)
