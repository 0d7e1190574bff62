"""Databases derived from the DataStore, and the cube that answers from them (OSEP-1: Analytics)."""
