"""`doctor`: examines the installation, and says how to mend what is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, printable, show_json, show_table

if TYPE_CHECKING:
    from openspending.datastore.findings import Finding


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Look whether stores, database, cache and settings are as they must be; exit code 1 when something is wrong.

    It says which permission, policy, CORS rule or setting is missing, and what mends it. What it writes it deletes.

    Example:

        OS_STORAGE_BUCKET_NAME=datastore OS_ACCESS_KEY_ID=… OS_SECRET_ACCESS_KEY=… openspending doctor
    """
    from openspending.assembly.doctor import examine_installation

    with failing_plainly(as_json=as_json):
        found = list(examine_installation(settings_of(context)))
    wrong = [one for one in found if not one.right]
    if as_json:
        show_json({"healthy": not wrong, "checks": [asdict(one) for one in found]})
    else:
        _show(found, wrong)
    if wrong:
        raise typer.Exit(1)


def _show(found: list[Finding], wrong: list[Finding]) -> None:
    show_table(
        ("", "where", "check", "found"),
        [("✓" if one.right else "✗", one.where, one.check, one.said) for one in found],
    )
    if not wrong:
        console().print("\nEverything is as it must be.")
        return
    for one in wrong:
        console().print(Text.assemble("\n", (f"✗ {one.where}: {one.check}", "bold red"), f"\n  {printable(one.said)}"))
        if one.remedy:
            console().print(f"  Remedy: {printable(one.remedy)}")
