"""The tables of Identity. Secrets are here as SHA-256 alone: whoever reads the database can use none of them.

The one exception is the signing keys, which nobody but the database can keep for several processes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Boolean, Column, ForeignKey, String, Table, Text

from openspending.database.engine import Moment, metadata

ID: Final = String(32)
HASH: Final = String(64)
ROLE: Final = String(12)
NAME: Final = String(100)

OWNERS: Final = Table(
    "owners",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(12), nullable=False),  # account, organisation: one namespace for both
    Column("name", NAME, nullable=False),
    Column("key", NAME, nullable=False, unique=True),  # the name in small letters: folders may ignore case
    Column("title", String(200), nullable=False),
    Column("created", Moment, nullable=False),
)

ACCOUNTS: Final = Table(
    "accounts",
    metadata,
    Column("id", ID, ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("email", String(320)),  # shown, and nothing more: nobody signs in by it
    Column("administrator", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),  # whether its name was chosen, which can be done once
    Column("disabled", Moment),
    Column("seen", Moment),
)

IDENTITIES: Final = Table(
    "identities",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Moment, nullable=False),
)

MEMBERSHIPS: Final = Table(
    "memberships",
    metadata,
    Column("organisation", ID, ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", ROLE, nullable=False),
    Column("since", Moment, nullable=False),
)

# Datasets are in no database: they are named by their address, which `collaborators.moved` follows.
COLLABORATORS: Final = Table(
    "collaborators",
    metadata,
    Column("owner", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", ROLE, nullable=False),
    Column("since", Moment, nullable=False),
)

ROBOT_TOKENS: Final = Table(
    "robot_tokens",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("prefix", String(16), nullable=False),  # what its owner knows it by; useless to anybody else
    Column("title", String(200), nullable=False),
    Column("scopes", JSON(none_as_null=True)),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("last_used", Moment),
    Column("revoked", Moment),
)

SESSIONS: Final = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("browser", String(20)),  # what its person knows it by, where its browser said so
    Column("system", String(20)),
    Column("used", Moment),
)

# Sessions and robots' tokens that ended, as long as access tokens name them that would hold otherwise.
ENDINGS: Final = Table(
    "endings",
    metadata,
    Column("id", ID, primary_key=True),
    Column("until", Moment, nullable=False),
)

LINKS: Final = Table(
    "links",
    metadata,
    Column("id", ID, primary_key=True),
    Column("hash", HASH, nullable=False, unique=True),
    Column("kind", String(12), nullable=False),  # first-run, sign-in, invitation
    Column("account", ID, ForeignKey("accounts.id", ondelete="CASCADE"), index=True),  # of sign-in
    Column("email", String(320), index=True),  # … and these of an invitation
    Column("organisation", ID, ForeignKey("owners.id", ondelete="CASCADE")),
    Column("role", ROLE),
    Column("administrator", Boolean, nullable=False),
    Column("maker", ID, ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("used", Moment),
)

SIGNING_KEYS: Final = Table(
    "signing_keys",
    metadata,
    Column("kid", String(32), primary_key=True),
    Column("private_pem", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("signs_from", Moment, nullable=False),
    Column("verifies_until", Moment),  # of one that signs no more
)
