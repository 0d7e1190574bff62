"""The tables of webhooks, of what they are told, of how that went, and of how far the changelogs were followed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from openspending.database.engine import Moment, metadata

WEBHOOKS: Final = Table(
    "webhooks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("owner", String(100), nullable=False, index=True),
    Column("name", String(200), nullable=False),  # "" is all datasets of the owner
    Column("account", String(100), nullable=False),  # who made it, and whose rights it has
    Column("url", String(2000), nullable=False),
    Column("events", JSON, nullable=False),
    Column("secret", String(100), nullable=False),  # it signs, so its hash would not do
    Column("active", Boolean, nullable=False),
    Column("stopped", String(200), nullable=False),  # why it is not active
    Column("failures", Integer, nullable=False),  # deliveries given up since one arrived
    Column("created", Moment, nullable=False),
    Column("public", BigInteger, nullable=False),  # what the changelogs had then is not told
    Column("private", BigInteger, nullable=False),
)

DELIVERIES: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("webhook", String(40), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("subject", String(100), nullable=False),  # of two entries about one event one is told
    Column("event", String(20), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("private", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),  # what is signed: every attempt sends the same bytes
    Column("state", String(10), nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("webhook", "subject"),
    Index(None, "state", "created"),
)

ATTEMPTS: Final = Table(
    "webhook_attempts",
    metadata,
    Column("delivery", String(40), ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
    Column("ms", Integer, nullable=False),
    Column("answer", String(500), nullable=False),
    Column("error", String(500), nullable=False),
)

FOLLOWED: Final = Table(
    "webhook_positions",
    metadata,
    Column("store", String(10), primary_key=True),
    Column("position", BigInteger, nullable=False),
)
