"""The DataStore: flat files in object storage, the point of truth (OSEP-1: DataStore)."""
