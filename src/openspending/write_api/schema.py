"""The tables of the Write API: uploads under way, drafts, answers to repeated requests, what owners keep."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, String, Table, Text
from sqlalchemy.dialects import postgresql, sqlite

from openspending.database.engine import Moment, metadata

uploads: Final = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(100), nullable=False, index=True),
    Column("account", String(100), nullable=False),
    Column("filename", String(255), nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("part_size", BigInteger, nullable=False),
    Column("multipart", Text, nullable=True),  # what S3 calls an upload in parts
    Column("state", String(16), nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
)

repeats: Final = Table(
    "repeats",
    metadata,
    Column("account", String(100), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("created", Moment, nullable=False, index=True),
    Column("status", Integer, nullable=True),  # NULL: it is being worked on
    Column("location", Text, nullable=True),
    Column("body", LargeBinary, nullable=True),
)

kept: Final = Table(
    "kept",
    metadata,
    Column("owner", String(100), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("counted", Moment, nullable=False),
)


drafts: Final = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(100), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("account", String(100), nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False, index=True),
    Column("content", Text, nullable=False),  # JSON
)


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do when the row is there already, in the words of either database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
