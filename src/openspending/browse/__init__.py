"""Browse & Search (OSEP-1): the basic pages. A client of the APIs, without privileges."""

from __future__ import annotations

from openspending.browse.pages import routes

__all__ = ["routes"]
