"""OpenSpending: public money as exact, linkable, rebuildable open data."""

__version__ = "0.1.0"
