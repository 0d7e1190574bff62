"""OpenSpending: public money as exact, linkable, rebuildable open data."""
