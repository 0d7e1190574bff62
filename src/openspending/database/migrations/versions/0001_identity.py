"""Accounts, organisations, tokens, sessions, signing keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from openspending.database.engine import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(32)
HASH = sa.String(64)
ROLE = sa.String(12)
NAME = sa.String(100)
EMAIL = sa.String(320)


def upgrade() -> None:
    """Make the tables."""
    _owners()
    _roles()
    _secrets()
    _links()


def _owners() -> None:
    op.create_table(
        "owners",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owners"),
        sa.UniqueConstraint("key", name="uq_owners_key"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", EMAIL),
        sa.Column("administrator", sa.Boolean, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("disabled", Moment),
        sa.Column("seen", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        _of("accounts", "id", "owners.id"),
    )
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        _of("identities", "account", "accounts.id"),
    )
    op.create_index("ix_identities_account", "identities", ["account"])


def _roles() -> None:
    op.create_table(
        "memberships",
        sa.Column("organisation", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "account", name="pk_memberships"),
        _of("memberships", "organisation", "owners.id"),
        _of("memberships", "account", "accounts.id"),
    )
    op.create_index("ix_memberships_account", "memberships", ["account"])
    op.create_table(
        "collaborators",
        sa.Column("owner", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("owner", "name", "account", name="pk_collaborators"),
        _of("collaborators", "account", "accounts.id"),
    )
    op.create_index("ix_collaborators_account", "collaborators", ["account"])


def _secrets() -> None:
    op.create_table(
        "robot_tokens",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("scopes", sa.JSON),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("last_used", Moment),
        sa.Column("revoked", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_robot_tokens"),
        sa.UniqueConstraint("hash", name="uq_robot_tokens_hash"),
        _of("robot_tokens", "account", "accounts.id"),
    )
    op.create_index("ix_robot_tokens_account", "robot_tokens", ["account"])
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", ID, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("hash", name="uq_sessions_hash"),
        _of("sessions", "account", "accounts.id"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(32), nullable=False),
        sa.Column("private_pem", sa.Text, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("signs_from", Moment, nullable=False),
        sa.Column("verifies_until", Moment),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", ID, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("account", ID),
        sa.Column("email", EMAIL),
        sa.Column("organisation", ID),
        sa.Column("role", ROLE),
        sa.Column("administrator", sa.Boolean, nullable=False),
        sa.Column("maker", ID),
        sa.Column("created", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("used", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("hash", name="uq_links_hash"),
        _of("links", "account", "accounts.id"),
        _of("links", "organisation", "owners.id"),
        _of("links", "maker", "accounts.id"),
    )
    op.create_index("ix_links_account", "links", ["account"])
    op.create_index("ix_links_email", "links", ["email"])


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    """A row that goes with the row that it names."""
    return sa.ForeignKeyConstraint([column], [whose], name=f"fk_{table}_{column}", ondelete="CASCADE")
