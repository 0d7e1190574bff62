"""The tables of one side, in a schema of its own, which may be dropped at any time.

They are made aside, without indexes, when an index is built anew: rows come in several times faster than into indexes
that are there, and readers keep what they had until `put_in_place`.
"""

from __future__ import annotations

from typing import Any, Final

from psycopg import Connection, sql

FORM: Final = 1  # of the tables; those of another form are dropped, and made anew

# the one table that keeps its shape whatever FORM is; each commit makes a new `generation`
_STATE: Final = "CREATE TABLE state (form integer NOT NULL, generation text NOT NULL)"

_TABLES: Final = (
    _STATE,
    """CREATE TABLE records (
        uid bigint PRIMARY KEY, created timestamptz NOT NULL, record text NOT NULL, description tsvector NOT NULL,
        made uuid NOT NULL DEFAULT gen_random_uuid())""",
    # amounts with their decimals; `line` has the values, which are read of few lines only
    """CREATE TABLE lines (
        uid bigint NOT NULL, cell bigint NOT NULL, fact text COLLATE "C" NOT NULL,
        words tsvector NOT NULL, amounts numeric[] NOT NULL, line text NOT NULL)""",
    # what all lines of a cell add up to: most questions ask for nothing else
    "CREATE TABLE cells (uid bigint NOT NULL, cell bigint NOT NULL, lines bigint NOT NULL, sums numeric[] NOT NULL)",
    "CREATE TABLE members (uid bigint NOT NULL, lines bigint NOT NULL, words tsvector NOT NULL, member text NOT NULL)",
    'CREATE TABLE vocabulary (uid bigint NOT NULL, word text COLLATE "C" NOT NULL, lines bigint NOT NULL)',
)
WORDS: Final = "lines_words"
_INDEXES: Final = (
    f"CREATE INDEX {WORDS} ON lines USING gin (words)",
    "CREATE INDEX ON lines (uid)",
    "CREATE INDEX ON lines (cell)",
    "CREATE INDEX ON cells (uid)",
    "CREATE INDEX ON members USING gin (words)",
    "CREATE INDEX ON members (uid)",
    "CREATE INDEX ON vocabulary (word)",
    "CREATE INDEX ON vocabulary (uid)",
)
OF_DATASETS: Final = ("records", "lines", "cells", "members", "vocabulary")


def has_form(connection: Connection[Any], schema: str) -> bool:
    """Whether the schema is there in today's form."""
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{schema}.state",)).fetchone()
    if found != (True,):
        return False
    state = sql.Identifier(schema, "state")
    return connection.execute(sql.SQL("SELECT form FROM {}").format(state)).fetchone() == (FORM,)


def make(connection: Connection[Any], schema: str) -> None:
    """Make the schema with empty tables, in place of one that is there, and let the connection see no other."""
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    look_into(connection, schema)
    for table in _TABLES:
        connection.execute(table.encode())
    connection.execute("INSERT INTO state VALUES (%s, gen_random_uuid()::text)", (FORM,))


def make_indexes(connection: Connection[Any]) -> None:
    """Make the indexes of the tables that the connection sees."""
    for index in _INDEXES:
        connection.execute(index.encode())


def put_in_place(connection: Connection[Any], aside: str, schema: str) -> None:
    """Let the schema `aside` be `schema`, and drop what that was: it waits for those who read there."""
    old, new = sql.Identifier(schema), sql.Identifier(aside)
    if connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{schema}.state",)).fetchone() == (True,):
        state = sql.Identifier(schema, "state")
        # whoever reads has this one before any other: without it they could wait for each other forever
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(state))
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(old))
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(new, old))


def look_into(connection: Connection[Any], schema: str) -> None:
    """Let the connection see this schema alone, until the transaction ends."""
    connection.execute("SELECT set_config('search_path', %s, true)", (schema,))
