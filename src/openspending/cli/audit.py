"""`audit`: who did what to which dataset."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, printable, show_json, show_table
from openspending.errors import BadQuery

Name = Annotated[
    str | None, typer.Argument(metavar="[OWNER[/NAME]]", help="Only of this owner or dataset.", show_default=False)
]
Since = Annotated[
    str | None, typer.Option(metavar="DAY", help="From this day (UTC) on, as 2026-03-31.", show_default=False)
]
COLUMNS = ("at (UTC)", "account", "action", "dataset", "detail")


def audit(context: typer.Context, name: Name = None, since: Since = None, as_json: Json = False) -> None:
    """Show the audit log, the oldest event first.

    Examples:

        openspending audit treasury/budget

        openspending audit --since 2026-03-31 --json
    """
    from openspending.assembly import open_store
    from openspending.datastore.audit import events

    with failing_plainly(as_json=as_json):
        owner, _, dataset = (name or "").partition("/")
        store = open_store(settings_of(context)).private
        found = list(events(store, owner=owner or None, name=dataset or None, since=_day(since)))
    if as_json:
        show_json({"events": [one.to_dict() for one in found]})
    elif found:
        rows = [
            (f"{one.at:%Y-%m-%d %H:%M:%S}", one.account, one.action, f"{one.owner}/{one.name}", _line(one.detail))
            for one in found
        ]
        show_table(COLUMNS, [tuple(map(printable, row)) for row in rows])
    else:
        console().print("Nothing is on record.")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadQuery(f"“{text}” is no day; write it as 2026-03-31.") from None


def _line(detail: object) -> str:
    return json.dumps(detail, ensure_ascii=False) if detail else ""
