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

import gc
import sys
from typing import Final

from openspending.cli.commands import app

# new objects between two looks for garbage: modules leave none when they are loaded, and looking after every 700, as
# Python does, is a fifth of the time that a server takes to start
_BETWEEN_COLLECTIONS: Final = 10_000


def main() -> None:
    """Run the command that the arguments name. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C;
    3 by `plan --exit-code` when something would change; 4 by `import` and `plan` while questions are open."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    try:
        app()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # DuckDB's words for Ctrl-C
            raise
        sys.exit(130)
