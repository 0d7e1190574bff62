"""A dataset as one file in each of the forms that people open: made at derivation, static in the public store.

listing     what there is of a revision, and where
making      the files made from the fact file, and put
contents    what the files say of their columns and of themselves
textfile    CSV, compressed
sheetfile   a workbook
sqlitefile  a database of SQLite
duckdbfile  a database of DuckDB
"""

from __future__ import annotations

from openspending.analytics.downloads.listing import Download, listed, sha256_listed, withdraw
from openspending.analytics.downloads.making import Outcome, ensure

__all__ = ["Download", "Outcome", "ensure", "listed", "sha256_listed", "withdraw"]
