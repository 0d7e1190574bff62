"""`database dump` and `database load`: the SQL database as one file, whatever kind of database it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json

app = typer.Typer(help="Back up and restore the SQL database of accounts and jobs.", no_args_is_help=True)

Dump = Annotated[Path, typer.Argument(metavar="FILE", help="The dump, as JSON Lines.", show_default=False)]


@app.command()
def dump(context: typer.Context, file: Dump, as_json: Json = False) -> None:
    """Write all accounts, tokens, jobs and the like to a new file that only you may read: there are secrets in it.

    Example:

        openspending database dump openspending-2026-11-26.jsonl
    """
    from openspending import assembly
    from openspending.database import dumping

    with failing_plainly(as_json=as_json), assembly.Parts(settings_of(context)) as parts:
        counts = dumping.dump(parts.engine, file)
    _told(counts, f"written to {file}; keep it secret: whoever has it can sign in as anybody", as_json=as_json)


@app.command()
def load(context: typer.Context, file: Dump, as_json: Json = False) -> None:
    """Put a dump into the empty database that OS_DATABASE_URL names, SQLite or PostgreSQL, and bring it up to date.

    Example:

        OS_DATABASE_URL=postgresql://openspending@localhost/openspending openspending database load backup.jsonl
    """
    from openspending.database import dumping
    from openspending.database.engine import open_database
    from openspending.database.reachable import check

    with failing_plainly(as_json=as_json):
        engine = open_database(settings_of(context).database_url)
        try:
            check(engine)
            counts = dumping.load(engine, file)
        finally:
            engine.dispose()
    _told(counts, f"loaded from {file}", as_json=as_json)


def _told(counts: dict[str, int], what: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"tables": counts, "rows": sum(counts.values())})
    else:
        console().print(f"{sum(counts.values()):,} rows of {len(counts)} tables {what}.")
