"""`usage`: how much is asked for, from the counts in the public store."""

from __future__ import annotations

from typing import Annotated

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table

First = Annotated[str, typer.Option("--from", metavar="DAY", help="The first day (UTC). [30 days]", show_default=False)]
Last = Annotated[str, typer.Option("--to", metavar="DAY", help="The last day. [today]", show_default=False)]
By = Annotated[
    str,
    typer.Option(metavar="WORDS", help="day, dataset, endpoint, format, agents, status; several joined by “|”."),
]
Dataset = Annotated[
    str, typer.Option(metavar="OWNER/NAME", help="Only requests about this dataset.", show_default=False)
]
Agents = Annotated[
    str,
    typer.Option(metavar="KINDS", help="person, program, bot. [bots in a column of their own]", show_default=False),
]


def usage(
    context: typer.Context,
    first: First = "",
    last: Last = "",
    by: By = "day",
    dataset: Dataset = "",
    agents: Agents = "",
    as_json: Json = False,
) -> None:
    """Show calls, rows, bytes and seconds of requests, as running servers wrote them last (once a minute).

    Examples:

        openspending usage

        openspending usage --from 2026-11-01 --by "dataset|format"
    """
    from openspending.assembly import open_store
    from openspending.usage.recorded import Recorded
    from openspending.usage.summary import read_question, summarise

    with failing_plainly(as_json=as_json):
        question = read_question({"from": first, "to": last, "by": by, "dataset": dataset, "agents": agents})
        found = summarise(Recorded(open_store(settings_of(context)).public), question)
    if as_json:
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        show_json({"from": question.first, "to": question.last, "usage": rows, "damaged": list(found.damaged)})
        return
    for key in found.damaged:
        console(stderr=True).print(f"{key} cannot be read; its counts are missing here.")
    if not found.rows:
        console().print(f"Nothing was asked for from {question.first} to {question.last}.")
        return
    numbers = found.columns[len(question.by) :]
    lines = [(*row[: len(question.by)], *(f"{one:,}" for one in row[len(question.by) :])) for row in found.rows]
    show_table(found.columns, lines, right=numbers)
