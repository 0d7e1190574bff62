"""What Alembic runs: on the connection that `engine.migrate` gives it, one process at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

LOCK = 0x4F53  # of PostgreSQL's advisory locks, for the length of the transaction

connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.run_migrations()
connection.commit()
