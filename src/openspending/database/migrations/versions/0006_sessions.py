"""By what people know their sessions again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from openspending.database.engine import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. They may be empty: of the sessions that there are nobody knows."""
    for name in ("browser", "system"):
        op.add_column("sessions", sa.Column(name, sa.String(20)))
    op.add_column("sessions", sa.Column("used", Moment()))
