"""The tables of jobs, of what they said, and of the workers that do them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from openspending.database.engine import Moment, metadata

_RUNNING: Final = text("state = 'running'")

JOBS: Final = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),  # sorts by the time of submission
    Column("kind", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("account", String(100)),
    Column("payload", JSON, nullable=False),
    Column("key", String(300), unique=True),
    Column("serial", String(310)),  # of jobs with the same one runs at a time, in their order; NULL: any
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("worker", String(40)),
    Column("attempts", Integer, nullable=False),  # also the fence: who writes states which attempt it is
    Column("failures", Integer, nullable=False),
    Column("cancelling", Boolean, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("stage", String(200), nullable=False),
    Column("result", JSON(none_as_null=True)),
    Column("problems", JSON(none_as_null=True)),
    Column("error", Text),
    Column("said", JSON(none_as_null=True)),  # what of result and error can be told in other languages
    Index("ix_jobs_waiting", "state", "owner", "id", "due", "kind"),
    Index(None, "owner", "started"),
    Index(None, "finished"),
    Index("uq_jobs_running_serial", "serial", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    Index("ix_jobs_serial_state", "serial", "state"),
)

LINES: Final = Table(
    "job_lines",
    metadata,
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("text", String(1000), nullable=False),
)

WORKERS: Final = Table(
    "workers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("place", String(300), nullable=False),  # machine, container and boot, in which `pid` means something
    Column("pid", BigInteger, nullable=False),
    Column("born", String(40), nullable=False),  # tells a process from a later one with its pid
    Column("beats", BigInteger, nullable=False),
    Column("seen", Moment, nullable=False),
)
