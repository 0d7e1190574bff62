"""The command line: one short function per command, which parses, calls and prints."""

from __future__ import annotations

import sys

from openspending.cli.commands import app


def main() -> None:
    """Run the command that the arguments name. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C."""
    try:
        app()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's words for Ctrl-C
            raise
        sys.exit(130)
