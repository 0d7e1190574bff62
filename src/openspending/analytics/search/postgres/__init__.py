"""The index in an existing PostgreSQL, for those who have outgrown the embedded one (docs/osep/012).

lexemes       words and trees in the notation of its full text
schema        its tables
connections   connections that see one side alone
known         the records of one state
asking        what is looked for, as conditions of SQL
loading       lines and members as rows
writing       changes
engine        answers
"""

from __future__ import annotations

from typing import Literal

from openspending.analytics.search.engine import Engine
from openspending.analytics.search.postgres.engine import PostgresEngine

__all__ = ["open_postgres"]


def open_postgres(url: str, side: Literal["public", "private"]) -> Engine:
    """The index of one side on the server at `url`, in a schema of its own. No server is asked yet: what is missing is
    made by the first who writes. Raises BadSettings when the URL cannot be read."""
    return PostgresEngine(url, side)
