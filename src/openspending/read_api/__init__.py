"""The Read API (OSEP-1): aggregates, facts, members, models, packages and files over HTTP, for everybody."""

from __future__ import annotations

from openspending.read_api.application import app, routes

__all__ = ["app", "routes"]
