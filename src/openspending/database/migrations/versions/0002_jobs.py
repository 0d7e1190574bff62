"""Jobs and the workers that do them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from openspending.database.engine import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Make the tables."""
    _make_jobs()
    _make_lines()
    _make_workers()


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("account", sa.String(100)),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("key", sa.String(300)),
        sa.Column("serial", sa.String(310)),
        sa.Column("created", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("started", Moment),
        sa.Column("finished", Moment),
        sa.Column("worker", sa.String(40)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("cancelling", sa.Boolean, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("stage", sa.String(200), nullable=False),
        sa.Column("result", sa.JSON),
        sa.Column("problems", sa.JSON),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_waiting", "jobs", ["state", "owner", "id", "due", "kind"])
    op.create_index("ix_jobs_owner_started", "jobs", ["owner", "started"])
    op.create_index("ix_jobs_finished", "jobs", ["finished"])
    op.create_index("ix_jobs_serial_state", "jobs", ["serial", "state"])
    op.create_index(
        "uq_jobs_running_serial", "jobs", ["serial"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
    )


def _make_lines() -> None:
    op.create_table(
        "job_lines",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_job_lines_job", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job", "attempt", "number", name="pk_job_lines"),
    )


def _make_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("pid", sa.BigInteger, nullable=False),
        sa.Column("born", sa.String(40), nullable=False),
        sa.Column("beats", sa.BigInteger, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
