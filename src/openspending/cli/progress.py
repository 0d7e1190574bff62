"""Progress of long work: a bar on standard error, drawn only where somebody is looking at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from openspending.cli.output import console, printable

Report = Callable[[int, int, str], None]


@contextmanager
def bar(title: str) -> Iterator[Report | None]:
    """A function that takes (done bytes, all bytes, stage) and draws them; None where nobody would see it."""
    target = console(stderr=True)
    if not target.is_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, DownloadColumn(), TimeElapsedColumn(), console=target, transient=True) as drawn:
        task = drawn.add_task(printable(title), total=None)

        def report(done: int, total: int, stage: str) -> None:
            drawn.update(task, completed=done, total=total or None, description=f"{printable(title)}: {stage}")

        yield report
