"""Every accepted write leaves an event in the audit log of the private store."""

from __future__ import annotations

from typing import Any

from openspending.web import AnyRequest
from openspending.write_api.service import Writing


def told(writing: Writing, request: AnyRequest, action: str, owner: str, name: str = "", **details: Any) -> None:
    """Record that the actor of the request did `action`."""
