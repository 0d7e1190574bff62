"""Browse & Search (OSEP-1): the basic pages. A client of the APIs, without privileges.

pages    the routes
listing  the list of datasets
dataset  the page of one
totals   its tables
choices  what is chosen from on it, not added up
controls its control totals
words    a descriptor's properties in words
"""

from __future__ import annotations

from openspending.browse.pages import routes

__all__ = ["routes"]
