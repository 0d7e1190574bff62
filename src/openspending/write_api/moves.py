"""The jobs that move a dataset between its homes: publish, hide, withdraw, rename."""

from __future__ import annotations

from openspending.jobs import Running
from openspending.write_api.service import Writing


def publish_now(writing: Writing, running: Running) -> None:
    """Publish the dataset of a job."""
    raise NotImplementedError
