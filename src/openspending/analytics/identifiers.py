"""Quoting of identifiers and literals in SQL text."""

from openspending.fdp.sqltext import identifier as quoted
from openspending.fdp.sqltext import literal

__all__ = ["literal", "quoted"]
