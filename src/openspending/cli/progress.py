"""Progress of long work: a bar on standard error, drawn only where somebody is looking at a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from openspending.cli.output import console, printable

Report = Callable[[int, int, str], None]
_ROWS = re.compile(r"([\d,]+) rows$")  # a stage that counts rows says so


class _Rate(ProgressColumn):
    """Rows per second, where rows are counted."""

    def render(self, task: Task) -> Text:
        """The rate, or nothing."""
        speed = task.fields.get("rows", 0) / task.elapsed if task.elapsed else 0
        return Text(f"{speed:,.0f} rows/s" if speed >= 1 else "", style="cyan")


@contextmanager
def counting(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A function that takes (what is worked on, lines so far, lines of it), and draws them where somebody looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} lines"),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console(stderr=True), transient=True, disable=not console(stderr=True).is_terminal
    ) as drawn:
        task = drawn.add_task(printable(title), total=0)

        def tell(what: str, done: int, of: int) -> None:
            drawn.update(task, completed=done, total=of, description=f"{printable(title)}: {printable(what)}")

        yield tell


@contextmanager
def bar(title: str, *, interactive: bool = False) -> Iterator[Report | None]:
    """A function that takes (done bytes, all bytes, stage) and draws them; None where nobody would see it, and while
    somebody is asked questions (`interactive`)."""
    target = console(stderr=True)
    if not target.is_terminal or interactive:
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=target, transient=True) as drawn:
        task = drawn.add_task(printable(title), total=None)

        def report(done: int, total: int, stage: str) -> None:
            completed = done if total else None  # a stage that counts nothing leaves the bar where it is
            drawn.update(task, completed=completed, total=total or None, description=f"{printable(title)}: {stage}")
            found = _ROWS.search(stage)
            if found is not None:
                drawn.update(task, rows=int(found[1].replace(",", "")))

        yield report
