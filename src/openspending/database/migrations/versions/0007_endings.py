"""What ended before its access tokens do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from openspending.database.engine import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "endings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endings")),
    )
