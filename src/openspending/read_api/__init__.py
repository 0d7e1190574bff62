"""The Read API (OSEP-1): aggregates, facts, members, models, packages and files over HTTP, for everybody.

application  one ASGI application of all routes
babbage      `/api/3`, the cubes
parameters   its query parameters
answers      its bodies
files        `/data`, the public store
usage        `/v1/usage`
measuring    every request counted
metrics      `/metrics`
"""

from __future__ import annotations

from openspending.read_api.application import app, routes

__all__ = ["app", "routes"]
