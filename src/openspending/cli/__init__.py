"""The command line: one short function per command, which parses, calls and prints.

commands   all commands together
inspect    `inspect`
imports    `import`
proposals  what both of them propose, for people
publish    `publish` and `validate`
plan       `plan`
planwords  … for people
serve      `serve`
work       `work` and `follow`
jobs       `jobs`, and under it `show`, `cancel`, `retry`
demo       `demo`
rebuild    `rebuild`
datasets   `datasets` and `revisions`
search     `search`
searchtable … for people
sql        `sql`
datastore  `datastore init` and `verify`
database   `database dump` and `load`
doctor     `doctor`
verify     `verify`, of receipts
usage      `usage`
leaks      `leaks`
leakscene  … the datasets that it makes
leakwalk   … who asks for what
leakasking … one request
leakjudging … two answers side by side
marked     the option `--marked`
visibility `show`, `hide`, `withdraw` and `rename`
audit      `audit`
accounts   `accounts`, and under it `link`, `invite`, `disable`, `enable`, `remove`
tokens     `tokens` of robots, and signing `keys`
options    options that they share
stores     which store they work on
output     how they print
progress   the progress bar
"""

from __future__ import annotations

import sys

from openspending.cli.commands import app


def main() -> None:
    """Run the command that the arguments name. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C;
    3 by `plan --exit-code` when something would change; 4 by `import` and `plan` while questions are open."""
    try:
        app()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's words for Ctrl-C
            raise
        sys.exit(130)
