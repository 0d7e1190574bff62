"""`jobs`: what was to be done, is being done and was done; cancelling it, and trying it again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, printable, show_json, show_table

if TYPE_CHECKING:
    from openspending.jobs import Job, Jobs

app = typer.Typer(help="Show jobs such as imports; cancel them, or try them again.", invoke_without_command=True)

States = Annotated[
    list[str] | None,
    typer.Option("--state", help="queued, running, done, failed, cancelled; may be repeated.", show_default=False),
]
OfOwner = Annotated[str, typer.Option("--owner", help="Only jobs of this owner.", show_default=False)]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Jobs to show, the newest first.")]
Watch = Annotated[bool, typer.Option("--watch", help="Go on showing it until Ctrl-C.")]
Follow = Annotated[bool, typer.Option("--watch", help="Go on until the job is finished; exit code 1 if it failed.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The job's id.", show_default=False)]

COLUMNS = ("id", "job", "state", "dataset", "submitted", "progress", "attempts", "says")


@app.callback()
def jobs(
    context: typer.Context,
    state: States = None,
    owner: OfOwner = "",
    limit: Limit = 20,
    watch: Watch = False,
    as_json: Json = False,
) -> None:
    """Show jobs such as imports, the newest first; cancel them, or try them again.

    Examples:

        openspending jobs --watch

        openspending jobs --state failed --owner ministry

        openspending jobs show 0654f…
    """
    if context.invoked_subcommand is not None:
        return
    unknown = set(state or ()) - {"queued", "running", "done", "failed", "cancelled"}
    if unknown:
        raise typer.BadParameter("a state is queued, running, done, failed or cancelled", param_hint="--state")
    with failing_plainly(as_json=as_json), _opened(context) as records:

        def found() -> Sequence[Job]:
            return records.listed(states=state or (), owners=[owner] if owner else None, limit=limit)

        if as_json:
            show_json({"jobs": [one.to_dict() for one in found()], "counts": records.counts()})
        elif watch:
            _watched(found)
        else:
            _table(found())


@app.command()
def show(context: typer.Context, job: Id, watch: Follow = False, as_json: Json = False) -> None:
    """Show one job, with what it said.

    Example:

        openspending jobs show 0654f… --watch
    """
    with failing_plainly(as_json=as_json), _opened(context) as records:
        found = records.get(job)
        if as_json:
            found = records.wait(job, 86_400) if watch else found
            show_json({**found.to_dict(), "log": [one.to_dict() for one in records.log(job)]})
        else:
            found = _told(records, job, watch=watch)
    if watch and found.state == "failed":
        raise typer.Exit(1)


@app.command()
def cancel(context: typer.Context, job: Id, as_json: Json = False) -> None:
    """Cancel a job: at once when it is queued, at its next step when it is running.

    Example:

        openspending jobs cancel 0654f…
    """
    with failing_plainly(as_json=as_json), _opened(context) as records:
        _changed(records.cancel(job), as_json=as_json)


@app.command()
def retry(context: typer.Context, job: Id, as_json: Json = False) -> None:
    """Queue a job again that failed or was cancelled.

    Example:

        openspending jobs retry 0654f…
    """
    with failing_plainly(as_json=as_json), _opened(context) as records:
        _changed(records.retry(job), as_json=as_json)


@contextmanager
def _opened(context: typer.Context) -> Iterator[Jobs]:
    """The jobs of the settings' database."""
    from openspending import assembly

    with assembly.Parts(settings_of(context)) as parts:
        yield parts.jobs


def _changed(job: Job, *, as_json: bool) -> None:
    if as_json:
        show_json(job.to_dict())
        return
    asked = ", and will stop" if job.cancelling and job.state == "running" else ""
    console().print(f"The job {job.id} is {job.state}{asked}.")


def _watched(found: Callable[[], Sequence[Job]]) -> None:
    """The table, made anew every second until Ctrl-C."""
    try:
        while True:
            listed = found()
            console().clear()
            _table(listed)
            time.sleep(1)
    except KeyboardInterrupt:
        return


def _table(listed: Sequence[Job]) -> None:
    if listed:
        show_table(COLUMNS, map(_row, listed))
    else:
        console().print("There are no such jobs.")


def _told(records: Jobs, job: str, *, watch: bool) -> Job:
    """The job as it was left, after its log was printed; with `watch` that goes on to its end."""
    lines = 0
    while True:
        found = records.get(job)
        for line in records.log(job, after=lines):
            lines += 1
            console().print(f"{line.at:%H:%M:%S}  {printable(line.text)}")
        if not watch or found.finished is not None:
            break
        time.sleep(0.5)
    shown = {**found.to_dict(), "progress": _progress(found), "problems": len(found.problems), "cancelling": None}
    for name, value in shown.items():
        if value:
            console().print(Text.assemble((f"{name:11}", "bold"), printable(value)))
    return found


def _row(job: Job) -> tuple[object, ...]:
    says = job.error or (job.progress.stage if job.state == "running" else "")
    return (
        job.id,
        job.kind,
        "stopping" if job.cancelling and job.state == "running" else job.state,
        job.dataset,
        f"{job.created:%Y-%m-%d %H:%M:%S}",
        _progress(job),
        job.attempts or "",
        says,
    )


def _progress(job: Job) -> str:
    """How far it is: in hundredths where the whole is known."""
    if job.state != "running":
        return ""
    done, total = job.progress.done, job.progress.total
    return f"{100 * done // total} %" if total else f"{done:,}" if done else ""
